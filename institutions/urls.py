"""Addresses of the ledger's import, one step after the other."""

from django.urls import path

from institutions.views import check, columns, start, write

app_name = "institutions"

urlpatterns = [
    path("c/<str:county>/import/", start.start, name="import"),
    path("c/<str:county>/import/<uuid:upload>/", write.result, name="import-result"),
    path("c/<str:county>/import/<uuid:upload>/columns/", columns.columns, name="import-columns"),
    path("c/<str:county>/import/<uuid:upload>/check/", check.check, name="import-check"),
    path("c/<str:county>/import/<uuid:upload>/marked.xlsx", check.marked, name="import-marked"),
    path("c/<str:county>/import/<uuid:upload>/write/", write.confirm, name="import-write"),
    path("c/<str:county>/import/<uuid:upload>/progress/", write.progress, name="import-progress"),
    path("c/<str:county>/import/<uuid:upload>/drop/", start.drop, name="import-drop"),
]
