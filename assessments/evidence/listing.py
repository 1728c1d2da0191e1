"""The list of a county's pieces of evidence: what may be asked of it, and the rows that answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import NullIf
from django.utils import timezone

from assessments.access import departments_named, item_numbers_of
from assessments.campaigns.queries import names_in_county
from assessments.enums import PlacementState
from assessments.evidence.states import counting_day
from assessments.models import Campaign, Piece, Placement, Version
from indicators.models import Item
from indicators.naming import item_name
from institutions.models import County
from tcm_demo.accounts.models import User

# used for nothing: no state of a use, and yet one of the piece
UNUSED = "unused"
STATES = dict(PlacementState.choices) | {UNUSED: "未使用"}
UNDATED, EXPIRED, TWINS, NOTED, WITHDRAWN = "undated", "expired", "twins", "noted", "withdrawn"
MARKS = {UNDATED: "未填文件日期", EXPIRED: "已过有效期", TWINS: "同一文件多处上传", NOTED: "有提醒"}
# the list leaves these out where it is not asked for them
MARKS |= {WITHDRAWN: "已撤回的"}

SORTS = {
    "uploaded": ("version__uploaded_at",),
    "title": ("title",),
    "number": ("document_number", "title"),
    "issuer": ("issuer", "title"),
    "date": ("document_date", "title"),
}
DEFAULT_SORT = "-uploaded"


class EvidenceFilter(forms.Form):
    """The filter of the list. A choice that does not exist filters nothing."""

    q = forms.CharField(
        label="材料名称、文号、发文单位或文件名", required=False, widget=forms.TextInput({"type": "search"})
    )
    item = forms.ChoiceField(label="条目", required=False)
    department = forms.ChoiceField(label="部门（负责的条目）", required=False)
    institution = forms.CharField(label="机构", required=False, widget=forms.TextInput({"type": "search"}))
    uploader = forms.ChoiceField(label="上传人", required=False)
    mark = forms.ChoiceField(label="需留意", required=False, choices=[("", "全部"), *MARKS.items()])

    def __init__(self, data, county: County):
        """Three queries: items, departments, people who uploaded."""
        super().__init__(data)
        self.fields["item"].choices = [("", "全部"), *_items(county).items()]
        self.fields["department"].choices = [("", "全部"), *((name, name) for name in names_in_county(county))]
        people = User.objects.filter(pk__in=Version.objects.filter(piece__county=county).values("uploaded_by"))
        self.fields["uploader"].choices = [("", "全部"), *((str(user.pk), str(user)) for user in people)]
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "").strip()


def _items(county: County) -> dict[str, str]:
    """Number -> words of every item that the county works towards; of several standards the first one's words."""
    rows = Item.objects.filter(standard__campaigns__county=county).order_by("standard__campaigns", "position")
    found: dict[str, str] = {}
    for number, title in rows.values_list("number", "title"):
        found.setdefault(number, f"{item_name(number)} {title}")
    return found


@dataclass(frozen=True)
class Asked:
    """What the form asks for, whatever the state: pieces, and what one and the same use of each has to be (None: no
    use has to be anything)."""

    pieces: QuerySet[Piece]
    of_use: Q | None

    def in_state(self, state: str) -> Q:
        """`state`: a key of STATES; what is no state asks for nothing."""
        if state == UNUSED:
            return ~Exists(_uses()) if self.of_use is None else Q(pk__in=[])
        uses = _uses() if self.of_use is None else _uses().filter(self.of_use)
        if state in PlacementState.values:
            return Exists(uses.filter(state=state))
        return Q() if self.of_use is None else Exists(uses)


def asked_for(county: County, campaigns: Sequence[Campaign], form: EvidenceFilter) -> Asked:
    """Two queries for each campaign where a department is asked for, none otherwise."""
    pieces = Piece.objects.filter(county=county, withdrawn_at__isnull=form.chosen("mark") != WITHDRAWN)
    if text := form.chosen("q"):
        named = Q(title__icontains=text) | Q(document_number__icontains=text) | Q(issuer__icontains=text)
        pieces = pieces.filter(named | Q(version__file_name__icontains=text))
    if form.chosen("uploader"):
        pieces = pieces.filter(version__uploaded_by=int(form.chosen("uploader")))
    return Asked(_marked(county, pieces, form.chosen("mark"), _day(campaigns)), _use_asked_for(campaigns, form))


