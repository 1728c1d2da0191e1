"""The standards: which there are, and what each demands, in words."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Criterion, Department, EvidenceRequirement, Phase, Standard
from tcm_demo.accounts.models import User
from tests.world import make_world

PAGE_QUERIES = 17


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def reader(client, world):
    """Anyone who is signed in: the plans are public."""
    client.force_login(world.users["stranger"])
    return client


def get(client, code: str = "small", **query):
    return client.get(reverse("indicators:standard", args=[code]), query)


def text(response) -> str:
    """What stands on the page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def criterion(response, code: str):
    rows = (row for section in response.context["sections"] for item in section["items"] for row in item["criteria"])
    return next(row for row in rows if row.row.code == code)


def shown(response) -> list[str]:
    return [row["item"].number for section in response.context["sections"] for row in section["items"]]


# ---- the list ----


def test_the_list_names_versions_states_and_sources(reader, world):
    Standard.objects.create(
        code="small", version="2", title="测试标准", state="draft", source_document="新方案",
        source_number="测〔2024〕1号", source_date=date(2024, 4, 9), digest="1" * 64,
    )  # fmt: skip
    words = text(reader.get(reverse("indicators:standards")))
    for each in ("测试标准", "第 1 版", "已发布", "第 2 版", "草稿", "新方案 测〔2024〕1号", "2024年4月9日", "3 条"):
        assert each in words


def test_without_a_standard_the_list_says_what_to_do(client, world):
    for campaign in (world.campaign, world.other_county.campaigns.get()):
        campaign.delete()
    world.standard.delete()
    client.force_login(world.users["stranger"])
    assert "还没有建设标准" in text(client.get(reverse("indicators:standards")))


# ---- the page ----


def test_evidence_says_from_whom_of_which_year_how_many_and_how_it_is_seen(reader, world):
    requirement = EvidenceRequirement.objects.get(code="3-1")
    assert "3-1 统计报表 本年度 " in text(get(reader))
    requirement.departments, requirement.year, requirement.seen_as = ["财政局"], "previous", "onsite"
    requirement.institution_types = ["township_centre", "village_clinic"]
    requirement.save()
    assert "3-1 统计报表 财政局 · 上年度 · 每家乡镇卫生院、村卫生室各 1 份 · 现场看" in text(get(reader))


def test_what_a_county_asks_for_itself_is_not_on_the_page(reader, world):
    item = EvidenceRequirement.objects.get(code="3-1").item
    EvidenceRequirement.everyone.create(item=item, owner="A", code="3-2", text="甲县自己的要求")
    assert "甲县自己的要求" not in text(get(reader))


def test_items_come_by_section_with_departments_and_evidence(reader):
    EvidenceRequirement.objects.filter(code="1-2").update(required=False)
    words = text(get(reader))
    for each in ("组织管理", "服务能力", "1. 财政投入", "财政投入的要求。", "1-1 资金文件", "1-2 拨付凭证 （非必备）"):
        assert each in words
    assert "牵头部门 卫生健康局 配合部门 财政局" in words


@pytest.mark.parametrize(
    ("code", "scope", "formula", "target"),
    [
        ("1.1", "县（区）本级", "中医药专项资金", "大于 0 万元"),
        ("2.1", "乡镇卫生院", "“设有中医馆”的机构占比", "不低于 100%"),
        ("2.2", "村卫生室", "“适宜技术项数 ≥ 6”的机构占比", "不低于 100%"),
        ("3.1", "乡镇卫生院", "中医诊疗人次合计 ÷ 总诊疗人次合计", "不低于 35%"),
    ],
)
def test_criteria_are_in_words(reader, code, scope, formula, target):
    found = criterion(get(reader), code)
    assert (found.scope, found.formula, found.target) == (scope, formula, target)


def test_a_planned_target_and_a_scope_of_everybody_are_in_words(reader):
    Criterion.objects.filter(code="3.1").update(target="sum(fund)", scope=["all"])
    found = criterion(get(reader), "3.1")
    assert (found.scope, found.target) == ("全部机构", "不低于 中医药专项资金")


def test_phases_have_dates_and_tasks(reader, world):
    Phase.objects.create(
        standard=world.standard,
        number=1,
        name="工作准备",
        start=date(2023, 9, 1),
        end=date(2023, 9, 30),
        tasks=["制定方案"],
    )
    words = text(get(reader))
    assert "工作准备 2023年9月1日—2023年9月30日 制定方案" in words


def test_a_department_sees_its_items_those_of_its_group_included(reader, world):
    bureau = Department.objects.get(name="卫生健康局")
    finance = Department.objects.get(name="财政局")
    assert shown(get(reader, department="财政局")) == ["1", "2"]
    group = Department.objects.create(standard=world.standard, name="成员单位", members=["财政局"], position=9)
    bureau.responsibilities.filter(item__number="3").update(department=group)
    response = get(reader, department="财政局")
    assert shown(response) == ["1", "2", "3"]
    assert "“财政局”负责的条目 3 条（全部 3 条）" in text(response)
    counts = {row["department"]: (row["lead"], row["cooperating"]) for row in get(reader).context["departments"]}
    assert counts == {bureau: (1, 0), finance: (1, 1), group: (1, 0)}


def test_an_unknown_department_filters_nothing(reader):
    assert shown(get(reader, department="没有这个局")) == ["1", "2", "3"]


def test_departments_show_their_other_names_and_members(reader):
    Department.objects.filter(name="财政局").update(aliases=["区财政局"], members=["预算股"])
    words = text(get(reader))
    assert "区财政局" in words
    assert "预算股" in words


def test_each_version_has_its_page_and_the_published_one_comes_first(reader, world):
    Standard.objects.create(
        code="small", version="2", title="新版", state="draft", source_document="新方案", source_date=date(2024, 4, 9),
        digest="1" * 64,
    )  # fmt: skip
    assert get(reader).context["standard_row"] == world.standard
    assert get(reader, version="2").context["standard_row"].title == "新版"
    assert "第 2 版（草稿）" in text(get(reader))
    assert get(reader, version="3").status_code == 404
    assert get(reader, "nothing").status_code == 404


def test_items_of_three_are_read_with_a_fixed_number_of_queries(reader):
    assert queries_of(reader, "small") == PAGE_QUERIES


def test_items_of_forty_two_are_read_with_as_many(client, db):
    call_command("load_standard", settings.BASE_DIR / "fixtures/standards/linzi-2023.yaml", verbosity=0)
    client.force_login(User.objects.create_user("stranger"))
    assert queries_of(client, "linzi-2023") == PAGE_QUERIES
    response = get(client, "linzi-2023")
    assert len(shown(response)) == 42
    assert criterion(response, "28.2").formula == (
        "“执业（助理）医师数 > 0 且 中医类别执业（助理）医师数 ≥ 25% × 执业（助理）医师数”的机构占比"
    )


def queries_of(client, code: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert get(client, code).status_code == 200
    return len(queries)
