"""我的登录: where somebody is signed in, and ending it there."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tcm_demo.accounts import services
from tcm_demo.accounts.devices import device_words
from tcm_demo.accounts.models import UserSession
from tcm_demo.accounts.queries import live_sessions
from tcm_demo.accounts.sign_in_services import BEGUN


@dataclass(frozen=True)
class Shown:
    """`code` stands for the session in addresses: its key would open it."""

    code: str
    device: str
    address: str
    begun_at: datetime | None
    last_seen_at: datetime
    is_this: bool


@never_cache
def sessions(request):
    this = request.session.session_key
    shown = [_shown(row, this) for row in live_sessions(request.user)]
    shown.sort(key=lambda session: not session.is_this)
    return render(request, "accounts/sessions.html", {"sessions": shown, "others": len(shown) - 1})


@require_POST
def end_session(request, code: str):
    found = next((row for row in live_sessions(request.user) if _code(row) == code), None)
    if found is None:
        raise Http404
    if found.session_key == request.session.session_key:
        raise Http404  # for this one there is 退出登录
    services.end_session(found, by=request.user)
    messages.success(request, "那台设备上的登录已经结束。")
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request):
    count = services.end_sessions(request.user, by=request.user, keep=request.session.session_key)
    messages.success(request, f"已结束其他 {count} 个登录。" if count else "没有其他登录。")
    return redirect("accounts:sessions")


def _shown(row: UserSession, this: str) -> Shown:
    begun = row.get_decoded().get(BEGUN, {})
    at = begun.get("at")
    return Shown(
        code=_code(row),
        device=device_words(begun.get("agent", "")),
        address=begun.get("address", ""),
        begun_at=datetime.fromisoformat(at) if at else None,
        last_seen_at=row.last_seen_at,
        is_this=row.session_key == this,
    )


def _code(row: UserSession) -> str:
    return sha256(row.session_key.encode()).hexdigest()[:32]
