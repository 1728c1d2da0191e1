"""The monthly ledgers of a prefecture's counties side by side: how items stood, and how much was noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.enums import ItemStepKind
from assessments.models import Campaign
from assessments.monthly.months import bounds, this_month
from assessments.monthly.queries import details_of, latest, stands_of, steps_in
from assessments.words import STATUS
from indicators.models import Section, Standard
from institutions.models import County
from institutions.period import Period
from tcm_demo.lib.lights import Light, light


@dataclass(frozen=True)
class LedgerCell:
    """An item in a county. `now` and `before`: status at the end of the month and of the one before, "" where it is not
    known; `notes` and `evidence`: how many of each in the month."""

    now: str
    before: str
    notes: int
    evidence: int

    @property
    def light(self) -> Light | None:
        return light(self.now) if self.now else None

    @property
    def change(self) -> str:
        if not (self.now and self.before) or self.now == self.before:
            return ""
        return f"{STATUS[self.before]} → {STATUS[self.now]}"


@dataclass(frozen=True)
class LedgerItem:
    number: str
    title: str
    cells: Sequence[LedgerCell]


@dataclass(frozen=True)
class PrefectureLedger:
    """`counties`: those that work towards the standard, by code; cells stand in their order. `totals`: for each of
    them how many items moved, and how many notes and pieces of evidence there were."""

    month: Period
    counties: Sequence[County]
    campaigns: Sequence[Campaign]
    sections: Sequence[tuple[str, Sequence[LedgerItem]]]
    left_out: Sequence[County]

    @property
    def is_running(self) -> bool:
        return self.month == this_month()

    @property
    def items(self) -> list[LedgerItem]:
        return [item for _, items in self.sections for item in items]

    @property
    def totals(self) -> list[dict[str, int]]:
        return [
            {
                "moved": sum(bool(cell.change) for cell in cells),
                "notes": sum(cell.notes for cell in cells),
                "evidence": sum(cell.evidence for cell in cells),
            }
            for cells in ([item.cells[i] for item in self.items] for i in range(len(self.counties)))
        ]


def prefecture_ledger(
    counties: Sequence[County], campaigns: Mapping[int, Campaign], standard: Standard, period: str, month: Period
) -> PrefectureLedger:
    """Five queries."""
    shown = [county for county in counties if county.pk in campaigns]
    lights = _lights(campaigns, period, month)
    steps = steps_in(campaigns.values(), *bounds(month))

    def cell(county: County, number: str) -> LedgerCell:
        now, before = lights.get(county.pk, ({}, {}))
        kinds = steps.get(campaigns[county.pk].pk, {}).get(number, {})
        notes = kinds.get(ItemStepKind.NOTE, 0)
        return LedgerCell(now.get(number, ""), before.get(number, ""), notes, sum(kinds.values()) - notes)

    sections = [
        (
            section.name,
            [
                LedgerItem(item.number, item.title, [cell(county, item.number) for county in shown])
                for item in section.items.all()
            ],
        )
        for section in Section.objects.filter(standard=standard).prefetch_related("items")
    ]
    left_out = [county for county in counties if county.pk not in campaigns]
    return PrefectureLedger(month, shown, [campaigns[county.pk] for county in shown], sections, left_out)


def _lights(campaigns: Mapping[int, Campaign], period: str, month: Period) -> dict[int, tuple[Mapping, Mapping]]:
    """County's pk -> status by item number, at the end of the month and of the one before. Two queries."""
    ends = {
        pk: [latest(stands, until=each.text) for each in (month, month.previous)]
        for pk, stands in stands_of(campaigns, period).items()
    }
    details = details_of([stand for pair in ends.values() for stand in pair if stand])
    return {pk: tuple(details[stand.pk][0] if stand else {} for stand in pair) for pk, pair in ends.items()}
