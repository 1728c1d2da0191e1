"""Who may come by, what can be decided about an address, and the things in the small world that addresses name."""

import tempfile
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from assessments import exports
from assessments.binders.jobs import BINDERS
from assessments.campaigns import queries as campaign_queries
from assessments.evidence.demand_services import Demanded, add_requirement
from assessments.models import Assessment, Piece
from assessments.services import save_assessment
from assessments.uploads.access import Target
from assessments.uploads.services import begin
from indicators.models import EvidenceRequirement, Standard
from institutions.models import LedgerUpload, Report, Round
from institutions.review.services import version_of
from institutions.services import receive_ledger
from tcm_demo.jobs import files as job_files
from tcm_demo.jobs.models import Job
from tcm_demo.notices.models import Notice
from tcm_demo.notices.services import notify
from tests.evidence_world import hand_in, requirement
from tests.world import PERIOD, World, make_standard

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


def works_on(ok: int = 200) -> dict:
    """The office, and the liaison where the item is the department's: of items 1 and 2. Other readers are told."""
    return only(("office", "liaison", "superuser"), ok, refused=403)


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
CAMPAIGN = {"county": "A", "standard": "small"}
# a table of rows that come and go, of a campaign that has none
NO_ROWS = {"rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0", "seen": campaign_queries.version_of([])}


def another_standard(world: World) -> int:
    """The pk of a standard that no county works towards."""
    return (Standard.objects.filter(code="another").first() or make_standard("another")).pk


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


def binders_made(world: World) -> UUID:
    """The token of binders of item 1 of county A, asked for by its office, that are ready to be fetched."""
    arguments = {"campaign": world.campaign.pk, "period": PERIOD, "items": ["1"], "shape": "pdf"}
    asked_by = {"kind": BINDERS, "place": "A", "asked_by": world.users["office"], "made_at": timezone.now()}
    job, _ = Job.objects.get_or_create(
        arguments=arguments,
        defaults=asked_by | {"state": "done", "file_path": "ready.pdf", "expires_at": timezone.now()},
    )
    job_files.root().mkdir(parents=True, exist_ok=True)
    job_files.file_of(job).write_bytes(b"%PDF")
    return job.token


BINDERS_MADE = {"token": binders_made}
# a statement where there was none


def handed_in(world: World, county=None) -> Piece:
    """A piece of the county's for requirement 1-1, uploaded by its liaison; made once. `county`: another one's."""
    county = county or world.county
    piece = Piece.objects.filter(county=county).select_related("version").first()
    if piece is None:
        with tempfile.TemporaryDirectory() as folder:
            piece = hand_in(world, Path(folder)).piece
        Piece.objects.filter(pk=piece.pk).update(county=county)
    return piece


def added(world: World) -> str:
    """Code of a requirement that the county added to item 1; made once."""
    own = EvidenceRequirement.everyone.filter(owner=world.county.code, withdrawn_at=None).first()
    item = world.standard.items.get(number="1")
    return (own or add_requirement(world.campaign, item, Demanded("审计报告"), by=world.users["office"])).code


def on_its_way(world: World) -> UUID:
    """The token of an upload that the liaison has begun, for requirement 1-1."""
    target = Target(world.county, requirement("1-1"))
    return begin(target, name="资金文件.pdf", size=100, by=world.users["liaison"]).pk


ON_ITS_WAY = COUNTY | {"token": on_its_way}
PIECE = COUNTY | {"piece": lambda world: handed_in(world).pk}
STRANGE_PIECE = COUNTY | {"piece": lambda world: handed_in(world, world.other_county).pk}
USE = PIECE | {"placement": lambda world: handed_in(world).placements.get().pk}
ADDED = HERE | {"number": "1", "code": added}
TYPED = {"text": "本年度已拨付到位。", "number": 0, "edition": 0}


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
KEPT = HERE | {"assessment": lambda world: kept(world).pk}
# of county B
STRANGE_KEPT = {"assessment": lambda world: save_assessment(world.other_county, world.standard, PERIOD).pk}
# who reads the county's pages and does not check: told so before anything is looked for
NOT_CHECKING = dict.fromkeys(("liaison", "leadership", "expert", "prefecture"), 403)


def of_each(world: World) -> str:
    """The code of a requirement of item 1 that asks something of every township centre."""
    EvidenceRequirement.objects.filter(code="1-2").update(institution_types=["township_centre"])
    return "1-2"


EACH = HERE | {"number": "1", "code": of_each}
