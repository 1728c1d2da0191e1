"""The database itself refuses to change the trail and the histories of reports and items, whoever asks it to."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.commands.flush import Command as Flush
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.enums import ItemStepKind
from assessments.features.services import Described, add_project, report_progress
from assessments.work.steps import happened
from institutions.enums import StepKind
from institutions.models import Report, ReportStep
from tcm_demo.accounts.models import User
from tcm_demo.audit.append_only import append_only, unguarded
from tcm_demo.audit.models import Event, Seal
from tcm_demo.audit.services import record
from tests.trail import chain, sealed  # noqa: F401
from tests.world import make_world

pytestmark = pytest.mark.usefixtures("chain")


@pytest.fixture
def rows():
    """One row in each table that only grows."""
    world = make_world()
    happened(world.campaign, world.standard.items.first(), ItemStepKind.NOTE, by=None, text="已拨付")
    project = add_project(world.county, Described("中医药文化夜市"), by=None)
    report_progress(project, on=date(2024, 3, 1), done=40, text="已开市", by=None)
    report = Report.objects.first()
    ReportStep.objects.create(report=report, kind=StepKind.SAVED, at=timezone.now(), by_name="某人", cells={})
    sealed(1)
    connection.check_constraints()  # PostgreSQL empties no table whose foreign keys it has still to look at


def refuses(statement: str) -> None:
    """The database says why."""
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


CHANGES = {
    "audit_event": "UPDATE audit_event SET actor_name = '别人'",
    "audit_seal": "UPDATE audit_seal SET digest = ''",
    "institutions_reportstep": "UPDATE institutions_reportstep SET by_name = '别人'",
    "assessments_itemstep": "UPDATE assessments_itemstep SET by_name = '别人'",
    "assessments_featurestep": "UPDATE assessments_featurestep SET done = 100",
}
# tables that a migration has guarded
GUARDED = {
    "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%no_update'",
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%no_update'",
}


def test_every_table_that_only_grows_is_guarded(db):
    assert unguarded(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(GUARDED[connection.vendor])
        guarded = {name for (name,) in cursor.fetchall()}
    assert set(CHANGES) == set(settings.APPEND_ONLY_TABLES) == guarded


@pytest.mark.parametrize("table", CHANGES)
def test_rows_are_neither_changed_nor_deleted(rows, table):
    refuses(CHANGES[table])
    refuses(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", CHANGES)
def test_tables_are_not_emptied_in_other_ways(rows, table):
    if connection.vendor == "postgresql":
        refuses(f"TRUNCATE {table}")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # switches ordinary triggers off
            refuses(f"DELETE FROM {table}")
    else:
        refuses(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows")
def test_a_seal_is_not_replaced_by_one_of_the_same_event(rows):
    refuses("INSERT OR REPLACE INTO audit_seal SELECT number + 1, event, content, digest FROM audit_seal")


def test_the_models_refuse_as_well(rows):
    for queryset in (Event.objects.all(), Seal.objects.all(), ReportStep.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            queryset.delete()
    event = Event.objects.first()
    event.actor_name = "别人"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_who_acted_can_be_deleted_without_touching_what_they_did(db):
    user = User.objects.create_user("wang", display_name="王主任")
    key = user.pk
    event = record("change_county", "甲", by=user)
    user.delete()
    event = Event.objects.get(pk=event.pk)
    assert (event.actor_id, event.actor_name) == (key, "王主任")


@pytest.mark.django_db(transaction=True)
def test_the_product_cannot_be_flushed():
    record("change_county", "甲")
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command(Flush(), interactive=False, verbosity=0)
    assert Event.objects.count() == 1


def test_a_guard_can_be_lifted_and_put_up_again(rows):
    """As a migration does when it is undone, or alters such a table."""
    operation, editor = append_only("audit_event"), SimpleNamespace(connection=connection)
    operation.reverse_code(None, editor)
    assert {name.rsplit("_", 2)[0] for name in unguarded(connection)} == {"audit_event"}
    Event.objects.update(actor_name="别人")
    for _ in range(2):
        operation.code(None, editor)
        refuses(CHANGES["audit_event"])
    assert unguarded(connection) == []


def test_a_trigger_of_the_right_name_that_does_nothing_is_told_apart():
    table = settings.APPEND_ONLY_TABLES[0]
    toothless = {
        "sqlite": [
            f"DROP TRIGGER {table}_no_update",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT 1; END",
        ],
        "postgresql": [
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        ],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in toothless[connection.vendor]:
            cursor.execute(statement)
        assert f"{table}_no_update" in unguarded(connection)
        transaction.set_rollback(True)
    assert unguarded(connection) == []
