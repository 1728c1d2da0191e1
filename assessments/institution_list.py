"""The list of a county's institutions: what may be asked of it, and the rows that answer."""

from django import forms
from django.db.models import BooleanField, Case, Count, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from assessments.models import Standing
from indicators.enums import InstitutionType
from institutions.models import Institution
from institutions.period import Period

YES, NO = "yes", "no"
UNMET, UNKNOWN, CLEAR = "unmet", "unknown", "clear"

# the official order: by type, then as the county lists them
_OFFICIAL = ("type_order", "position", "code")
SORTS = {
    "code": ("code",),
    "name": ("name", *_OFFICIAL),
    "type": _OFFICIAL,
    "town": ("town", *_OFFICIAL),
    "reported": ("reported", *_OFFICIAL),
    "unmet": ("unmet", *_OFFICIAL),
    "unknown": ("unknown", *_OFFICIAL),
}


class InstitutionsFilter(forms.Form):
    """The filter of the list. A choice that does not exist filters nothing."""

    q = forms.CharField(label="名称、编码或镇（街道）", required=False, widget=forms.TextInput({"type": "search"}))
    town = forms.ChoiceField(label="所在镇（街道）", required=False)
    reported = forms.ChoiceField(label="填报", required=False, choices=[("", "全部"), (YES, "已报"), (NO, "未报")])
    criteria = forms.ChoiceField(
        label="指标",
        required=False,
        choices=[("", "全部"), (UNMET, "有未达标"), (UNKNOWN, "有数据不全"), (CLEAR, "全部达标")],
    )
    closed = forms.ChoiceField(label="停用机构", required=False, choices=[("", "不列出"), (YES, "一并列出")])

    def __init__(self, data, towns: list[str]):
        super().__init__(data)
        self.fields["town"].choices = [("", "全部"), *((town, town) for town in towns)]
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "").strip()


def listed(
    standing: Standing, form: InstitutionsFilter, *, institution_type: str = "", manager: str = "", sort: str = ""
) -> QuerySet[Institution]:
    """The institutions asked for, in the order asked for, each with its part in the standing.

    `institution_type`, and `manager` (the code of who manages them): empty for all. Added to each row: `is_closed`, and
    `reported`, `unmet`, `unknown`, which are None where it is closed.
    """
    rows = _with_part(standing)
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
        rows = rows.filter(reported=form.chosen("reported") == YES)
    by_criteria = {UNMET: Q(unmet__gt=0), UNKNOWN: Q(unknown__gt=0), CLEAR: Q(unmet=0, unknown=0)}
    rows = rows.filter(by_criteria.get(form.chosen("criteria"), Q()))
    return rows.order_by(*_order(sort))


def _with_part(standing: Standing) -> QuerySet[Institution]:
    """Active in the period, or closed by its end; those not yet open are not there."""
    last_day = Period.parse(standing.period).last_day
    rows = Institution.objects.filter(county=standing.county_id).annotate(
        part=FilteredRelation("standings", condition=Q(standings__standing=standing)),
        reported=F("part__reported"),
        unmet=F("part__unmet"),
        unknown=F("part__unknown"),
        is_closed=Case(When(part__isnull=True, then=True), default=False, output_field=BooleanField()),
        type_order=_type_order(),
    )
    return rows.filter(Q(part__isnull=False) | Q(closed_on__lte=last_day))


def _type_order() -> Case:
    whens = [When(type=each, then=Value(place)) for place, each in enumerate(InstitutionType)]
    return Case(*whens, output_field=IntegerField())


def _order(sort: str) -> list:
    first, *rest = SORTS.get(sort.removeprefix("-"), _OFFICIAL)
    field = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return [field, *rest]


def towns_of(standing: Standing) -> list[str]:
    """Where the county's institutions are, as names sort. One query."""
    towns = Institution.objects.filter(county=standing.county_id).exclude(town="")
    return list(towns.order_by("town").values_list("town", flat=True).distinct())


def counts_by_type(standing: Standing) -> list[dict]:
    """`type`, `label`, `total` and `missing` (not reported) of each type that has active institutions. One query."""
    counts = standing.institutions.values("institution__type").annotate(
        total=Count("pk"), missing=Coalesce(Count("pk", filter=Q(reported=False)), 0)
    )
    found = {row["institution__type"]: row for row in counts}
    return [
        {"type": each.value, "label": each.label, **{key: found[each][key] for key in ("total", "missing")}}
        for each in InstitutionType
        if each in found
    ]
