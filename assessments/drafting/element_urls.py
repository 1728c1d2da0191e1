"""Addresses of a county's own data elements and checks: c/<county>/standards/elements/…"""

from django.urls import path

from assessments.drafting.views import elements

pages = [
    path("", elements.own_elements, name="own-elements"),
    path("new/", elements.element_new, name="own-element-new"),
    path("checks/new/", elements.check_new, name="own-check-new"),
    path("checks/<int:pk>/", elements.check_edit, name="own-check-edit"),
    path("checks/<int:pk>/remove/", elements.check_remove, name="own-check-remove"),
    path("<str:element>/", elements.element_edit, name="own-element-edit"),
    path("<str:element>/remove/", elements.element_remove, name="own-element-remove"),
]
