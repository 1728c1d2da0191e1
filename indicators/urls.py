"""Addresses of the standards, which everybody who is signed in may read."""

from django.urls import path

from indicators import views

app_name = "indicators"

urlpatterns = [
    path("standards/", views.standard_list, name="standards"),
    path("standards/<str:code>/", views.standard_page, name="standard"),
]
