"""All addresses of the project, and a page of places to upload to, which fetches itself anew when files came in."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from assessments.models import Piece
from assessments.uploads.area import upload_area
from indicators.models import EvidenceRequirement
from institutions.models import County

PAGE = """{% extends "base.html" %}{% load static %}
{% block title %}上传{% endblock %}
{% block styles %}<link rel="stylesheet" href="{% static 'css/upload.css' %}">{% endblock %}
{% block content %}
<div id="all" hx-get="/upload-page/" hx-trigger="evidence:changed from:document" hx-select="#all" hx-swap="outerHTML">
<p id="pieces">{{ pieces }}</p>
{% for code, area in areas %}
<section class="region" id="demand-{{ code }}" data-upload-drop>
  <h2>{{ code }}</h2>
  <details{% if not pieces %} open{% endif %}>
    <summary>上传材料</summary>
    {% include "evidence/_upload.html" with target=area %}
  </details>
</section>
{% endfor %}
</div>
{% endblock %}
{% block scripts %}{% include "evidence/_upload_scripts.html" %}{% endblock %}"""


def page(request: HttpRequest) -> HttpResponse:
    county = County.objects.get(code="A")
    requirements = EvidenceRequirement.objects.filter(item__number="1")
    areas = [(each.code, upload_area(county, requirement=each)) for each in requirements]
    context = {"areas": areas, "pieces": Piece.objects.count()}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("upload-page/", page, name="upload-page"), path("", include("tcm_demo.urls"))]
