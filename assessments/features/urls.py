"""Addresses below c/<county>/features/."""

from django.urls import path

from assessments.views import features

urlpatterns = [
    path("", features.features, name="features"),
    path("new/", features.feature_new, name="feature-new"),
    path("<int:pk>/", features.feature, name="feature"),
    path("<int:pk>/progress/", features.feature_progress, name="feature-progress"),
    path("<int:pk>/withdraw/", features.feature_withdraw, name="feature-withdraw"),
]
