"""One of the county's own standards: its outline, what it still lacks, and the steps on to where it is published."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.drafting.department_edits import uses_of
from assessments.drafting.parts import fingerprint, outline
from assessments.drafting.queries import is_only_version, later_version, outline_of, points_words
from assessments.drafting.views.frame import Draft, of_draft
from assessments.drafting.views.standards import LIGHTS, reader_url
from indicators.differences.compare import compare
from indicators.differences.lines import lines_of
from indicators.draft_checks import DraftFault
from indicators.drafts import draft_faults
from indicators.enums import ArrangementKind, Every, LeadingPart
from indicators.queries import content_of, specs_of

# what a fault names -> the page on which it is mended
_PAGES = {
    "head": "draft-head",
    "sections": "draft-sections",
    "departments": "draft-departments",
    "phases": "draft-phases",
}


@dataclass(frozen=True)
class Lack:
    """A fault with where it is mended."""

    sentence: str
    url: str


@require_safe
@of_draft
def draft_page(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Everything at one look; a fixed number of queries."""
    content, standard = draft.content, draft.standard
    faults = [] if draft.is_published else draft_faults(standard, content)
    uses = uses_of(content)
    context = {
        "crumbs": draft.crumbs[:1],
        "light": LIGHTS[standard.state],
        "content": content,
        "outline": outline_of(content, faults),
        "seen": fingerprint(outline(content)),
        "lacks": [Lack(fault.sentence, _place(draft, fault)) for fault in faults],
        "departments": [(each, uses[each.name]) for each in content.departments],
        "seats": [(LeadingPart(each.part).label, each.office) for each in content.leading_group],
        "arrangements": [
            (ArrangementKind(each.kind).label, Every(each.every).label if each.every else "", each)
            for each in content.arrangements
        ],
        "points_words": points_words(content),
        "plan": getattr(standard, "plan", None),
        "reader_url": reader_url(standard),
        "campaign_url": _campaign_url(draft),
        "is_in_use": draft.is_published and draft.county.campaigns.filter(standard__code=standard.code).exists(),
        "later": later_version(standard) if draft.is_published else None,
        "may_renumber": is_only_version(standard),
    }
    return draft.render(request, "drafting/draft.html", context)


def _place(draft: Draft, fault: DraftFault) -> str:
    if fault.part == "plan":
        return draft.url("plan-review")
    if not fault.item:
        return draft.url(_PAGES.get(fault.part, "draft-head"))
    item = draft.url("draft-item", number=fault.item)
    if fault.part in ("item", "departments", "evidence"):
        return f"{item}#{fault.part}"
    return draft.url("criterion-edit", number=fault.item, criterion=fault.part)


def _campaign_url(draft: Draft) -> str:
    return reverse("assessments:campaign", kwargs={"county": draft.county.code})


@require_safe
@of_draft
def changes(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What was changed since it was copied, or since the version before, also while it is a draft."""
    origin = draft.standard.copied_from
    if origin is None:
        raise Http404("这个标准不是复制来的，没有可以比较的原标准。")
    found = compare(content_of(origin), draft.content)
    lines = lines_of(found, specs_of(draft.county.code), figures_alone=False)
    context = {
        "old": origin,
        "new": draft.standard,
        "found": found,
        "lines": lines,
        **{kind: lines.count(kind) for kind in ("added", "removed", "changed")},
        "old_url": reader_url(origin),
        "new_url": draft.url(),
    }
    return draft.render(request, "indicators/compare.html", context)
