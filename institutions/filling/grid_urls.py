"""Addresses of a data clerk's home, and of the grid for institutions that report through another one."""

from django.urls import path

from institutions.views import grid, grid_submit, my_reports

GRID = "c/<str:county>/fill/<str:period>/<str:code>/grid"

urlpatterns = [
    path("fill/", my_reports.my_reports, name="my-reports"),
    path(f"{GRID}/", grid.grid, name="fill-grid"),
    path(f"{GRID}/save/", grid.save, name="fill-grid-save"),
    path(f"{GRID}/submit/", grid_submit.submit, name="fill-grid-submit"),
    path(f"{GRID}/row/<str:row>/", grid_submit.row, name="fill-grid-row"),
]
