"""Writing a ledger from the browser: once, all of it, and only what was seen."""

from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from institutions.importing.uploads import telling
from institutions.models import LedgerUpload, Report
from tcm_demo.audit.models import Event
from tests.ledgers import make_county, sheet
from tests.wizard import BOTH, FIGURES, HEAD, confirm, member, open_round, page_of, start_of, store, text_of, upload

FAULTY = sheet("机构数据", HEAD, ["T1", "很多", -5])


@pytest.fixture
def county(db):
    found = make_county()
    open_round(found)
    return found


@pytest.fixture
def office(county) -> Client:
    return member(county, "office")


def test_a_second_click_and_a_reload_find_it_written(office, county):
    up = upload(office, county, BOTH, FIGURES)
    assert confirm(office, up).url == page_of(up, "result")
    first = LedgerUpload.objects.get()
    for answer in (
        office.post(page_of(up, "write")),
        office.get(page_of(up, "check")),
        office.get(page_of(up, "write")),
    ):
        assert answer.url == page_of(up, "result")
    assert LedgerUpload.objects.get().outcome == first.outcome
    assert Event.objects.filter(action="import_figures").count() == 1


def test_what_others_wrote_in_between_must_be_looked_at_first(office, county):
    store(county)
    up = upload(office, county, sheet("机构数据", HEAD, ["T1", 13, 3400]))
    digest = office.get(page_of(up, "write")).context["digest"]
    Report.objects.filter(institution__code="T1").update(
        accepted={"nurses": 20, "visits": 3400}, values={"nurses": 20, "visits": 3400}
    )
    answer = office.post(page_of(up, "write"), {"digest": digest}, follow=True)
    assert "系统中的数据有了变化" in text_of(answer)
    assert [(row.old, row.new) for row in answer.context["page"]] == [("20", "13")]
    assert Report.objects.get(institution__code="T1").values["nurses"] == 20
    assert confirm(office, up, reason="与报表不符").url == page_of(up, "result")
    assert Report.objects.get(institution__code="T1").values["nurses"] == 13


def test_a_confirmation_that_does_not_say_what_was_seen_writes_nothing(office, county):
    up = upload(office, county, BOTH, FIGURES)
    for form in ({}, {"digest": ""}, {"digest": "0" * 64}):
        assert "系统中的数据有了变化" in text_of(office.post(page_of(up, "write"), form, follow=True))
    assert (Report.objects.count(), LedgerUpload.objects.get().written_at) == (0, None)


def test_where_a_colleague_wrote_the_same_before_it_says_that_nothing_changed(office, county):
    up = upload(office, county, BOTH, FIGURES)
    digest = office.get(page_of(up, "write")).context["digest"]
    colleague = member(county, "colleague")
    confirm(colleague, upload(colleague, county, BOTH, FIGURES))
    answer = office.post(page_of(up, "write"), {"digest": digest}, follow=True)
    assert "没有变化，没有写入" in text_of(answer)
    assert "已写入" not in text_of(answer)
    assert "没有变化" in text_of(office.get(start_of(county))).partition("以往导入")[2]
    assert Event.objects.filter(action="import_figures").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_write_once():
    county = make_county()
    open_round(county)
    client = member(county, "office")
    up = upload(client, county, BOTH, FIGURES)
    digest = client.get(page_of(up, "write")).context["digest"]
    start, answers = Barrier(2), []

    def press():
        other = Client()
        other.cookies = client.cookies
        start.wait()
        answers.append(other.post(page_of(up, "write"), {"digest": digest, "way": "draft"}).status_code)
        connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert Event.objects.filter(action="import_figures").count() == 1
    assert LedgerUpload.objects.get().outcome["values_new"] == 4


def test_progress_is_shown_to_another_process_and_ends_at_the_result(office, county):
    up = upload(office, county, BOTH, FIGURES)
    assert "正在准备写入" in text_of(office.get(page_of(up, "progress")))
    telling(up)(500, 2000, "写入数据")
    assert "写入数据 500/2,000" in text_of(office.get(page_of(up, "progress")))
    assert "写入数据 500/2,000" in text_of(office.get(page_of(up, "write")))
    # meanwhile a second click starts nothing, and whoever comes back is shown how far it is
    assert office.post(page_of(up, "write")).url == page_of(up, "result")
    assert office.get(page_of(up, "result")).url == page_of(up, "write")
    assert Report.objects.count() == 0
    cache.clear()
    confirm(office, up)
    assert office.get(page_of(up, "progress") + "?seen", HTTP_HX_REQUEST="true")["HX-Redirect"] == page_of(up, "result")


def test_where_the_writing_failed_its_progress_leads_back_to_the_list(office, county):
    up = upload(office, county, BOTH, FAULTY)
    office.post(page_of(up, "write"))
    answer = office.get(page_of(up, "progress") + "?seen", HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"] == page_of(up, "check")


def test_htmx_is_led_on_as_browsers_without_scripts_are(office, county):
    up = upload(office, county, BOTH, FIGURES)
    assert confirm(office, up, headers={"HX-Request": "true"})["HX-Redirect"] == page_of(up, "result")


def test_an_import_can_be_given_up_until_it_is_written(office, county, django_capture_on_commit_callbacks):
    up = upload(office, county, BOTH, FIGURES)
    with django_capture_on_commit_callbacks(execute=True):
        assert "已放弃" in text_of(office.post(page_of(up, "drop"), follow=True))
    assert not up.file.storage.exists(up.file.name)
    assert office.get(page_of(up, "check")).status_code == 404
    written = upload(office, county, BOTH, FIGURES)
    confirm(office, written)
    assert "不能放弃" in text_of(office.post(page_of(written, "drop"), follow=True))
    assert LedgerUpload.objects.get() == written


def test_a_file_that_is_gone_is_asked_for_again(office, county):
    up = upload(office, county, BOTH, FIGURES)
    up.file.storage.delete(up.file.name)
    for page in ("columns", "check", "write", "marked"):
        answer = office.get(page_of(up, page), follow=True)
        assert "请重新上传" in text_of(answer)
        assert answer.redirect_chain[-1][0] == start_of(county)
    assert office.post(page_of(up, "write")).url == start_of(county)
