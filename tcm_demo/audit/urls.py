from django.urls import path

from tcm_demo.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.events, name="events"),
    path("export.xlsx", views.export, name="export"),
    path("<int:pk>/", views.event, name="event"),
]
