"""Addresses of a county's rounds: below c/<county>/rounds/. The page of one report stands beside them in urls.py."""

from django.urls import path

from institutions.views import reminders, round, round_end, rounds

urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("new/", rounds.new, name="round-new"),
    path("one-person/", rounds.one_person, name="rounds-one-person"),
    path("<str:period>/", round.worklist, name="round"),
    path("<str:period>/worklist.xlsx", round.workbook, name="round-worklist"),
    path("<str:period>/accept/", round.accept, name="round-accept"),
    path("<str:period>/return/", round.send_back, name="round-return"),
    path("<str:period>/edit/", rounds.edit, name="round-edit"),
    path("<str:period>/close/", round_end.close, name="round-close"),
    path("<str:period>/reopen/", round_end.reopen, name="round-reopen"),
    path("<str:period>/remind/", reminders.remind_late, name="remind"),
    path("<str:period>/late/", reminders.late, name="round-late"),
]
