"""Step 4: one button that writes, its progress, and what came of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, reselect, reswap, retarget

from institutions.enums import ImportWay
from institutions.forms import DecisionForm
from institutions.importing.differences import counted
from institutions.importing.readiness import outlook_of
from institutions.importing.uploads import forget_progress, plan_upload, progress_of, read_upload, telling
from institutions.ledger.digest import plan_digest
from institutions.ledger.plan import ImportPlan
from institutions.ledger.terms import Decision
from institutions.ledger.workbook import LedgerFile, LedgerUnreadable
from institutions.models import LedgerUpload
from institutions.services import LedgerChanged, LedgerRefused, Undecided, write_upload
from institutions.views.step import CONFIRM, plan_page, render_step, start_url, step_url, upload_page, way_of


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, **address) -> HttpResponse:
    return (_write if request.method == "POST" else _ask)(request, **address)


@plan_page
def _ask(request: HttpRequest, upload: LedgerUpload, ledger: LedgerFile, plan: ImportPlan) -> HttpResponse:
    running = progress_of(upload)
    if not running and (plan.problems or plan.does_nothing):
        return redirect(step_url(upload, "import-check"))
    return _page(request, upload, plan, {"running": running})


def _page(request: HttpRequest, upload: LedgerUpload, plan: ImportPlan, more: dict, data=None) -> HttpResponse:
    outlook = outlook_of(plan)
    context = {
        "plan": plan,
        "counts": counted(plan.counts()),
        "notices": len(plan.notices),
        "digest": plan_digest(plan),
        "outlook": outlook,
        "form": DecisionForm(data, outlook),
        "fault": None,
    }
    return render_step(request, upload, CONFIRM, "import_write.html", context | more)


def _decision(data) -> Decision:
    """As it was sent; what is missing, services.write_upload tells."""
    way = data.get("way", "")
    words, reason = (" ".join(data.get(name, "").split()) for name in ("words", "reason"))
    return Decision(ImportWay(way) if way in ImportWay.values else None, words, reason, "unchanged" in data)


@upload_page
def _write(request: HttpRequest, upload: LedgerUpload) -> HttpResponse:
    """What was confirmed is written, or nothing. A second click, or a second tab, finds it written."""
    if not upload.written_at and not progress_of(upload):
        try:
            decision, seen = _decision(request.POST), request.POST.get("digest", "")
            write_upload(upload, by=request.user, decision=decision, seen=seen, progress=telling(upload))
        except LedgerUpload.DoesNotExist as gone:
            raise Http404("这次上传已经放弃。") from gone
        except LedgerUnreadable as unreadable:
            messages.error(request, f"没有写入：{unreadable}")
            return _go(request, start_url(upload))
        except Undecided as fault:
            return _ask_again(request, upload, fault)
        except (LedgerRefused, LedgerChanged) as refused:
            messages.error(request, str(refused))
            return _go(request, step_url(upload, "import-check"))
        finally:
            forget_progress(upload)
    return _go(request, step_url(upload, "import-result"))


def _ask_again(request: HttpRequest, upload: LedgerUpload, fault: Undecided) -> HttpResponse:
    """The page once more with what is missing; htmx puts its content in the place of the old one."""
    plan = plan_upload(upload, read_upload(upload), request.user)
    answer = _page(request, upload, plan, {"fault": fault}, data=request.POST)
    return reselect(reswap(retarget(answer, "main"), "outerHTML"), "main") if request.htmx else answer


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """On to another page, also where htmx sent the form."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@require_safe
@upload_page
def progress(request: HttpRequest, upload: LedgerUpload) -> HttpResponse:
    """A part of the page that asks for itself again until the writing has ended; `seen`: it was under way before."""
    running, seen = progress_of(upload), "seen" in request.GET
    if upload.written_at or (seen and not running):
        return _go(request, step_url(upload, "import-result" if upload.written_at else "import-check"))
    context = {"running": running, "url": step_url(upload, "import-progress"), "seen": seen or bool(running)}
    return render(request, "institutions/_progress.html", context)


@require_safe
@upload_page
def result(request: HttpRequest, upload: LedgerUpload) -> HttpResponse:
    """What was written; before that, the step at which the import is."""
    if not upload.written_at:
        return redirect(step_url(upload, "import-write" if progress_of(upload) else "import-columns"))
    context = {"counts": counted(upload.outcome), "way": way_of(upload), "drafts": upload.outcome.get("way") == "draft"}
    return render_step(request, upload, CONFIRM + 1, "import_result.html", context)
