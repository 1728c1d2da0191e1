"""What a piece is used for, each use with its state and what this person may do about it."""

from dataclasses import dataclass

from django.urls import reverse

from assessments.evidence.access import campaign_of, may_drop
from assessments.evidence.review_services import is_own
from assessments.evidence.states import RequirementState, lacks_date, requirement_states
from assessments.evidence.words import placement_light, version_words, waiting_words
from assessments.models import Piece, Placement
from assessments.uploads.area import UploadArea
from indicators.naming import item_name
from institutions.access import counties_for, institutions_to_fill, may_check
from institutions.models import County


@dataclass(frozen=True)
class UseRow:
    """`light`: (code, word); `why_not`: why it does not count, "" where it does or where the light says so; `warning`:
    what is wrong with it while it waits; `own`: somebody else has to check it; `area`: where the next version of what
    came back goes, None where it is not this person's or does not stand here."""

    placement: Placement
    light: tuple[str, str]
    why_not: str
    file_words: str
    may_accept: bool
    may_return: bool
    own: bool
    warning: str
    lacks_date: bool
    area: UploadArea | None = None


@dataclass(frozen=True)
class PieceUse:
    """A use on the piece's own page; `url`: the item's page, "" for those who do not read the county."""

    row: UseRow
    item: str
    title: str
    requirement: str
    period: str
    url: str
    may_drop: bool

    @property
    def code(self) -> str:
        return self.row.placement.requirement.code


def use_row(state: RequirementState, placement: Placement, user, county: County, checks: bool) -> UseRow:
    """No queries. `checks`: whether the person checks evidence in the county."""
    why, own = state.why_not(placement), is_own(placement, user)
    waits = placement.state == "uploaded"
    blocked = own and not county.one_person_checks
    undated = lacks_date(placement, state.requirement)
    return UseRow(
        placement=placement,
        light=placement_light(placement, why),
        why_not="" if waits else why,
        file_words=version_words(placement.piece.version),
        may_accept=checks and waits and not blocked and not undated,
        may_return=checks and placement.state != "returned",
        own=checks and waits and blocked,
        warning=waiting_words(placement, state.requirement, state.unfit(placement)),
        lacks_date=undated,
    )


def uses_of(user, piece: Piece) -> list[PieceUse]:
    """As they count in the current period of the campaign that they belong to; to a data clerk those of the own
    institutions alone. Some eight queries for each use."""
    checks = may_check(user, piece.county)
    reads = counties_for(user).filter(pk=piece.county_id).exists()
    placements = piece.placements.select_related("requirement__item__standard", "institution", "piece__county")
    if not reads:
        placements = placements.filter(institution__in=institutions_to_fill(user).values("pk"))
    found = []
    for placement in placements:
        requirement = placement.requirement
        campaign = campaign_of(piece.county, requirement)
        if campaign is None or requirement.withdrawn_at:
            continue
        state = requirement_states(piece.county, requirement.item, campaign.period)[requirement.code]
        use = next((each for each in state.placements if each.pk == placement.pk), None)
        if use is None:  # of a withdrawn piece
            continue
        here = {"county": piece.county.code, "standard": campaign.standard.code, "period": campaign.period}
        url = reverse("assessments:item", kwargs=here | {"number": requirement.item.number}) if reads else ""
        row = use_row(state, use, user, piece.county, checks)
        number = item_name(requirement.item.number)
        drops = piece.withdrawn_at is None and may_drop(user, placement)
        found.append(PieceUse(row, number, requirement.item.title, requirement.text, campaign.period, url, drops))
    return found
