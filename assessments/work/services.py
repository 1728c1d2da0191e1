"""Who does an item until when, how it goes, and what people say about it. One transaction each."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse

from assessments.enums import ItemStepKind
from assessments.models import Campaign, ItemStep, ItemWork
from assessments.work.mentions import mentioned_in
from assessments.work.queries import Colleague, liaisons_of, who_may_be_in_charge, who_may_discuss, work_on
from assessments.work.steps import happened
from indicators.models import Item
from indicators.naming import item_name
from institutions.refusals import Refused
from tcm_demo.accounts.models import User
from tcm_demo.audit.services import record
from tcm_demo.lib.dates import zh_date
from tcm_demo.notices.services import notify

LONGEST = 1000
YEARS = range(2000, 2100)
# so much of a comment stands in the notice about it
_QUOTED = 120


@dataclass(frozen=True)
class Comment:
    """A comment that was written: whom it called and told, and what behind an @ is nobody's name."""

    step: ItemStep
    told: tuple[Colleague, ...]
    unknown: tuple[str, ...]


@transaction.atomic
def write_note(campaign: Campaign, item: Item, *, text: str, by, period: str = "") -> ItemStep:
    """How the work on the item goes (工作进展). Raises Refused."""
    step = happened(campaign, item, ItemStepKind.NOTE, by=by, period=period, text=_words(text, "工作进展"))
    record("write_note", item, by=by, place=campaign.county.code, after={"text": step.text})
    return step


@transaction.atomic
def write_comment(campaign: Campaign, item: Item, *, text: str, by, period: str = "") -> Comment:
    """A word in the item's discussion; whom it calls by @ gets a notice. Raises Refused."""
    words = _words(text, "讨论")
    found = mentioned_in(words, who_may_discuss(campaign))
    names = [person.name for person in found.people]
    step = happened(campaign, item, ItemStepKind.COMMENT, by=by, period=period, text=words, mentioned=names)
    record("write_comment", item, by=by, place=campaign.county.code, after={"text": words, "mentioned": names})
    told = tuple(person for person in found.people if person.user != by)
    sentence = f"{by or '系统'}在{_name(item)}的讨论中提到您：{_quoted(words)}"
    url = f"{address_of(campaign, item, period)}#discussion"
    notify([person.user for person in told], sentence, url, by=by, mail_subject=f"{_name(item)}的讨论")
    return Comment(step, told, found.unknown)


@transaction.atomic
def set_charge(
    campaign: Campaign, item: Item, *, person: User | None, due_on: date | None, by, period: str = ""
) -> ItemWork:
    """Put somebody in charge of the item, and set until when it is to be done; None takes either back.

    The person and the liaisons of the item's departments are told. Raises Refused.
    """
    if due_on and due_on.year not in YEARS:
        raise Refused(f"完成时限的年份是 {due_on.year} 年，请改成 {YEARS.start} 至 {YEARS.stop - 1} 年之间的日期。")
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    work = work_on(campaign, item)
    earlier, before = work.person, _facts(work)
    if person not in (None, earlier, *(each.user for each in who_may_be_in_charge(campaign, item))):
        raise Refused(f"“{person}”不是创建办的人，也不是本条责任部门的联络员，不能作为责任人。")
    work.person, work.due_on = person, due_on
    after = _facts(work)
    if before == after:
        return work
    work.save()
    words = charge_words(work)
    happened(campaign, item, ItemStepKind.CHARGE, by=by, period=period, text=words)
    record("set_charge", item, by=by, place=campaign.county.code, before=before, after=after)
    people = dict.fromkeys([*filter(None, (person, earlier)), *liaisons_of(campaign, item)])
    told = [each for each in people if each != by and each.is_active]
    url = address_of(campaign, item, period)
    notify(told, f"{_name(item)}：{words}。", url, by=by, mail_subject=f"{_name(item)}的责任人和时限")
    return work


def charge_words(work: ItemWork) -> str:
    """责任人 张三，完成时限 2024年3月1日."""
    until = zh_date(work.due_on) if work.due_on else "未定"
    return f"责任人 {work.person or '未定'}，完成时限 {until}"


def address_of(campaign: Campaign, item: Item, period: str = "") -> str:
    """The item's page, of the campaign's own period where none is given."""
    codes = [campaign.county.code, campaign.standard.code, period or campaign.period]
    return reverse("assessments:item", args=[*codes, item.number])


def _name(item: Item) -> str:
    return f"{item_name(item.number)}“{item.title}”"


def _facts(work: ItemWork) -> dict:
    return {"person": str(work.person) if work.person else "", "deadline": work.due_on}


def _words(text: str, what: str) -> str:
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not words:
        raise Refused(f"{what}还没有写内容，请写好后再提交。")
    if len(words) > LONGEST:
        raise Refused(f"{what}一次最多 {LONGEST:,} 字，现在是 {len(words):,} 字，请精简或分几次写。")
    return words


def _quoted(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"
