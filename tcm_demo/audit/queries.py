"""Reading the trail: what is asked for, page by page, newest first.

Pages are cut at an event, not counted from the start: the thousandth page costs what the first one does, nobody counts
a million rows, and what is recorded meanwhile moves no row to another page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from tcm_demo.audit.models import Event

NEWEST_FIRST = ("-at", "-pk")
# what `wanted` takes as a place: events of none
NOWHERE = "-"


@dataclass(frozen=True)
class TrailPage:
    """`newer`, `older`: where its neighbours are, as `page_of` takes it; "" where there is none."""

    events: list[Event]
    newer: str
    older: str


def wanted(events: QuerySet[Event], asked: Mapping) -> QuerySet[Event]:
    """Those of `events` that were asked for by since, until (to the minute, included), action, place, who, subject,
    address (or its beginning) and request; what is empty or missing in `asked` narrows nothing."""
    asked = {name: value for name, value in asked.items() if value}
    if "since" in asked:
        events = events.filter(at__gte=asked["since"])
    if "until" in asked:
        events = events.filter(at__lt=asked["until"] + timedelta(minutes=1))
    if "action" in asked:
        events = events.filter(action=asked["action"])
    if "place" in asked:
        events = events.filter(place="" if asked["place"] == NOWHERE else asked["place"])
    if "who" in asked:
        named = get_user_model().objects.filter(username__iexact=asked["who"])
        events = events.filter(Q(actor_name__icontains=asked["who"]) | Q(actor__in=named.values("pk")))
    if "subject" in asked:
        events = events.filter(Q(subject_name__icontains=asked["subject"]) | Q(subject_id=asked["subject"]))
    if "address" in asked:
        events = events.filter(address__startswith=asked["address"])
    if "request" in asked:
        events = events.filter(request_id=asked["request"].lower())
    return events


def page_of(events: QuerySet[Event], size: int, where: str = "") -> TrailPage:
    """The newest page; with "before-17" or "after-17" the one next to the event of this key. At most two queries, and
    what was before and after each event is not read."""
    events = events.defer("before", "after")
    side, _, key = where.partition("-")
    edge = _edge(key)
    if edge and side == "after":
        later = Q(at__gt=edge.at) | Q(at=edge.at, pk__gt=edge.pk)
        rows = list(events.filter(later, at__gte=edge.at).order_by("at", "pk")[: size + 1])
        if len(rows) > size:
            return _page(rows[size - 1 :: -1], is_newest=False, has_older=True)
        edge = None  # the newest page has them all
    if edge:
        events = events.filter(Q(at__lt=edge.at) | Q(at=edge.at, pk__lt=edge.pk), at__lte=edge.at)
    rows = list(events.order_by(*NEWEST_FIRST)[: size + 1])
    if edge and not rows:
        return TrailPage([], f"after-{edge.pk}", "")
    return _page(rows[:size], is_newest=edge is None, has_older=len(rows) > size)


def _page(events: list[Event], *, is_newest: bool, has_older: bool) -> TrailPage:
    newer = "" if is_newest else f"after-{events[0].pk}"
    return TrailPage(events, newer, f"before-{events[-1].pk}" if has_older else "")


def _edge(key: str) -> Event | None:
    return Event.objects.only("at").filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
