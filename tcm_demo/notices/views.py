"""A person's own notices: nobody else's exist for them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tcm_demo.notices.models import Notice
from tcm_demo.notices.services import mark_read

PER_PAGE = 30


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All of them, the latest first; `?unread=1`: what is still to be read."""
    own = Notice.objects.filter(user=request.user)
    only_unread = request.GET.get("unread") == "1"
    shown = own.filter(read_at__isnull=True) if only_unread else own
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/notices.html", {"page": page, "only_unread": only_unread})


@require_POST
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Note it down as read and go where it leads."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    mark_read(request.user, pk)
    leads = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if leads else "notices:notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    if count := mark_read(request.user):
        messages.success(request, f"已把 {count} 条通知标为已读。")
    return redirect("notices:notices")
