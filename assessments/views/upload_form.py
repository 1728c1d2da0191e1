"""Uploading without scripts: an ordinary form, whose files are taken in at once, and back to the page it stood on."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect

from assessments.uploads import metadata, parts, services
from assessments.uploads.access import Target, target_for
from assessments.uploads.outcome import outcome_of
from assessments.uploads.refusals import UploadRefused

# what a form needs beside its files
_MARGIN = 1024 * 1024


def by_form(request: HttpRequest, county: str) -> HttpResponse:
    """Nothing of the form is read, its token neither, before it is known to be of a size that is received."""
    most = settings.EVIDENCE_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most + _MARGIN:
        sentence = f"一次上传的文件合计超过 {parts.readable(most)}，没有接收。请分几次上传，或先压缩、拆分。"
        messages.error(request, sentence)
        return _back(request, county)
    try:
        return _receive_form(request, county)
    except UploadRefused as refused:
        messages.error(request, str(refused))
        return _back(request, county)
    except OSError as error:
        if error.errno not in parts.FULL:
            raise
        messages.error(request, parts.NO_ROOM)
        return _back(request, county)


@csrf_protect
def _receive_form(request: HttpRequest, county: str) -> HttpResponse:
    about = metadata.from_fields(request.POST, "")
    target = target_for(
        request.user, county, requirement=about.requirement, institution=about.institution, replaces=about.replaces
    )
    files = request.FILES.getlist("file")
    if not files:
        messages.error(request, "没有选择文件。请先选择文件，再点“上传”。")
    for file in files:
        _receive(request, target, file)
    return _back(request, county)


def _receive(request: HttpRequest, target: Target, file: UploadedFile) -> None:
    upload = None
    try:
        upload = services.begin(target, name=file.name, size=file.size, by=request.user)
        services.append(upload, 0, file.read, file.size)
        outcome = outcome_of(services.finish(upload, by=request.user), request.user)
    except UploadRefused as refused:
        messages.error(request, str(refused))
        if upload:  # a form cannot go on with it
            services.drop(upload)
        return
    if outcome.state == "refused":
        linked = format_html('<a href="{}">{}</a>', outcome.url, outcome.sentence) if outcome.url else outcome.sentence
        messages.error(request, linked)
        return
    messages.success(request, f"“{outcome.name}”{outcome.sentence}。")
    for sentence in (*outcome.notes, *outcome.twins):
        messages.warning(request, f"“{outcome.name}”：{sentence}")


def _back(request: HttpRequest, county: str) -> HttpResponse:
    """To the page that the form stood on, where it is one of ours."""
    came_from = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        parsed = urlsplit(came_from)
        page = parsed.path + (f"?{parsed.query}" if parsed.query else "")
        if page.startswith("/") and url_has_allowed_host_and_scheme(page, None):
            return redirect(page)
    return redirect("assessments:county-home", county)
