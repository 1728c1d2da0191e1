"""The queue has no page in the admin: what people need to know about a job stands where it was asked for."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

admin.site.unregister(DBTaskResult)
