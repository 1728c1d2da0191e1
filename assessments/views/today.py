"""The first page after signing in, of whoever has something to do: what waits for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.desks.today import waits_for


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    groups = waits_for(request.user)
    return render(request, "desks/today.html", {"groups": groups, "day": timezone.localdate()})
