"""The pages of the trail: for auditors alone, each their own part of it; filters, pages, one event, the workbook."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions.access import audit_scope
from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User
from tcm_demo.audit import views
from tcm_demo.audit.models import Event
from tcm_demo.audit.origin import Origin, coming_from
from tcm_demo.audit.sealing import seal_waiting
from tcm_demo.audit.services import record, record_many
from tests.trail import chain, tamper  # noqa: F401
from tests.world import make_world


@pytest.fixture
def world(chain):  # noqa: F811
    world = make_world()
    seal_waiting()
    return world


@pytest.fixture
def auditor(client, world):
    client.force_login(world.users["auditor"])
    return client


def listed(client, **query) -> list[str]:
    """What the page shows, without what made the world; oldest first."""
    events = client.get(reverse("audit:events"), query).context["page"].events
    return [event.subject_name for event in reversed(events) if event.action not in ("start_campaign", "export_events")]


def seen_by(user) -> list[str]:
    events = audit_scope(user).events().exclude(action="start_campaign").order_by("pk")
    return list(events.values_list("subject_name", flat=True))


# ---- who reads what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["superuser", "office", "sysadmin", "reviewer", "prefecture", "stranger"])
def test_for_others_the_pages_do_not_exist(client, world, name):
    event = record("change_county", "甲县", place="A")
    client.force_login(world.users[name])
    for address in (reverse("audit:events"), reverse("audit:export"), reverse("audit:event", args=[event.pk])):
        assert client.get(address).status_code == 404


def test_who_administers_the_system_is_no_auditor_whatever_the_grants(world):
    Grant.objects.create(user=world.users["superuser"], county=world.county, role=Role.AUDITOR)
    assert audit_scope(world.users["superuser"]) is None


def test_an_auditor_reads_the_own_county_and_what_belongs_to_none(auditor, world):
    users = world.users
    record("change_county", "本县", place="A")
    record("change_county", "邻县", place="B")
    record("sign_in", "本县人登录", by=users["office"])
    record("sign_in", "邻县人登录", by=users["other_office"])
    record("sign_in", "系统管理员登录", by=users["superuser"])
    record("sign_in_failed", "陌生人", by="未登录")
    record("load_standard", "命令行")
    record("sign_in_failed", users["office"], by="未登录")
    record("sign_in_failed", users["other_office"], by="未登录")
    record("reset_password", users["office"], by=users["other_office"])
    record("reset_password", users["other_office"], by=users["superuser"])
    assert seen_by(users["auditor"]) == [
        *("本县", "本县人登录", "系统管理员登录", "陌生人", "命令行"),
        *("office", "office"),
    ]
    hidden = Event.objects.get(subject_name="邻县")
    assert auditor.get(reverse("audit:event", args=[hidden.pk])).status_code == 404


def test_the_auditor_of_a_prefecture_reads_its_counties(world):
    user = User.objects.create_user("inspector")
    Grant.objects.create(user=user, county=County.objects.get(code="P"), role=Role.AUDITOR)
    for place in ("A", "P", "B"):
        record("change_county", f"{place} 的事", place=place)
    assert seen_by(user) == ["A 的事", "P 的事"]


# ---- filters -------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(world):
    with coming_from(Origin("192.0.2.7", "a" * 32)):
        record("save_figures", "东镇卫生院", by=world.users["clerk"], place="A")
        record("submit_report", "东镇卫生院 2023", by=world.users["clerk"], place="A")
    with coming_from(Origin("192.0.2.70", "b" * 32)):
        record("sign_in", world.users["office"], by=world.users["office"])
    seal_waiting()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "save_figures"}, ["东镇卫生院"]),
        ({"place": "A"}, ["东镇卫生院", "东镇卫生院 2023"]),
        ({"place": "-"}, ["office"]),
        ({"who": "clerk"}, ["东镇卫生院", "东镇卫生院 2023"]),
        ({"who": "OFFICE"}, ["office"]),
        ({"subject": "2023"}, ["东镇卫生院 2023"]),
        ({"address": "192.0.2.7"}, ["东镇卫生院", "东镇卫生院 2023", "office"]),
        ({"address": "192.0.2.70"}, ["office"]),
        ({"request": "A" * 32}, ["东镇卫生院", "东镇卫生院 2023"]),
        ({"request": "a" * 32, "action": "submit_report"}, ["东镇卫生院 2023"]),
        ({"action": "sign_out"}, []),
    ],
)
def test_filters(auditor, several, query, expected):
    assert listed(auditor, **query) == expected


def test_time_is_asked_for_to_the_minute(auditor, several):
    now = timezone.localtime()
    minute = "%Y-%m-%dT%H:%M"
    earlier, later = (now - timedelta(hours=1)).strftime(minute), (now + timedelta(hours=1)).strftime(minute)
    assert len(listed(auditor, since=earlier, until=later)) == 3
    assert len(listed(auditor, until=now.strftime(minute))) == 3  # the minute itself is part of it
    assert listed(auditor, until=earlier) == listed(auditor, since=later) == []


def test_a_filter_that_is_none_is_said_and_narrows_nothing(auditor, several):
    page = auditor.get(reverse("audit:events"), {"since": "昨天", "action": "fly"})
    assert "“时间从”不是一个时间" in page.content.decode()
    assert "没有这一项操作" in page.content.decode()
    assert len(listed(auditor, since="昨天")) == 3


def test_nothing_found_is_said(auditor, several):
    page = auditor.get(reverse("audit:events"), {"subject": "没有的"}).content.decode()
    assert "没有符合条件的操作记录" in page


# ---- pages ---------------------------------------------------------------------------------------------------------


def test_pages_follow_each_other_both_ways(auditor, world, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 3)
    record_many([{"action": "remind", "subject": f"{number}"} for number in range(7)])
    address, pages = reverse("audit:events") + "?action=remind", []
    while address:
        context = auditor.get(address).context
        pages.append([event.subject_name for event in context["page"].events])
        last, address = address, context["older_url"] and reverse("audit:events") + context["older_url"]
    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    record("remind", "7")  # what comes meanwhile moves nothing
    back = auditor.get(last).context["newer_url"]
    context = auditor.get(reverse("audit:events") + back).context
    assert [event.subject_name for event in context["page"].events] == ["3", "2", "1"]
    context = auditor.get(reverse("audit:events") + context["newer_url"]).context
    assert [event.subject_name for event in context["page"].events] == ["6", "5", "4"]
    context = auditor.get(reverse("audit:events") + context["newer_url"]).context  # not a page full: the newest one
    assert [event.subject_name for event in context["page"].events] == ["7", "6", "5"]
    assert context["newer_url"] == ""


def test_events_of_one_moment_are_not_lost_between_pages(auditor, world, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    moment = timezone.now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        record_many([{"action": "remind", "subject": f"{number}"} for number in range(5)])
    assert Event.objects.filter(action="remind").values("at").distinct().count() == 1
    seen, address = [], "?action=remind"
    while address:
        context = auditor.get(reverse("audit:events") + address).context
        seen += [event.subject_name for event in context["page"].events]
        address = context["older_url"]
    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize("page", ["before-0", "after-999999999", "before-", "x", "before-1e9", "after-" + "9" * 40])
def test_a_page_that_is_none_is_the_newest(auditor, several, page):
    assert len(listed(auditor, page=page)) == 3


def test_however_much_there_is_the_page_asks_the_same(auditor, world):
    auditor.get(reverse("audit:events"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            auditor.get(reverse("audit:events"))
        assert not [query for query in captured if "COUNT(" in query["sql"] and "audit_event" in query["sql"]]
        return len(captured)

    few = queries()
    record_many([{"action": "remind", "subject": f"{number}", "place": "A"} for number in range(200)])
    assert queries() == few


# ---- one event -----------------------------------------------------------------------------------------------------


def test_an_event_is_shown_cell_by_cell(auditor, world):
    before = {"role": "reviewer", "accepted": {"visits": 100, "tcm_visits": None}, "note": "旧"}
    after = {"role": "county_office", "accepted": {"visits": 120, "tcm_visits": 40}, "until": "2024-01-01"}
    grant = world.users["office"].grants.get()
    with coming_from(Origin("192.0.2.7", "c" * 32)):
        event = record("change_grant", grant, by=world.users["superuser"], place="A", before=before, after=after)
    seal_waiting()
    context = auditor.get(reverse("audit:event", args=[event.pk])).context
    assert {cell.name: (cell.before, cell.after, cell.differs) for cell in context["cells"]} == {
        "角色": ("审核员", "创建办管理员", True),
        "已接受的数值 › 总诊疗人次": ("100", "120", True),
        "已接受的数值 › 中医诊疗人次": ("—", "40", True),
        "说明": ("旧", "", False),
        "锁定至": ("", "2024-01-01", False),
    }
    assert dict(context["facts"]) == {
        "编号": str(event.pk),
        "时间": f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        "操作人": "superuser（用户名 superuser）",
        "对象": str(grant),
        "对象类型": f"授权，编号 {grant.pk}",
        "地区": "甲县",
        "来源地址": "192.0.2.7",
    }
    assert context["is_whole"]
    assert context["seal"].event == event.pk


def test_an_event_that_was_changed_says_so(auditor, world):
    event = record("change_county", "甲县", place="A")
    page = reverse("audit:event", args=[event.pk])
    assert "等待封存" in auditor.get(page).content.decode()
    seal_waiting()
    assert "内容与封存时一致" in auditor.get(page).content.decode()
    tamper(f"UPDATE audit_event SET actor_name = '别人' WHERE id = {event.pk}")
    assert "这条记录的内容与封存时不同" in auditor.get(page).content.decode()


def test_an_event_of_very_many_cells_shows_the_first(auditor, world):
    event = record("import_ledger", "台账", place="A", after={f"第 {n} 项": n for n in range(600)})
    context = auditor.get(reverse("audit:event", args=[event.pk])).context
    assert (len(context["cells"]), context["more"]) == (500, 100)


# ---- the workbook --------------------------------------------------------------------------------------------------


def workbook(client, **query) -> list[dict]:
    answer = client.get(reverse("audit:export"), query)
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_what_was_filtered_is_exported_and_that_is_an_event(auditor, several, world):
    rows = workbook(auditor, place="A", action="save_figures")
    assert [(row["操作"], row["对象"], row["来源地址"]) for row in rows] == [("填写数据", "东镇卫生院", "192.0.2.7")]
    assert rows[0]["封存号"] > 0
    event = Event.objects.get(action="export_events")
    assert event.actor == world.users["auditor"]
    assert event.after["filters"] == {"place": "A", "action": "save_figures"}
    assert event.after["rows"] == 1


def test_no_cell_of_the_workbook_is_run(auditor, world):
    record("sign_in_failed", '=HYPERLINK("http://x")', by="+1")
    answer = auditor.get(reverse("audit:export"), {"action": "sign_in_failed"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    for text in ('=HYPERLINK("http://x")', "+1"):
        assert (cells[text].data_type, cells[text].quotePrefix) == ("s", True)


def test_values_too_long_for_a_cell_are_cut(auditor, world):
    record("import_ledger", "台账", place="A", after={"text": "长" * 40_000})
    (row,) = workbook(auditor, action="import_ledger")
    assert row["改后"].endswith("……（过长，余下的请在页面上查看）")
    assert len(row["改后"]) < 32_767


def test_too_much_for_one_workbook_is_said(auditor, several, monkeypatch):
    monkeypatch.setattr(views, "MOST_EXPORTED", 2)
    answer = auditor.get(reverse("audit:export"), {"place": "A"}, follow=True)
    assert "一次最多导出 2 条" in answer.content.decode()
    assert not Event.objects.filter(action="export_events").exists()
