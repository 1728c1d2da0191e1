"""How tests go through the import of a ledger in the browser."""

import re
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from institutions.models import LedgerUpload, Round
from institutions.services import grant, import_ledger
from tcm_demo.accounts.models import User
from tests.ledgers import CENTRE, OTHER_CENTRE, registry, sheet, xlsx

BOTH = registry(CENTRE, OTHER_CENTRE)
HEAD = ["机构编码", "注册护士数（人）", "总诊疗人次"]
FIGURES = sheet("机构数据", HEAD, ["T1", 12, 3400], ["T2", 8, 2100])


def open_round(county, period: str = "2023", **more) -> Round:
    """A round of the county in which everybody can fill in."""
    dates = {"opens_on": date(2020, 1, 1), "due_on": date.today() + timedelta(30)}
    return Round.objects.create(county=county, period=period, **dates | more)


def member(county, name: str, role: str = "county_office") -> Client:
    """The browser of a new person who is signed in and has this role in the county."""
    user = User.objects.create_user(name)
    grant(user, county, role)
    client = Client()
    client.force_login(user)
    return client


def page_of(upload: LedgerUpload, name: str) -> str:
    return reverse(f"institutions:import-{name}", kwargs={"county": upload.county.code, "upload": upload.pk})


def start_of(county) -> str:
    return reverse("institutions:import", kwargs={"county": county.code})


def send(client: Client, county, content: bytes, name: str = "台账.xlsx", period: str = "2023"):
    """Post a file at step 1; the answer, not followed."""
    return client.post(start_of(county), {"period": period, "file": SimpleUploadedFile(name, content)})


def upload(client: Client, county, *sheets, **more) -> LedgerUpload:
    """Get a workbook of these sheets past step 1."""
    answer = send(client, county, xlsx(*sheets), **more)
    assert answer.status_code == 302, answer.context["form"].errors
    return LedgerUpload.objects.get(pk=answer.url.split("/")[-3])


def text_of(answer) -> str:
    """What people read: without tags, blanks as one."""
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def confirm(client: Client, up: LedgerUpload, *, headers=None, **chosen):
    """Press the button of step 4, with what its page holds and what somebody chooses and writes there."""
    digest = client.get(page_of(up, "write")).context["digest"]
    sent = {"digest": digest, "way": "submit", "words": "首次导入。", "reason": ""} | chosen
    return client.post(page_of(up, "write"), sent, headers=headers)


def store(county, *sheets) -> None:
    """Bring what these sheets hold (BOTH and FIGURES) into the system, accepted."""
    import_ledger(county, "2023", xlsx(*(sheets or (BOTH, FIGURES))))
