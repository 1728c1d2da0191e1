"""The counties of a prefecture side by side, as pages and workbook show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.utils import timezone

from assessments.models import Campaign
from assessments.monthly.queries import Stand, Stands, details_of, stands_of
from assessments.prefecture.ranking import Score, change_words, ranks
from assessments.scoring.display import figure
from indicators.models import Standard
from institutions.models import County
from institutions.period import Period
from tcm_demo.lib.lights import Light, light

NOT_BEGUN, NO_DATA, RANKED = "not_begun", "no_data", "ranked"
STATE_WORDS = {NOT_BEGUN: "未开展", NO_DATA: "没有数据"}
NOTHING: tuple[dict, dict] = {}, {}


@dataclass(frozen=True)
class CountyLine:
    """One county. `now` is None where nothing was computed, `before` where it is not known how far it was.

    `items`: status by the item's number; `criteria`: [status, exact value] by code; both as in its stored result.
    """

    county: County
    campaign: Campaign | None
    now: Stand | None
    before: Stand | None
    rank: int | None
    items: Mapping[str, str]
    criteria: Mapping[str, Sequence]

    @property
    def state(self) -> str:
        if self.campaign is None:
            return NOT_BEGUN
        return RANKED if self.has_data else NO_DATA

    @property
    def state_light(self) -> Light:
        """Of a county that is not ranked: why not."""
        return light(self.state, STATE_WORDS[self.state])

    @property
    def has_data(self) -> bool:
        return self.now is not None and self.now.reported > 0

    @property
    def change(self) -> int | None:
        """Items met more than before."""
        return self.now.met - self.before.met if self.now and self.before else None

    @property
    def change_words(self) -> str:
        return change_words(self.now.met, self.before.met if self.before else None) if self.now else "—"

    @property
    def points_text(self) -> str:
        return figure(self.now.points)

    @property
    def coverage(self) -> Fraction:
        return share_reported(self.now)

    @property
    def computed_at(self) -> datetime | None:
        return self.now.computed_at if self.now else None

    @property
    def failing(self) -> int:
        """Criteria that are not met."""
        return sum(status == "unmet" for status, _ in self.criteria.values())

    def works_towards(self, standard: Standard) -> bool:
        return self.campaign is not None and self.campaign.standard_id == standard.pk


@dataclass(frozen=True)
class Comparison:
    """`lines`: every county of the prefecture, by rank, those without one last. `stands`: their history. `against`:
    what the change is measured by, in words."""

    period: Period
    lines: Sequence[CountyLine]
    stands: Stands
    against: str

    @property
    def shown(self) -> list[CountyLine]:
        """Those with figures, whose lights say something: what fails most first."""
        return sorted((line for line in self.lines if line.has_data), key=lambda line: (-line.failing, line.rank))

    @property
    def left_out(self) -> list[CountyLine]:
        return [line for line in self.lines if not line.has_data]


def compare(counties: Sequence[County], campaigns: Mapping[int, Campaign], period: str) -> Comparison:
    """Two queries, three where the period is a month."""
    parsed, stands = Period.parse(period), stands_of(campaigns, period)
    now = {pk: rows[-1] for pk, rows in stands.items()}
    before, against = _before(campaigns, parsed, stands)
    details = details_of(now.values())
    places = ranks({pk: _score(stand) for pk, stand in now.items() if stand.reported})
    lines = []
    for county in counties:
        pk, stand = county.pk, now.get(county.pk)
        items, criteria = details[stand.pk] if stand else NOTHING
        lines.append(CountyLine(county, campaigns.get(pk), stand, before.get(pk), places.get(pk), items, criteria))
    return Comparison(parsed, sorted(lines, key=_place), stands, against)


def share_reported(stand: Stand) -> Fraction:
    return Fraction(stand.reported, stand.due) if stand.due else Fraction(0)


def _before(campaigns: Mapping[int, Campaign], period: Period, stands: Stands) -> tuple[dict[int, Stand], str]:
    """What each county is compared with: of a month the month before, which has figures of its own; of a longer period
    the period itself, as it was at the end of the last month before the running one. Without any figures then it is not
    known how far it was."""
    if "-" in period.text:
        earlier, words = stands_of(campaigns, period.previous.text), f"较{period.previous}"
    else:
        month = f"{timezone.localtime():%Y-%m}"
        earlier = {pk: [stand for stand in rows if stand.month < month] for pk, rows in stands.items()}
        words = "较上月"
    return {pk: rows[-1] for pk, rows in earlier.items() if rows and rows[-1].reported}, words


def _score(stand: Stand) -> Score:
    return Score(stand.met, stand.points, share_reported(stand))


def _place(line: CountyLine) -> tuple:
    """Unranked ones last: those without figures, then those that have not begun."""
    return line.rank is None, line.rank or 0, line.state == NOT_BEGUN, line.county.code
