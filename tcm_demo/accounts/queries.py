"""What several places read."""

from django.db.models import QuerySet
from django.utils import timezone

from tcm_demo.accounts.models import User, UserSession
from tcm_demo.accounts.sessions import idle_since


def live_sessions(user: User) -> QuerySet[UserSession]:
    """Where this person is signed in, latest use first; those that ran out are left out."""
    rows = UserSession.objects.filter(user=user, expire_date__gt=timezone.now(), last_seen_at__gt=idle_since())
    return rows.order_by("-last_seen_at", "session_key")
