"""Addresses of the ledger's import, one step after the other."""

from django.urls import include, path

from institutions.views import check, columns, fill, fill_check, review, start, workbook, write

app_name = "institutions"

# one institution's report in a round, for its clerk (views/fill_desk.py)
filling = [
    path("", fill.fill, name="fill"),
    path("save/", fill.save, name="fill-save"),
    path("copy/", fill.copy, name="fill-copy"),
    path("check/", fill_check.check, name="fill-check"),
    path("submit/", fill_check.submit, name="fill-submit"),
    path("history/", fill_check.history, name="fill-history"),
    path("workbook.xlsx", workbook.fill_workbook, name="fill-workbook"),
    path("import/", start.fill_import, name="fill-import"),
]

urlpatterns = [
    path("c/<str:county>/fill/<str:period>/<str:code>/", include(filling)),
    path("c/<str:county>/import/", start.start, name="import"),
    path("c/<str:county>/import/<uuid:upload>/", write.result, name="import-result"),
    path("c/<str:county>/import/<uuid:upload>/columns/", columns.columns, name="import-columns"),
    path("c/<str:county>/import/<uuid:upload>/check/", check.check, name="import-check"),
    path("c/<str:county>/import/<uuid:upload>/marked.xlsx", check.marked, name="import-marked"),
    path("c/<str:county>/import/<uuid:upload>/write/", write.confirm, name="import-write"),
    path("c/<str:county>/import/<uuid:upload>/progress/", write.progress, name="import-progress"),
    path("c/<str:county>/import/<uuid:upload>/drop/", start.drop, name="import-drop"),
    path("c/<str:county>/rounds/<str:period>/workbook.xlsx", workbook.workbook, name="workbook"),
    path("c/<str:county>/people/", include("institutions.people.urls")),
    path("c/<str:county>/rounds/", include("institutions.rounds.urls")),
    # one report being checked; after the addresses of its round, which look like codes
    path("c/<str:county>/rounds/<str:period>/<str:code>/", review.review, name="review"),
    path("c/<str:county>/rounds/<str:period>/<str:code>/decide/", review.review_decide, name="review-decide"),
    path("", include("institutions.filling.grid_urls")),
]
