"""The monthly ledger (工作台账) of a county: item by item how it stood, and what was reported of it in the month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import Campaign, ItemStep, ItemWork
from assessments.monthly.months import bounds, this_month
from assessments.monthly.queries import EVIDENCE_KINDS, details_of, latest, notes_in, stands_of, steps_in
from assessments.words import STATUS
from assessments.work.queries import local_departments
from indicators.enums import DepartmentRole
from indicators.models import Item, Section
from indicators.queries import names_of
from institutions.period import Period


@dataclass(frozen=True)
class LedgerRow:
    """One item in one month. `now` and `before`: its status at the end of the month and of the one before, "" where
    that is not known; `lead` as the county calls them; `steps`: kind of step -> how many."""

    number: str
    title: str
    lead: tuple[str, ...]
    now: str
    before: str
    notes: Sequence[ItemStep]
    steps: Mapping[str, int]
    person: str
    due_on: date | None
    is_late: bool

    @property
    def change(self) -> str:
        """基本达标 → 达标; "" where nothing changed or it is not known."""
        if not (self.now and self.before) or self.now == self.before:
            return ""
        return f"{STATUS[self.before]} → {STATUS[self.now]}"

    @property
    def evidence(self) -> list[tuple[str, int]]:
        """(what was done, how often): 上传佐证, 2."""
        return [(kind.label, self.steps[kind]) for kind in EVIDENCE_KINDS if self.steps.get(kind)]

    @property
    def is_quiet(self) -> bool:
        return not (self.notes or self.evidence or self.change)


@dataclass(frozen=True)
class LedgerSection:
    name: str
    rows: Sequence[LedgerRow]


@dataclass(frozen=True)
class Ledger:
    month: Period
    sections: Sequence[LedgerSection]

    @property
    def rows(self) -> list[LedgerRow]:
        return [row for section in self.sections for row in section.rows]

    @property
    def is_running(self) -> bool:
        return self.month == this_month()

    @property
    def counts(self) -> dict[str, int]:
        """Of items: `moved` came to another state, `noted` have notes, `late` are over their deadline."""
        rows = self.rows
        return {
            "moved": sum(bool(row.change) for row in rows),
            "noted": sum(bool(row.notes) for row in rows),
            "late": sum(row.is_late for row in rows),
        }


def ledger_of(campaign: Campaign, period: str, month: Period) -> Ledger:
    """A fixed number of queries, however many items."""
    now, before = _lights(campaign, period, month)
    called = local_departments(campaign)
    notes = notes_in(campaign, *bounds(month))
    steps = steps_in([campaign], *bounds(month)).get(campaign.pk, {})
    works = {
        work.item_id: work
        for work in ItemWork.objects.filter(campaign=campaign, item__standard=campaign.standard_id).select_related(
            "person"
        )
    }
    until = min(month.last_day, timezone.localdate())

    def row(item: Item) -> LedgerRow:
        number, work = item.number, works.get(item.pk)
        lead = dict.fromkeys(
            called[name].name if name in called else name for name in names_of(item, DepartmentRole.LEAD)
        )
        due_on, status = work.due_on if work else None, now.get(number, "")
        person = str(work.person) if work and work.person else ""
        is_late = due_on is not None and due_on < until and status != "met"
        return LedgerRow(
            number,
            item.title,
            tuple(lead),
            status,
            before.get(number, ""),
            notes.get(number, ()),
            steps.get(number, {}),
            person,
            due_on,
            is_late,
        )

    sections = Section.objects.filter(standard=campaign.standard_id).prefetch_related(
        "items__responsibilities__department"
    )
    return Ledger(month, [LedgerSection(each.name, [row(item) for item in each.items.all()]) for each in sections])


def _lights(campaign: Campaign, period: str, month: Period) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Item number -> status, at the end of the month and of the month before. Two queries."""
    stands = stands_of({campaign.county_id: campaign}, period).get(campaign.county_id, [])
    ends = [latest(stands, until=each.text) for each in (month, month.previous)]
    details = details_of([stand for stand in ends if stand])
    now, before = (details[stand.pk][0] if stand else {} for stand in ends)
    return now, before
