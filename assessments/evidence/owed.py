"""What a data clerk's institutions owe: the requirements that ask something of every institution of their type."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from assessments.enums import EvidenceState
from assessments.evidence.counting import judge
from assessments.evidence.shares import Share, shares_of
from assessments.evidence.states import RequirementState, counting_day, demand_of, use_of, word_of
from assessments.models import Campaign, EvidenceJudgement, Placement
from indicators.models import EvidenceRequirement
from indicators.queries import requirements_of
from institutions.access import institutions_to_fill
from institutions.models import County, Institution
from institutions.period import Period


@dataclass(frozen=True)
class Asked:
    """A requirement with the shares of the clerk's own institutions; the verdict in `state` is about these alone.

    `settled`: the county office accepted the requirement as a whole, so that nobody owes anything any more.
    """

    campaign: Campaign
    state: RequirementState
    shares: tuple[Share, ...]
    settled: bool

    @property
    def requirement(self) -> EvidenceRequirement:
        return self.state.requirement

    @property
    def key(self) -> str:
        """What tells it from all others of the clerk, in addresses."""
        return f"{self.campaign.pk}-{self.requirement.pk}"

    @property
    def owing(self) -> list[Share]:
        """Shares for which something has yet to be brought."""
        return [] if self.settled else [share for share in self.shares if share.owes]

    @property
    def undated(self) -> list[Share]:
        """Shares of which something was brought that cannot be accepted before somebody fills in its date."""
        return [] if self.settled else [share for share in self.shares if share.undated]

    @property
    def left(self) -> list[Share]:
        """Shares at which the clerk has something to do."""
        return [] if self.settled else [share for share in self.shares if share.owes or share.undated]

    @property
    def has_returns(self) -> bool:
        return any(share.returned for share in self.owing)


def asked_of(user) -> list[Asked]:
    """By county and campaign, in the standard's order. A query for the institutions, one for their counties' campaigns,
    and three for each of these, however many institutions, requirements and pieces there are."""
    institutions = institutions_to_fill(user).order_by("county__code", "position", "code")
    own = {county: list(each) for county, each in groupby(institutions, key=lambda each: each.county)}
    campaigns = (
        Campaign.objects.filter(county__in=own).select_related("county", "standard").order_by("county__code", "pk")
    )
    return [asked for campaign in campaigns for asked in _of_campaign(campaign, own[campaign.county])]


def _of_campaign(campaign: Campaign, institutions: Collection[Institution]) -> Iterator[Asked]:
    county, period = campaign.county, Period.parse(campaign.period)
    active = [each for each in institutions if each.is_active_on(period.last_day)]
    types = {each.type for each in active}
    rows = requirements_of(campaign.standard, owner=county.code).select_related("item__standard")
    wanted = [each for each in rows if not types.isdisjoint(each.institution_types)]
    if not wanted:
        return
    placements = _placements(county, wanted, active)
    words = EvidenceJudgement.objects.filter(county=county, period=campaign.period, requirement__in=wanted)
    judgements = {each.requirement_id: each for each in words}
    for requirement in wanted:
        due = [each for each in active if each.type in requirement.institution_types]
        judgement = judgements.get(requirement.pk)
        state = _state(campaign, requirement, due, placements.get(requirement.pk, ()), judgement)
        settled = bool(judgement) and judgement.state == EvidenceState.ACCEPTED
        yield Asked(campaign, state, tuple(shares_of(state, due)), settled)


def _placements(
    county: County, requirements: Collection[EvidenceRequirement], institutions: Collection[Institution]
) -> dict[int, list[Placement]]:
    found: dict[int, list[Placement]] = {}
    rows = Placement.objects.filter(
        piece__county=county, piece__withdrawn_at=None, requirement__in=requirements, institution__in=institutions
    )
    related = ("piece__version__uploaded_by", "institution", "placed_by", "decided_by")
    for placement in rows.select_related(*related).order_by("pk"):
        found.setdefault(placement.requirement_id, []).append(placement)
    return found


def _state(
    campaign: Campaign,
    requirement: EvidenceRequirement,
    due: Iterable[Institution],
    placements: Collection[Placement],
    judgement: EvidenceJudgement | None,
) -> RequirementState:
    day = counting_day(campaign.inspection_on, campaign.period)
    demand = demand_of(requirement, [(each.code, each.type) for each in due], campaign.period, day)
    verdict = judge([use_of(each) for each in placements], demand, *word_of(judgement))
    return RequirementState(requirement, verdict, tuple(placements), judgement)
