"""How many notices wait for whoever looks at a page (a context processor)."""

from django.http import HttpRequest

from tcm_demo.notices.models import Notice


def unread_notices(request: HttpRequest) -> dict:
    """`unread_notices`: a function, as only pages that show the number shall pay for it. One query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notices": lambda: Notice.objects.filter(user=user, read_at__isnull=True).count()}
