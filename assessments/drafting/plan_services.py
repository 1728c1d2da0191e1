"""Taking a plan in: its text becomes a draft, and the office settles what was read, place by place."""

from collections.abc import Callable, Collection
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from assessments.drafting.plan_draft import draft_of
from assessments.drafting.plan_known import known_to
from assessments.drafting.plan_places import places_of
from assessments.drafting.plan_state import PlanState
from indicators.drafts import begin_draft, free_code, save_draft
from indicators.models import PlanText, Standard
from indicators.plans import read_plan
from indicators.plans.proposal import from_dict, to_dict
from indicators.queries import content_of, specs_of
from indicators.services import Refused
from indicators.tidy import clean
from institutions.models import County
from tcm_demo.audit.services import record

MAX_CHARACTERS = 300_000
MAX_ITEMS = 300
# what the trail names of the settled places at most
_SHOWN = 20


def begin_from_plan(county: County, text: str, *, file_name: str, owners: Collection[str], by) -> Standard:
    """The draft that the program makes of a plan's text, with what is open in it. `owners`: whose standards' criteria
    figures may be put to. Raises Refused where no item can be made out."""
    text, file_name = clean(text), clean(file_name)[:200]
    if not text:
        raise Refused("没有文字，请粘贴方案的正文，或上传文件。")
    if len(text) > MAX_CHARACTERS:
        raise Refused(f"文字有 {len(text)} 字，超过 {MAX_CHARACTERS} 字，不像是一个方案。请只留下方案的正文和附件。")
    plan = read_plan(text)
    if not plan.items:
        raise Refused("没有认出条目：正文里没有编了号的任务，也没有任务表或指标表。请核对文字是否完整。")
    if len(plan.items) > MAX_ITEMS:
        raise Refused(f"认出 {len(plan.items)} 个条目，不像是一个方案。请只留下方案的正文和附件。")
    known, specs = known_to(owners, county.code), specs_of(county.code)
    with transaction.atomic():
        content, entries = draft_of(plan, known, specs, code=free_code(county.code), today=timezone.localdate())
        standard = begin_draft(content, owner=county.code, by=by)
        PlanText.objects.create(standard=standard, file_name=file_name, text=text, proposal=to_dict(plan), open=entries)
        after = {"file": file_name, "characters": len(text), "items": len(plan.items), "open": len(entries)}
        record("import_plan", standard, by=by, place=county.code, after=after)
    return standard


@transaction.atomic
def change_plan(standard: Standard, edit: Callable[[PlanState], PlanState], *, by) -> PlanState:
    """Do what `edit` makes of the draft, of what was read and of what is open, in one go. Raises Refused; what `edit`
    raises."""
    # the standard first, as everybody does who changes or discards it: otherwise two wait for each other
    stored = Standard.objects.select_for_update().filter(pk=standard.pk).first()
    row = PlanText.objects.filter(standard=stored).first() if stored else None
    if row is None:
        raise Refused("这份草稿已被删除。")
    before = PlanState(content_of(stored), from_dict(row.proposal), row.open)
    after = edit(before)
    save_draft(stored, after.content, seen=stored.digest, by=by)
    if after == replace(before, content=after.content):
        return after
    row.proposal, row.open = to_dict(after.plan), after.open
    row.save(update_fields=["proposal", "open"])
    left = set(places_of(after.open))
    settled = [each for each in places_of(before.open) if each not in left]
    facts = {"settled": settled[:_SHOWN], "open": len(after.open)}
    record("review_plan", standard, by=by, place=standard.owner, before={"open": len(before.open)}, after=facts)
    return after
