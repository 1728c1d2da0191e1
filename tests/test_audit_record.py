"""What an event says of where it came from, without any caller saying so."""

import json
import logging

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event, Waiting
from tcm_demo.audit.origin import Origin, WithRequestId, coming_from, origin
from tcm_demo.audit.services import SYSTEM, record, record_many

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def write(request):
    record("change_county", "甲县", by=request.user)
    record("change_county", "乙县", by=request.user)
    return HttpResponse()


def broken(request):
    raise RuntimeError("broken")


urlpatterns = [path("write/", write), path("broken/", broken)]


@pytest.fixture
def person(client) -> User:
    user = User.objects.create_user("wang", display_name="王主任")
    client.force_login(user)
    return user


def test_events_of_a_request_carry_its_address_and_its_number(client, person):
    answer = client.get("/write/", REMOTE_ADDR="192.0.2.7", headers={"X-Request-ID": "chosen"})
    first, second = Event.objects.order_by("pk")
    assert (first.address, first.command, first.actor) == ("192.0.2.7", "", person)
    assert first.request_id == second.request_id == answer.headers["X-Request-ID"]
    assert len(first.request_id) == 32


def test_each_request_has_its_own_number(client, person):
    assert len({client.get("/write/").headers["X-Request-ID"] for _ in range(3)}) == 3
    assert origin() == Origin()


def test_the_address_is_the_one_behind_our_own_proxies_alone(client, person, settings):
    client.get("/write/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "198.51.100.1"})
    settings.TRUSTED_PROXIES = 1
    client.get("/write/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    assert list(Event.objects.order_by("pk").values_list("address", flat=True)[::2]) == ["192.0.2.7", "198.51.100.1"]


def test_a_page_that_breaks_has_its_number_in_the_log(caplog):
    caplog.handler.addFilter(filter_ := WithRequestId())
    answer = Client(raise_request_exception=False).get("/broken/")
    caplog.handler.removeFilter(filter_)
    line = next(line for line in caplog.records if line.exc_info)
    assert line.request_id == answer.headers["X-Request-ID"]


def test_the_command_line_has_the_name_of_its_command(monkeypatch):
    monkeypatch.setattr("sys.argv", ["/srv/manage.py", "import_ledger", "台账.xlsx"])
    event = record("change_county", "甲县")
    assert (event.command, event.address, event.request_id) == ("import_ledger", "", "")
    assert event.actor_name == SYSTEM
    monkeypatch.setattr("sys.argv", ["gunicorn", "tcm_demo.wsgi"])
    assert record("change_county", "甲县").command == ""


def test_lines_of_the_log_carry_the_number(settings):
    formatter, line = settings.LOGGING["formatters"]["line"], logging.makeLogRecord({"msg": "kaputt"})
    with coming_from(Origin(request_id="a1")):
        WithRequestId().filter(line)
    assert "[a1]" in logging.Formatter(formatter["format"], style=formatter["style"]).format(line)
    WithRequestId().filter(line)
    assert line.request_id == "-"


def test_many_events_take_as_few_statements_as_one(django_assert_max_num_queries):
    entries = [
        {"action": "remind", "subject": f"第 {number} 家", "place": "A", "before": None, "after": {"people": number}}
        for number in range(200)
    ]
    with coming_from(Origin("192.0.2.7", "a1")), CaptureQueriesContext(connection) as queries:
        events = record_many(entries, by="某人")
    inserts = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert len(inserts) == 2 if connection.vendor == "postgresql" else len(inserts) <= 6
    assert len({event.pk for event in events}) == 200
    assert Waiting.objects.count() == 200
    last = Event.objects.order_by("pk").last()
    assert (last.subject_name, last.place, last.after, last.address) == ("第 199 家", "A", {"people": 199}, "192.0.2.7")
    assert record_many([]) == []


def test_what_the_trail_keeps_can_be_read_back_as_it_was():
    after = {"figures": ["600.5", 12, None, True], "text": "“引号”\n换行"}
    event = record("save_figures", "甲", after=after)
    assert Event.objects.get(pk=event.pk).after == json.loads(json.dumps(after))
