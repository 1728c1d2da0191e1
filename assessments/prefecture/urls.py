"""Addresses of a prefecture's pages."""

from django.urls import include, path

from assessments.views import prefecture, prefecture_ledger

# each view takes a PrefectureFrame in place of prefecture, standard and period
pages = [
    path("", prefecture.prefecture_page, name="prefecture"),
    path("counties.xlsx", prefecture.prefecture_export, name="prefecture-export"),
    path("ledger/", prefecture_ledger.ledger_page, name="prefecture-ledger"),
    path("ledger.xlsx", prefecture_ledger.ledger_export, name="prefecture-ledger-export"),
]

urlpatterns = [
    path("", prefecture.prefecture_home, name="prefecture-home"),
    path("<str:standard>/<period:period>/", include(pages)),
]
