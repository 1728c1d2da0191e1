"""Every address of the project × everybody who may come by.

A new address fails `test_every_address_has_a_row` until somebody has decided here who may do what with it.
"""

from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from openpyxl import Workbook

from assessments import exports
from assessments.models import Assessment
from assessments.services import save_assessment
from institutions.models import LedgerUpload
from institutions.services import receive_ledger
from tests.world import PERIOD, World, make_world

ROLES = ("anonymous", "stranger", "leadership", "office", "other_office", "superuser")
SIGN_IN = "to sign-in"


def public(ok: int = 200) -> dict:
    """Needs no account."""
    return dict.fromkeys(ROLES, ok)


def signed_in(ok: int = 200) -> dict:
    """Whoever has an account."""
    return public(ok) | {"anonymous": SIGN_IN}


def reads(ok: int = 200) -> dict:
    """Whoever has a grant in county A; for others it does not exist."""
    return signed_in(ok) | {"stranger": 404, "other_office": 404}


def writes(ok: int = 200) -> dict:
    """The office of county A. Leadership sees the county, so it is told that it may not."""
    return reads(ok) | {"leadership": 403}


def known(world: World, values: dict) -> dict:
    return {key: value(world) if callable(value) else value for key, value in values.items()}


@dataclass(frozen=True)
class Row:
    """`kwargs`: what stands in the address. `data`: sent by POST. Functions in them are called with the world."""

    name: str
    expected: dict
    kwargs: dict = field(default_factory=dict)
    data: dict | None = None

    def url(self, world: World, **instead) -> str:
        return reverse(self.name, kwargs=known(world, self.kwargs) | instead)

    def sent(self, world: World) -> dict | None:
        return None if self.data is None else known(world, self.data)

    def __str__(self) -> str:
        return f"{self.name} {'GET' if self.data is None else 'POST'}"


COUNTY = {"county": "A"}
HERE = {"county": "A", "standard": "small", "period": PERIOD}


def uploaded(world: World) -> LedgerUpload:
    """A ledger of county A on its way in, with one faulty cell."""
    found = world.county.ledger_uploads.first()
    if found is None:
        workbook, file = Workbook(), BytesIO()
        for row in (["机构编码", "中医诊疗人次"], ["A-01", "很多"]):
            workbook.active.append(row)
        workbook.save(file)
        ledger = SimpleUploadedFile("台账.xlsx", file.getvalue())
        found = receive_ledger(world.county, PERIOD, ledger, by=world.users["office"])
    return found


def kept(world: World) -> Assessment:
    return world.county.assessments.first() or save_assessment(world.county, world.standard, PERIOD)


def exported(world: World) -> str:
    """The token of a report of county A that is ready to be fetched."""
    export = exports.ask_for(world.county, world.standard, PERIOD)
    export.path.write_bytes(b"%PDF")
    return export.token


EXPORT = HERE | {"token": exported}
UPLOAD = COUNTY | {"upload": lambda world: uploaded(world).pk}

ROWS = [
    Row("accounts:sign-in", public(302) | {"anonymous": 200}),
    Row("accounts:sign-out", signed_in(302), data={}),
    # the second step, for who has taken the first
    Row("accounts:sign-in-code", public(302)),
    Row("accounts:session", public()),
    Row("accounts:session", public(), data={}),
    Row("accounts:password", signed_in()),
    Row("accounts:sessions", signed_in()),
    Row("accounts:end-other-sessions", signed_in(302), data={}),
    # one's own alone: a code of somebody else's is not found
    Row("accounts:end-session", signed_in(404), {"code": "0" * 32}, data={}),
    Row("accounts:second-factor", signed_in()),
    Row("accounts:renew-codes", signed_in(302), data={}),
    Row("accounts:second-factor-off", signed_in(302), data={}),
    Row("home", signed_in() | {"leadership": 302, "office": 302, "other_office": 302}),
    Row("assessments:county-home", reads(302), COUNTY),
    Row("assessments:campaign", writes(), COUNTY),
    Row("assessments:campaign", writes(302), COUNTY, data={"standard": lambda w: w.standard.pk, "period": PERIOD}),
    Row("assessments:county", reads(), HERE),
    Row("assessments:items", reads(), HERE),
    Row("assessments:item", reads(), HERE | {"number": "2"}),
    Row("assessments:judge-evidence", writes(302), HERE | {"number": "1", "code": "1-1"}, data={"state": "accepted"}),
    Row("assessments:institutions", reads(), HERE),
    Row("assessments:institutions-export", reads(), HERE),
    Row("assessments:institution", reads(), HERE | {"code": "A-01"}),
    Row("assessments:report", reads(), HERE),
    Row("assessments:report-draft", reads(302), HERE, data={}),
    Row("assessments:report-final", writes(302), HERE, data={}),
    Row("assessments:report-again", reads(302), HERE | {"assessment": lambda world: kept(world).pk}, data={}),
    Row("assessments:report-make", reads(302), EXPORT, data={}),
    Row("assessments:report-progress", reads(), EXPORT),
    Row("assessments:report-file", reads(), EXPORT),
    Row("institutions:import", writes(), COUNTY),
    Row("institutions:import", writes(), COUNTY, data={}),
    Row("institutions:import-columns", writes(), UPLOAD),
    Row("institutions:import-columns", writes(302), UPLOAD, data={}),
    Row("institutions:import-check", writes(), UPLOAD),
    Row("institutions:import-marked", writes(), UPLOAD),
    Row("institutions:import-write", writes(302), UPLOAD),
    Row("institutions:import-write", writes(302), UPLOAD, data={}),
    Row("institutions:import-progress", writes(), UPLOAD),
    Row("institutions:import-result", writes(302), UPLOAD),
    Row("institutions:import-drop", writes(302), UPLOAD, data={}),
    # public plans
    Row("indicators:standards", signed_in()),
    Row("indicators:standard", signed_in(), {"code": "small"}),
]

