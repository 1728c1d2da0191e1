"""Every address of the project × everybody who may come by.

A new address fails `test_every_address_has_a_row` until somebody has decided here who may do what with it.
"""

from urllib.parse import parse_qs
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from tcm_demo.audit.services import record
from tests.access import (
    ADDED,
    BINDERS_MADE,
    CAMPAIGN,
    CLERKS_UPLOAD,
    COUNTY,
    EACH,
    EXPORT,
    FILL,
    GRANT,
    HERE,
    KEPT,
    NO_ROWS,
    NOT_CHECKING,
    NOTHING_IN_B,
    ON_ITS_WAY,
    PERSON,
    PIECE,
    READERS,
    RETURNING,
    ROLES,
    ROUND,
    SIGN_IN,
    STRANGE_GRANT,
    STRANGE_KEPT,
    STRANGE_PERSON,
    STRANGE_PIECE,
    UPLOAD,
    USE,
    Row,
    added,
    another_standard,
    audits,
    checks,
    fills_in,
    kept,
    manages_people,
    noticed,
    only,
    proxied,
    public,
    reads,
    signed_in,
    uploaded,
    works_on,
    writes,
)
from tests.access_rooms import ROOM_GUESSED, ROOM_ROWS
from tests.evidence_world import requirement
from tests.world import PERIOD, World, make_world

