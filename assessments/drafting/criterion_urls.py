"""Addresses of an item's criteria: c/<county>/standards/<code>/<version>/items/<number>/criteria/…"""

from django.urls import path

from assessments.drafting.views import criteria

pages = [
    path("new/", criteria.criterion_new, name="criterion-new"),
    path("preview/", criteria.criterion_preview, name="criterion-preview"),
    path("<str:criterion>/", criteria.criterion_edit, name="criterion-edit"),
    path("<str:criterion>/remove/", criteria.criterion_remove, name="criterion-remove"),
]
