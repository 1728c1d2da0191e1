"""Addresses of the standards, which everybody who is signed in may read."""

from django.urls import path

from indicators import views
from indicators.differences.views import compare_page
from indicators.exchange.views import export

app_name = "indicators"

urlpatterns = [
    path("standards/", views.standard_list, name="standards"),
    path("standards/<str:code>/", views.standard_page, name="standard"),
    path("standards/<str:code>/compare/", compare_page, name="compare"),
    path("standards/<str:code>/export/", export, name="standard-export"),
]
