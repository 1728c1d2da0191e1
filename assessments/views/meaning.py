"""What one institution's figures mean before they are handed in: its light under every criterion that it touches.

Its draft is held against the county as it stands; the county's results do not count the draft.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.institution_lights import OwnLight, own_lights
from assessments.queries import standing_of
from assessments.scoring.program import Figures
from assessments.standing_services import score
from indicators.models import Standard
from indicators.queries import element_specs
from institutions.access import institution_for
from institutions.hooks import standards_of
from institutions.models import Institution, Round
from institutions.period import Period
from institutions.rounds.queries import asked_institutions, report_of, round_for, round_to_fill


@require_safe
@never_cache
def meaning(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    """A part of a page for htmx, else a page of its own; for its clerk and for who reads the county's pages."""
    round, institution = _round_and_institution(request.user, county, period, code)
    values = report_of(round, institution).values
    figures, elements = Figures(institution.code, institution.type, values), element_specs()
    parts = []
    for standard in standards_of(county=round.county):
        standing = standing_of(round.county, standard, round.period)
        result = standing.result if standing else score(round.county, standard, round.period).result
        parts.append(_part(standard, own_lights(standard, result, figures, elements)))
    context = {
        "parts": parts,
        "several": len(parts) > 1,
        "institution": institution,
        "county": round.county.name,
        "period": str(Period.parse(round.period)),
        "base": "assessments/_bare.html" if request.htmx else "base.html",
    }
    return render(request, "assessments/meaning.html", context)


def _round_and_institution(user, county: str, period: str, code: str) -> tuple[Round, Institution]:
    try:
        return round_to_fill(user, county, period, code)
    except Http404:
        round = round_for(user, county, period)
        institution = institution_for(user, county, code)
        get_object_or_404(asked_institutions(round), pk=institution.pk)
        return round, institution


def _part(standard: Standard, lights: list[OwnLight]) -> dict:
    url = reverse("indicators:standard", kwargs={"code": standard.code})
    rows = [{"light": each, "url": f"{url}#item-{each.criterion.item.number}"} for each in lights]
    return {
        "standard": standard,
        "counts": [
            ("unmet", sum(light.fails for light in lights)),
            ("undecided", sum(light.is_unknown for light in lights)),
            ("met", sum(light.status == "met" for light in lights)),
        ],
        "decided": [row for row in rows if row["light"].decided],
        "pooled": [row for row in rows if not row["light"].decided],
    }
