"""Addresses below an item's page; each view takes a Frame in place of county, standard and period."""

from django.urls import path

from assessments.views import item_charge, item_statement, item_steps, item_words

pages = [
    path("statement/", item_statement.statement, name="item-statement"),
    path("statement/<int:version>/back/", item_statement.back, name="item-statement-back"),
    path("note/", item_words.note, name="item-note"),
    path("comment/", item_words.comment, name="item-comment"),
    path("charge/", item_charge.charge, name="item-charge"),
    path("steps/", item_steps.steps, name="item-steps"),
]
