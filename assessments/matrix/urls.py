"""Addresses below c/<county>/: the same figures under several standards."""

from django.urls import path

from assessments.views import matrix, pair

urlpatterns = [
    path("matrix/<period:period>/", matrix.matrix_page, name="matrix"),
    path("matrix/<period:period>.xlsx", matrix.matrix_export, name="matrix-export"),
    path("compare/<period:period>/", pair.pair_page, name="standards-compare"),
]
