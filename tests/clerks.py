"""How tests fill in a data clerk's workbook and send it back."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from institutions.enums import Role
from institutions.models import County, Grant, Institution, LedgerUpload, Report
from tcm_demo.accounts.models import User
from tests.ledgers import make_county
from tests.wizard import page_of

VISITS = "总诊疗人次（人次）"
HEAD = ["机构编码", "机构名称", "总诊疗人次"]


def county_of_clerks() -> County:
    """T1 with its clinics V1 and V2, T2 with its clinic V3."""
    found = make_county()
    for position, (code, kind, manager) in enumerate(
        [
            ("T1", "township_centre", ""),
            ("T2", "township_centre", ""),
            ("V1", "village_clinic", "T1"),
            ("V2", "village_clinic", "T1"),
            ("V3", "village_clinic", "T2"),
        ]
    ):
        above = Institution.objects.get(county=found, code=manager) if manager else None
        facts = {"name": f"{code}机构", "type": kind, "manager": above, "position": position}
        Institution.objects.create(county=found, code=code, **facts)
    return found


def clerk_of(county, code: str, name: str) -> Client:
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, county=county, role=Role.DATA_CLERK, institution=county.institutions.get(code=code))
    client = Client()
    client.force_login(user)
    return client


def address(name: str, code: str = "T1") -> str:
    return reverse(f"institutions:{name}", args=["X", "2023", code])


def fetched(client: Client, code: str = "T1"):
    """The clerk's workbook, opened."""
    return load_workbook(BytesIO(b"".join(client.get(address("fill-workbook", code)).streaming_content)))


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def sent(client: Client, content: bytes, code: str = "T1") -> LedgerUpload:
    """Past the clerk's first step."""
    answer = client.post(address("fill-import", code), {"file": SimpleUploadedFile("填报表.xlsx", content)})
    assert answer.status_code == 302, answer.context["form"].errors
    return LedgerUpload.objects.get(pk=answer.url.split("/")[-3])


def put(page, code: str, heading: str, value) -> None:
    """Type into the cell of an institution: in a table beside its code, in a list beside the figure."""
    if page["A3"].value == "指标":
        (row,) = [cell.row for cell in page["A"] if cell.value and heading.startswith(cell.value)]
        page.cell(row, 2).value = value
        return
    (column,) = [cell.column for cell in page[3] if cell.value == heading]
    (row,) = [cell.row for cell in page["A"] if cell.value == code]
    page.cell(row, column).value = value


def problems_of(client: Client, up: LedgerUpload) -> list[tuple[str, str]]:
    """(code, cell) of each."""
    return [(p.code, p.cell) for p in client.get(page_of(up, "check")).context["plan"].problems]


def value_of(code: str, element: str):
    return Report.objects.get(institution__code=code).values.get(element)
