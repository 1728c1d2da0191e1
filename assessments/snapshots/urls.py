"""Addresses below c/<county>/<standard>/<period>/; each view takes a Frame in place of those three."""

from django.urls import path

from assessments.views import snapshot_compare, snapshots

pages = [
    path("snapshots/", snapshots.snapshot_list, name="snapshots"),
    path("snapshots/new/", snapshots.take, name="snapshot-take"),
    path("snapshots/<int:assessment>/", snapshots.snapshot_page, name="snapshot"),
    path("snapshots/<int:assessment>/name/", snapshots.rename, name="snapshot-name"),
    path("snapshots/<int:assessment>/lock/", snapshots.lock, name="snapshot-lock"),
    path("snapshots/<int:assessment>/delete/", snapshots.delete, name="snapshot-delete"),
    path("compare/", snapshot_compare.compare_page, name="snapshot-compare"),
    path("compare/figures/", snapshot_compare.figures_page, name="snapshot-figures"),
    path("compare.xlsx", snapshot_compare.compare_workbook, name="snapshot-export"),
]
