"""What several places read."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from tcm_demo.accounts.enums import AccountState
from tcm_demo.accounts.locks import locked_names, plain_name
from tcm_demo.accounts.models import User, UserSession
from tcm_demo.accounts.sessions import idle_since


def live_sessions(user: User) -> QuerySet[UserSession]:
    """Where this person is signed in, latest use first; those that ran out are left out."""
    rows = UserSession.objects.filter(user=user, expire_date__gt=timezone.now(), last_seen_at__gt=idle_since())
    return rows.order_by("-last_seen_at", "session_key")


def state_of(user: User, locked: set[str]) -> AccountState:
    """`locked`: what `locks.locked_names` answers."""
    if not user.is_active:
        return AccountState.DISABLED
    if user.has_expired:
        return AccountState.EXPIRED
    if plain_name(user.username) in locked:
        return AccountState.LOCKED
    return AccountState.ACTIVE if user.last_login else AccountState.NEW


def in_state(users: QuerySet[User], state: str) -> QuerySet[User]:
    """Those of `users` whose `state_of` is this one. For locks their names are compared one by one."""
    expired = Q(expires_on__lt=timezone.localdate())
    if state == AccountState.DISABLED:
        return users.filter(is_active=False)
    users = users.filter(is_active=True)
    if state == AccountState.EXPIRED:
        return users.filter(expired)
    users, locked = users.exclude(expired), locked_names()
    held = [pk for pk, name in users.values_list("pk", "username") if plain_name(name) in locked] if locked else []
    if state == AccountState.LOCKED:
        return users.filter(pk__in=held)
    return users.exclude(pk__in=held).filter(last_login__isnull=state == AccountState.NEW)
