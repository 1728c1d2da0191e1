"""A county's own standards: begun, changed, checked, published, and never changed in place after that.

A draft is changed as a whole: the new content is built from the stored one (dataclasses.replace) and saved, so that no
half of a change is ever stored. `seen` is the digest of what the person had in front of them: what somebody else has
changed since then is not overwritten.
"""

from dataclasses import asdict, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators.contents import ItemContent, StandardContent
from indicators.draft_checks import DraftFault, faults_of
from indicators.draft_limits import refuse_unstorable
from indicators.enums import StandardState
from indicators.models import Standard
from indicators.naming import item_name
from indicators.queries import content_of, specs_of
from indicators.services import Refused, store_content
from indicators.tidy import tidied
from tcm_demo.audit.services import record

STALE = "这份草稿刚被别人改过，您的改动还没有保存。请刷新页面，看过新的内容再改。"
UNTITLED = "未命名的标准"
# What the trail keeps of a change at most: the rest is named, not shown.
_SHOWN_ITEMS = 10


class Unfinished(Refused):
    """A draft that cannot be published yet; `faults` says what is wrong with it, in its order."""

    def __init__(self, faults: list[DraftFault]):
        super().__init__(f"还有 {len(faults)} 处没有写好，改好后再检查。")
        self.faults = faults


def empty_content(*, code: str, title: str = UNTITLED) -> StandardContent:
    """A standard that nothing was written into yet."""
    return StandardContent(
        code=code,
        version="1",
        state=StandardState.DRAFT,
        title=title,
        source_document="",
        source_number="",
        source_date=timezone.localdate(),
        departments=[],
        phases=[],
        sections=[],
    )


def free_code(owner: str) -> str:
    """A code that no standard has: the county's, the year, a running number."""
    beginning, number = f"{owner.lower()[:28]}-{timezone.localdate().year}-", 1
    taken = set(Standard.objects.filter(code__startswith=beginning).values_list("code", flat=True))
    while (code := f"{beginning}{number}") in taken:
        number += 1
    return code


@transaction.atomic
def begin_draft(content: StandardContent, *, owner: str, by, copied_from: Standard | None = None) -> Standard:
    """Store a new draft of the county's own, whose code `owner` is. Raises Refused where code and version are taken."""
    content = tidied(content)
    if Standard.objects.filter(code=content.code, version=content.version).exists():
        raise Refused(f"代码“{content.code}”的第 {content.version} 版已经有了，请换一个代码或版本。")
    refuse_unstorable(content)
    standard = Standard(code=content.code, version=content.version, owner=owner, copied_from=copied_from)
    try:
        with transaction.atomic():
            store_content(standard, replace(content, state=StandardState.DRAFT.value))
    except IntegrityError as error:
        raise Refused("刚有人也新建了一份标准，占用了同一个代码。您的还没有保存，请再试一次。") from error
    after = {"title": content.title, "copied_from": str(copied_from) if copied_from else None}
    record("begin_draft", standard, by=by, place=owner, after=after)
    return standard


def copy_standard(standard: Standard, *, owner: str, by) -> Standard:
    """The county's own draft with everything that the standard has. Where the standard does not say where an item
    stands in the plan, the copy names the plan and the item's number."""
    content = replace(content_of(standard), code=free_code(owner), version="1")
    document = f"《{content.source_document}》"
    content = with_items(
        content, lambda item: item if item.source else replace(item, source=f"{document[:80]}{item_name(item.number)}")
    )
    return begin_draft(content, owner=owner, by=by, copied_from=standard)


@transaction.atomic
def begin_version(standard: Standard, *, by) -> Standard:
    """The next version of a county's own published standard, as a draft. Raises Refused where one is begun already."""
    versions = Standard.objects.select_for_update().filter(code=standard.code, owner=standard.owner)
    begun = next((each for each in versions if each.state != StandardState.PUBLISHED), None)
    if not standard.owner or begun:
        raise Refused(f"“{begun}”还没有发布，请先改好它。" if begun else "只有本县（区）自己的标准可以另立新版本。")
    number = 1 + max((int(each.version) for each in versions if each.version.isdigit()), default=0)
    content = replace(content_of(standard), version=str(number))
    return begin_draft(content, owner=standard.owner, by=by, copied_from=standard)


