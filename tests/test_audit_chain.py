"""The chain of seals: what it covers, what is found out, and that writers neither wait for nor lose each other."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, transaction

from tcm_demo.audit import kept_head, sealing
from tcm_demo.audit.append_only import guard
from tcm_demo.audit.kept_head import Mark
from tcm_demo.audit.models import Event, Head, Seal, Waiting
from tcm_demo.audit.sealing import seal_waiting
from tcm_demo.audit.services import record, record_many
from tcm_demo.audit.verification import verify
from tests.trail import chain, kinds, sealed, tamper  # noqa: F401

pytestmark = pytest.mark.usefixtures("chain")
TABLES = ("audit_event", "audit_seal")


def faults() -> set[str]:
    """What is found beside the guards that `tamper` had to lift."""
    return kinds() - {"guards"}


def sentence(kind: str) -> str:
    result = verify()
    assert result.counts[kind]
    return "".join(result.sentences)


def test_a_whole_trail_is_found_whole():
    sealed(3)
    result = verify()
    assert (result.sentences, result.events, result.last.number) == ([], 3, 3)


def test_an_empty_trail_is_whole():
    assert verify().sentences == []


def test_seals_count_without_a_gap_and_each_event_has_one():
    keys = [*sealed(2), *sealed(2)]
    assert list(Seal.objects.values_list("number", "event")) == list(enumerate(keys, start=1))
    assert not Waiting.objects.exists()


def test_sealing_goes_on_however_much_is_waiting(monkeypatch):
    monkeypatch.setattr(sealing, "_BATCH", 2)
    sealed(5)
    assert Seal.objects.count() == 5
    assert verify().sentences == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '别人'",
        "actor_id = 7",
        "action = 'sign_out'",
        "place = 'B'",
        "subject_name = '别的'",
        "address = '10.0.0.9'",
        "request_id = 'f'",
        "command = 'flush'",
        """after = '{"name": "另一个"}'""",
        "at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_a_changed_event_is_found(change):
    _, second, third = sealed(3)
    tamper(f"UPDATE audit_event SET {change} WHERE id = {second}")
    assert faults() == {"changed"}
    assert f"操作记录 {second}（" in sentence("changed")
    assert f"操作记录 {third}（" not in sentence("changed")


def test_a_removed_event_is_found():
    _, second, _ = sealed(3)
    tamper(f"DELETE FROM audit_event WHERE id = {second}")
    assert faults() == {"removed"}
    assert f"操作记录 {second}（第 2 号封条）被删去" in sentence("removed")


def test_an_event_removed_with_its_seal_leaves_a_gap():
    _, second, _ = sealed(3)
    tamper(f"DELETE FROM audit_event WHERE id = {second}", "DELETE FROM audit_seal WHERE number = 2")
    assert faults() == {"seals"}
    assert "第 2—2 号封条被删去" in sentence("seals")


def test_a_gap_that_is_closed_by_counting_anew_is_found():
    _, second, _ = sealed(3)
    tamper(
        f"DELETE FROM audit_event WHERE id = {second}",
        "DELETE FROM audit_seal WHERE number = 2",
        "UPDATE audit_seal SET number = 2 WHERE number = 3",
    )
    assert faults() == {"seals", "tail"}


def test_an_event_added_past_the_program_is_found():
    sealed(2)
    event = Event.objects.create(actor_name="某人", action="sign_in", subject_name="某人")
    assert faults() == {"unsealed"}
    assert f"操作记录 {event.pk}（" in sentence("unsealed")
    assert "没有封条" in sentence("unsealed")


def test_seals_that_change_places_are_found():
    sealed(3)
    tamper(
        "UPDATE audit_seal SET number = 9 WHERE number = 1",
        "UPDATE audit_seal SET number = 1 WHERE number = 2",
        "UPDATE audit_seal SET number = 2 WHERE number = 9",
    )
    assert faults() == {"seals"}
    assert "调换了次序" in sentence("seals")


def test_events_that_change_places_are_found():
    first, second = sealed(2)
    for key, other in ((first, -1), (second, first), (-1, second)):
        tamper(f"UPDATE audit_event SET id = {other} WHERE id = {key}")
    assert faults() == {"changed"}


def test_an_end_cut_off_is_found_by_the_head_in_the_database():
    keys = sealed(3)
    kept_head.keep(Mark(2, Seal.objects.get(number=2).digest), instead=True)
    tamper(f"DELETE FROM audit_event WHERE id = {keys[2]}", "DELETE FROM audit_seal WHERE number = 3")
    assert faults() == {"tail"}
    assert "末尾被截去：数据库记着的末号是第 3 号，数据库里只到第 2 号" in sentence("tail")


def test_an_end_cut_off_with_its_head_is_found_by_the_head_kept_apart():
    keys = sealed(3)
    digest = Seal.objects.get(number=2).digest
    tamper(
        f"DELETE FROM audit_event WHERE id = {keys[2]}",
        "DELETE FROM audit_seal WHERE number = 3",
        f"UPDATE audit_head SET number = 2, digest = '{digest}'",
    )
    assert faults() == {"tail"}
    assert str(kept_head.path()) in sentence("tail")


def test_a_chain_written_anew_differs_from_the_head_kept_apart():
    keys = sealed(3)
    tamper(
        f"UPDATE audit_event SET actor_name = '别人' WHERE id = {keys[0]}",
        "DELETE FROM audit_seal",
        "DELETE FROM audit_head",
        "INSERT INTO audit_waiting (event) SELECT id FROM audit_event",
    )
    seal_waiting()
    assert faults() == {"tail"}
    assert "重写过" in sentence("tail")


def test_what_was_noted_down_elsewhere_is_compared():
    sealed(3)
    noted = verify().last
    assert verify(noted).sentences == []
    assert kinds(verify(Mark(noted.number, "0" * 64))) == {"tail"}
    assert kinds(verify(Mark(noted.number + 5, noted.digest))) == {"tail"}


def test_a_head_that_is_gone_or_spoilt_is_found():
    sealed(1)
    kept_head.path().write_text("第 1 号")
    assert faults() == {"tail"}
    kept_head.path().unlink()
    assert "不能核对末尾" in sentence("tail")
    Head.objects.all().delete()
    assert "数据库记着的末号被删去" in sentence("tail")


def test_sealing_goes_on_where_the_head_is_gone():
    sealed(2)
    Head.objects.all().delete()
    sealed(1)
    assert verify().sentences == []


def test_a_guard_that_was_taken_away_is_found():
    sealed(1)
    tamper()
    assert kinds() == {"guards"}
    for table in TABLES:
        guard(connection, table)
    assert kinds() == set()


def test_an_event_removed_before_its_seal_is_found_and_holds_nothing_up():
    lost = record("change_county", "甲")
    tamper(f"DELETE FROM audit_event WHERE id = {lost.pk}")
    sealed(2)
    assert Seal.objects.count() == 2
    assert faults() == {"removed"}


def test_what_was_found_is_told_a_few_times_and_counted():
    sealed(30)
    tamper("UPDATE audit_event SET actor_name = '别人'")
    result = verify()
    assert result.counts["changed"] == 30
    assert len([text for text in result.sentences if "在封存之后被改动" in text]) == 20
    assert result.more == 10


def test_a_column_added_later_changes_no_seal():
    sealed(1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event ADD COLUMN later varchar(5) NOT NULL DEFAULT ''")
    event = Event.objects.values(*sealing.COLUMNS).get() | {"later": ""}
    assert sealing.content_digest(event) == Seal.objects.get().content


def test_the_command_says_that_all_is_well(capsys):
    record("change_county", "甲")
    call_command("verify_audit")  # which also seals what a process that was killed has left
    told = capsys.readouterr().out
    assert "操作留痕完整：1 条操作记录" in told
    noted = told.strip().splitlines()[-1].split("：")[-1]
    call_command("verify_audit", noted=noted)


def test_the_command_says_what_is_wrong_and_fails(capsys):
    keys = sealed(2)
    tamper(f"DELETE FROM audit_event WHERE id = {keys[0]}")
    for table in TABLES:
        guard(connection, table)
    with pytest.raises(CommandError, match="有 1 处问题"):
        call_command("verify_audit")
    assert f"操作记录 {keys[0]}（第 1 号封条）被删去。" in capsys.readouterr().err
    with pytest.raises(CommandError, match="--noted 写得不对"):
        call_command("verify_audit", noted="abc")


def test_after_a_restored_backup_the_head_can_be_kept_anew():
    sealed(2)
    kept_head.keep(Mark(900, "f" * 64))
    with pytest.raises(CommandError):
        call_command("verify_audit", keep_head=True)
    call_command("verify_audit")
    event = Event.objects.get(action="keep_audit_head")
    assert event.before["head"].startswith("900 ")
    assert event.after["head"].startswith("2 ")


@pytest.mark.django_db(transaction=True)
def test_a_commit_seals_what_it_recorded():
    record("change_county", "甲")
    assert Seal.objects.count() == 1
    with transaction.atomic():
        record("change_county", "乙")
        record_many([{"action": "remind", "subject": f"第 {number} 家"} for number in range(3)])
        assert Seal.objects.count() == 1
    assert Seal.objects.count() == 5
    assert kept_head.read().number == 5
    assert verify().sentences == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_nothing():
    @transaction.atomic
    def fail(subject: str) -> None:
        record("change_county", subject)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail("甲")
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            fail("乙")
        record("change_county", "丙")
    assert [event.subject_name for event in Event.objects.all()] == ["丙"]
    assert Seal.objects.count() == 1
    assert not Waiting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failing_seal_undoes_no_write_and_is_made_up_for(monkeypatch):
    kept_head.path().mkdir()  # so that the head cannot be kept
    record("change_county", "甲")
    kept_head.path().rmdir()
    assert Event.objects.count() == 1
    record("change_county", "乙")
    assert verify().sentences == []


KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from tcm_demo.audit import sealing
from tcm_demo.audit.services import record
sealing._seal_some = lambda after: os.kill(os.getpid(), signal.SIGKILL)
record("change_county", "甲")
"""


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_process_left_is_sealed_by_the_next():
    """Killed after its commit, before its seal."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"])]
    assert subprocess.run(command, cwd=settings.BASE_DIR, env=environment).returncode == -signal.SIGKILL
    assert Waiting.objects.count() == Event.objects.count() == 1
    assert not Seal.objects.exists()
    record("change_county", "乙")
    assert list(Seal.objects.values_list("event", flat=True)) == list(Event.objects.values_list("pk", flat=True)[::-1])
    assert verify().sentences == []


@pytest.mark.django_db(transaction=True)
def test_twenty_who_record_at_once_lose_nothing():
    each, people = 5, 20
    start, errors = threading.Barrier(people), []

    def write(person: int) -> None:
        try:
            start.wait(timeout=60)
            for number in range(each):
                with transaction.atomic():
                    record("save_figures", f"{person}-{number}", after={"value": number})
                    record_many([{"action": "remind", "subject": f"{person}-{number}"}])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(person,)) for person in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    seal_waiting()  # where the file of the head was busy for the last one; else nothing
    assert Event.objects.count() == Seal.objects.count() == 2 * each * people
    assert verify().sentences == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_a_long_write_holds_up_nobody_and_is_sealed_when_it_ends():
    begun, go_on = threading.Event(), threading.Event()

    def import_for_long() -> None:
        with transaction.atomic():
            record("import_ledger", "久")
            begun.set()
            assert go_on.wait(timeout=60)
        connection.close()

    thread = threading.Thread(target=import_for_long)
    thread.start()
    assert begun.wait(timeout=60)
    record("save_figures", "快")
    assert Seal.objects.count() == 1
    go_on.set()
    thread.join()
    close_old_connections()
    names = dict(Event.objects.values_list("pk", "subject_name"))
    assert [names[event] for event in Seal.objects.values_list("event", flat=True)] == ["快", "久"]
    assert verify().sentences == []
