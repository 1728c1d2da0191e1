"""Every file that is handed out leaves an event: who, what, filtered how."""

import ast
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from assessments import exports
from institutions.services import receive_ledger
from tcm_demo.audit.models import Event
from tests.test_architecture import modules
from tests.world import PERIOD, make_world

HERE = {"county": "A", "standard": "small", "period": PERIOD}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def leader(client, world):
    client.force_login(world.users["leadership"])
    return client


def only_event(action: str) -> Event:
    return Event.objects.get(action=action)


def test_the_list_of_institutions(leader, world):
    leader.get(reverse("assessments:institutions-export", kwargs=HERE), {"reported": "no", "x": "东镇"})
    event = only_event("export_institution_list")
    assert (event.actor, event.place, event.subject_name) == (world.users["leadership"], "A", "甲县")
    assert event.after == {
        "filters": {"reported": "no", "x": "东镇"},
        "rows": 1,
        "file": "甲县2023年度机构清单.xlsx",
        "period": PERIOD,
    }
    assert len(event.request_id) == 32


def test_a_page_that_is_only_read_leaves_none(leader):
    leader.get(reverse("assessments:institutions", kwargs=HERE))
    leader.get(reverse("assessments:report", kwargs=HERE))
    assert not Event.objects.filter(action__startswith="export_").exists()


def test_the_file_of_a_report(leader, world):
    export = exports.ask_for(world.county, world.standard, PERIOD)
    export.path.write_bytes(b"%PDF")
    leader.get(reverse("assessments:report-file", kwargs=HERE | {"token": export.token}))
    event = only_event("export_report_file")
    assert (event.place, event.after["file"], event.after["period"]) == ("A", export.name, PERIOD)


def test_a_ledger_with_its_faults_marked(client, world):
    client.force_login(world.users["office"])
    book, file = Workbook(), BytesIO()
    for row in (["机构编码", "中医诊疗人次"], ["A-01", "很多"]):
        book.active.append(row)
    book.save(file)
    ledger = SimpleUploadedFile("台账.xlsx", file.getvalue())
    upload = receive_ledger(world.county, PERIOD, ledger, by=world.users["office"])
    client.get(reverse("institutions:import-marked", kwargs={"county": "A", "upload": upload.pk}))
    event = only_event("export_marked_ledger")
    assert (event.place, event.subject_name) == ("A", "台账.xlsx")


@pytest.mark.parametrize(
    ("address", "action", "place"),
    [
        ("admin:institutions_institution_export", "export_institutions", "A"),
        ("admin:indicators_department_export", "export_departments", ""),
        ("admin:indicators_item_export", "export_items", ""),
        ("admin:indicators_evidencerequirement_export", "export_requirements", ""),
    ],
)
def test_tables_from_the_admin(client, world, address, action, place):
    office = world.users["office"]
    office.is_staff = True
    office.save()
    office.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(office)
    form = client.get(reverse(address)).context["form"]
    columns = {name: "on" for name in form.fields if name not in ("format", "resource", "export_items")}
    answer = client.post(reverse(address), columns | {"format": "0", "resource": form.fields["resource"].initial or ""})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    event = only_event(action)
    assert (event.actor, event.place) == (office, place)
    assert event.after["rows"] > 0


def test_no_file_is_handed_out_unrecorded():
    """Whatever function answers with a file also calls `exported`."""
    unrecorded = []
    for module, path in modules().items():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef) or module == "tcm_demo.lib.downloads":
                continue
            calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            called = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
            if called & {"download", "FileResponse", "StreamingHttpResponse"} and "exported" not in called:
                unrecorded.append(f"{module}.{function.name}")
    assert unrecorded == []
