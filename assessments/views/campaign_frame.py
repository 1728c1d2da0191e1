"""What the pages of a campaign share: permission and fetch in one step."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from assessments.models import Campaign
from assessments.views.frame import Frame, frame_for
from institutions.access import county_for


def campaign_url(campaign: Campaign, name: str = "campaign-of") -> str:
    here = {"county": campaign.county.code, "standard": campaign.standard.code}
    return reverse(f"assessments:{name}", kwargs=here)


def of_campaign(view: Callable[..., HttpResponse] | None = None, *, to_write: bool = False):
    """For views of `c/<county>/campaign/<standard>/…`: calls `view(request, frame, ...)`.

    The frame is that of the campaign's current period; it may have no standing.
    """
    if view is None:
        return lambda each: of_campaign(each, to_write=to_write)

    @wraps(view)
    def framed(request: HttpRequest, county: str, standard: str, **kwargs) -> HttpResponse:
        frame = campaign_frame(request, county, standard, to_write=to_write)
        if frame is None:
            raise Http404("本县（区）没有按这一标准开展创建。")
        return view(request, frame, **kwargs)

    return framed


def campaign_frame(request: HttpRequest, county: str, standard: str = "", *, to_write: bool = False) -> Frame | None:
    """The frame of the county's campaign for this standard, or of its first one; None where there is none.

    Raises Http404, PermissionDenied.
    """
    found = county_for(request.user, county, to_write=to_write)
    campaigns = found.campaigns.select_related("standard")
    # as frame_for: of several versions of one standard the one that was taken up last
    campaign = campaigns.filter(standard__code=standard).last() if standard else campaigns.first()
    if campaign is None:
        return None
    frame = frame_for(request.user, county, campaign.standard.code, campaign.period, to_write=to_write)
    request.frame = frame  # for the navigation, which every page has
    return frame


def crumbs(frame: Frame) -> list[tuple[str, str]]:
    return [("创建工作", campaign_url(frame.campaign))]