# addresses put together from codes that exist, but not there: nobody finds anything, not even a superuser
GUESSED = [
    Row("assessments:county-home", {}, {"county": "C"}),
    Row("assessments:county", {}, HERE | {"standard": "other"}),
    Row("assessments:item", {}, HERE | {"number": "43"}),
    Row("assessments:judge-evidence", {}, HERE | {"number": "1", "code": "3-1"}, data={"state": "accepted"}),
    Row("assessments:institution", {}, HERE | {"code": "B-01"}),
    Row("assessments:report-file", {}, HERE | {"token": "0" * 32}),
    Row("assessments:report-again", {}, HERE | {"assessment": 0}, data={}),
    Row("institutions:import-check", {}, {"county": "B", "upload": lambda world: uploaded(world).pk}),
    Row("institutions:import-drop", {}, {"county": "B", "upload": lambda world: uploaded(world).pk}, data={}),
    Row("indicators:standard", {}, {"code": "other"}),
]


@pytest.fixture
def world(db) -> World:
    return make_world()


def client_of(world: World, role: str) -> Client:
    client = Client(raise_request_exception=True)
    if role != "anonymous":
        client.force_login(world.users[role])
    return client


def answer(client: Client, url: str, data: dict | None):
    """The status; a redirect to the sign-in page that comes back here is SIGN_IN. Nothing that it wrote stays."""
    with transaction.atomic():
        response = client.get(url) if data is None else client.post(url, data)
        transaction.set_rollback(True)
    if response.status_code != 302:
        return response.status_code
    path, _, query = response.url.partition("?")
    return SIGN_IN if path == reverse("accounts:sign-in") and parse_qs(query) == {"next": [url]} else 302


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_what_is_decided(world, row):
    got = {role: answer(client_of(world, role), row.url(world), row.sent(world)) for role in ROLES}
    assert got == row.expected


@pytest.mark.parametrize("row", [row for row in ROWS if "county" in row.kwargs], ids=str)
def test_no_address_of_another_county_answers(world, row):
    url = row.url(world, county=world.other_county.code)
    for role in ("leadership", "office", "stranger"):
        assert answer(client_of(world, role), url, row.sent(world)) == 404, role


@pytest.mark.parametrize("row", GUESSED, ids=str)
def test_guessed_codes_are_not_found(world, row):
    for role in ("office", "superuser"):
        assert answer(client_of(world, role), row.url(world), row.sent(world)) == 404, role


def test_every_address_has_a_row():
    decided = {row.name for row in ROWS}
    undecided = sorted(name for name, _ in addresses() if not name.startswith("admin:") and name not in decided)
    assert not undecided, f"decide in ROWS who may do what with: {', '.join(undecided)}"


def test_the_admin_is_for_staff_alone(world):
    """Each of its addresses sends others to its own sign-in page; what staff may do there, its permissions say."""
    admin = [(name, pattern) for name, pattern in addresses() if name.startswith("admin:")]
    assert admin
    for name, pattern in admin:
        if name in ("admin:login", "admin:logout"):
            continue
        groups = pattern.regex.groupindex if isinstance(pattern, RegexPattern) else pattern.converters
        url = reverse(name, kwargs={group: "accounts" if group == "app_label" else "1" for group in groups})
        for role in ("anonymous", "stranger", "leadership", "office", "other_office"):
            response = client_of(world, role).get(url)
            assert response.status_code in (302, 403, 404), f"{name} {role}"
            assert b"/change/" not in response.content


def addresses(resolver=None, namespace: str = ""):
    """(name with namespace, pattern) of every address; one without a name fails here, as nobody could decide on it."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            if namespace != "admin:" or entry.name:
                assert entry.name, f"{entry.pattern} has no name"
                yield namespace + entry.name, entry.pattern
        else:
            yield from addresses(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
