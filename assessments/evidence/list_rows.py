"""Rows of the list of evidence: a piece with its uses, what is to be heeded about it, and who may decide what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments.access import Desk, desk_of
from assessments.enums import PlacementState
from assessments.evidence.counting import Demand, unfit, why_not
from assessments.evidence.review_services import is_own
from assessments.evidence.states import counting_day, demand_of, lacks_date, use_of
from assessments.evidence.words import placement_light, waiting_words
from assessments.models import Campaign, Piece, Placement
from institutions.models import County
from institutions.period import Period

# so many uses of one piece stand in the list; the rest on its own page
USES_SHOWN = 6


@dataclass(frozen=True)
class ListedUse:
    """`campaign`: to whose item it belongs, None where the county does not work towards that standard (any more).
    `why_not`: why it came back or does not count; `warning`: what is wrong with it while it waits. `may_tick`: it
    waits, and this person may decide about it; `own`: it waits, but somebody else has to look at it; `undated`: it
    cannot be accepted before it has a date."""

    placement: Placement
    campaign: Campaign | None
    light: tuple[str, str]
    why_not: str
    warning: str
    may_tick: bool
    own: bool
    undated: bool

    @property
    def number(self) -> str:
        return self.placement.requirement.item.number


@dataclass(frozen=True)
class ListedPiece:
    """`twins`: other pieces that are the very same file; `more`: how many uses are not among `uses`; `mends`: it came
    back, and this person may hand in its next version."""

    piece: Piece
    uses: tuple[ListedUse, ...]
    more: int
    twins: Sequence[Piece]
    mends: bool

    @property
    def acceptable(self) -> int:
        """How many uses this person can accept here and now."""
        return sum(use.may_tick and not use.undated for use in self.uses)


class Lister:
    """Makes rows of pieces that `listing.listed` gave; no queries, but three for each campaign where something came
    back. `checks`: whether the person checks evidence."""

    def __init__(self, county: County, campaigns: Sequence[Campaign], user, *, checks: bool):
        self.county, self.user, self.checks = county, user, checks
        self.by_standard = {campaign.standard_id: campaign for campaign in campaigns}

    def row(self, piece: Piece, twins: Mapping[int, Sequence[Piece]]) -> ListedPiece:
        """What was asked for goes first."""
        uses = sorted(piece.uses, key=lambda use: not use.asked)
        for use in uses:
            use.piece = piece  # its version is at hand there
        shown = tuple(self.use(use) for use in uses[:USES_SHOWN])
        return ListedPiece(piece, shown, len(uses) - len(shown), twins.get(piece.pk, ()), self._mends(piece))

    def _mends(self, piece: Piece) -> bool:
        """As access.may_work_with, from what is at hand."""
        if piece.withdrawn_at or all(use.state != PlacementState.RETURNED for use in piece.uses):
            return False
        items = [use.requirement.item for use in piece.uses]
        return all(
            item.standard_id in self._desks and self._desks[item.standard_id].may_work_on(item.number) for item in items
        )

    @cached_property
    def _desks(self) -> dict[int, Desk]:
        return {standard: desk_of(self.user, campaign) for standard, campaign in self.by_standard.items()}

    def use(self, placement: Placement) -> ListedUse:
        campaign = self.by_standard.get(placement.requirement.item.standard_id)
        why = self.why_not(placement, campaign)
        waits = placement.state == PlacementState.UPLOADED and placement.piece.withdrawn_at is None
        decides = self.checks and waits
        blocked = is_own(placement, self.user) and not self.county.one_person_checks
        return ListedUse(
            placement,
            campaign,
            placement_light(placement, why),
            "" if waits else placement.reason or why,
            self.warning(placement, campaign) if waits else "",
            may_tick=decides and not blocked,
            own=decides and blocked,
            undated=waits and lacks_date(placement, placement.requirement),
        )

    def warning(self, placement: Placement, campaign: Campaign | None) -> str:
        """What is wrong with a use that waits; "" where nothing is, or nobody asks for it any more."""
        if campaign is None or placement.requirement.withdrawn_at is not None:
            return ""
        kept_out = unfit(use_of(placement), _demand(placement, campaign))
        return waiting_words(placement, placement.requirement, kept_out)

    def why_not(self, placement: Placement, campaign: Campaign | None) -> str:
        """Why the use does not count in its campaign's current period, in words; "" where it does."""
        if placement.piece.withdrawn_at is not None:
            return "材料已撤回"
        if campaign is None or placement.requirement.withdrawn_at is not None:
            return "这项要求已不适用"
        return why_not(use_of(placement), _demand(placement, campaign))


def _demand(placement: Placement, campaign: Campaign) -> Demand:
    """What the requirement asks of this one use."""
    institution = placement.institution
    active = institution is not None and institution.is_active_on(Period.parse(campaign.period).last_day)
    of = [(institution.code, institution.type)] if active else []
    day = counting_day(campaign.inspection_on, campaign.period)
    return demand_of(placement.requirement, of, campaign.period, day)
