"""All items in one dense table; what is chosen stands in the address."""

from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.content import ItemContent, SectionContent
from assessments.forms import ItemsFilter
from assessments.scoring.items import STATUSES
from assessments.views.frame import Frame, assessment_page

# what the table sorts by beside the order of the standard; what is worst or has least of it comes first
SORTS = {
    "status": lambda row: -STATUSES.index(row["item"].status),
    "lead": lambda row: row["item"].lead,
    "criteria": lambda row: _met_share(row["item"].hard_met, len(row["item"].hard)),
    "evidence": lambda row: _met_share(row["item"].evidence_count["accepted"], row["item"].evidence_count["required"]),
}


@require_safe
@assessment_page
def item_table(request: HttpRequest, frame: Frame) -> HttpResponse:
    content = frame.content
    form = ItemsFilter(request.GET, content)
    rows = [
        {"item": item, "section": section, "url": frame.url("item", number=item.number)}
        for section in content.sections
        for item in section.items
        if _matches(form, section, item)
    ]
    context = {
        "form": form,
        "rows": _sorted(rows, request.GET.get("sort", "")),
        "total": content.summary["items"],
        "tally": [(status, sum(row["item"].status == status for row in rows)) for status in STATUSES],
    }
    return frame.render(request, "assessments/items.html", context)


def _matches(form: ItemsFilter, section: SectionContent, item: ItemContent) -> bool:
    status, number, department = (form.chosen(name) for name in ("status", "section", "department"))
    text = form.chosen("q")
    return (
        (not status or item.status == status)
        and (not number or str(section.number) == number)
        and (not department or department in (*item.lead, *item.cooperating))
        and (not text or text == item.number or text in f"{item.title}\n{item.requirement}")
    )


def _sorted(rows: list[dict], sort: str) -> list[dict]:
    """In the order of the standard among equals, and where the address asks for an unknown order."""
    if sort == "-number":
        return rows[::-1]
    key = SORTS.get(sort.removeprefix("-"))
    return sorted(rows, key=key, reverse=sort.startswith("-")) if key else rows


def _met_share(met: int, of: int) -> tuple[int, Fraction]:
    """Items that have none of it last."""
    return (0, Fraction(met, of)) if of else (1, Fraction(0))
