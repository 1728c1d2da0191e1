"""What holds for every request of somebody who is signed in."""

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from tcm_demo.accounts.owed import owed_page

STATUS = "accounts:session"
# A page that asks by itself, with nobody there, says so (static/js/session.js adds it to what htmx repeats).
POLL = "X-Poll"
# Where somebody who owes something may go
OPEN = {"accounts:password", "accounts:second-factor", "accounts:sign-out", STATUS}


class KeepSessionMiddleware:
    """A request that a person made keeps the session alive; one that a page repeats by itself does not.

    Browsers keep nothing of what it showed: after signing out, "back" on a shared PC leads to no page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        response = self.get_response(request)
        if SESSION_KEY in request.session and not _is_poll(request):
            request.session.touch()
        if SESSION_KEY in request.session:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class OwedStepsMiddleware:
    """Who has to change a password or set up a second factor gets no other page before that."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs):
        if not request.user.is_authenticated or request.resolver_match.view_name in OPEN:
            return None
        page = owed_page(request)
        if page is None:
            return None
        return HttpResponseClientRedirect(reverse(page)) if request.htmx else redirect(page)


def _is_poll(request: HttpRequest) -> bool:
    asks_only = request.resolver_match and request.resolver_match.view_name == STATUS and request.method == "GET"
    return bool(asks_only) or POLL in request.headers
