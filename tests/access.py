"""Who may come by, what can be decided about an address, and the things in the small world that addresses name."""

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from assessments import exports
from assessments.models import Assessment
from assessments.services import save_assessment
from institutions.models import LedgerUpload, Report, Round
from institutions.review.services import version_of
from institutions.services import receive_ledger
from tcm_demo.notices.models import Notice
from tcm_demo.notices.services import notify
from tests.world import PERIOD, World

READERS = ("reviewer", "office", "liaison", "leadership", "expert", "prefecture", "superuser")
ROLES = ("anonymous", "stranger", "clerk", *READERS, "sysadmin", "auditor", "other_clerk", "other_office")
# who has an account, and nothing to look for in county B
NOTHING_IN_B = tuple(name for name in ROLES if name not in ("anonymous", "superuser", "other_clerk", "other_office"))
SIGN_IN = "to sign-in"


def public(ok: int = 200) -> dict:
    """Needs no account."""
    return dict.fromkeys(ROLES, ok)


def signed_in(ok: int = 200) -> dict:
    """Whoever has an account."""
    return public(ok) | {"anonymous": SIGN_IN}


def only(roles: tuple[str, ...], ok: int, refused: int = 404) -> dict:
    """For others it does not exist; those who read county A's pages are told so by `refused`."""
    return signed_in(404) | dict.fromkeys(READERS, refused) | dict.fromkeys(roles, ok)


def reads(ok: int = 200) -> dict:
    """Whoever reads the pages of county A. Its clerks, system administrator and auditor have pages of their own."""
    return only(READERS, ok)


def checks(ok: int = 200) -> dict:
    """Who checks in county A: its reviewers and its office. Other readers are told that they may not."""
    return only(("reviewer", "office", "superuser"), ok, refused=403)


def writes(ok: int = 200) -> dict:
    """The office of county A. Other readers are told that they may not."""
    return only(("office", "superuser"), ok, refused=403)


def fills_in(ok: int = 200) -> dict:
    """The clerk of A-01 alone, for that institution."""
    return only(("clerk",), ok)


def manages_people(ok: int = 200) -> dict:
    """Who makes accounts in county A: its office and its system administrator."""
    return only(("office", "sysadmin", "superuser"), ok, refused=403)


def audits(ok: int = 200) -> dict:
    """The auditor of county A, and nobody beside: no superuser, no office."""
    return signed_in(404) | {"auditor": ok}


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


def uploaded(world: World, by: str = "office", institution: str = "") -> LedgerUpload:
    """A ledger of county A on its way in, with one faulty cell."""
    user, at = world.users[by], world.county.institutions.filter(code=institution).first()
    found = world.county.ledger_uploads.filter(uploaded_by=user).first()
    if found is None:
        workbook, file = Workbook(), BytesIO()
        for row in (["机构编码", "中医诊疗人次"], ["A-01", "很多"]):
            workbook.active.append(row)
        workbook.save(file)
        ledger = SimpleUploadedFile("台账.xlsx", file.getvalue())
        found = receive_ledger(world.county, PERIOD, ledger, by=user, institution=at)
    return found


def kept(world: World) -> Assessment:
    return world.county.assessments.first() or save_assessment(world.county, world.standard, PERIOD)


def exported(world: World) -> str:
    """The token of a report of county A that is ready to be fetched."""
    export = exports.ask_for(world.county, world.standard, PERIOD)
    export.path.write_bytes(b"%PDF")
    return export.token


def noticed(world: World) -> Notice:
    """A notice for the clerk."""
    found = Notice.objects.first()
    if found is None:
        notify([world.users["clerk"]], "请填报。", by=None)
        found = Notice.objects.get()
    return found


EXPORT = HERE | {"token": exported}


def asked(world: World) -> str:
    """The period of a round that is open in both counties."""
    for county in (world.county, world.other_county):
        days = {"opens_on": date(2024, 1, 1), "due_on": date(2024, 1, 31)}
        Round.objects.get_or_create(county=county, period=PERIOD, defaults=days)
    return PERIOD


# A-01's report, which is accepted: there is nothing to save, check or hand in
FILL = {"county": "A", "period": asked, "code": "A-01"}
ROUND = {"county": "A", "period": asked}
RETURNING = {
    "do": "return",
    "pick": "visits",
    "reason": "请核对",
    "seen": lambda world: version_of(Report.objects.get(institution__code="A-01")),
}


def proxied(world: World) -> str:
    """The code of a clinic that reports through A-01."""
    world.county.institutions.filter(code="A-1000").update(manager=world.county.institutions.get(code="A-01"))
    return "A-1000"


PERSON = {"person": lambda world: world.users["clerk"].pk}
GRANT = {"grant": lambda world: world.users["clerk"].grants.get().pk}
# of county B
STRANGE_PERSON = {"person": lambda world: world.users["other_clerk"].pk}
STRANGE_GRANT = {"grant": lambda world: world.users["other_clerk"].grants.get().pk}
UPLOAD = COUNTY | {"upload": lambda world: uploaded(world).pk}
CLERKS_UPLOAD = COUNTY | {"upload": lambda world: uploaded(world, "clerk", "A-01").pk}
# who reads the county's pages and does not check: told so before anything is looked for
NOT_CHECKING = dict.fromkeys(("liaison", "leadership", "expert", "prefecture"), 403)
