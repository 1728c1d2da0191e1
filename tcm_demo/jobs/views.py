"""The page of one job, and what can be done with it. Who may is asked of its kind; for others it does not exist."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tcm_demo.audit.exports import exported
from tcm_demo.jobs import files
from tcm_demo.jobs.content import shown
from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.kinds import kind_of
from tcm_demo.jobs.models import Job
from tcm_demo.jobs.services import ask_again, cancel
from tcm_demo.lib.downloads import download

GONE = "这个文件还没有生成，或已过期。请重新生成。"


@require_safe
def job_page(request: HttpRequest, token: UUID) -> HttpResponse:
    """htmx asks for the part of it that changes, again and again while there is something to wait for."""
    return _show(request, _job(request, token))


@require_POST
def cancel_job(request: HttpRequest, token: UUID) -> HttpResponse:
    job = _job(request, token, to_change=True)
    cancel(job, by=request.user)
    return _answer(request, job)


@require_POST
def job_again(request: HttpRequest, token: UUID) -> HttpResponse:
    return _answer(request, ask_again(_job(request, token, to_change=True), by=request.user))


@require_safe
def job_file(request: HttpRequest, token: UUID) -> FileResponse:
    job = _job(request, token)
    try:
        content = files.file_of(job).open("rb") if job.state == JobState.DONE else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404(GONE)
    exported(request, "job_file", job, place=job.place, file=job.file_name, bytes=job.file_size)
    return download(content, job.file_name, content_type=job.content_type)


def _job(request: HttpRequest, token: UUID, *, to_change: bool = False) -> Job:
    """The job of this token that this person may see. Raises Http404; PermissionDenied for who may only look."""
    job = get_object_or_404(Job.objects.select_related("asked_by"), token=token)
    try:
        kind = kind_of(job)
    except LookupError:
        raise Http404(GONE) from None
    if not kind.may_see(request.user, job):
        raise Http404("没有这个任务，或已过期。")
    if to_change and not kind.may_change(request.user, job):
        raise PermissionDenied("您只能查看和下载，不能取消或重新生成。")
    return job


def _answer(request: HttpRequest, job: Job) -> HttpResponse:
    """In place, or without scripts on the page where it was asked for."""
    return _show(request, job) if request.htmx else redirect(kind_of(job).page(job))


def _show(request: HttpRequest, job: Job) -> HttpResponse:
    kind = kind_of(job)
    context = {"shown": shown([job], lambda each: kind.may_change(request.user, each))[0], "page": kind.page(job)}
    return render(request, "jobs/_job.html" if request.htmx else "jobs/job.html", context)
