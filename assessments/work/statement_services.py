"""Writing the county's self-assessment statement on an item, as one types. One transaction each.

What one person types grows one version for a quarter of an hour; after that, or where somebody else writes, a new
version begins, so that nobody's words are ever overwritten. Whoever typed on an outdated text is told.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.enums import ItemStepKind
from assessments.models import Campaign, Statement
from assessments.work.queries import statement_of, statements_of
from assessments.work.steps import happened
from indicators.models import Item
from institutions.refusals import Refused
from tcm_demo.audit.services import record
from tcm_demo.lib.dates import zh_datetime

GROWS_FOR = timedelta(minutes=15)
LONGEST = 5000
# (number, edition) of what an editor saw where there was no statement yet
NOTHING_SEEN = (0, 0)


class Overtaken(Refused):
    """Somebody else saved in the meantime; `latest` is what they saved. Nothing was changed."""

    def __init__(self, latest: Statement):
        self.latest = latest
        who = str(latest.written_by) if latest.written_by else "别人"
        super().__init__(f"{who} {zh_datetime(latest.saved_at)} 改过自评说明，您写的还没有保存，请选择保留哪一份。")


@transaction.atomic
def save_statement(
    campaign: Campaign,
    item: Item,
    period: str,
    *,
    text: str,
    seen: tuple[int, int],
    by,
    apart: bool = False,
    now: datetime | None = None,
) -> Statement | None:
    """Store what was typed. `seen`: (number, edition) of the text that it was typed on; `apart`: as a version of its
    own, after somebody chose between two texts. What is stored now; None where there was nothing and is nothing.

    Raises Overtaken, and Refused where the text is too long.
    """
    now = now or timezone.now()
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST:
        raise Refused(
            f"自评说明最多 {LONGEST:,} 字，现在是 {len(text):,} 字，请删减 {len(text) - LONGEST:,} 字后再保存。"
        )
    _lock(campaign)
    latest = statement_of(campaign, item, period)
    if text == (latest.text if latest else ""):
        return latest
    if seen != ((latest.number, latest.edition) if latest else NOTHING_SEEN):
        if latest is None:
            raise Refused("自评说明的版本对不上，请刷新页面后再试，写的内容先复制下来。")
        raise Overtaken(latest)
    own = latest is not None and latest.written_by_id == (by.pk if by else None)
    if own and not apart and now - latest.begun_at < GROWS_FOR:
        return _grow(latest, text, by, now)
    return _begin(campaign, item, period, latest, text, by, now)


@transaction.atomic
def take_back(
    campaign: Campaign, item: Item, period: str, number: int, *, by, now: datetime | None = None
) -> Statement:
    """An older version's text counts again, as a new version. Raises Refused where it does already."""
    now = now or timezone.now()
    _lock(campaign)
    latest = statement_of(campaign, item, period)
    older = statements_of(campaign, item, period).filter(number=number).first()
    if older is None:
        raise Refused(f"自评说明没有第 {number} 版。")
    if older.text == latest.text:
        raise Refused(f"第 {number} 版的内容和现在的一样，不用恢复。")
    return _begin(campaign, item, period, latest, older.text, by, now, f"恢复第 {number} 版")


def _lock(campaign: Campaign) -> None:
    """One writer at a time in a campaign; a save takes milliseconds."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _grow(latest: Statement, text: str, by, now: datetime) -> Statement:
    before = {"characters": len(latest.text)}
    latest.text, latest.saved_at = text, now
    latest.edition += 1
    latest.save(update_fields=["text", "saved_at", "edition"])
    _record(latest, before, by)
    return latest


def _begin(
    campaign: Campaign, item: Item, period: str, latest: Statement | None, text: str, by, now: datetime, words: str = ""
) -> Statement:
    """A new version, which is one step in the item's history however often it is saved."""
    number = latest.number + 1 if latest else 1
    statement = Statement.objects.create(
        campaign=campaign,
        item=item,
        period=period,
        number=number,
        text=text,
        written_by=by,
        begun_at=now,
        saved_at=now,
    )
    text_of_step = f"第 {number} 版" + (f"（{words}）" if words else "")
    happened(campaign, item, ItemStepKind.STATEMENT, by=by, period=period, text=text_of_step)
    _record(statement, {"version": latest.number, "characters": len(latest.text)} if latest else None, by)
    return statement


def _record(statement: Statement, before: dict | None, by) -> None:
    """The versions themselves keep the words: the trail says how much was written, once for each save."""
    after = {"version": statement.number, "characters": len(statement.text), "period": statement.period}
    record("write_statement", statement, by=by, place=statement.campaign.county.code, before=before, after=after)
