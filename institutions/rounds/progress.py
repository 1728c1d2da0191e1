"""How far rounds are, in numbers: for the list of rounds; and what closed ones miss."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from indicators.enums import InstitutionType
from institutions.models import County, Institution, Report, Round
from institutions.period import Period
from institutions.rounds.worklist import HANDED_IN, NOT_BEGUN, STATES, days_late

_ACTIVITY = ("type", "opened_on", "closed_on")


@dataclass(frozen=True)
class Progress:
    """`numbers`: state (worklist.STATES) -> how many institutions. `light` and `word` say where the round is."""

    round: Round
    numbers: dict[str, int]
    light: str
    word: str

    @property
    def period(self) -> Period:
        return Period.parse(self.round.period)

    @property
    def asked(self) -> int:
        return sum(self.numbers.values())

    @property
    def handed_in(self) -> int:
        return sum(self.numbers[state] for state in HANDED_IN)

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """For the stack bar, from what is done to what is not."""
        order = ("accepted", "submitted", "returned", "draft", NOT_BEGUN)
        return [(state, self.numbers[state], STATES[state]) for state in order]


def stage_of(round: Round, today: date) -> tuple[str, str]:
    """Where the round is: (code of a light, word)."""
    if round.is_closed:
        return "not_applicable", "已关闭"
    if today < round.opens_on:
        return "open", "未开放"
    days = days_late(round, today)
    return ("returned", f"逾期 {days} 天") if days else ("accepted", "填报中")


def progress_of(county: County, rounds: Sequence[Round], today: date) -> list[Progress]:
    """Of these rounds of the county. Two queries: groups of institutions that count alike, not institutions."""
    institutions = county.institutions.order_by().values(*_ACTIVITY).annotate(number=Count("pk"))
    reports = Report.objects.filter(institution__county=county, period__in=[round.period for round in rounds])
    names = {name: f"institution__{name}" for name in _ACTIVITY}
    begun = reports.order_by().values("period", "state", *names.values()).annotate(number=Count("pk"))
    everybody = [
        (_like(group, dict(zip(_ACTIVITY, _ACTIVITY, strict=True))), group["number"]) for group in institutions
    ]
    with_report = [(group["period"], group["state"], _like(group, names), group["number"]) for group in begun]
    found = []
    for round in rounds:
        asked = sum(number for like, number in everybody if _is_asked(round, like))
        numbers = Counter(dict.fromkeys(STATES, 0))
        for period, state, like, number in with_report:
            if period == round.period and _is_asked(round, like):
                numbers[state] += number
        numbers[NOT_BEGUN] = asked - sum(numbers.values())
        found.append(Progress(round, dict(numbers), *stage_of(round, today)))
    return found


def numbers_by_type(county: County, day: date) -> dict[str, int]:
    """Institution type -> how many are active on that day. One query."""
    active = (Q(opened_on__isnull=True) | Q(opened_on__lte=day)) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))
    groups = county.institutions.filter(active).order_by().values("type").annotate(number=Count("pk"))
    return dict.fromkeys(InstitutionType.values, 0) | {group["type"]: group["number"] for group in groups}


def missing_by_town(county: County, missing: Iterable[Mapping]) -> list[dict]:
    """`missing` (round_services.missing_of) by town, in its own order; what has no town last. One query."""
    towns = dict(county.institutions.values_list("code", "town"))
    found: dict[str, list] = {}
    for each in missing:
        found.setdefault(towns.get(each["code"], ""), []).append(each)
    return [{"town": town, "rows": rows} for town, rows in sorted(found.items(), key=lambda pair: not pair[0])]


def _like(group: dict, names: dict[str, str]) -> Institution:
    """One that counts as all of the group do; not stored."""
    return Institution(**{name: group[column] for name, column in names.items()})


def _is_asked(round: Round, institution: Institution) -> bool:
    """As round_queries.asked_institutions."""
    is_type = not round.types or institution.type in round.types
    return is_type and institution.is_active_on(Period.parse(round.period).last_day)
