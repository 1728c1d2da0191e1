"""Whose evidence is whose: permission and fetch are one step.

Who reads a county reads its evidence. A data clerk sees what belongs to the institutions that they fill in for, and
nothing else. Who may hand in for all that a piece is used for may change it.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from assessments.access import NOT_YOUR_ITEM, desk_of
from assessments.enums import PlacementState
from assessments.models import Campaign, Piece, Placement, Version
from indicators.models import EvidenceRequirement
from institutions.access import counties_for, institutions_to_fill, may_write
from institutions.models import County, Institution


def pieces_for(user) -> QuerySet[Piece]:
    """Every piece that this person may see, withdrawn ones included."""
    own = Q(placements__institution__in=institutions_to_fill(user).values("pk"))
    return Piece.objects.filter(Q(county__in=counties_for(user).values("pk")) | own).distinct()


def piece_for(user, county: str, pk: int, *, to_work: bool = False) -> Piece:
    """The piece as this person may see it (`to_work`: change it). Raises Http404, PermissionDenied."""
    rows = pieces_for(user).select_related("county", "version", "version__uploaded_by", "made_by")
    piece = get_object_or_404(rows, county__code=county, pk=pk)
    if to_work and not may_work_with(user, piece):
        raise PermissionDenied(NOT_YOUR_ITEM)
    return piece


def version_for(user, county: str, pk: int, number: int) -> Version:
    """One version of a piece that this person may see. Raises Http404."""
    rows = Version.objects.select_related("piece__county").filter(piece__in=pieces_for(user).values("pk"))
    return get_object_or_404(rows, piece__county__code=county, piece=pk, number=number)


def may_work_with(user, piece: Piece) -> bool:
    """Whether the person may describe, replace and withdraw the piece: where they may hand in for everything that it
    is used for, so that nobody takes away what serves another's item; for nothing used, it is their own."""
    if may_write(user, piece.county):
        return True
    placements = list(piece.placements.select_related("requirement__item", "institution", "piece__county"))
    if not placements:
        return piece.made_by_id == user.pk
    return all(may_drop(user, each) for each in placements)


def may_withdraw(user, piece: Piece) -> bool:
    """Of those who may work with it: what was accepted anywhere, whoever uploaded it, or the office."""
    if not piece.placements.filter(state=PlacementState.ACCEPTED).exists():
        return True
    return user.pk in (piece.made_by_id, piece.version.uploaded_by_id) or may_write(user, piece.county)


def may_drop(user, placement: Placement) -> bool:
    """Whether the person may end this one use."""
    county = placement.piece.county
    return may_write(user, county) or may_contribute(user, county, placement.requirement, placement.institution)


def may_contribute(user, county: County, requirement: EvidenceRequirement, institution: Institution | None) -> bool:
    """Whether the person may hand evidence in for the requirement (of the institution)."""
    if institution is not None and institutions_to_fill(user).filter(pk=institution.pk).exists():
        return bool(requirement.institution_types)
    campaign = campaign_of(county, requirement)
    return campaign is not None and desk_of(user, campaign).may_work_on(requirement.item.number)


def campaign_of(county: County, requirement: EvidenceRequirement) -> Campaign | None:
    """The county's work towards the standard that the requirement belongs to. None for another county's addition."""
    if requirement.owner not in ("", county.code):
        return None
    campaigns = Campaign.objects.select_related("county", "standard")
    return campaigns.filter(county=county, standard=requirement.item.standard_id).first()
