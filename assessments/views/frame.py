"""What all pages of a county, a standard and a period share: permission and fetch in one step, the period switch."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse

from assessments.access import Desk, desk_of
from assessments.content import StandingContent, standing_content
from assessments.models import Campaign, Standing
from indicators.formula import ElementSpec
from indicators.models import Standard
from indicators.queries import element_specs
from institutions.access import CHECKING_ROLES, WRITING_ROLES, county_for, roles_in
from institutions.models import County
from institutions.period import Period
from tcm_demo.accounts.models import User


@dataclass(frozen=True)
class Frame:
    """One county's work towards one standard in one period, as one person may see it.

    `standing` is None where nothing was computed for the period.
    """

    county: County
    campaign: Campaign
    campaigns: tuple[Campaign, ...]
    period: Period
    standing: Standing | None
    may_write: bool
    may_check: bool
    user: User

    @property
    def standard(self) -> Standard:
        return self.campaign.standard

    def url(self, name: str, **kwargs) -> str:
        """The address of a page of this county, standard and period: `frame.url("item", number="24")`."""
        return page_url(self.campaign, name, self.period.text, **kwargs)

    @cached_property
    def desk(self) -> Desk:
        """On which items this person works; three queries at most."""
        return desk_of(self.user, self.campaign)

    @cached_property
    def elements(self) -> dict[str, ElementSpec]:
        return element_specs()

    @cached_property
    def content(self) -> StandingContent:
        """The standing with names and words; seven queries. Only where there is a standing."""
        return standing_content(self.standard, self.standing.result, self.elements)

    @cached_property
    def _scored(self) -> set[tuple[int, str]]:
        """(standard's pk, period) of what was computed, and of each campaign's own period. One query."""
        known = {(self.campaign.standard_id, self.period.text)}
        known |= {(each.standard_id, each.period) for each in self.campaigns}
        return known | set(self.county.standings.values_list("standard_id", "period"))

    @property
    def switch(self) -> list[tuple[str, str, bool]]:
        """(label, address, whether it is this one) of every period of this standard, the latest first; empty where
        there is only this one."""
        texts = sorted((text for pk, text in self._scored if pk == self.campaign.standard_id), reverse=True)
        entries = [
            (str(Period.parse(text)), page_url(self.campaign, "county", text), text == self.period.text)
            for text in texts
        ]
        return entries if len(entries) > 1 else []

    def standards(self, here: ResolverMatch) -> list[tuple[str, str, bool]]:
        """(title, address, whether it is this one) of the standards that the county works towards; empty where there
        is only this one. The address is that of the page `here`, where every standard has one."""
        by_code = {each.standard.code: each for each in self.campaigns}
        entries = [(each.standard.title, self._other(each, here), each == self.campaign) for each in by_code.values()]
        return entries if len(entries) > 1 else []

    def _other(self, campaign: Campaign, here: ResolverMatch) -> str:
        """The page `here` of another campaign, in the same period where that was computed."""
        codes = {"county": campaign.county.code, "standard": campaign.standard.code}
        if here.url_name.startswith("campaign"):
            own = here.kwargs.keys() == codes.keys()
            return reverse(here.view_name if own else "assessments:campaign-of", kwargs=codes)
        page = here.url_name if here.kwargs.keys() == codes.keys() | {"period"} else "county"
        same = (campaign.standard_id, self.period.text) in self._scored
        return page_url(campaign, page, self.period.text if same else campaign.period)

    def render(self, request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
        """The page with what the base template needs beside `context`."""
        shared = {
            "frame": self,
            "county": self.county.name,
            "standard": self.standard.title,
            "period": str(self.period),
            "periods": self.switch,
            "standards": self.standards(request.resolver_match),
        }
        return render(request, template, shared | context, status=status)


def page_url(campaign: Campaign, name: str, period: str, **kwargs) -> str:
    here = {"county": campaign.county.code, "standard": campaign.standard.code, "period": period}
    return reverse(f"assessments:{name}", kwargs=here | kwargs)


def frame_for(
    user, county: str, standard: str, period: str, *, to_write: bool = False, to_check: bool = False
) -> Frame:
    """The frame of these codes as the user may see it. Raises Http404, and PermissionDenied as `county_for` does."""
    found = county_for(user, county, to_write=to_write, to_check=to_check)
    campaigns = tuple(found.campaigns.select_related("standard", "county"))
    # two versions of one standard share its code: the county works towards the one that it took up last
    campaign = next((each for each in reversed(campaigns) if each.standard.code == standard), None)
    if campaign is None:
        raise Http404("本县（区）没有按这一标准开展创建。")
    standing = Standing.objects.filter(county=found, standard=campaign.standard, period=period).first()
    roles = roles_in(user, found)
    return Frame(
        found,
        campaign,
        campaigns,
        Period.parse(period),
        standing,
        may_write=not roles.isdisjoint(WRITING_ROLES),
        may_check=not roles.isdisjoint(CHECKING_ROLES),
        user=user,
    )


def assessment_page(
    view: Callable[..., HttpResponse] | None = None,
    *,
    to_write: bool = False,
    to_check: bool = False,
    empty: bool = False,
):
    """For views of `c/<county>/<standard>/<period>/…`: calls `view(request, frame, ...)`.

    A period without a standing has nothing to show on any page but the county's, which says what to do (`empty`).
    """
    if view is None:
        return lambda each: assessment_page(each, to_write=to_write, to_check=to_check, empty=empty)

    @wraps(view)
    def framed(request: HttpRequest, county: str, standard: str, period: str, **kwargs) -> HttpResponse:
        frame = frame_for(request.user, county, standard, period, to_write=to_write, to_check=to_check)
        request.frame = frame  # for the navigation, which every page has
        if frame.standing is None and not empty:
            return redirect(frame.url("county"))
        return view(request, frame, **kwargs)

    return framed