def listed(asked: Asked, *, state: str = "", sort: str = "") -> QuerySet[Piece]:
    """In the order asked for, with version and uploader. `state`: a key of STATES, "" any.

    Each has `uses`: all of its placements, with requirement, item and institution; `asked` of each says whether it is
    one that was asked for.
    """
    of_use = asked.of_use or Q()
    if state in PlacementState.values:
        of_use &= Q(state=state)
    is_asked = Case(When(of_use, then=True), default=False) if of_use else Value(True)
    uses = Placement.objects.select_related("requirement__item", "institution", "decided_by").order_by("pk")
    shown = Prefetch("placements", uses.annotate(asked=is_asked), to_attr="uses")
    pieces = asked.pieces.filter(asked.in_state(state)).select_related("version__uploaded_by")
    return pieces.prefetch_related(shown).order_by(*_order(sort))


def counts_by_state(asked: Asked) -> dict[str, int]:
    """How many of the pieces asked for there are: "" in any state, and in each of STATES. One query."""
    wanted = {"any": asked.in_state(""), **{state: asked.in_state(state) for state in STATES}}
    counts = asked.pieces.aggregate(**{name: Count("pk", filter=Q(is_)) for name, is_ in wanted.items()})
    return {"": counts.pop("any"), **counts}


def twins_on(county: County, pieces: Iterable[Piece]) -> dict[int, list[Piece]]:
    """By the piece's pk: other pieces of the county whose current version is the very same file. One query."""
    digests = {piece.pk: piece.version.sha256 for piece in pieces}
    same: dict[str, list[Piece]] = {}
    found = Piece.objects.filter(county=county, withdrawn_at=None, version__sha256__in=set(digests.values()))
    for piece in found.select_related("version").order_by("pk"):
        same.setdefault(piece.version.sha256, []).append(piece)
    return {pk: [other for other in same.get(digest, ()) if other.pk != pk] for pk, digest in digests.items()}


def _uses() -> QuerySet[Placement]:
    return Placement.objects.filter(piece=OuterRef("pk"))


def _use_asked_for(campaigns: Iterable[Campaign], form: EvidenceFilter) -> Q | None:
    asked = []
    if number := form.chosen("item"):
        asked.append(Q(requirement__item__number=number))
    if name := form.chosen("department"):
        asked.append(_of_department(campaigns, name))
    if text := form.chosen("institution"):
        asked.append(Q(institution__name__icontains=text) | Q(institution__code__icontains=text))
    return Q(*asked) if asked else None


def _of_department(campaigns: Iterable[Campaign], name: str) -> Q:
    """Of an item in which the department has a part, as a group's member, too."""
    found = Q(pk__in=[])
    for campaign in campaigns:
        numbers = item_numbers_of(departments_named(campaign, {name}))
        found |= Q(requirement__item__standard=campaign.standard_id, requirement__item__number__in=numbers)
    return found


def _marked(county: County, pieces: QuerySet[Piece], mark: str, day: date) -> QuerySet[Piece]:
    if mark == UNDATED:
        return pieces.filter(document_date=None)
    if mark == EXPIRED:
        return pieces.filter(valid_until__lt=day)
    if mark == NOTED:
        return pieces.exclude(version__notes=[])
    if mark == TWINS:
        files = Piece.objects.filter(county=county, withdrawn_at=None).order_by().values("version__sha256")
        several = files.annotate(times=Count("pk")).filter(times__gt=1)
        return pieces.filter(version__sha256__in=several.values("version__sha256"))
    return pieces


def _day(campaigns: Iterable[Campaign]) -> date:
    """The day on which evidence has to hold in the county's first campaign; today where it has none."""
    first = next(iter(campaigns), None)
    return counting_day(first.inspection_on, first.period) if first else timezone.localdate()


def _order(sort: str) -> list:
    """What is not known comes last; what is alike stands in the order in which it was made."""
    wanted = sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT
    first, *rest = SORTS[wanted.removeprefix("-")]
    known = NullIf(F(first), Value("")) if first in ("document_number", "issuer") else F(first)
    field = known.desc(nulls_last=True) if wanted.startswith("-") else known.asc(nulls_last=True)
    return [field, *rest, "-pk" if wanted.startswith("-") else "pk"]
