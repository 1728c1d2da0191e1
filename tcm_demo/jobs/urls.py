from django.urls import path

from tcm_demo.jobs import views

app_name = "jobs"

urlpatterns = [
    path("jobs/<uuid:token>/", views.job_page, name="job"),
    path("jobs/<uuid:token>/cancel/", views.cancel_job, name="cancel"),
    path("jobs/<uuid:token>/again/", views.job_again, name="again"),
    path("jobs/<uuid:token>/file", views.job_file, name="file"),
]
