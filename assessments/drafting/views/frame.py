"""What the pages of a county's own standard share: permission and fetch in one step."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from indicators.contents import StandardContent
from indicators.enums import StandardState
from indicators.models import Standard
from indicators.queries import content_of
from institutions.access import county_for
from institutions.models import County

PUBLISHED = "“{standard}”已发布，不再改动。要修改，请在它的页面上另立新版本。"


@dataclass(frozen=True)
class Draft:
    """One of the county's own standards, in any state, as its office has it."""

    county: County
    standard: Standard

    @cached_property
    def content(self) -> StandardContent:
        """Eight queries."""
        return content_of(self.standard)

    @property
    def is_published(self) -> bool:
        return self.standard.state == StandardState.PUBLISHED

    def url(self, name: str = "draft", **kwargs) -> str:
        return draft_url(self.standard, name, **kwargs)

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Down to the standard's own page, for the pages below it."""
        own = reverse("assessments:own-standards", kwargs={"county": self.county.code})
        return [("本县标准", own), (f"{self.standard.title}（第 {self.standard.version} 版）", self.url())]

    def render(self, request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
        """The page with what the base template needs beside `context`."""
        shared = {"draft": self, "own": self.standard, "county": self.county.name, "standard": self.standard.title}
        return render(request, template, shared | {"crumbs": self.crumbs} | context, status=status)


def draft_url(standard: Standard, name: str = "draft", **kwargs) -> str:
    here = {"county": standard.owner, "code": standard.code, "version": standard.version}
    return reverse(f"assessments:{name}", kwargs=here | kwargs)


def draft_for(user, county: str, code: str, version: str, *, to_change: bool = False) -> Draft:
    """The county's own standard of this code and version, for its office alone. Raises Http404; PermissionDenied for
    who only reads the county and, `to_change`, where it is published."""
    found = county_for(user, county, to_write=True)
    standard = get_object_or_404(Standard, owner=found.code, code=code, version=version)
    if to_change and standard.state == StandardState.PUBLISHED:
        raise PermissionDenied(PUBLISHED.format(standard=standard))
    return Draft(found, standard)


def of_draft(view: Callable[..., HttpResponse] | None = None, *, to_change: bool = False):
    """For views of `c/<county>/standards/<code>/<version>/…`: calls `view(request, draft, ...)`."""
    if view is None:
        return lambda each: of_draft(each, to_change=to_change)

    @wraps(view)
    def framed(request: HttpRequest, county: str, code: str, version: str, **kwargs) -> HttpResponse:
        return view(request, draft_for(request.user, county, code, version, to_change=to_change), **kwargs)

    return framed