# what an office demands beside the standard
DEMANDED = {"text": "审计报告", "year": "any", "needed": "1", "seen_as": "document"}

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
    # one's own alone
    Row("notices:notices", signed_in()),
    Row("notices:read-all", signed_in(302), data={}),
    Row("notices:read", only(("clerk",), 302), {"pk": lambda world: noticed(world).pk}, data={}),
    # on to the county, where there is just one to read
    # everybody's own first page; a list for who has several counties, a sentence for who has nothing
    Row("home", signed_in(302) | {"stranger": 200, "superuser": 200}),
    Row("assessments:county-home", reads(302), COUNTY),
    Row("assessments:campaign", reads(), COUNTY),
    Row("assessments:campaign", writes(302), COUNTY, data={"standard": another_standard, "period": PERIOD}),
    Row("assessments:campaign-of", reads(), CAMPAIGN),
    Row("assessments:campaign-contacts", reads(), CAMPAIGN),
    Row("assessments:campaign-settings", writes(), CAMPAIGN),
    Row("assessments:campaign-settings", writes(302), CAMPAIGN, data={"period": PERIOD}),
    Row("assessments:campaign-version", writes(302), CAMPAIGN, data={}),
    Row("assessments:campaign-phases", writes(), CAMPAIGN),
    Row("assessments:campaign-phases", writes(302), CAMPAIGN, data=NO_ROWS),
    Row("assessments:campaign-leading-group", writes(), CAMPAIGN),
    Row("assessments:campaign-leading-group", writes(302), CAMPAIGN, data=NO_ROWS),
    Row("assessments:campaign-departments", writes(), CAMPAIGN),
    Row("assessments:campaign-departments", writes(), CAMPAIGN, data={}),
    Row("assessments:county", reads(), HERE),
    Row("assessments:items", reads(), HERE),
    Row("assessments:item", reads(), HERE | {"number": "2"}),
    Row("assessments:judge-evidence", checks(302), HERE | {"number": "1", "code": "1-1"}, data={"state": "open"}),
    Row("assessments:today", signed_in()),
    Row("assessments:departments", reads(), HERE),
    Row("assessments:department", reads(), HERE | {"pk": lambda w: w.campaign.departments.first().pk}),
    # evidence: the piece is used for item 1, which the liaison's department leads
    Row("assessments:requirement-new", writes(), HERE | {"number": "1"}),
    Row("assessments:requirement-new", writes(302), HERE | {"number": "1"}, data=DEMANDED),
    Row("assessments:requirement", writes(), ADDED),
    Row("assessments:requirement", writes(302), ADDED, data=DEMANDED),
    Row("assessments:piece", reads(), PIECE),
    Row("assessments:piece-describe", works_on(302), PIECE, data={"title": "新题名"}),
    Row("assessments:piece-date", works_on(302), PIECE, data={"document_date": "2023-05-06"}),
    Row("assessments:piece-withdraw", works_on(302), PIECE, data={"reason": "上传错了"}),
    Row(
        "assessments:piece-place",
        only(("office", "liaison", "superuser"), 302),
        PIECE,
        data={"requirement": lambda w: requirement("1-2").pk},
    ),
    Row("assessments:piece-displace", works_on(302), USE, data={}),
    Row("assessments:evidence-decide", checks(302), COUNTY, data={"do": "accept"}),
    Row("assessments:evidence-file", reads(), PIECE | {"number": 1}),
    Row("assessments:evidence-page", reads(), PIECE | {"number": 1, "page": 1}),
    Row("assessments:evidence-list", reads(), COUNTY),
    Row("assessments:evidence-export", reads(), COUNTY),
    Row("assessments:evidence-each", reads(), EACH),
    # who is no clerk is told so
    Row("assessments:my-evidence", signed_in()),
    *ROOM_ROWS,
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
    Row("assessments:snapshots", reads(), HERE),
    Row("assessments:snapshot-take", writes(302), HERE, data={"name": "一次自评"}),
    Row("assessments:snapshot", reads(), KEPT),
    Row("assessments:snapshot-name", writes(302), KEPT, data={"name": "预评估"}),
    Row("assessments:snapshot-lock", writes(302), KEPT, data={}),
    Row("assessments:snapshot-delete", writes(302), KEPT, data={"reason": "重复存档"}),
    Row("assessments:snapshot-compare", reads(), HERE),
    # without two to compare: back to where they are chosen
    Row("assessments:snapshot-figures", reads(302), HERE),
    Row("assessments:snapshot-export", reads(302), HERE),
    Row("assessments:binders", reads(), HERE),
    Row("assessments:binders", reads(302), HERE, data={}),
    # of an item of the liaison's department
    Row("jobs:job", reads(), BINDERS_MADE),
    Row("jobs:file", reads(), BINDERS_MADE),
    Row("jobs:cancel", writes(302), BINDERS_MADE, data={}),
    Row("jobs:again", writes(302), BINDERS_MADE, data={}),
    Row("institutions:import", checks(), COUNTY),
    Row("institutions:import", checks(), COUNTY, data={}),
    Row("institutions:import-columns", checks(), UPLOAD),
    Row("institutions:import-columns", checks(302), UPLOAD, data={}),
    Row("institutions:import-check", checks(), UPLOAD),
    Row("institutions:import-marked", checks(), UPLOAD),
    Row("institutions:import-write", checks(302), UPLOAD),
    Row("institutions:import-write", checks(302), UPLOAD, data={}),
    Row("institutions:import-progress", checks(), UPLOAD),
    Row("institutions:import-result", checks(302), UPLOAD),
    Row("institutions:import-drop", checks(302), UPLOAD, data={}),
    # a clerk's own upload, on the same addresses
    Row("institutions:import-check", only(("clerk",), 200) | NOT_CHECKING, CLERKS_UPLOAD),
    Row("institutions:import-write", only(("clerk",), 302) | NOT_CHECKING, CLERKS_UPLOAD, data={}),
    Row("institutions:import-drop", only(("clerk",), 302) | NOT_CHECKING, CLERKS_UPLOAD, data={}),
    Row("institutions:workbook", checks(), ROUND),
    Row("institutions:fill-workbook", fills_in(), FILL),
    Row("institutions:fill-import", fills_in(), FILL),
    Row("institutions:fill-import", fills_in(), FILL, data={}),
    Row("institutions:people", manages_people(), COUNTY),
    Row("institutions:people-new", manages_people(), COUNTY),
    Row("institutions:people-new", manages_people(), COUNTY, data={}),
    Row("institutions:people-reset", manages_people(), COUNTY, data=PERSON),
    Row("institutions:people-uncovered", manages_people(), COUNTY),
    Row("institutions:people-institutions", manages_people(), COUNTY),
    Row("institutions:people-template", manages_people(), COUNTY),
    Row("institutions:people-import", manages_people(), COUNTY),
    Row("institutions:people-confirm", manages_people(), COUNTY, data={}),
    Row("institutions:person", manages_people(), COUNTY | PERSON),
    Row("institutions:person-facts", manages_people(302), COUNTY | PERSON, data={"name": "张三"}),
    Row("institutions:person-state", manages_people(302), COUNTY | PERSON, data={"active": "0"}),
    Row("institutions:person-unlock", manages_people(302), COUNTY | PERSON, data={}),
    Row("institutions:person-factor-off", manages_people(302), COUNTY | PERSON, data={}),
    Row("institutions:person-reset", manages_people(), COUNTY | PERSON, data={}),
    Row("institutions:person-role", manages_people(302), COUNTY | PERSON, data={"role": "reviewer"}),
    Row("institutions:person-role-remove", manages_people(302), COUNTY | PERSON | GRANT, data={}),
    # the trail
    Row("audit:events", audits()),
    Row("audit:export", audits()),
    Row("audit:event", audits(), {"pk": lambda world: record("change_county", world.county, place="A").pk}),
    Row("institutions:fill", fills_in(), FILL),
    Row("institutions:fill-save", fills_in(302), FILL, data={}),
    Row("institutions:fill-copy", fills_in(302), FILL, data={}),
    Row("institutions:fill-check", fills_in(302), FILL),
    Row("institutions:fill-submit", fills_in(302), FILL, data={}),
    Row("institutions:fill-history", fills_in(), FILL),
    # who is no clerk is told so
    Row("institutions:my-reports", signed_in()),
    Row("institutions:fill-grid", fills_in(), FILL),
    Row("institutions:fill-grid-save", fills_in(302), FILL, data={}),
    Row("institutions:fill-grid-submit", fills_in(), FILL),
    Row("institutions:fill-grid-submit", fills_in(302), FILL, data={}),
    Row("institutions:fill-grid-row", fills_in(), FILL | {"row": proxied}),
    Row("institutions:fill-grid-row", fills_in(302), FILL | {"row": proxied}, data={}),
    Row("assessments:meaning", only((*READERS, "clerk"), 200), FILL),
    Row("institutions:rounds", reads(), COUNTY),
    Row("institutions:rounds-one-person", writes(302), COUNTY, data={"allowed": "yes"}),
    Row("institutions:round-new", writes(), COUNTY),
    Row("institutions:round-new", writes(), COUNTY, data={}),
    Row("institutions:round", reads(), ROUND),
    Row("institutions:round-worklist", reads(), ROUND),
    Row("institutions:round-accept", checks(302), ROUND, data={"all": "clean"}),
    Row("institutions:round-return", checks(302), ROUND, data={"reason": "请核对"}),
    Row("institutions:round-edit", writes(), ROUND),
    Row("institutions:round-edit", writes(), ROUND, data={}),
    Row("institutions:round-close", writes(), ROUND),
    Row("institutions:round-close", writes(302), ROUND, data={}),
    Row("institutions:round-reopen", writes(302), ROUND),
    Row("institutions:round-reopen", writes(), ROUND, data={}),
    Row("institutions:remind", checks(302), ROUND, data={}),
    # with people's telephone numbers
    Row("institutions:round-late", checks(), ROUND),
    Row("institutions:review", reads(), FILL),
    Row("institutions:review-decide", checks(302), FILL, data=RETURNING),
    # files on their way in; what was begun is its beginner's alone
    Row("assessments:uploads", works_on(302), COUNTY, data={"requirement": lambda w: requirement("1-1").pk}),
    Row("assessments:upload", only(("liaison",), 200), ON_ITS_WAY),
    # public plans
    Row("indicators:standards", signed_in()),
    Row("indicators:standard", signed_in(), {"code": "small"}),
]

