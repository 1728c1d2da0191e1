"""Feature projects (一县一特色): what may be written, what stays, what the pages say."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.features.queries import projects_of
from assessments.features.services import (
    Described,
    add_project,
    change_project,
    described,
    report_progress,
    version_of,
    withdraw_project,
)
from assessments.models import FeatureProject, FeatureStep
from institutions.models import Report
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tests.prefecture_world import make_prefecture, url
from tests.working import words
from tests.world import PERIOD, World, add_institution, make_world

PAGE = reverse("assessments:features", args=["A"])
TODAY = timezone.localdate()
HALL = Described("灵芝小镇", "种植、康养一体。", "农业农村局", date(2024, 1, 1), date(2025, 12, 31))


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def project(world) -> FeatureProject:
    return add_project(world.county, HALL, by=world.users["office"])


def address(name: str, project: FeatureProject) -> str:
    return reverse(f"assessments:{name}", args=["A", project.pk])


def report(project: FeatureProject, done: int, text: str = "已开诊", on: date = TODAY) -> FeatureStep:
    return report_progress(project, on=on, done=done, text=text, by=None)


# ---- writing ----


def test_a_project_is_added_on_the_page_and_on_the_trail(office, world):
    assert "还没有特色项目" in words(office.get(PAGE))
    typed = {"name": " 灵芝 小镇 ", "aim": "种植", "in_charge": "农业农村局", "start": "2024-01-01", "end": ""}
    assert office.post(reverse("assessments:feature-new", args=["A"]), typed).url == PAGE
    project = FeatureProject.objects.get()
    assert described(project) == Described("灵芝 小镇", "种植", "农业农村局", date(2024, 1, 1), None)
    event = Event.objects.get(action="add_feature")
    assert (event.actor, event.place, event.after["name"]) == (world.users["office"], "A", "灵芝 小镇")
    assert "灵芝 小镇" in words(office.get(PAGE))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Described(" "), "请填写项目名称"),
        (Described("名" * 61), "项目名称最多 60 字，现为 61 字"),
        (Described("新", in_charge="单" * 61), "责任单位最多 60 字"),
        (Described("新", aim="字" * 1001), "内容和目标最多 1,000 字，现为 1,001 字"),
        (Described("灵芝小镇"), "已经有名称为“灵芝小镇”的特色项目"),
        (Described("新", start=date(2025, 2, 1), end=date(2025, 1, 1)), "早于开始日期 2025年2月1日"),
        (Described("新", end=date(202, 1, 1)), "计划完成日期的年份是 202 年"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(world, project, given, sentence):
    with pytest.raises(Refused, match=sentence):
        add_project(world.county, given, by=None)
    assert FeatureProject.objects.count() == 1


def test_changing_says_what_was_before(office, project):
    typed = {"name": "灵芝小镇", "aim": "改写", "seen": version_of(project)}
    assert office.post(address("feature", project), typed).url == PAGE
    event = Event.objects.get(action="change_feature")
    assert (event.before["in_charge"], event.after["in_charge"], event.after["aim"]) == ("农业农村局", "", "改写")
    project.refresh_from_db()
    assert project.start is None


def test_a_change_over_anothers_change_is_refused(office, project):
    seen = version_of(project)
    change_project(project, Described("灵芝小镇", "别人写的"), seen=seen, by=None)
    answer = office.post(address("feature", project), {"name": "灵芝小镇", "aim": "我写的", "seen": seen})
    assert "刚刚被别人修改过" in words(answer)
    assert "我写的" in words(answer)
    project.refresh_from_db()
    assert project.aim == "别人写的"


def test_nothing_changed_leaves_no_event(project):
    change_project(project, described(project), seen=version_of(project), by=None)
    assert not Event.objects.filter(action="change_feature").exists()


def test_progress_is_reported_on_the_page(office, project):
    typed = {"on": f"{TODAY}", "done": "40", "text": "2 个点开诊\r\n设备到位"}
    assert office.post(address("feature-progress", project), typed).url == PAGE
    step = project.steps.get()
    assert (step.done, step.text, step.by_name) == (40, "2 个点开诊\n设备到位", "office")
    assert Event.objects.get(action="report_feature").after["done"] == 40


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"done": "101"}, "请填 0 到 100 之间的整数"),
        ({"done": "-1"}, "请填 0 到 100 之间的整数"),
        ({"done": "一半"}, "完成进度请填 0 到 100 之间的整数"),
        ({"done": ""}, "请填写完成进度"),
        ({"on": "昨天"}, "日期写法不对"),
        ({"on": f"{TODAY + timedelta(days=1)}"}, "还没有到"),
        ({"on": "0202-01-01"}, "进展的年份是 202 年"),
        ({"text": " "}, "请写明进展"),
        ({"text": "字" * 1001}, "进展最多 1,000 字"),
    ],
)
def test_progress_that_cannot_be_stays_in_the_form(office, project, typed, sentence):
    answer = office.post(address("feature-progress", project), {"on": f"{TODAY}", "done": "40", "text": "开诊"} | typed)
    assert sentence in words(answer)
    assert not project.steps.exists()


def test_the_same_twice_is_one(project):
    report(project, 40)
    with pytest.raises(Refused, match="已经记下了"):
        report(project, 40)


def test_what_was_reported_stays(project):
    step = report(project, 40)
    for write in (lambda: FeatureStep.objects.update(done=50), step.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert FeatureStep.objects.get().done == 40


def test_a_withdrawn_project_counts_no_more_and_is_kept(office, world, project):
    report(project, 40)
    office.post(address("feature-withdraw", project), {"reason": " "})
    assert projects_of([world.county])
    office.post(address("feature-withdraw", project), {"reason": "与另一项目合并"})
    assert projects_of([world.county]) == {}
    page = words(office.get(PAGE))
    assert "已撤回 1 个" in page
    assert "40%" in page
    for write in (
        lambda: report(project, 50),
        lambda: withdraw_project(project, reason="再撤一次", by=None),
        lambda: change_project(project, HALL, seen=version_of(project), by=None),
    ):
        with pytest.raises(Refused, match="撤回，不能再改"):
            write()
    add_project(world.county, HALL, by=None)


# ---- reading ----


def test_readers_read_and_write_nothing(client, world, project):
    client.force_login(world.users["leadership"])
    page = words(client.get(PAGE))
    assert "灵芝小镇" in page
    assert "报进展" not in page
    assert client.post(address("feature-progress", project), {}).status_code == 403


def test_a_prefecture_has_no_projects_of_its_own(client, world):
    client.force_login(world.users["superuser"])
    assert client.get(reverse("assessments:features", args=["P"])).status_code == 404


def test_the_figure_reported_stands_beside_and_is_not_written(office, world, project):
    assert "还没有已接受的特色项目数" in words(office.get(PAGE))
    county = world.county.institutions.get(type="county")
    Report.objects.filter(institution=county).update(accepted={"feature_projects": 2})
    assert "2023年度填报的特色项目数是 2，这里登记了 1 个，两处不一致" in words(office.get(PAGE))
    later = Report.objects.get(institution=county)
    later.pk, later.period, later.accepted = None, "2024-03", {"feature_projects": 1}
    later.save()
    assert "这里登记的 1 个，与2024年3月填报的特色项目数一致" in words(office.get(PAGE))
    assert Report.objects.get(institution=county, period=PERIOD).accepted == {"feature_projects": 2}


def test_the_prefecture_sees_every_countys_projects(client, db):
    world = make_prefecture()
    project = add_project(world.county, HALL, by=None)
    report(project, 20, on=TODAY - timedelta(days=40))
    report(project, 60, "第二批开诊")
    client.force_login(world.users["prefecture"])
    answer = client.get(url())
    shown = {row["county"].name: [each.name for each in row["projects"]] for row in answer.context["features"]}
    assert shown == {"甲县": ["灵芝小镇"], "丙县": [], "戊县": [], "己县": []}
    page = words(answer)
    assert "60%" in page
    assert "第二批开诊" in page
    assert page.count("还没有特色项目") == 3


def test_the_list_costs_the_same_for_any_number(office, world, django_assert_max_num_queries):
    add_institution(world.county, "A-09", "county", None)
    for number in range(4):
        project = add_project(world.county, Described(f"项目{number}"), by=None)
        for done in range(3):
            report(project, done)
    with django_assert_max_num_queries(14):
        office.get(PAGE)
