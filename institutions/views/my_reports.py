"""The first page of a data clerk: rounds and own institutions, each with the next thing to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from institutions.access import counties_for
from institutions.filling.my_reports import home_of, office_people


@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """Whoever fills in for nobody is told so, and where to go."""
    home = home_of(request.user)
    if not home.own:
        reads = counties_for(request.user).exists()
        return render(request, "filling/my_reports_none.html", {"reads": reads})
    counties = {each.county for each in home.own}
    context = {
        "home": home,
        "county": "、".join(sorted(county.name for county in counties)),
        "several": len(counties) > 1,
        "office": [] if home.opened else list(office_people(counties).items()),
    }
    return render(request, "filling/my_reports.html", context)
