"""The list of a county's institutions: what may be asked of it, and the rows that answer."""

from django import forms
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assessments.models import Standing
from indicators.enums import InstitutionType
from institutions.models import Institution, Round
from institutions.period import Period
from institutions.rounds.worklist import NOT_BEGUN, STATES, UNFINISHED

YES, NO = "yes", "no"
# who is not asked in a round (every institution, where the period has none) has reported or has not
REPORTED = {YES: "已报", NO: "未交"}
WORDS = STATES | REPORTED
LIGHTS = dict(zip(STATES, STATES, strict=True)) | {YES: "accepted", NO: "open"}
# from what is missing to what is done
_STATE_ORDER = (NO, *STATES, YES)
UNMET, UNKNOWN, CLEAR = "unmet", "unknown", "clear"

# the official order: by type, then as the county lists them
_OFFICIAL = ("type_order", "position", "code")
SORTS = {
    "code": ("code",),
    "name": ("name", *_OFFICIAL),
    "type": _OFFICIAL,
    "town": ("town", *_OFFICIAL),
    "reported": ("state_order", *_OFFICIAL),
    "unmet": ("unmet", *_OFFICIAL),
    "unknown": ("unknown", *_OFFICIAL),
}


class InstitutionsFilter(forms.Form):
    """The filter of the list. A choice that does not exist filters nothing."""

    q = forms.CharField(label="名称、编码或镇（街道）", required=False, widget=forms.TextInput({"type": "search"}))
    town = forms.ChoiceField(label="所在镇（街道）", required=False)
    reported = forms.ChoiceField(label="填报", required=False)
    criteria = forms.ChoiceField(
        label="指标",
        required=False,
        choices=[("", "全部"), (UNMET, "有未达标"), (UNKNOWN, "有数据不全"), (CLEAR, "全部达标")],
    )
    closed = forms.ChoiceField(label="停用机构", required=False, choices=[("", "不列出"), (YES, "一并列出")])

    def __init__(self, data, towns: list[str], round: Round | None):
        super().__init__(data)
        asks_all = round and not round.types
        states = {} if round is None else STATES
        self.fields["reported"].choices = [("", "全部"), *(states if asks_all else states | REPORTED).items()]
        self.fields["town"].choices = [("", "全部"), *((town, town) for town in towns)]
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "").strip()


def listed(
    standing: Standing,
    round: Round | None,
    form: InstitutionsFilter,
    *,
    institution_type: str = "",
    manager: str = "",
    sort: str = "",
) -> QuerySet[Institution]:
    """The institutions asked for, in the order asked for, each with its part in the standing.

    `round`: that of the period. `institution_type`, and `manager` (the code of who manages them): empty for all. Added
    to each row: `is_closed`, and `state` (a key of WORDS and LIGHTS), `unmet`, `unknown`, which are None where it is
    closed.
    """
    rows = _with_part(standing, round)
    if manager:
        rows = rows.filter(manager__code=manager)
    if institution_type in InstitutionType:
        rows = rows.filter(type=institution_type)
    if form.chosen("closed") != YES:
        rows = rows.filter(is_closed=False)
    if text := form.chosen("q"):
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(town__icontains=text))
    if form.chosen("town"):
        rows = rows.filter(town=form.chosen("town"))
    if form.chosen("reported"):
        rows = rows.filter(state=form.chosen("reported"))
    by_criteria = {UNMET: Q(unmet__gt=0), UNKNOWN: Q(unknown__gt=0), CLEAR: Q(unmet=0, unknown=0)}
    rows = rows.filter(by_criteria.get(form.chosen("criteria"), Q()))
    return rows.order_by(*_order(sort))


def _with_part(standing: Standing, round: Round | None) -> QuerySet[Institution]:
    """Active in the period, or closed by its end; those not yet open are not there."""
    last_day = Period.parse(standing.period).last_day
    rows = Institution.objects.filter(county=standing.county_id).annotate(
        part=FilteredRelation("standings", condition=Q(standings__standing=standing)),
        report=FilteredRelation("reports", condition=Q(reports__period=standing.period)),
        state=_state(round),
        state_order=_place("state", _STATE_ORDER),
        unmet=F("part__unmet"),
        unknown=F("part__unknown"),
        is_closed=Case(When(part__isnull=True, then=True), default=False, output_field=BooleanField()),
        type_order=_place("type", InstitutionType.values),
    )
    return rows.filter(Q(part__isnull=False) | Q(closed_on__lte=last_day))


def _state(round: Round | None) -> Case:
    """Of the report, as the round's own list says it, where the round asks for one."""
    cases = [When(part__reported=True, then=Value(YES)), When(part__reported=False, then=Value(NO))]
    if round is not None:
        asked = Q(part__isnull=False, **({"type__in": round.types} if round.types else {}))
        cases.insert(0, When(asked, then=Coalesce(F("report__state"), Value(NOT_BEGUN))))
    return Case(*cases, output_field=CharField())


def _place(name: str, values) -> Case:
    whens = [When(**{name: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*whens, output_field=IntegerField())


def _order(sort: str) -> list:
    first, *rest = SORTS.get(sort.removeprefix("-"), _OFFICIAL)
    field = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return [field, *rest]


def towns_of(standing: Standing) -> list[str]:
    """Where the county's institutions are, as names sort. One query."""
    towns = Institution.objects.filter(county=standing.county_id).exclude(town="")
    return list(towns.order_by("town").values_list("town", flat=True).distinct())


def counts_by_type(standing: Standing, round: Round | None) -> list[dict]:
    """`type`, `label`, `total` and `missing` (未交) of each type that has active institutions. One query."""
    rows = _with_part(standing, round).filter(is_closed=False).order_by().values("type")
    counts = rows.annotate(total=Count("pk"), missing=Count("pk", filter=Q(state__in=(NO, *UNFINISHED))))
    found = {row["type"]: row for row in counts}
    return [
        {"type": each.value, "label": each.label, **{key: found[each][key] for key in ("total", "missing")}}
        for each in InstitutionType
        if each in found
    ]