# addresses put together from codes that exist, but not there: nobody finds anything, not even a superuser
GUESSED = [
    Row("assessments:county-home", {}, {"county": "C"}),
    Row("assessments:county", {}, HERE | {"standard": "other"}),
    Row("assessments:campaign-of", {}, CAMPAIGN | {"standard": "other"}),
    Row("assessments:campaign-contacts", {}, CAMPAIGN | {"standard": "other"}),
    Row("assessments:campaign-settings", {}, CAMPAIGN | {"standard": "other"}, data={"period": PERIOD}),
    Row("assessments:campaign-departments", {}, {"county": "C", "standard": "small"}, data={}),
    Row("assessments:item", {}, HERE | {"number": "43"}),
    Row("assessments:judge-evidence", {}, HERE | {"number": "1", "code": "3-1"}, data={"state": "accepted"}),
    Row("assessments:department", {}, HERE | {"pk": lambda w: w.other_county.campaigns.get().departments.first().pk}),
    Row("assessments:requirement", {}, HERE | {"number": "2", "code": added}),
    Row("assessments:piece", {}, STRANGE_PIECE),
    Row("assessments:piece-describe", {}, STRANGE_PIECE, data={"title": "新题名"}),
    Row("assessments:piece-date", {}, STRANGE_PIECE, data={"document_date": "2023-05-06"}),
    Row("assessments:piece-withdraw", {}, STRANGE_PIECE, data={"reason": "上传错了"}),
    Row("assessments:piece-place", {}, STRANGE_PIECE, data={"requirement": lambda w: requirement("1-2").pk}),
    Row("assessments:piece-displace", {}, PIECE | {"placement": 0}, data={}),
    Row("assessments:evidence-file", {}, STRANGE_PIECE | {"number": 1}),
    Row("assessments:evidence-file", {}, PIECE | {"number": 2}),
    Row("assessments:evidence-page", {}, STRANGE_PIECE | {"number": 1, "page": 1}),
    Row("assessments:evidence-page", {}, PIECE | {"number": 1, "page": 2}),
    Row("assessments:evidence-list", {}, {"county": "C"}),
    Row("assessments:evidence-export", {}, {"county": "C"}),
    # asked once of the county; and of another item
    Row("assessments:evidence-each", {}, EACH | {"code": "1-1"}),
    Row("assessments:evidence-each", {}, EACH | {"number": "3"}),
    *ROOM_GUESSED,
    Row("assessments:institution", {}, HERE | {"code": "B-01"}),
    Row("assessments:report-file", {}, HERE | {"token": "0" * 32}),
    Row("assessments:report-again", {}, HERE | {"assessment": 0}, data={}),
    Row("assessments:snapshot", {}, HERE | STRANGE_KEPT),
    Row("assessments:snapshot-name", {}, HERE | STRANGE_KEPT, data={"name": "预评估"}),
    Row("assessments:snapshot-lock", {}, HERE | STRANGE_KEPT, data={}),
    Row("assessments:snapshot-delete", {}, HERE | STRANGE_KEPT, data={"reason": "重复存档"}),
    Row("institutions:import-check", {}, {"county": "B", "upload": lambda world: uploaded(world).pk}),
    Row("institutions:import-drop", {}, {"county": "B", "upload": lambda world: uploaded(world).pk}, data={}),
    Row("institutions:import-check", {}, CLERKS_UPLOAD),
    Row("institutions:workbook", {}, ROUND | {"period": "2022"}),
    Row("institutions:fill-workbook", {}, FILL | {"code": "B-01"}),
    Row("institutions:fill-import", {}, FILL | {"code": "B-01"}),
    Row("institutions:person", {}, COUNTY | STRANGE_PERSON),
    Row("institutions:people-reset", {}, COUNTY, data=STRANGE_PERSON),
    Row("institutions:person-reset", {}, COUNTY | STRANGE_PERSON, data={}),
    Row("institutions:person-facts", {}, COUNTY | STRANGE_PERSON, data={"name": "张三"}),
    Row("institutions:person-state", {}, COUNTY | STRANGE_PERSON, data={"active": "0"}),
    Row("institutions:person-role", {}, COUNTY | STRANGE_PERSON, data={"role": "reviewer"}),
    Row("institutions:person-role-remove", {}, COUNTY | STRANGE_PERSON | STRANGE_GRANT, data={}),
    Row("institutions:person-role-remove", {}, COUNTY | PERSON | STRANGE_GRANT, data={}),
    Row("audit:event", {}, {"pk": 0}),
    Row("jobs:job", {}, {"token": UUID(int=0)}),
    Row("jobs:file", {}, {"token": UUID(int=0)}),
    Row("jobs:cancel", {}, {"token": UUID(int=0)}, data={}),
    Row("institutions:fill-grid", {}, FILL | {"code": "B-01"}),
    Row("institutions:fill-grid-save", {}, FILL | {"period": "2022"}, data={}),
    Row("institutions:fill-grid-row", {}, FILL | {"row": "B-01"}),
    Row("assessments:meaning", {}, FILL | {"code": "B-01"}),
    Row("assessments:meaning", {}, FILL | {"period": "2022"}),
    Row("institutions:round", {}, COUNTY | {"period": "2023Q5"}),
    Row("institutions:round-worklist", {}, COUNTY | {"period": "2022"}),
    Row("institutions:round-accept", {}, COUNTY | {"period": "2022"}, data={"all": "clean"}),
    Row("institutions:round-close", {}, COUNTY | {"period": "2022"}, data={}),
    Row("institutions:remind", {}, COUNTY | {"period": "2022"}, data={}),
    Row("institutions:review", {}, FILL | {"code": "B-01"}),
    Row("institutions:review", {}, FILL | {"period": "2022"}),
    Row("institutions:review-decide", {}, FILL | {"code": "B-01"}, data=RETURNING),
    Row("assessments:uploads", {}, COUNTY, data={"replaces": STRANGE_PIECE["piece"]}),
    Row("assessments:upload", {}, COUNTY | {"token": UUID(int=0)}),
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
    for role in NOTHING_IN_B:
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
    clients = {role: client_of(world, role) for role in ROLES if role != "superuser"}
    for name, pattern in admin:
        if name in ("admin:login", "admin:logout"):
            continue
        groups = pattern.regex.groupindex if isinstance(pattern, RegexPattern) else pattern.converters
        url = reverse(name, kwargs={group: "accounts" if group == "app_label" else "1" for group in groups})
        for role, client in clients.items():
            response = client.get(url)
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
