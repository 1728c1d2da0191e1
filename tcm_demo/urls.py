"""All addresses, composed from the rooms."""

from django.contrib import admin
from django.urls import include, path

from assessments.views.county import home

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("tcm_demo.accounts.urls")),
    path("", include("tcm_demo.notices.urls")),
    path("", include("tcm_demo.jobs.urls")),
    path("audit/", include("tcm_demo.audit.urls")),
    path("admin/", admin.site.urls),
    path("", include("indicators.urls")),
    path("", include("institutions.urls")),
    path("", include("assessments.urls")),
]
