"""A requirement that asks something of every institution: who has brought it, who lacks it, and where it goes in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaulttags import querystring
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.evidence.shares import DONE, STATES, Share, shares_of
from assessments.evidence.states import requirement_states
from assessments.evidence.words import judged_words
from assessments.views.evidence_shares import ShareRows
from assessments.views.frame import Frame, assessment_page
from assessments.work.queries import local_departments
from indicators.naming import item_name
from indicators.words import requirement_words
from institutions.queries import active_institutions
from tcm_demo.lib.bars import percent

PER_PAGE = 30
# as the lights of the rows: (code, state)
_BAR = [("accepted", "accepted"), ("submitted", "uploaded"), ("open", "undated"), ("returned", "returned")]
_BAR += [("open", "not_counted"), ("open", "lacking")]


class EachFilter(forms.Form):
    """The filter of the list. A choice that does not exist filters nothing."""

    q = forms.CharField(label="机构名称或编码", required=False, widget=forms.TextInput({"type": "search"}))
    town = forms.ChoiceField(label="所在镇（街道）", required=False)

    def __init__(self, data, towns: Iterable[str]):
        super().__init__(data)
        self.fields["town"].choices = [("", "全部"), *((town, town) for town in towns)]
        self.is_valid()

    def takes(self, share: Share) -> bool:
        text, town = (self.cleaned_data.get(name, "").strip() for name in ("q", "town"))
        institution = share.institution
        named = text in institution.name or text.lower() in institution.code.lower()
        return named and town in ("", institution.town)


@dataclass(frozen=True)
class Town:
    """How far the institutions of one town are; `lacking`: names of those that still owe something."""

    name: str
    done: int
    total: int
    width: str
    url: str
    lacking: list[str]


@require_safe
@assessment_page(empty=True)
def evidence_each(request: HttpRequest, frame: Frame, number: str, code: str) -> HttpResponse:
    item = get_object_or_404(frame.standard.items, number=number)
    state = requirement_states(frame.county, item, frame.period.text).get(code)
    if state is None or not state.requirement.institution_types:
        raise Http404("没有逐家提供的这项佐证要求。")
    due = active_institutions(frame.county, frame.period.text).filter(type__in=state.requirement.institution_types)
    shares = shares_of(state, due)
    form = EachFilter(request.GET, sorted({share.institution.town for share in shares} - {""}))
    taken = [share for share in shares if form.takes(share)]
    chosen = request.GET.get("state", "")
    page = Paginator([share for share in taken if chosen in ("", share.state)] if chosen in STATES else taken, PER_PAGE)
    page = page.get_page(request.GET.get("page"))
    rows = ShareRows(frame.county, frame.user, checks=frame.may_check, hands_in=frame.desk.may_work_on(number))
    counts = Counter(share.state for share in shares)
    departments = local_departments(frame.campaign)
    providers = [departments[name].name if name in departments else name for name in state.requirement.departments]
    context = {
        "crumbs": [
            ("条目", frame.url("items")),
            (f"{item_name(number)} {item.title}", frame.url("item", number=number)),
        ],
        "state": state,
        "judged": judged_words(state.judgement.state) if state.judgement else "",
        "words": requirement_words(state.requirement, providers),
        "total": len(shares),
        "done": counts[DONE],
        "bar": [(light, counts[key], STATES[key]) for light, key in _BAR if counts[key]],
        "towns": _towns(request, shares),
        "form": form,
        "states": _state_links(request, taken),
        "page": page,
        "rows": [rows.row(share) for share in page.object_list],
        "decide_url": reverse("assessments:evidence-decide", args=[frame.county.code]),
        "county_code": frame.county.code,
    }
    return frame.render(request, "evidence/each.html", context)


def _towns(request: HttpRequest, shares: Iterable[Share]) -> list[Town]:
    """In the order in which the county lists its institutions."""
    found: dict[str, list[Share]] = {}
    for share in shares:
        found.setdefault(share.institution.town, []).append(share)
    return [
        Town(
            name or "未填所在镇",
            (done := sum(share.state == DONE for share in own)),
            len(own),
            percent(done, len(own)),
            querystring(None, request.GET, town=name, page=None) if name else "",
            [share.institution.name for share in own if share.owes],
        )
        for name, own in found.items()
    ]


def _state_links(request: HttpRequest, shares: Iterable[Share]) -> list[dict]:
    counts, chosen = Counter(share.state for share in shares), request.GET.get("state", "")
    counts[""] = counts.total()
    return [
        {
            "label": label,
            "count": counts[state],
            "current": state == chosen,
            "url": querystring(None, request.GET, state=state or None, page=None) or request.path,
        }
        for state, label in {"": "全部", **STATES}.items()
        if counts[state] or state == chosen or not state
    ]
