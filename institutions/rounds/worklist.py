"""The worklist of a round: every institution that is asked, also those that have not begun, and how far each is."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django import forms
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    FilteredRelation,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from indicators.enums import InstitutionType
from institutions.enums import ReportState
from institutions.models import Institution, Round
from institutions.rounds.queries import asked_institutions
from institutions.rounds.services import NOT_BEGUN as NOT_BEGUN_WORD

NOT_BEGUN = "not_begun"
# in the order in which a report goes
STATES: dict[str, str] = {
    NOT_BEGUN: NOT_BEGUN_WORD,
    **{state.value: state.label for state in ReportState if state != ReportState.ACCEPTED},
    ReportState.ACCEPTED.value: ReportState.ACCEPTED.label,
}
# with the county office
HANDED_IN = (ReportState.SUBMITTED.value, ReportState.ACCEPTED.value)
# with the institution: who is to be reminded
UNFINISHED = tuple(state for state in STATES if state not in HANDED_IN)
YES, NO = "yes", "no"
# in the filter: institutions for which no town is noted
NO_TOWN = "-"

# the official order: by type, then as the county lists them
_OFFICIAL = ("type_order", "position", "code")
SORTS = {
    "name": ("name", *_OFFICIAL),
    "type": _OFFICIAL,
    "town": ("town", *_OFFICIAL),
    "state": ("state_order", *_OFFICIAL),
    "late": ("handed_in_at", *_OFFICIAL),
    "cautions": ("cautions", *_OFFICIAL),
    "submitted": ("submitted_at", *_OFFICIAL),
}
_ALL = ("", "全部")


class WorklistFilter(forms.Form):
    """The filter of the list; `states` are chosen by buttons. A choice that does not exist filters nothing."""

    q = forms.CharField(label="名称、编码或镇（街道）", required=False, widget=forms.TextInput({"type": "search"}))
    town = forms.ChoiceField(label="所在镇（街道）", required=False)
    type = forms.ChoiceField(label="机构类型", required=False, choices=[_ALL, *InstitutionType.choices])
    manager = forms.ChoiceField(label="上级机构", required=False)
    late = forms.ChoiceField(label="时限", required=False, choices=[_ALL, (YES, "逾期")])
    cautions = forms.ChoiceField(label="提示", required=False, choices=[_ALL, (YES, "有提示"), (NO, "无提示")])

    def __init__(self, data, round: Round):
        super().__init__(data)
        self.fields["town"].choices = [_ALL, *((town or NO_TOWN, town or "未填写") for town in towns_of(round))]
        self.fields["manager"].choices = [_ALL, *managers_of(round)]
        if not self.fields["manager"].choices[1:]:
            del self.fields["manager"]
        self.states = [state for state in STATES if data and state in data.getlist("state")]
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "").strip()


def deadline_of(round: Round) -> datetime:
    """The first moment at which a report is late: midnight of the office's time zone after the last day."""
    return timezone.make_aware(datetime.combine(round.due_on + timedelta(days=1), time.min))


def last_moment(round: Round, now: datetime) -> datetime:
    """Up to when days of delay are counted: until the round was closed."""
    return min(now, round.closed_at) if round.closed_at else now


def days_late(round: Round, moment: datetime | date | None) -> int:
    """By how many days a report handed in at this moment is late; 0 in time, or where nobody knows when it came."""
    if moment is None:
        return 0
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return max(0, (day - round.due_on).days)


def all_rows(round: Round, now: datetime) -> QuerySet[Institution]:
    """Each asked institution with the report's `state` (STATES), `cautions`, `submitted_at`, and `handed_in_at`: when
    the office got it, `now` for what is still with the institution, None for what was imported as accepted."""
    return asked_institutions(round).annotate(
        report=FilteredRelation("reports", condition=Q(reports__period=round.period)),
        state=Coalesce(F("report__state"), Value(NOT_BEGUN)),
        cautions=Coalesce(F("report__warning_count"), 0),
        submitted_at=F("report__submitted_at"),
        handed_in_at=Case(
            When(report__state__in=HANDED_IN, then=F("report__submitted_at")),
            default=Value(last_moment(round, now), DateTimeField()),
            output_field=DateTimeField(),
        ),
        type_order=_place("type", InstitutionType.values),
        state_order=_place("state", STATES),
    )


def filtered(
    round: Round, form: WorklistFilter, now: datetime, *, but: Collection[str] = (), states: Collection[str] = ()
) -> QuerySet[Institution]:
    """The rows that the filter leaves, in the official order; `but`: names of its fields (or "state") to pass over;
    `states`: only these, whatever the filter says."""
    rows = all_rows(round, now)
    wanted = {name: form.chosen(name) for name in form.fields if name not in but}
    if text := wanted.get("q"):
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(town__icontains=text))
    if town := wanted.get("town"):
        rows = rows.filter(town="" if town == NO_TOWN else town)
    if kind := wanted.get("type"):
        rows = rows.filter(type=kind)
    if manager := wanted.get("manager"):
        rows = rows.filter(manager__code=manager)
    if wanted.get("late") == YES:
        rows = rows.filter(handed_in_at__gte=deadline_of(round))
    by_cautions = {YES: Q(cautions__gt=0), NO: Q(cautions=0)}
    rows = rows.filter(by_cautions.get(wanted.get("cautions"), Q()))
    if form.states and "state" not in but:
        rows = rows.filter(state__in=form.states)
    if states:
        rows = rows.filter(state__in=states)
    return rows.order_by(*_OFFICIAL)


def sorted_by(rows: QuerySet[Institution], sort: str) -> QuerySet[Institution]:
    """`sort` as the address says it: a key of SORTS, with - for descending; what is unknown is the official order."""
    first, *rest = SORTS.get(sort.removeprefix("-"), _OFFICIAL)
    field = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return rows.order_by(field, *rest)


def counts_by_town(rows: QuerySet[Institution]) -> dict[str, dict[str, int]]:
    """Town -> state -> how many of `rows`; every state of STATES is there. In the county's order, what has no town
    last. One query."""
    found: dict[str, dict[str, int]] = {}
    groups = rows.order_by().values("town", "state").annotate(number=Count("pk"), place=Min("position"))
    for group in sorted(groups, key=lambda group: (not group["town"], group["place"], group["town"])):
        found.setdefault(group["town"], dict.fromkeys(STATES, 0))[group["state"]] += group["number"]
    return found


def towns_of(round: Round) -> list[str]:
    """As names sort; "" last, where some have none. One query."""
    towns = asked_institutions(round).order_by("town").values_list("town", flat=True).distinct()
    return sorted(towns, key=lambda town: not town)


def managers_of(round: Round) -> list[tuple[str, str]]:
    """(code, name) of those that manage asked institutions, in the county's order. One query."""
    managers = Institution.objects.filter(managed__in=asked_institutions(round)).distinct()
    return list(managers.order_by("position", "code").values_list("code", "name"))


def _place(name: str, values) -> Case:
    whens = [When(**{name: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*whens, output_field=IntegerField())
