"""What a data clerk has to bring in papers and pictures, for which institution, and where it goes in."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaulttags import querystring
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.evidence.owed import Asked, asked_of
from assessments.evidence.shares import STATES, Share
from assessments.views.evidence_shares import ShareRow, ShareRows
from indicators.words import requirement_words

PER_PAGE = 30
# more institutions than these stand on a page of their own, so that this one stays short
ROWS_SHOWN = 4


@dataclass(frozen=True)
class AskedBlock:
    """A requirement on the page. `rows` are empty where there are too many: `counts` (light, number, word) then say how
    they stand, and `url` shows them."""

    asked: Asked
    words: str
    rows: list[ShareRow]
    counts: list[tuple[str, int, str]]
    url: str


@require_safe
def my_evidence(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request.user)
    if key := request.GET.get("of", ""):
        return _one(request, asked, key)
    makers: dict[str, ShareRows] = {}
    blocks = [_block(each, _maker(makers, each, request.user)) for each in asked]
    required = [each for each in asked if each.requirement.required]
    context = {
        "to_bring": [block for block in blocks if block.asked.left],
        "through": [block for block in blocks if not block.asked.left],
        "owes": sum(share.owes for each in required for share in each.owing),
        "returned": sum(bool(share.returned) for each in asked for share in each.owing),
        "undated": sum(len(share.undated) for each in asked for share in each.undated),
        "waiting": sum(share.waiting for each in asked for share in each.shares),
        "several": len({each.campaign.pk for each in asked}) > 1,
        "county": _county_name(asked),
    }
    return render(request, "evidence/mine.html", context)


def _one(request: HttpRequest, asked: list[Asked], key: str) -> HttpResponse:
    """One requirement with all institutions of the clerk, many as they may be."""
    found = next((each for each in asked if each.key == key), None)
    if found is None:
        raise Http404("没有这项要交的佐证。")
    chosen = request.GET.get("state", "")
    shares = [share for share in found.shares if share.state == chosen] if chosen in STATES else found.shares
    page = Paginator(shares, PER_PAGE).get_page(request.GET.get("page"))
    maker = _maker({}, found, request.user)
    context = {
        "asked": found,
        "words": requirement_words(found.requirement),
        "crumbs": [("要交的佐证", reverse("assessments:my-evidence"))],
        "states": _state_links(request, found.shares),
        "page": page,
        "rows": [maker.row(share) for share in page.object_list],
        "county": found.campaign.county.name,
        "county_code": found.campaign.county.code,
    }
    return render(request, "evidence/mine_one.html", context)


def _maker(makers: dict[str, ShareRows], asked: Asked, user) -> ShareRows:
    """One for each county: it remembers which pieces have their area on the page."""
    county = asked.campaign.county
    return makers.setdefault(county.code, ShareRows(county, user, checks=False, hands_in=True))


def _block(asked: Asked, maker: ShareRows) -> AskedBlock:
    few = len(asked.shares) <= ROWS_SHOWN
    return AskedBlock(
        asked=asked,
        words=requirement_words(asked.requirement),
        rows=[maker.row(share) for share in asked.shares] if few else [],
        counts=[] if few else _counts(asked.shares),
        url="" if few else f"{reverse('assessments:my-evidence')}?of={asked.key}",
    )


def _counts(shares: tuple[Share, ...]) -> list[tuple[str, int, str]]:
    counts = Counter(share.state for share in shares)
    lights = {share.state: share.light[0] for share in shares}
    return [(lights[state], counts[state], word) for state, word in STATES.items() if counts[state]]


def _state_links(request: HttpRequest, shares: tuple[Share, ...]) -> list[dict]:
    counts, chosen = Counter(share.state for share in shares), request.GET.get("state", "")
    counts[""] = len(shares)
    return [
        {
            "label": label,
            "count": counts[state],
            "current": state == chosen,
            "url": querystring(None, request.GET, state=state or None, page=None),
        }
        for state, label in {"": "全部", **STATES}.items()
        if counts[state] or state == chosen
    ]


def _county_name(asked: list[Asked]) -> str:
    """Beside the product's name, where there is just one."""
    names = {each.campaign.county.name for each in asked}
    return names.pop() if len(names) == 1 else ""
