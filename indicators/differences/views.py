"""Two standards side by side, mostly two versions of one: what was added, taken out, changed."""

from collections.abc import Iterable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from indicators import hooks
from indicators.differences.addresses import compare_address, key_of
from indicators.differences.compare import compare
from indicators.differences.forms import CompareForm
from indicators.differences.lines import lines_of
from indicators.models import Standard
from indicators.queries import content_of, element_specs, standards_to_read
from indicators.views import standard_for


@require_safe
def compare_page(request: HttpRequest, code: str) -> HttpResponse:
    """`?from=1&to=2`: versions of this standard, or `code:version` of any that may be read; `&only=figures`.

    Without `to` it is the current version, without `from` the one before it, or what it was copied from.
    """
    current = standard_for(request.user, code, None)
    readable = {key_of(each): each for each in standards_to_read(hooks.owners_for(user=request.user))}
    new = _named(request, "to", code, readable) or current
    old = _named(request, "from", code, readable) or _before(new, readable.values())
    asked = {"from": key_of(old) if old else "", "to": key_of(new), "only": request.GET.get("only", "")}
    form = CompareForm(asked, readable.values())
    context = {
        "form": form,
        "standard_row": current,
        "old": old,
        "new": new,
        "crumbs": [
            ("建设标准", reverse("indicators:standards")),
            (current.title, reverse("indicators:standard", kwargs={"code": code})),
        ],
    }
    if old and old != new:
        found = compare(content_of(old), content_of(new))
        lines = lines_of(found, element_specs(), figures_alone=form.figures_alone)
        context |= {
            "found": found,
            "lines": lines,
            **{kind: lines.count(kind) for kind in ("added", "removed", "changed")},
            "figures_alone": form.figures_alone,
            "all_url": compare_address(code, asked | {"only": ""}),
            "swap_url": compare_address(code, asked | {"from": asked["to"], "to": asked["from"]}),
            "old_url": _standard_url(old),
            "new_url": _standard_url(new),
        }
    return render(request, "indicators/compare.html", context)


def _standard_url(standard: Standard) -> str:
    query = urlencode({"version": standard.version})
    return f"{reverse('indicators:standard', kwargs={'code': standard.code})}?{query}"


def _named(request: HttpRequest, name: str, code: str, readable: Mapping[str, Standard]) -> Standard | None:
    """None where the address names none. Raises Http404 for one that is not there."""
    text = request.GET.get(name, "")
    if not text:
        return None
    found = readable.get(text) or readable.get(f"{code}:{text}")
    if found is None:
        raise Http404("没有这个建设标准或版本。")
    return found


def _before(standard: Standard, readable: Iterable[Standard]) -> Standard | None:
    """The version that was made before it, else what it was copied from."""
    earlier = [each for each in readable if each.code == standard.code and each.pk < standard.pk]
    if earlier:
        return max(earlier, key=lambda each: each.pk)
    return next((each for each in readable if each.pk == standard.copied_from_id), None)
