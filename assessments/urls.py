"""Addresses of the pages about a county's standing."""

from django.urls import include, path, register_converter

from assessments import evidence_urls
from assessments.monthly.urls import pages as ledger_pages
from assessments.snapshots.urls import pages as snapshot_pages
from assessments.views import (
    binders,
    county,
    departments,
    institution,
    institutions,
    item,
    items,
    meaning,
    my_evidence,
    report,
    today,
    uploads,
)
from assessments.work.urls import pages as work_pages


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
    path("departments/", departments.departments, name="departments"),
    path("departments/<int:pk>/", departments.department, name="department"),
    path("items/", items.item_table, name="items"),
    path("items/<str:number>/", item.item_page, name="item"),
    path("items/<str:number>/", include(work_pages)),
    path("items/<str:number>/evidence/", include(evidence_urls.of_items)),
    path("institutions/", institutions.institution_table, name="institutions"),
    path("institutions.xlsx", institutions.institution_workbook, name="institutions-export"),
    path("institutions/<str:code>/", institution.institution_page, name="institution"),
    path("report/", report.report_page, name="report"),
    path("report/draft/", report.export_draft, name="report-draft"),
    path("report/final/", report.export_final, name="report-final"),
    path("report/kept/<int:assessment>/", report.export_again, name="report-again"),
    path("report/exports/<str:token>/", report.export_file, name="report-file"),
    path("report/exports/<str:token>/make/", report.make_export, name="report-make"),
    path("report/exports/<str:token>/progress/", report.export_progress, name="report-progress"),
    *snapshot_pages,
    *ledger_pages,
    path("binders/", binders.binders, name="binders"),
]

urlpatterns = [
    path("today/", today.today, name="today"),
    path("fill/evidence/", my_evidence.my_evidence, name="my-evidence"),
    path("c/<str:county>/", county.county_home, name="county-home"),
    path("c/<str:county>/fill/<period:period>/<str:code>/meaning/", meaning.meaning, name="meaning"),
    path("c/<str:county>/campaign/", include("assessments.campaigns.urls")),
    path("c/<str:county>/standards/", include("assessments.drafting.urls")),
    path("c/<str:county>/evidence/", include(evidence_urls.of_county)),
    path("c/<str:county>/features/", include("assessments.features.urls")),
    path("c/<str:county>/", include("assessments.matrix.urls")),
    path("c/<str:county>/uploads/", uploads.uploads, name="uploads"),
    path("c/<str:county>/uploads/<uuid:token>/", uploads.upload, name="upload"),
    path("c/<str:county>/<str:standard>/<period:period>/", include(pages)),
    path("p/<str:prefecture>/", include("assessments.prefecture.urls")),
]
