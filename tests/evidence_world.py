"""Evidence handed in and decided, for tests: through the services, as pages do it."""

from datetime import date
from pathlib import Path

from assessments.evidence.review_services import accept
from assessments.evidence.services import Description, TakenIn, take_in
from assessments.models import Placement
from indicators.models import EvidenceRequirement
from tests.evidence_files import pdf_bytes
from tests.world import World


def requirement(code: str) -> EvidenceRequirement:
    return EvidenceRequirement.everyone.select_related("item__standard").get(code=code)


def hand_in(
    world: World,
    tmp_path: Path,
    code: str = "1-1",
    *,
    by: str = "liaison",
    content: bytes | None = None,
    name: str = "资金文件.pdf",
    institution: str = "",
    replaces=None,
    dated: date | None = date(2023, 5, 6),
    **described,
) -> TakenIn:
    """A piece for the requirement of this code, uploaded by the person of this name; dated in the world's period."""
    source = tmp_path / "arrival"
    source.write_bytes(pdf_bytes() if content is None else content)
    return take_in(
        source,
        name=name,
        county=world.county,
        by=world.users[by],
        requirement=None if replaces else requirement(code),
        institution=world.county.institutions.get(code=institution) if institution else None,
        replaces=replaces,
        described=Description(document_date=dated, **described),
    )


def use_of(taken: TakenIn, code: str = "1-1") -> Placement:
    return Placement.objects.get(piece=taken.piece, requirement__code=code)


def accepted(world: World, tmp_path: Path, code: str = "1-1", *, by: str = "office", **handed) -> TakenIn:
    """Handed in by the liaison and accepted by the office."""
    taken = hand_in(world, tmp_path, code, **handed)
    accept(world.county, [use_of(taken, code).pk], by=world.users[by])
    return taken
