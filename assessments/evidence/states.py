"""How a county stands with each evidence requirement of a standard in a period, read from the database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from assessments.enums import EvidenceState, PlacementState
from assessments.evidence.counting import Demand, Use, Verdict, demand_year, judge
from assessments.models import Campaign, EvidenceJudgement, Placement
from indicators.enums import YearRule
from indicators.models import EvidenceRequirement, Item, Standard
from indicators.queries import requirements_of
from institutions.models import County
from institutions.period import Period
from institutions.queries import active_institutions

_WAITS = PlacementState.UPLOADED


@dataclass(frozen=True)
class RequirementState:
    """A requirement with what decides about it; `placements` have piece, version and institution at hand."""

    requirement: EvidenceRequirement
    verdict: Verdict
    placements: tuple[Placement, ...]
    judgement: EvidenceJudgement | None

    @property
    def state(self) -> EvidenceState:
        return self.verdict.state

    @property
    def applies(self) -> bool:
        """False where it asks something of each institution of types of which the county has none."""
        return self.verdict.due > 0

    @property
    def counting(self) -> list[Placement]:
        """The uses that count."""
        return [each for each in self.placements if each.pk not in self.verdict.why]

    def why_not(self, placement: Placement) -> str:
        """Why this use does not count, in words; "" where it does."""
        return self.verdict.why.get(placement.pk, "")

    def unfit(self, placement: Placement) -> str:
        """What would keep this use from counting though it were accepted, in words; "" where nothing would."""
        return self.verdict.unfit.get(placement.pk, "")

    @property
    def to_bring(self) -> tuple[str, ...]:
        """Codes of institutions that lack theirs, and of which nothing waits for the office's word."""
        waiting = {use.institution.code for use in self.placements if use.institution and use.state == _WAITS}
        return tuple(code for code in self.verdict.lacking if code not in waiting)

    @property
    def settled_by_word(self) -> bool:
        """The office accepted the requirement as a whole: nothing has to be handed in any more."""
        return self.judgement is not None and self.judgement.state == EvidenceState.ACCEPTED


def counting_day(inspection_on: date | None, period: str) -> date:
    """The day on which evidence has to hold: of the inspection, or where none is set the period's last."""
    return inspection_on or Period.parse(period).last_day


def requirement_states(county: County, of: Standard | Item, period: str) -> dict[str, RequirementState]:
    """Every requirement of a standard, or of one item, by its code, in the standard's order: its own, then those that
    the county added. Five queries at most, however many pieces there are."""
    standard = of.standard if isinstance(of, Item) else of
    requirements = list(requirements_of(of, owner=county.code).select_related("item"))
    placements = _placements(county, requirements)
    judgements = {
        judgement.requirement_id: judgement
        for judgement in EvidenceJudgement.objects.filter(
            county=county, period=period, requirement__in=[each.pk for each in requirements]
        ).select_related("judged_by")
    }
    institutions = _institutions(county, requirements, period)
    campaign = Campaign.objects.filter(county=county, standard=standard).first()
    day = counting_day(campaign and campaign.inspection_on, period)
    states = {}
    for requirement in requirements:
        own = tuple(placements.get(requirement.pk, ()))
        judgement = judgements.get(requirement.pk)
        demand = demand_of(requirement, institutions, period, day)
        verdict = judge([use_of(each) for each in own], demand, *word_of(judgement))
        states[requirement.code] = RequirementState(requirement, verdict, own, judgement)
    return states


def word_of(judgement: EvidenceJudgement | None) -> tuple[str | None, str]:
    """(state, reason) as counting.judge takes them."""
    return (judgement.state, judgement.reason) if judgement else (None, "")


def use_of(placement: Placement) -> Use:
    piece = placement.piece
    return Use(
        placement=placement.pk,
        piece=piece.pk,
        institution=placement.institution.code if placement.institution_id else "",
        state=placement.state,
        reason=placement.reason,
        document_date=piece.document_date,
        first_year=piece.first_year,
        last_year=piece.last_year,
        valid_until=piece.valid_until,
    )


def lacks_date(use: Placement, requirement: EvidenceRequirement) -> bool:
    """Whether it waits, and cannot be accepted before somebody fills in of when it is."""
    piece = use.piece
    dated = piece.document_date or piece.first_year or piece.last_year
    return use.state == PlacementState.UPLOADED and requirement.year != YearRule.ANY and not dated


def _placements(county: County, requirements: Collection[EvidenceRequirement]) -> dict[int, list[Placement]]:
    """By requirement; those of withdrawn pieces are left out."""
    found: dict[int, list[Placement]] = {}
    rows = Placement.objects.filter(
        piece__county=county, piece__withdrawn_at=None, requirement__in=[each.pk for each in requirements]
    )
    people = ("placed_by", "decided_by", "piece__version__uploaded_by")
    for placement in rows.select_related("piece__version", "institution", *people).order_by("pk"):
        found.setdefault(placement.requirement_id, []).append(placement)
    return found


def _institutions(county: County, requirements: Collection[EvidenceRequirement], period: str) -> list[tuple[str, str]]:
    """(code, type) of the institutions of which some requirement asks one thing each, in the county's order."""
    types = {kind for requirement in requirements for kind in requirement.institution_types}
    if not types:
        return []
    return list(active_institutions(county, period).filter(type__in=types).values_list("code", "type"))


def demand_of(
    requirement: EvidenceRequirement, institutions: Iterable[tuple[str, str]], period: str, day: date
) -> Demand:
    """What a requirement asks for in a period; `institutions`: (code, type) of those of which it may ask something."""
    each_of = None
    if requirement.institution_types:
        each_of = tuple(code for code, kind in institutions if kind in requirement.institution_types)
    year = demand_year(requirement.year, Period.parse(period).first_day.year)
    inspected = day != Period.parse(period).last_day  # counting_day
    return Demand(requirement.needed, year, requirement.seen_as, each_of, day, inspected)
