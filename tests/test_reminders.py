"""Reminding the late: who is told what, how often, by e-mail or not, and the list to phone from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from institutions.enums import ReportState, Role
from institutions.models import Grant, Institution, Reminder, Round
from institutions.refusals import Refused
from institutions.rounds.reminder_services import remind, tell_returned
from institutions.rounds.services import close_round
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.notices.models import Notice
from tests.round_world import NEXT, address, begin, hand_in, make_round
from tests.world import World, make_world

NOW = datetime(2025, 1, 23, 4, tzinfo=UTC)
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def round(world):
    return make_round(world)


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def clerk_of(code: str, name: str, **facts) -> User:
    institution = Institution.objects.get(code=code)
    user = User.objects.create_user(name, **facts)
    Grant.objects.create(user=user, county=institution.county, role=Role.DATA_CLERK, institution=institution)
    return user


def managed(*codes: str) -> None:
    """These report through A-01, whose clerk is `clerk`."""
    Institution.objects.filter(code__in=codes).update(manager=Institution.objects.get(code="A-01"))


def asked(*codes: str):
    return Institution.objects.filter(code__in=codes).order_by("code")


def told(world: World, name: str = "clerk") -> list[str]:
    return list(Notice.objects.filter(user__username=name).order_by("pk").values_list("sentence", flat=True))


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# ---- who is told what ----


def test_a_clerk_is_told_which_report_is_missing_since_when_and_where_to_go(world, round):
    found = remind(round, asked("A-01"), by=world.users["office"], now=NOW)
    notice = Notice.objects.get(user=world.users["clerk"])
    assert notice.sentence == "“东镇卫生院”的2024年度填报还没有提交，截止日期 2025年1月20日，逾期 3 天，请尽快提交。"
    assert notice.url == "/c/A/fill/2024/A-01/"
    assert (found.people, [each.code for each in found.told], found.nobody) == (1, ["A-01"], [])
    reminder = Reminder.objects.get()
    assert (reminder.institution.code, reminder.people, reminder.by_name, reminder.at) == ("A-01", 1, "office", NOW)


def test_before_the_deadline_the_sentence_asks_and_says_no_delay(world, round):
    remind(round, asked("A-01"), by=world.users["office"], now=datetime(2025, 1, 10, tzinfo=UTC), words="请抓紧。")
    assert told(world) == ["“东镇卫生院”的2024年度填报还没有提交，请在 2025年1月20日前提交。请抓紧。"]


def test_who_reports_for_many_gets_one_notice_for_all_of_them(world, round):
    managed("A-1000", "A-1001")
    found = remind(round, asked("A-01", "A-1000", "A-1001"), by=world.users["office"], now=NOW)
    [sentence] = told(world)
    assert sentence.startswith(
        "您负责的 3 家机构（东镇卫生院、第1村卫生室、第2村卫生室）的2024年度填报还没有提交，截止"
    )
    assert Notice.objects.get(user=world.users["clerk"]).url == "/fill/"
    assert (found.people, len(found.told)) == (1, 3)
    assert set(Reminder.objects.values_list("people", flat=True)) == {1}


def test_own_clerks_come_before_those_of_the_managing_institution(world, round):
    managed("A-1000")
    clerk_of("A-1000", "own")
    remind(round, asked("A-1000"), by=world.users["office"], now=NOW)
    assert (len(told(world, "own")), told(world)) == (1, [])


def test_a_centre_does_not_report_for_another_centre(world, round):
    managed("A-02")
    found = remind(round, asked("A-02"), by=world.users["office"], now=NOW)
    assert ([each.code for each in found.nobody], told(world)) == (["A-02"], [])


def test_who_cannot_sign_in_is_nobody_to_tell(world, round):
    clerk_of("A-1000", "gone", is_active=False)
    clerk_of("A-1001", "expired", expires_on=timezone.localdate() - timedelta(days=1))
    found = remind(round, asked("A-1000", "A-1001", "A-1002"), by=world.users["office"], now=NOW)
    assert [each.code for each in found.nobody] == ["A-1000", "A-1001", "A-1002"]
    assert (found.people, Notice.objects.count()) == (0, 0)
    assert list(Reminder.objects.values_list("people", flat=True)) == [0, 0, 0]


def test_what_is_with_the_office_is_not_reminded_of(world, round):
    hand_in(world, "A-01")
    hand_in(world, "A-02", state=ReportState.RETURNED)
    begin("A-03")
    found = remind(round, asked("A-01", "A-02", "A-03"), by=world.users["office"], now=NOW)
    assert [each.code for each in found.nobody] == ["A-02", "A-03"]
    assert told(world) == []


# ---- how often ----


def test_nobody_is_reminded_twice_on_one_day_of_the_county_unless_forced(world, round):
    def again(moment, **more):
        return remind(round, asked("A-01"), by=world.users["office"], now=moment, **more)

    again(datetime(2025, 1, 22, 16, 0, tzinfo=UTC))  # midnight of the 23rd in the county
    second = again(datetime(2025, 1, 23, 15, 59, tzinfo=UTC))
    assert ([each.code for each in second.earlier], len(told(world))) == (["A-01"], 1)
    again(datetime(2025, 1, 23, 15, 59, tzinfo=UTC), again=True)
    again(datetime(2025, 1, 23, 16, 0, tzinfo=UTC))
    assert len(told(world)) == 3


def test_a_round_that_is_closed_or_not_open_yet_reminds_nobody(world, round):
    with pytest.raises(Refused, match="2025年1月1日开放，到时再催"):
        remind(round, asked("A-01"), by=world.users["office"], now=datetime(2024, 12, 31, 15, 59, tzinfo=UTC))
    close_round(Round.objects.get(), by=world.users["office"])
    with pytest.raises(Refused, match="已关闭，不能再催报"):
        remind(round, asked("A-01"), by=world.users["office"], now=NOW)
    assert Reminder.objects.count() == 0


def test_a_reminder_is_one_event_on_the_trail(world, round):
    remind(round, asked("A-01", "A-02"), by=world.users["office"], now=NOW)
    event = Event.objects.get(action="remind")
    assert (event.place, event.after) == ("A", {"institutions": ["A-01", "A-02"], "people": 1})


# ---- e-mail ----


def with_mail(world: World) -> None:
    clerk = world.users["clerk"]
    clerk.email = "clerk@example.org"
    clerk.save()


def test_with_a_mail_server_the_same_words_go_out_after_the_commit(world, round, django_capture_on_commit_callbacks):
    with_mail(world)
    clerk_of("A-02", "without")
    with django_capture_on_commit_callbacks(execute=True):
        found = remind(round, asked("A-01", "A-02"), by=world.users["office"], now=NOW)
        assert mail.outbox == []
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["clerk@example.org"], "请填报2024年度数据")
    assert told(world)[0] in letter.body
    assert (found.mailing.sent, found.mailing.failed, found.mailing.without) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_without_one_nothing_pretends_to_have_been_sent(office, world, round, settings):
    settings.EMAIL_BACKEND = NO_MAIL
    with_mail(world)
    response = office.post(address("remind") + "?q=A-01", follow=True)
    assert said(response) == ["已提醒 1 家，通知 1 人。没有设置邮件服务器，只在系统内提醒。"]
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_fails_is_reported_and_takes_nothing_back(office, world, round, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    with_mail(world)
    response = office.post(address("remind") + "?q=A-01", follow=True)
    assert "the mail server does not answer; 1 messages were not sent" in caplog.text
    assert said(response) == ["已提醒 1 家，通知 1 人。发出邮件 0 封，1 封没有发出去，请检查邮件服务器。"]
    assert (len(told(world)), Reminder.objects.count()) == (1, 1)


# ---- the page ----


def test_all_of_the_filter_are_reminded_in_one_go_and_the_rest_is_named(office, world, round):
    hand_in(world, "A-1000")
    url = address("remind") + "?type=village_clinic"
    response = office.post(url, {"words": "有困难请来电。"}, follow=True)
    assert said(response) == ["2 家没有可用的填报员账号，请打电话催报：第2村卫生室、第3村卫生室"]
    assert set(Reminder.objects.values_list("institution__code", flat=True)) == {"A-1001", "A-1002"}
    response = office.post(url, follow=True)
    assert said(response)[0].startswith("2 家今天已经催过，没有再催：第2村卫生室、第3村卫生室。")


def test_the_button_counts_those_who_were_not_reminded_today(office, world, round):
    url = address("round") + "?type=village_clinic"
    assert office.get(url).context["to_remind"] == 3
    office.post(address("remind") + "?q=A-1000")
    assert office.get(url).context["to_remind"] == 2
    office.post(address("remind") + "?type=village_clinic")
    html = office.get(url).content.decode()
    assert 'data-busy="正在催报…" disabled>催报 0 家</button>' in html
    assert "今天催过的也再催（共 3 家）</button>" in html
    response = office.post(address("remind") + "?type=village_clinic", {"again": "on"}, follow=True)
    assert said(response)[0].startswith("3 家没有可用的填报员账号")


def test_a_message_names_five_and_no_more(db, client):
    world = make_world(villages=7)
    make_round(world)
    client.force_login(world.users["office"])
    response = client.post(address("remind") + "?type=village_clinic", follow=True)
    assert said(response)[0].endswith("第1村卫生室、第2村卫生室、第3村卫生室、第4村卫生室、第5村卫生室等")


def test_states_that_are_with_the_office_leave_nobody_to_remind(office, world, round):
    hand_in(world, "A-01")
    response = office.post(address("remind") + "?state=submitted", follow=True)
    assert said(response) == ["所选范围内没有需要催报的机构。"]


@pytest.mark.parametrize("words", ["长" * 10_000, "请\x00填"])
def test_words_that_cannot_be_sent_remind_nobody(office, round, words):
    response = office.post(address("remind"), {"words": words}, follow=True)
    assert said(response)[0].startswith("没有催报：")
    assert Reminder.objects.count() == 0


def test_the_list_to_print_has_everybody_by_town_with_whom_to_phone(office, world, round):
    Institution.objects.filter(code="A-02").update(town="西镇")
    managed("A-1000")
    clerk = world.users["clerk"]
    clerk.display_name, clerk.phone = "王某", "13812345678"
    clerk.save()
    hand_in(world, "A-1001")
    response = office.get(address("round-late"))
    calls = [
        (call["town"], [str(user) for user in call["people"]], [line.institution.code for line in call["lines"]])
        for call in response.context["calls"]
    ]
    assert calls == [
        ("东镇", [], ["A-00", "A-03", "A-1002"]),
        ("东镇", ["王某"], ["A-01", "A-1000"]),
        ("西镇", [], ["A-02"]),
    ]
    html = response.content.decode()
    assert html.count("13812345678") == 1  # for the centre, and for the clinic that reports through it
    assert html.count("没有填报员账号</span>") == 2
    assert "其中 4 家没有可用的填报员账号" in html


def test_the_list_to_print_follows_the_filter(office, world, round):
    begin("A-1000")
    response = office.get(address("round-late"), {"state": "draft"})
    assert [line.institution.code for call in response.context["calls"] for line in call["lines"]] == ["A-1000"]
    assert "按筛选条件列出" in response.content.decode()


def test_phones_are_for_those_who_check(client, world, round):
    expected = {"reviewer": 200, "leadership": 403, "expert": 403, "clerk": 404, "other_office": 404}
    for name, status in expected.items():
        client.force_login(world.users[name])
        assert client.get(address("round-late", NEXT)).status_code == status, name


# ---- returns ----


def test_clerks_and_the_submitter_are_told_of_a_return_once_each(world, round):
    managed("A-1000")
    report = hand_in(world, "A-1000", by="reviewer")
    tell_returned(round, [(report, {"techniques": "与佐证不符"})], by=world.users["office"])
    sentence = "“第1村卫生室”的2024年度填报有 1 项被退回，请修改后重新提交。理由：与佐证不符"
    assert (told(world), told(world, "reviewer")) == ([sentence], [sentence])
    report.submitted_by = world.users["clerk"]
    tell_returned(round, [(report, {"": "重报"})], by=world.users["office"])
    assert len(told(world)) == 2


def test_who_has_several_returned_alike_gets_one_notice_for_them(world, round):
    managed("A-1000", "A-1001", "A-1002")
    reports = [hand_in(world, code) for code in ("A-1000", "A-1001", "A-1002")]
    reasons = [{"": "重报"}, {"": "重报"}, {"techniques": "与佐证不符"}]
    tell_returned(round, list(zip(reports, reasons, strict=True)), by=world.users["office"])
    assert told(world) == [
        "您负责的 2 家机构（第1村卫生室、第2村卫生室）的2024年度填报被退回，请修改后重新提交。理由：重报",
        "“第3村卫生室”的2024年度填报有 1 项被退回，请修改后重新提交。理由：与佐证不符",
    ]


def test_who_returns_their_own_import_is_not_told_by_themselves(world, round):
    report = hand_in(world, "A-1000", by="office")
    tell_returned(round, [(report, {"": "重报"})], by=world.users["office"])
    assert Notice.objects.count() == 0


def test_delay_in_the_sentence_is_counted_across_new_year(world):
    round = make_round(world, "2024", opens_on=date(2024, 12, 1), due_on=date(2024, 12, 31))
    remind(round, asked("A-01"), by=world.users["office"], now=datetime(2024, 12, 31, 16, 1, tzinfo=UTC))
    assert "截止日期 2024年12月31日，逾期 1 天" in told(world)[0]