@transaction.atomic
def save_draft(standard: Standard, content: StandardContent, *, seen: str, by) -> Standard:
    """Make the draft what `content` says; it has to be checked again then. Code and version stay. Raises Refused where
    it is published, was changed since `seen`, or would have two items of one number and the like."""
    standard = _locked(standard)
    if standard.digest != seen:
        raise Refused(STALE)
    before = content_of(standard)
    content = replace(content, code=standard.code, version=standard.version, state=StandardState.DRAFT.value)
    content = tidied(content)
    refuse_unstorable(content)
    if content == before:
        return standard
    store_content(standard, content)
    record("change_draft", standard, by=by, place=standard.owner, **_changes(before, content))
    return standard


@transaction.atomic
def check_draft(standard: Standard, *, seen: str, by) -> Standard:
    """Find nothing undefined in the draft: it may be published then. Raises Unfinished, Refused."""
    standard = _locked(standard)
    if standard.digest != seen:
        raise Refused(STALE)
    faults = draft_faults(standard)
    if faults:
        raise Unfinished(faults)
    if standard.state == StandardState.DRAFT:
        _set_state(standard, StandardState.CHECKED)
        record("check_draft", standard, by=by, place=standard.owner, after={"digest": standard.digest})
    return standard


@transaction.atomic
def publish(standard: Standard, *, seen: str, by) -> Standard:
    """From now on the county may work towards it, and it never changes. Raises Unfinished, Refused."""
    standard = _locked(standard)
    if standard.digest != seen:
        raise Refused(STALE)
    if standard.state != StandardState.CHECKED:
        raise Refused("请先检查：没有一处未写好，才能发布。")
    faults = draft_faults(standard)
    if faults:
        raise Unfinished(faults)
    _set_state(standard, StandardState.PUBLISHED)
    after = {"digest": standard.digest, "items": standard.items.count()}
    record("publish_standard", standard, by=by, place=standard.owner, after=after)
    return standard


@transaction.atomic
def discard(standard: Standard, *, by) -> None:
    """Take a draft away for good. Raises Refused where it is published."""
    standard = _locked(standard)
    before = {"title": standard.title, "items": standard.items.count(), "digest": standard.digest}
    record("discard_draft", standard, by=by, place=standard.owner, before=before)
    standard.delete()


def draft_faults(standard: Standard, content: StandardContent | None = None) -> list[DraftFault]:
    """What has to be mended before the draft can be published, in its order. Nothing undefined, everything with a
    department and a source. `content`: the draft's, where it was read already."""
    faults = faults_of(content or content_of(standard), specs_of(standard.owner))
    plan = getattr(standard, "plan", None)
    if plan and plan.open:
        faults.append(DraftFault("", "plan", f"方案识别结果还有 {len(plan.open)} 处没有核对。"))
    return faults


def with_items(content: StandardContent, change) -> StandardContent:
    """The content with each item replaced by what `change(item)` gives; None takes the item out."""
    sections = []
    for section in content.sections:
        changed = [change(item) for item in section.items]
        sections.append(replace(section, items=[item for item in changed if item is not None]))
    return replace(content, sections=sections)


def _locked(standard: Standard) -> Standard:
    locked = Standard.objects.select_for_update().filter(pk=standard.pk).first()
    if locked is None:
        raise Refused("这份草稿已被删除。")
    if not locked.owner or locked.state == StandardState.PUBLISHED:
        raise Refused(f"“{locked}”已发布，不再改动。要修改，请另立新版本。")
    return locked


def _set_state(standard: Standard, state: StandardState) -> None:
    standard.state = state
    standard.digest = replace(content_of(standard), state=state.value).digest()
    standard.save(update_fields=["state", "digest", "loaded_at"])


def _changes(before: StandardContent, after: StandardContent) -> dict[str, dict]:
    """`before` and `after` of the event: what differs, the items by their number."""
    old, new = _facts(before), _facts(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    shown = names[:_SHOWN_ITEMS]
    more = {"more": names[_SHOWN_ITEMS:]} if names[_SHOWN_ITEMS:] else {}
    return {
        "before": {name: old.get(name) for name in shown},
        "after": {name: new.get(name) for name in shown} | more,
    }


def _facts(content: StandardContent) -> dict[str, object]:
    plain = asdict(replace(content, sections=[]))
    del plain["sections"], plain["state"]
    plain["sections"] = [[each.number, each.name, [item.number for item in each.items]] for each in content.sections]
    return plain | {_named(item): asdict(item) for item in content.items}


def _named(item: ItemContent) -> str:
    return f"条目 {item.number}"
