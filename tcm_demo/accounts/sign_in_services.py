"""Signing in, in one step or two, and out. All of it is on the audit trail."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tcm_demo.accounts import locks
from tcm_demo.accounts.models import User
from tcm_demo.accounts.sessions import SessionStore
from tcm_demo.audit import services as audit
from tcm_demo.lib.client_address import client_address

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
# What a session remembers: of a sign-in that waits for its second step, and of one that is complete.
PENDING, BEGUN = "sign_in_pending", "sign_in"
# Seconds in which the second step has to follow the first
PATIENCE = 5 * 60
STRANGER = "未登录"
UNKNOWN = "没有的用户名"


def sign_in(request: HttpRequest, user: User, *, with_second_factor: bool = False) -> None:
    """Who this is has been shown: begin the session, under a new key, and take earlier slips here off the account."""
    login(request, user, backend=BACKEND)
    request.session.pop(PENDING, None)
    request.session[BEGUN] = {
        "at": timezone.now().isoformat(),
        "address": client_address(request) or "",
        "agent": request.headers.get("User-Agent", "")[:255],
    }
    # Only here: who knows one password must not win further tries at other accounts, or elsewhere at this one.
    if address := locks.address_to_count(request):
        locks.forget_failures(username=user.username, address=address)
    SessionStore.clear_expired()
    audit.record("sign_in", user, by=user, after=_where(request) | {"second_factor": with_second_factor})


def ask_for_second_step(request: HttpRequest, user: User) -> None:
    """The password was right: remember that for a few minutes, in a session under a new key."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
    }


def pending_user(request: HttpRequest) -> User | None:
    """Whose password was right a few minutes ago, and still is."""
    pending = request.session.get(PENDING)
    if not pending or timezone.now().timestamp() - pending["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or user.has_expired:
        return None
    return user if constant_time_compare(pending["hash"], user.get_session_auth_hash()) else None


def record_failure(request: HttpRequest, username: str, *, step: str) -> locks.Lock | None:
    """A sign-in failed at this step ("password", "code") and was counted; the lock that this led to, if any.

    A name that nobody has does not go on the trail: people type passwords there by mistake.
    """
    user = User.objects.filter(username=username).first()
    subject = user or UNKNOWN
    audit.record("sign_in_failed", subject, by=STRANGER, after=_where(request) | {"step": step})
    lock = locks.lock_for(request, username)
    if lock:
        locked = subject if lock.of_account else client_address(request) or UNKNOWN
        action = "lock_account" if lock.of_account else "lock_address"
        audit.record(action, locked, by=STRANGER, after=_where(request) | {"until": lock.until})
    return lock


def record_refusal(request: HttpRequest, user: User, reason: str) -> None:
    """The right password of an account that is disabled ("inactive") or has expired ("expired")."""
    audit.record("sign_in_refused", user, by=STRANGER, after=_where(request) | {"reason": reason})


def sign_out(request: HttpRequest) -> None:
    user = request.user
    if user.is_authenticated:
        audit.record("sign_out", user, by=user, after=_where(request))
    logout(request)


def _where(request: HttpRequest) -> dict:
    return {"address": client_address(request) or ""}
