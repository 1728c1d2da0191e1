"""Reads of a prefecture: its counties, what they work towards, their stored results. Their number never grows with the
counties; no institution is read."""

from collections import Counter
from collections.abc import Iterable, Mapping

from assessments.models import Campaign, Standing
from indicators.models import Standard
from indicators.queries import current_standard, standards_for
from institutions.enums import CountyLevel
from institutions.models import County
from institutions.period import Period


def counties_of(prefecture: County) -> list[County]:
    return list(prefecture.counties.filter(level=CountyLevel.COUNTY).order_by("code"))


def campaigns_of(counties: Iterable[County], standard: str) -> dict[int, Campaign]:
    """County's pk -> its work towards the standard of this code, in the version that it took up last."""
    rows = Campaign.objects.filter(county__in=list(counties), standard__code=standard)
    return {row.county_id: row for row in rows.select_related("county", "standard").order_by("pk")}


def version_in_use(campaigns: Iterable[Campaign]) -> Standard | None:
    """The version that most counties work towards, of equals the newer one."""
    used = Counter(campaign.standard for campaign in campaigns)
    return max(used, key=lambda standard: (used[standard], standard.pk), default=None)


def newest_version(prefecture: County, counties: Iterable[County], standard: str) -> Standard | None:
    """The current version of this code among the standards of everybody, the prefecture and its counties."""
    owners = {"", prefecture.code, *(county.code for county in counties)}
    return current_standard(standard, among=standards_for(owners))


def known_pages(counties: Iterable[County]) -> dict[str, dict]:
    """Of every standard that counties work towards, by code: its title, `periods` that are known, and `used`: how many
    counties' own pages open with a period. Two queries."""
    counties, found = list(counties), {}
    for code, title, period in Campaign.objects.filter(county__in=counties).values_list(
        "standard__code", "standard__title", "period"
    ):
        page = found.setdefault(code, {"title": title, "periods": set(), "used": Counter()})
        page["periods"].add(period)
        page["used"][period] += 1
    kept = Standing.objects.filter(county__in=counties).order_by().values_list("standard__code", "period").distinct()
    for code, period in kept:
        if code in found:
            found[code]["periods"].add(period)
    return found


def most_used(pages: Mapping[str, dict]) -> tuple[str, str] | None:
    """(code of the standard, period) that most counties' pages open with; of equals the latest period."""
    used = {(code, period): n for code, page in pages.items() for period, n in page["used"].items()}
    return max(used, key=lambda key: (used[key], Period.parse(key[1]).last_day, key), default=None)


def contributions_of(campaigns: Mapping[int, Campaign], period: str) -> dict[int, dict | None]:
    """County's pk -> what its institutions together give to each criterion, as stored (scoring.stored). One query."""
    rows = Standing.objects.filter(
        county__in=list(campaigns), standard__in={each.standard_id for each in campaigns.values()}, period=period
    )
    columns = ("county_id", "standard_id", "contributions")
    return {
        county: contributions
        for county, standard, contributions in rows.values_list(*columns)
        if campaigns[county].standard_id == standard
    }
