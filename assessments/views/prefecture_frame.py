"""What all pages of a prefecture share: permission and fetch in one step, the switch of standards and periods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from assessments.models import Campaign
from assessments.prefecture.access import prefecture_for
from assessments.prefecture.queries import campaigns_of, counties_of, known_pages, newest_version, version_in_use
from assessments.scoring.items import STATUSES
from indicators.models import Standard
from institutions.models import County
from institutions.period import Period
from tcm_demo.lib.lights import light


@dataclass(frozen=True)
class PrefectureFrame:
    """One prefecture's counties at one standard in one period.

    `standard`: the version that most of them work towards; `newest`: the current one; `campaigns`: by the county's pk,
    of those that work towards any version; `known`: as prefecture.queries.known_pages.
    """

    prefecture: County
    counties: Sequence[County]
    campaigns: Mapping[int, Campaign]
    standard: Standard
    newest: Standard | None
    period: Period
    known: Mapping[str, dict]

    def url(self, name: str = "prefecture", *, standard: str = "", period: str = "") -> str:
        codes = [self.prefecture.code, standard or self.standard.code, period or self.period.text]
        return reverse(f"assessments:{name}", args=codes)

    def _periods(self, code: str) -> set[str]:
        """The periods of a standard that there is something to see of."""
        periods = set(self.known.get(code, {}).get("periods", ()))
        return periods | {self.period.text} if code == self.standard.code else periods

    @property
    def switch(self) -> list[tuple[str, str, bool]]:
        """(label, address, whether it is this one) of every period of this standard, the latest first; empty where
        there is only this one."""
        texts = sorted(self._periods(self.standard.code), reverse=True)
        entries = [(str(Period.parse(text)), self.url(period=text), text == self.period.text) for text in texts]
        return entries if len(entries) > 1 else []

    def standards(self, page: str) -> list[tuple[str, str, bool]]:
        """(title, address, whether it is this one) of every standard, on the same page, in the same period where there
        is something to see of it, else in the latest; empty where there is only this one."""
        titles = {code: known["title"] for code, known in self.known.items()} | {
            self.standard.code: self.standard.title
        }
        entries = []
        for code in sorted(titles):
            periods = self._periods(code)
            period = self.period.text if self.period.text in periods else max(periods, default=self.period.text)
            entries.append((titles[code], self.url(page, standard=code, period=period), code == self.standard.code))
        return entries if len(entries) > 1 else []

    @property
    def beside(self) -> dict[str, Period | None]:
        """The known periods just before and after this one, of the same kind: each kind has a length of its own."""
        periods = self.known.get(self.standard.code, {}).get("periods", ())
        same = sorted(text for text in periods if len(text) == len(self.period.text))
        before = [text for text in same if text < self.period.text]
        after = [text for text in same if text > self.period.text]
        return {
            "previous": Period.parse(before[-1]) if before else None,
            "next": Period.parse(after[0]) if after else None,
        }

    def render(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        """The page with what the base template needs beside `context`."""
        shared = {
            "frame": self,
            "county": self.prefecture.name,
            "standard": self.standard.title,
            "period": str(self.period),
            "periods": self.switch,
            "standards": self.standards(request.resolver_match.url_name),
            "heat_key": [light(status) for status in STATUSES],
        }
        return render(request, template, shared | context)


def prefecture_frame(user, prefecture: str, standard: str, period: str) -> PrefectureFrame:
    """Six queries. Raises Http404."""
    found = prefecture_for(user, prefecture)
    counties = counties_of(found)
    campaigns = campaigns_of(counties, standard)
    newest = newest_version(found, counties, standard)
    shown = version_in_use(campaigns.values()) or newest
    if shown is None:
        raise Http404("没有这个建设标准。")
    return PrefectureFrame(found, counties, campaigns, shown, newest, Period.parse(period), known_pages(counties))


def prefecture_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of `p/<prefecture>/<standard>/<period>/…`: calls `view(request, frame, ...)`."""

    @wraps(view)
    def framed(request: HttpRequest, prefecture: str, standard: str, period: str, **kwargs) -> HttpResponse:
        return view(request, prefecture_frame(request.user, prefecture, standard, period), **kwargs)

    return framed
