"""The demo prefecture's other counties: a smaller one with figures of its own, and one that has just begun.

Their figures come from the demo county's, changed by fixed rules: every run makes the same ones.
"""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from itertools import groupby
from random import Random

from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook

from assessments import queries
from assessments.enums import EvidenceState
from assessments.evidence.review_services import judge_evidence
from assessments.features.services import Described, add_project, report_progress
from assessments.models import MonthStanding
from assessments.monthly.months import this_month
from assessments.prefecture.merging import MergedWriter
from assessments.scoring.as_json import result_as_json
from assessments.scoring.finish import finish
from assessments.scoring.items import score_items, summarise
from assessments.services import start_campaign
from indicators.enums import InstitutionType, ValueType
from indicators.models import Element, EvidenceRequirement, Standard
from institutions import registry
from institutions.models import County, Institution
from institutions.queries import accepted_values
from institutions.services import create_county, import_ledger
from tcm_demo.accounts.models import User

SECOND, SECOND_NAME = "DEMO2", "演示二区"
THIRD, THIRD_NAME = "DEMO3", "演示三区"
# of village clinics and stations one in so many, of centres two in three
_CLINICS, _CENTRES = 4, (0, 1)
# what the second county does better, and worse
_CHANGED = {"joint_meetings": 4, "satisfaction_satisfied": 640, "towns_with_exercises": 9}
# items whose evidence the second county's office has accepted in the running month
_SETTLED = ("7", "20", "22", "23", "31")
_REASON = "已看原件，齐全有效。"
# in the months before, so much of the figures was there: percent of the institutions
_EARLIER = {1: 90, 2: 60}
_SMALL = (InstitutionType.VILLAGE_CLINIC, InstitutionType.COMMUNITY_STATION)
_CENTRE_TYPES = (InstitutionType.TOWNSHIP_CENTRE, InstitutionType.COMMUNITY_CENTRE)


@transaction.atomic
def make_neighbours(prefecture: County, standard: Standard, period: str, *, office: User | None = None) -> bool:
    """False where the prefecture has other counties already. The source is its first county with figures."""
    counties = list(prefecture.counties.order_by("code"))
    if len(counties) != 1:
        return False
    source = counties[0]
    second = _county(SECOND, SECOND_NAME, prefecture)
    import_ledger(second, period, _ledger(source, period), by=None)
    start_campaign(second, standard, period=period, by=None)
    for county in (source, second):
        for months, percent in _EARLIER.items():
            _keep_earlier(county, standard, period, months, percent)
    _settle(second, standard, period)
    _feature(source, office)
    start_campaign(_county(THIRD, THIRD_NAME, prefecture), standard, period=period, by=None)
    return True


def _county(code: str, name: str, prefecture: County) -> County:
    county = create_county(code, name, by=None)
    county.parent = prefecture
    registry.save_county(county, by=None)
    return county


def _ledger(source: County, period: str) -> bytes:
    """A workbook of the source's institutions that the second county has, under its own codes and names."""
    values = accepted_values(source, period)
    institutions = list(source.institutions.select_related("manager").order_by("type", "position"))
    kept = [each for _, group in groupby(institutions, key=lambda each: each.type) for each in _some(list(group))]
    there = {each.pk for each in kept}
    book = Workbook()
    registry_sheet = book.active
    registry_sheet.title = "机构名录"
    registry_sheet.append(["机构编码", "机构名称", "机构类型", "所在镇（街道）", "上级机构"])
    for each in kept:
        manager = _renamed(source, each.manager.name) if each.manager_id in there else None
        kind = each.get_type_display()
        registry_sheet.append([_code(each), _renamed(source, each.name), kind, each.town, manager])
    elements = {element.code: element for element in Element.objects.filter(owner="")}
    for kind, group in groupby(kept, key=lambda each: each.type):
        codes = [code for code, element in elements.items() if kind in element.reported_by]
        sheet = book.create_sheet(InstitutionType(kind).label)
        sheet.append(["机构编码", "机构名称", *(elements[code].name for code in codes)])
        for each in group:
            own = _changed(each, values.get(each.code, {}), elements)
            cells = [_cell(elements[code], own.get(code)) for code in codes]
            sheet.append([_code(each), _renamed(source, each.name), *cells])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _some(group: list[Institution]) -> list[Institution]:
    kind = group[0].type
    if kind in _SMALL:
        return group[::_CLINICS]
    return [each for i, each in enumerate(group) if i % 3 in _CENTRES] if kind in _CENTRE_TYPES else group


def _code(institution: Institution) -> str:
    return institution.code.replace(institution.county.code, SECOND, 1)


def _renamed(source: County, name: str) -> str:
    return name.replace(source.name, SECOND_NAME)


def _changed(institution: Institution, values: Mapping, elements: Mapping[str, Element]) -> dict:
    """All counts of an institution change by the same share, so that parts stay parts."""
    percent = Random(institution.code).randrange(88, 118)
    changed = {}
    for code, value in values.items():
        counts = elements[code].value_type == ValueType.INTEGER
        grown = value * percent // 100 if counts else value
        changed[code] = grown if elements[code].maximum is None or not counts else min(grown, elements[code].maximum)
    if institution.type == InstitutionType.COUNTY:
        changed = dict(values) | {code: value for code, value in _CHANGED.items() if code in values}
    return changed


def _cell(element: Element, value):
    if element.value_type == ValueType.BOOLEAN and value is not None:
        return "是" if value else "否"
    return element.choices.get(str(value)) if element.value_type == ValueType.CHOICE else value


def _keep_earlier(county: County, standard: Standard, period: str, months: int, percent: int) -> None:
    """How far the county was so many months ago: with the figures that were there by then, and without evidence."""
    month, day = this_month(), timezone.now()
    for _ in range(months):
        month = month.previous
        day -= timedelta(days=30)
    figures = [
        each if Random(each.code).randrange(100) < percent else each._replace(values={})
        for each in queries.figures_of(county, period)
    ]
    program = queries.program_of(standard, period)
    criteria = finish(program, program.contribute(figures))
    items = score_items(queries.item_specs(county, standard, {}), criteria, {})
    reported = sum(bool(each.values) for each in figures)
    writer = MergedWriter(program)
    result = result_as_json(items, summarise(items), reported, len(figures), writer.criterion)
    MonthStanding.objects.get_or_create(
        county=county,
        standard=standard,
        period=period,
        month=month.text,
        defaults={
            "summary": result["summary"],
            "coverage": result["coverage"],
            "items": {item["number"]: item["status"] for item in result["items"]},
            "criteria": {c["code"]: [c["status"], c["value"]] for item in result["items"] for c in item["criteria"]},
            "computed_at": day,
        },
    )


def _settle(county: County, standard: Standard, period: str) -> None:
    demanded = EvidenceRequirement.objects.filter(item__standard=standard, item__number__in=_SETTLED, required=True)
    for requirement in demanded.select_related("item"):
        judge_evidence(county, requirement, period, state=EvidenceState.ACCEPTED, reason=_REASON, by=None)


def _feature(county: County, office: User | None) -> None:
    today = timezone.localdate()
    aim = "每个镇一间中医康复室，由区中医院定期坐诊。"
    given = Described("镇镇有中医康复室", aim, "区卫生健康局", today - timedelta(days=90), today + timedelta(days=180))
    project = add_project(county, given, by=office)
    for days, done, text in ((60, 20, "选定 5 个镇，房屋已腾出。"), (15, 45, "3 个镇开诊，设备到位。")):
        report_progress(project, on=today - timedelta(days=days), done=done, text=text, by=office)
