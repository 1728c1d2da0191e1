"""The same figures under two standards, mostly two versions of one, side by side."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from assessments.campaigns.versions import newer_version
from assessments.matrix.forms import PairForm
from assessments.matrix.pair import BETTER, WORSE, pair_content
from indicators.differences.addresses import compare_url, key_of
from indicators.models import Standard
from indicators.queries import standards_to_read
from institutions.access import county_for, owners_for
from institutions.models import County
from institutions.period import Period


@require_safe
def pair_page(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """`?a=code:version&b=code:version` of standards that this person may read. Without them: the county's first one
    and its newer version or, where there is none, the next one that the county works towards."""
    found = county_for(request.user, county)
    readable = {key_of(each): each for each in standards_to_read(owners_for(request.user))}
    asked = {name: request.GET.get(name, "") for name in ("a", "b", "show")}
    if not (asked["a"] or asked["b"]):
        asked |= _usual(found, readable)
    form = PairForm(asked, [(key, str(each)) for key, each in readable.items()])
    here = reverse("assessments:standards-compare", args=[found.code, period])
    context = {
        "county": found.name,
        "period": str(Period.parse(period)),
        "form": form,
        "crumbs": [("标准对照", reverse("assessments:matrix", args=[found.code, period]))],
        "alike": bool(asked["a"]) and asked["a"] == asked["b"],
    }
    sides = [_named(readable, asked[name]) for name in ("a", "b")]
    if all(sides) and sides[0] != sides[1]:
        content = pair_content(found, period, *sides)
        shared = sum(not item.alone for item in content.items)
        context |= {
            "content": content,
            "shown": [item for item in content.items if form.shows(item)],
            "better": content.number_of(BETTER),
            "worse": content.number_of(WORSE),
            "computed": [side.standard for side in (content.old, content.new) if side.computed_at is None],
            "shared": shared,
            "apart": shared * 4 < len(content.items),
            "carried": any(side.carried for side in (content.old, content.new)),
            "text_url": compare_url(*sides),
            "swap_url": f"{here}?{urlencode(asked | {'a': asked['b'], 'b': asked['a']})}",
            "all_url": f"{here}?{urlencode(asked | {'show': ''})}",
        }
    return render(request, "matrix/pair.html", context)


def _usual(county: County, readable: dict[str, Standard]) -> dict[str, str]:
    campaigns = list(county.campaigns.select_related("standard")[:2])
    if not campaigns:
        return {}
    other = newer_version(campaigns[0]) or (campaigns[1].standard if len(campaigns) > 1 else None)
    keys = {"a": key_of(campaigns[0].standard), "b": key_of(other) if other else ""}
    return {name: key if key in readable else "" for name, key in keys.items()}


def _named(readable: dict[str, Standard], key: str) -> Standard | None:
    """None where the address names none. Raises Http404 for one that is not there, or not to be read."""
    if key and key not in readable:
        raise Http404("没有这个建设标准或版本。")
    return readable.get(key)
