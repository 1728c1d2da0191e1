"""What tests of the audit trail share."""

import pytest
from django.db import connection

from tcm_demo.audit import kept_head
from tcm_demo.audit.append_only import lift
from tcm_demo.audit.sealing import seal_waiting
from tcm_demo.audit.services import record
from tcm_demo.audit.verification import Verification, verify


@pytest.fixture
def chain(db):
    """A chain that begins with this test. Nothing commits here, so it is sealed when `sealed` says so."""
    kept_head.path().unlink(missing_ok=True)
    yield
    kept_head.path().unlink(missing_ok=True)


def sealed(count: int) -> list[int]:
    """So many events, sealed; their keys."""
    keys = [record("change_county", f"第 {number} 件", after={"name": f"名{number}"}).pk for number in range(count)]
    seal_waiting()
    return keys


def tamper(*statements: str) -> None:
    """As somebody does who owns the database."""
    for table in ("audit_event", "audit_seal"):
        lift(connection, table)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def kinds(result: Verification | None = None) -> set[str]:
    """What kinds of faults are found."""
    return set((result or verify()).counts)
