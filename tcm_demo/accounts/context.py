"""What every page knows about the session of whoever looks at it (a context processor)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


def session(request: HttpRequest) -> dict:
    """`session_left`, `session_warn`: seconds; only for who is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"session_left": request.session.seconds_left(), "session_warn": settings.SESSION_WARN_SECONDS}


def site_name() -> str:
    """What the place is called that this installation serves; "" where it has no one name."""
    return settings.SITE_NAME or import_string(settings.SITE_NAME_FROM)()
