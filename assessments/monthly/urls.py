"""Addresses below c/<county>/<standard>/<period>/; each view takes a Frame in place of those three."""

from django.urls import path

from assessments.views import ledger

pages = [
    path("ledger/", ledger.ledger_page, name="ledger"),
    path("ledger.xlsx", ledger.ledger_export, name="ledger-export"),
]
