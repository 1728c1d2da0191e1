"""Addresses of the pages about a county's standing. Institutions' own addresses come before these (tcm_demo/urls.py)."""

from django.urls import include, path, register_converter

from assessments.views import campaign, county, item, items


class PeriodConverter:
    """Only what can be a period is one, so that `c/<county>/import/…` is never taken for a standard and a period."""

    regex = r"20\d\d(?:Q[1-4]|-(?:0[1-9]|1[0-2]))?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value) -> str:
        return str(value)


register_converter(PeriodConverter, "period")

app_name = "assessments"

# each view takes a Frame (views/frame.py) in place of county, standard and period
pages = [
    path("", county.overview, name="county"),
    path("items/", items.item_table, name="items"),
    path("items/<str:number>/", item.item_page, name="item"),
    path("items/<str:number>/evidence/<str:code>/", item.judge, name="judge-evidence"),
]

urlpatterns = [
    path("c/<str:county>/", county.county_home, name="county-home"),
    path("c/<str:county>/campaign/", campaign.campaign_form, name="campaign"),
    path("c/<str:county>/<str:standard>/<period:period>/", include(pages)),
]
