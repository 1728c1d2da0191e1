"""Notices: what the program has to tell a person, in the program and by e-mail."""

import pytest
from django.urls import reverse

from tcm_demo.accounts.models import User
from tcm_demo.notices.models import Notice
from tcm_demo.notices.services import Note, mark_read, notify, send_notes

LIST = reverse("notices:notices")


@pytest.fixture
def people(db):
    return [User.objects.create_user(name) for name in ("wang", "li")]


@pytest.fixture
def wang(client, people):
    client.force_login(people[0])
    return client


def read(notice: Notice) -> str:
    return reverse("notices:read", kwargs={"pk": notice.pk})


def test_many_are_told_in_one_statement(people, django_assert_num_queries):
    others = [User(username=f"u{i}") for i in range(50)]
    User.objects.bulk_create(others)
    with django_assert_num_queries(3):  # with the savepoint
        notify([*people, *others], "请填报。", "/fill/", by=people[0])
    assert Notice.objects.filter(sentence="请填报。", url="/fill/", by_name="wang", read_at=None).count() == 52


def test_a_sentence_too_long_for_its_place_is_cut_where_it_shows(people):
    send_notes([Note(people[0], "长" * 1000)], by=None)
    notice = Notice.objects.get()
    assert (len(notice.sentence), notice.sentence[-1], notice.by_name) == (600, "…", "系统")


def test_the_page_lists_ones_own_latest_first_and_nobody_elses(wang, people):
    for number in range(31):
        notify([people[0]], f"第{number}条", by=None)
    notify([people[1]], "别人的", by=None)
    response = wang.get(LIST)
    assert [notice.sentence for notice in response.context["page"].object_list][:2] == ["第30条", "第29条"]
    assert "共 <b>31</b> 条" in response.content.decode()
    assert "别人的" not in response.content.decode()
    assert wang.get(LIST, {"page": "2"}).context["page"].object_list[0].sentence == "第0条"


def test_the_bell_counts_what_is_unread_on_every_page(wang, people):
    page = reverse("accounts:password")
    assert '<a class="bell" href="/notices/">通知</a>' in wang.get(page).content.decode()
    notify([people[0]], "一", by=None)
    notify([people[0]], "二", by=None)
    notify([people[1]], "三", by=None)
    assert '<a class="bell has-unread" href="/notices/">通知 <b>2</b>' in wang.get(page).content.decode()
    send_notes([Note(people[0], "多")] * 100, by=None)
    assert "<b>99+</b>" in wang.get(page).content.decode()


def test_who_has_not_signed_in_has_no_bell(client, people):
    html = client.get(reverse("accounts:sign-in")).content.decode()
    assert 'class="bell' not in html


def test_going_to_what_a_notice_is_about_marks_it_as_read(wang, people):
    notify([people[0]], "请填报。", "/fill/", by=None)
    notice = Notice.objects.get()
    assert wang.post(read(notice)).url == "/fill/"
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    wang.post(read(notice))
    notice.refresh_from_db()
    assert notice.read_at == first


@pytest.mark.parametrize("url", ["", "//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_but_into_this_program(wang, people, url):
    notify([people[0]], "请填报。", url, by=None)
    assert wang.post(read(Notice.objects.get())).url == LIST


def test_a_notice_of_somebody_else_does_not_exist(wang, people):
    notify([people[1]], "别人的", by=None)
    notice = Notice.objects.get()
    assert wang.post(read(notice)).status_code == 404
    assert wang.post(reverse("notices:read-all")).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_alone_changes_nothing(wang, people):
    notify([people[0]], "请填报。", by=None)
    wang.get(LIST)
    assert wang.get(read(Notice.objects.get())).status_code == 405
    assert Notice.objects.get().read_at is None


def test_all_are_marked_at_once_and_unread_ones_can_be_listed_alone(wang, people):
    notify([people[0]], "旧的", by=None)
    mark_read(people[0])
    notify([people[0]], "新的", by=None)
    assert [n.sentence for n in wang.get(LIST, {"unread": "1"}).context["page"].object_list] == ["新的"]
    html = wang.post(reverse("notices:read-all"), follow=True).content.decode()
    assert "已把 1 条通知标为已读。" in html
    assert "没有未读的通知" in wang.get(LIST, {"unread": "1"}).content.decode()


def test_without_any_the_page_says_what_will_be_here(wang):
    assert "还没有通知" in wang.get(LIST).content.decode()


def test_a_sentence_is_shown_as_text(wang, people):
    notify([people[0]], "<script>alert(1)</script>", by=None)
    assert "<script>alert(1)" not in wang.get(LIST).content.decode()
