"""Addresses about the accounts of a county: c/<county>/people/…"""

from django.urls import path

from institutions.views import people, people_account, people_import, people_person

urlpatterns = [
    path("", people.people, name="people"),
    path("new/", people_account.new_account, name="people-new"),
    path("reset/", people_account.reset_many, name="people-reset"),
    path("uncovered/", people.uncovered, name="people-uncovered"),
    path("institutions/", people.institution_choices, name="people-institutions"),
    path("template.xlsx", people_import.template_file, name="people-template"),
    path("import/", people_import.upload, name="people-import"),
    path("import/confirm/", people_import.confirm, name="people-confirm"),
    path("<int:person>/", people_person.person, name="person"),
    path("<int:person>/facts/", people_person.facts, name="person-facts"),
    path("<int:person>/state/", people_person.state, name="person-state"),
    path("<int:person>/unlock/", people_person.unlock, name="person-unlock"),
    path("<int:person>/second-factor-off/", people_person.factor_off, name="person-factor-off"),
    path("<int:person>/reset/", people_person.reset, name="person-reset"),
    path("<int:person>/roles/", people_person.give_role, name="person-role"),
    path("<int:person>/roles/<int:grant>/remove/", people_person.take_role, name="person-role-remove"),
]
