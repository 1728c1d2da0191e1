"""Who may hand a file in, for what: permission and fetch are one step. Uploads are their beginner's alone."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.access import NOT_YOUR_ITEM
from assessments.evidence.access import may_contribute, piece_for
from assessments.models import Piece, Upload
from indicators.models import EvidenceRequirement
from institutions.access import county_for, institutions_to_fill
from institutions.models import County, Institution


@dataclass(frozen=True)
class Target:
    """What a file is for: a requirement, perhaps of an institution, or a piece that it is the next version of."""

    county: County
    requirement: EvidenceRequirement | None = None
    institution: Institution | None = None
    replaces: Piece | None = None


def target_for(
    user, county: str, *, requirement: int | None = None, institution: str = "", replaces: int | None = None
) -> Target:
    """What this person may upload for, by its codes and keys. A data clerk reaches, in a county whose pages are not
    theirs to read, the requirements that are asked of each institution, for their own.

    Raises Http404 for what is not there for them, and where the requirement is not asked of the institution;
    PermissionDenied where they may only look.
    """
    if replaces is not None:
        piece = piece_for(user, county, replaces, to_work=True)
        return Target(piece.county, replaces=piece)
    own = institutions_to_fill(user).filter(county__code=county, code=institution).first() if institution else None
    found = own.county if own else county_for(user, county)
    demands = EvidenceRequirement.everyone.in_force_for(found.code).filter(item__standard__campaigns__county=found)
    demand = get_object_or_404(demands.select_related("item"), pk=requirement)
    of = get_object_or_404(found.institutions, code=institution) if institution else None
    if (of.type not in demand.institution_types) if of else demand.institution_types:
        raise Http404
    if not may_contribute(user, found, demand, of):
        raise PermissionDenied(NOT_YOUR_ITEM)
    return Target(found, demand, of)


def upload_for(user, county: str, token: UUID) -> Upload:
    """The upload that this person began, while they may still hand in what it is for. Raises as `target_for`."""
    rows = Upload.objects.select_related("county", "requirement", "institution", "replaces", "piece__version")
    upload = get_object_or_404(rows, pk=token, county__code=county, by=user)
    code = upload.institution.code if upload.institution else ""
    target_for(user, county, requirement=upload.requirement_id, institution=code, replaces=upload.replaces_id)
    return upload
