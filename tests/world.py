"""A small world for tests of pages: a standard of three items, counties and a prefecture, a person for each role."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from assessments.models import Campaign
from assessments.services import start_campaign
from indicators.models import (
    Criterion,
    Department,
    Element,
    EvidenceRequirement,
    Item,
    ItemDepartment,
    Section,
    Standard,
)
from institutions.enums import CountyLevel, ReportState, Role
from institutions.models import County, Grant, Institution, Report
from tcm_demo.accounts.models import User

PERIOD = "2023"

ELEMENTS = [
    # code, name, value type, unit, reported by
    ("has_hall", "设有中医馆", "boolean", "", ["township_centre"]),
    ("techniques", "适宜技术项数", "integer", "项", ["township_centre", "village_clinic"]),
    ("visits", "总诊疗人次", "integer", "人次", ["township_centre"]),
    ("tcm_visits", "中医诊疗人次", "integer", "人次", ["township_centre"]),
    ("fund", "中医药专项资金", "decimal", "万元", ["county"]),
]

# code, name, level, scope, expression, comparator, target, unit
HALLS = ("2.1", "镇卫生院设中医馆", "hard", ["township_centre"], "share(has_hall)", ">=", "100%", "%")
TECHNIQUES = ("2.2", "村卫生室开展适宜技术", "hard", ["village_clinic"], "share(techniques >= 6)", ">=", "100%", "%")
VISITS = ("3.1", "中医诊疗人次占比", "hard", ["township_centre"], "sum(tcm_visits) / sum(visits)", ">=", "35%", "%")
FUND = ("1.1", "设立中医药专项资金", "soft", ["county"], "sum(fund)", ">", "0", "万元")


@dataclass
class World:
    standard: Standard
    county: County
    campaign: Campaign
    other_county: County
    users: dict[str, User] = field(default_factory=dict)


def make_world(villages: int = 3) -> World:
    """County A has 3 township centres (one without a hall, one with nothing reported) and `villages` clinics, one of
    which has too few techniques; county B has one institution, and its own people."""
    standard = make_standard()
    county = County.objects.create(code="A", name="甲县")
    other = County.objects.create(code="B", name="乙县")
    own = add_institution(county, "A-00", "county", {"fund": "120.5"}, "甲县本级")
    add_institution(
        county, "A-01", "township_centre", {"has_hall": True, "visits": 100, "tcm_visits": 40}, "东镇卫生院"
    )
    add_institution(
        county, "A-02", "township_centre", {"has_hall": False, "visits": 200, "tcm_visits": 20}, "西镇卫生院"
    )
    add_institution(county, "A-03", "township_centre", None, "南镇医院", manager=own)
    for i in range(villages):
        add_institution(county, f"A-1{i:03d}", "village_clinic", {"techniques": 6 if i else 4}, f"第{i + 1}村卫生室")
    add_institution(other, "B-01", "township_centre", {"has_hall": True, "visits": 10, "tcm_visits": 9}, "乙县卫生院")
    campaign = start_campaign(county, standard, period=PERIOD, inspection_on=date(2024, 3, 1))
    start_campaign(other, standard, period=PERIOD)
    world = World(standard, county, campaign, other)
    world.users = make_users(county, other)
    return world


def make_users(county: County, other: County) -> dict[str, User]:
    """One person for each role in county A, named after it; `clerk` fills in for A-01, the liaison is of the 财政局.

    `prefecture` reads A through the prefecture P above it. `stranger` has no grant. Of county B there are `other_clerk`
    (of B-01) and `other_office`. The superuser has no grant either.
    """
    above = County.objects.create(code="P", name="丁市", level=CountyLevel.PREFECTURE)
    county.parent = above
    county.save()
    users = {"stranger": User.objects.create_user("stranger"), "superuser": User.objects.create_superuser("superuser")}
    for name, place, role, scope in [
        ("clerk", county, Role.DATA_CLERK, {"institution": county.institutions.get(code="A-01")}),
        ("reviewer", county, Role.REVIEWER, {}),
        ("office", county, Role.COUNTY_OFFICE, {}),
        ("liaison", county, Role.LIAISON, {"department": "财政局"}),
        ("leadership", county, Role.LEADERSHIP, {}),
        ("expert", county, Role.EXPERT, {}),
        ("prefecture", above, Role.PREFECTURE, {}),
        ("sysadmin", county, Role.SYSTEM_ADMIN, {}),
        ("auditor", county, Role.AUDITOR, {}),
        ("other_clerk", other, Role.DATA_CLERK, {"institution": other.institutions.get(code="B-01")}),
        ("other_office", other, Role.COUNTY_OFFICE, {}),
    ]:
        users[name] = User.objects.create_user(name)
        Grant.objects.create(user=users[name], county=place, role=role, **scope)
    return users


def make_standard(code: str = "small") -> Standard:
    for position, (element, name, value_type, unit, reported_by) in enumerate(ELEMENTS):
        Element.objects.update_or_create(
            code=element,
            defaults={
                "name": name,
                "group": "测试",
                "value_type": value_type,
                "unit": unit,
                "reported_by": reported_by,
                "position": position,
            },
        )
    standard = Standard.objects.create(
        code=code,
        version="1",
        title="测试标准",
        state="published",
        source_document="测试方案",
        source_date=date(2023, 1, 1),
        digest="0" * 64,
    )
    bureau = Department.objects.create(standard=standard, name="卫生健康局", position=0)
    finance = Department.objects.create(standard=standard, name="财政局", position=1)
    first = Section.objects.create(standard=standard, number=1, name="组织管理")
    second = Section.objects.create(standard=standard, number=2, name="服务能力")
    make_item(first, "1", "财政投入", finance, [FUND], ["资金文件", "拨付凭证"])
    make_item(second, "2", "中医馆与适宜技术", bureau, [HALLS, TECHNIQUES], [], cooperating=finance)
    make_item(second, "3", "中医诊疗量", bureau, [VISITS], ["统计报表"])
    return standard


def make_item(section: Section, number: str, title: str, lead, criteria, evidence, cooperating=None) -> Item:
    item = Item.objects.create(
        standard=section.standard,
        section=section,
        number=number,
        title=title,
        requirement=f"{title}的要求。",
        position=int(number),
    )
    ItemDepartment.objects.create(item=item, department=lead, role="lead")
    if cooperating:
        ItemDepartment.objects.create(item=item, department=cooperating, role="cooperating", position=1)
    for position, text in enumerate(evidence, start=1):
        EvidenceRequirement.objects.create(item=item, code=f"{number}-{position}", text=text, position=position)
    for position, (code, name, level, scope, expression, comparator, target, unit) in enumerate(criteria):
        Criterion.objects.create(
            item=item,
            code=code,
            name=name,
            level=level,
            scope=scope,
            expression=expression,
            comparator=comparator,
            target=target,
            unit=unit,
            position=position,
        )
    return item


def add_institution(county: County, code: str, kind: str, values: dict | None, name: str = "", **more) -> Institution:
    """An institution with an accepted report of `values`; with None it has not reported."""
    position = county.institutions.count()
    institution = Institution.objects.create(
        county=county, code=code, name=name or code, type=kind, position=position, town="东镇", **more
    )
    if values is not None:
        now = timezone.now()
        Report.objects.create(
            institution=institution,
            period=PERIOD,
            state=ReportState.ACCEPTED,
            values=values,
            accepted=values,
            accepted_at=now,
            updated_at=now,
        )
    return institution
