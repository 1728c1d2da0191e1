"""Which pieces count for a requirement, and how the requirement stands (scoring.md rules 11 and 12). No database.

A piece counts where its use was accepted, it was not withdrawn, it is good for the year that the requirement asks for,
and it still holds on the day on which evidence is looked at. Whatever does not count is missing, and says why.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.enums import EvidenceState, PlacementState
from indicators.enums import SeenAs, YearRule
from tcm_demo.lib.dates import zh_date


@dataclass(frozen=True)
class Use:
    """A piece at a requirement, perhaps for one institution (its code, else "")."""

    placement: int
    piece: int
    institution: str
    state: str
    reason: str
    document_date: date | None
    first_year: int | None
    last_year: int | None
    valid_until: date | None

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year that it is good for; None where nobody said so."""
        own = self.document_date.year if self.document_date else None
        first = self.first_year or min(filter(None, (own, self.last_year)), default=None)
        return None if first is None else (first, self.last_year or first)


@dataclass(frozen=True)
class Demand:
    """What a requirement asks for in a period: `year` None is any; `institutions`: of which it asks one each, None
    where it asks for one thing of the whole county; `day`: on which evidence has to hold, `inspected`: it is that of
    the inspection."""

    needed: int
    year: int | None
    seen_as: str
    institutions: tuple[str, ...] | None
    day: date
    inspected: bool = False


@dataclass(frozen=True)
class Verdict:
    """How a requirement stands by its pieces and the office's word.

    `counted` of `due` things are there. `lacking`: institutions whose share is not. `enough`: whether the pieces alone
    settle it. `why`: placement -> why it does not count; `unfit`: what would keep it from counting though accepted.
    """

    state: EvidenceState
    due: int
    counted: int
    lacking: tuple[str, ...]
    enough: bool
    why: dict[int, str]
    unfit: dict[int, str]


def demand_year(rule: str, period_year: int) -> int | None:
    """The year that a requirement asks for in a period of that year; None: any."""
    if rule == YearRule.ANY:
        return None
    return period_year - 1 if rule == YearRule.PREVIOUS else period_year


def why_not(use: Use, demand: Demand) -> str:
    """Why the use does not count, in words; "" where it does."""
    if use.state == PlacementState.UPLOADED:
        return "待审核"
    if use.state == PlacementState.RETURNED:
        return f"已退回：{use.reason}"
    return unfit(use, demand)


def unfit(use: Use, demand: Demand) -> str:
    """What keeps the use from counting whatever the office says of it, in words; "" where nothing does."""
    if demand.year is not None:
        if use.years is None:
            return f"没有填写文件日期，不能确认属于 {demand.year} 年度"
        first, last = use.years
        if not first <= demand.year <= last:
            span = f"{first} 年度" if first == last else f"{first}—{last} 年度"
            return f"适用 {span}，要求的是 {demand.year} 年度"
    if use.valid_until and use.valid_until < demand.day:
        day = f"评审日（{zh_date(demand.day)}）" if demand.inspected else f" {zh_date(demand.day)} "
        return f"有效期至 {zh_date(use.valid_until)}，到{day}已过期"
    if demand.institutions is not None and use.institution not in demand.institutions:
        return "所属机构不在要求的范围内"
    return ""


def judge(uses: Sequence[Use], demand: Demand, word: str | None, reason: str = "") -> Verdict:
    """`word`: what the county office said of the requirement as a whole, None or open where it said nothing. Accepted
    without a `reason` it rests on the pieces alone, and falls with them."""
    why = {use.placement: why_not(use, demand) for use in uses}
    good = [use for use in uses if not why[use.placement]]
    due, counted, lacking = _count(good, demand)
    enough = demand.seen_as == SeenAs.DOCUMENT and counted == due
    if word == EvidenceState.FAILING or (word == EvidenceState.ACCEPTED and reason):
        state = EvidenceState(word)
    else:
        state = EvidenceState.ACCEPTED if enough else EvidenceState.OPEN
    kept_out = {use.placement: unfit(use, demand) for use in uses}
    return Verdict(state, due, counted, lacking, enough, _said(why), _said(kept_out))


def _said(words: Mapping[int, str]) -> dict[int, str]:
    return {placement: sentence for placement, sentence in words.items() if sentence}


def _count(good: Collection[Use], demand: Demand) -> tuple[int, int, tuple[str, ...]]:
    if demand.institutions is None:
        return demand.needed, min(len({use.piece for use in good}), demand.needed), ()
    pieces: dict[str, set[int]] = {code: set() for code in demand.institutions}
    for use in good:
        pieces[use.institution].add(use.piece)
    counted = sum(min(len(own), demand.needed) for own in pieces.values())
    lacking = tuple(code for code, own in pieces.items() if len(own) < demand.needed)
    return demand.needed * len(pieces), counted, lacking
