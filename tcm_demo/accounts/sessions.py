"""Django's sessions in the database, which here also know their user and end when nobody uses them.

Only `touch` counts as use: a page that asks by itself how far a job is saves the session without prolonging it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q
from django.utils import timezone

from tcm_demo.accounts.models import UserSession

# The use of a session is written down this often before it would end, not with every request.
TOUCHES = 30


class SessionStore(DatabaseStore):
    last_seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls):
        return UserSession

    @classmethod
    def clear_expired(cls) -> None:
        UserSession.objects.filter(Q(expire_date__lt=timezone.now()) | Q(last_seen_at__lte=idle_since())).delete()

    def _get_session_from_db(self):
        row = super()._get_session_from_db()
        if row is not None and row.last_seen_at <= idle_since():
            self._session_key = None  # as Django does with one that has expired
            return None
        self.last_seen_at = row.last_seen_at if row else None
        return row

    def create(self) -> None:
        self.last_seen_at = None
        super().create()

    def create_model_instance(self, data) -> UserSession:
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.last_seen_at = self.last_seen_at or timezone.now()
        return row

    def touch(self) -> None:
        """Somebody used this session just now."""
        now, interval = timezone.now(), timedelta(seconds=settings.SESSION_IDLE_SECONDS / TOUCHES)
        if self.session_key and self.last_seen_at and now - self.last_seen_at >= interval:
            UserSession.objects.filter(session_key=self.session_key).update(last_seen_at=now)
            self.last_seen_at = now

    def seconds_left(self) -> int:
        """How long it lasts if nobody uses it."""
        used = self.last_seen_at or timezone.now()
        return max(0, int((used - idle_since()).total_seconds()))


def idle_since() -> datetime:
    """Sessions last used then or earlier have ended."""
    return timezone.now() - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
