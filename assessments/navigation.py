"""The navigation of every page (a context processor), so that pages of rooms below this one show the same."""

from django.http import HttpRequest
from django.urls import reverse

from assessments.models import Campaign
from assessments.views.frame import page_url
from institutions.access import counties_for, may_write
from institutions.models import County

Entry = tuple[str, str, bool]

# the pages that belong to each entry, by the name of their address
ITEMS = ("items", "item", "judge-evidence")
INSTITUTIONS = ("institutions", "institution")
STANDARDS = ("standards", "standard")


def navigation(request: HttpRequest) -> dict:
    """`nav`: (label, address, whether the page is part of it); worked out only where a template asks for it."""
    return {"nav": lambda: entries(request)}


def entries(request: HttpRequest) -> list[Entry]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    frame = getattr(request, "frame", None)
    if frame:
        return _of_campaign(request, frame.campaign, frame.period.text, frame.may_write)
    county = _county(request)
    campaign = county and county.campaigns.select_related("standard", "county").first()
    if campaign:
        return _of_campaign(request, campaign, campaign.period, may_write(user, county))
    return [_standards(request)]


def _county(request: HttpRequest) -> County | None:
    """The county in the address, or the only one that the user has."""
    match = request.resolver_match
    code = match.kwargs.get("county") if match else None
    counties = counties_for(request.user)
    found = list(counties.filter(code=code)[:1] if code else counties[:2])
    return found[0] if len(found) == 1 else None


def _of_campaign(request: HttpRequest, campaign: Campaign, period: str, writes: bool) -> list[Entry]:
    match = request.resolver_match
    page = match.url_name if match and match.app_name == "assessments" else ""
    found = [
        ("达标总览", page_url(campaign, "county", period), page == "county"),
        ("条目", page_url(campaign, "items", period), page in ITEMS),
        ("机构", page_url(campaign, "institutions", period), page in INSTITUTIONS),
        ("自评报告", page_url(campaign, "report", period), page == "report"),
    ]
    if writes:
        importing = bool(match) and match.app_name == "institutions"
        url = reverse("institutions:import", kwargs={"county": campaign.county.code})
        found.append(("导入台账", f"{url}?period={period}", importing))
    return [*found, _standards(request)]


def _standards(request: HttpRequest) -> Entry:
    match = request.resolver_match
    current = bool(match) and match.app_name == "indicators" and match.url_name in STANDARDS
    return ("建设标准", reverse("indicators:standards"), current)
