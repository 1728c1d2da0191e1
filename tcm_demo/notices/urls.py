from django.urls import path

from tcm_demo.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read-all"),
    path("notices/<int:pk>/read/", views.read_one, name="read"),
]
