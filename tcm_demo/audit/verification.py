"""Whether the trail is whole: every event, every seal and the head of the chain computed anew.

What it detects, whoever did it and by whatever means: an event or a seal that was changed, removed, added past the
program or moved; an end that was cut off; a chain written anew; a database that no longer refuses such changes.

What it cannot detect: what somebody does who can write both to the database and to VAR_DIR, since then the chain and
the head beside it can be written anew together. Against that somebody else notes down the last number and digest, which
`verify_audit` prints, and later has them compared. Nor an event that was removed in the moment between its commit and
its seal together with its row in `Waiting`, nor one that was never recorded, nor one that was added together with such
a row.
"""

from collections import Counter
from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tcm_demo.audit import append_only, kept_head
from tcm_demo.audit.chain import START, content_digest, link_digest
from tcm_demo.audit.kept_head import Mark
from tcm_demo.audit.models import Event, Head, Seal, Waiting
from tcm_demo.audit.sealing import COLUMNS

_CHUNK = 500
# of each kind; the rest is only counted
_MOST_SENTENCES = 20


class Verification:
    """What was found: `sentences` for the reader, `counts` by kind, `events` looked at, and the `last` seal."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.counts: Counter[str] = Counter()
        self.events = 0
        self.last = Mark(0, START)

    def found(self, kind: str, sentence: str) -> None:
        """`kind`: changed, removed, unsealed, seals, tail or guards."""
        self.counts[kind] += 1
        if self.counts[kind] <= _MOST_SENTENCES:
            self.sentences.append(sentence)

    @property
    def more(self) -> int:
        """How much was found beyond the sentences."""
        return self.counts.total() - len(self.sentences)


def verify(noted: Mark | None = None) -> Verification:
    """Go over the whole trail, reading only; `noted` is a seal that somebody wrote down earlier."""
    result = Verification()
    # before the seals: what is sealed meanwhile makes the chain longer, never shorter
    marks = _marks(result, noted)
    for number, event, content, digest, stored in _sealed():
        _check(result, Mark(number, digest), event, content, stored)
        for where, mark in marks:
            if mark.number == number and mark.digest != digest:
                result.found("tail", f"第 {number} 号封条与{where}不同：整条链从某处起被重写过。")
    for where, mark in marks:
        if mark.number > result.last.number:
            sentence = f"末尾被截去：{where}是第 {mark.number} 号，数据库里只到第 {result.last.number} 号。"
            result.found("tail", sentence)
    _check_unsealed(result)
    for name in append_only.unguarded(connection):
        result.found("guards", f"数据库没有拒绝改动：缺少触发器 {name}。请在升级后重新执行 migrate，或恢复它。")
    return result


def _marks(result: Verification, noted: Mark | None) -> list[tuple[str, Mark]]:
    """Ends of the chain as they are known from elsewhere: (where from, which)."""
    marks = [("另外记下的末号", noted)] if noted else []
    try:
        kept = kept_head.read()
    except ValueError:
        result.found("tail", f"{kept_head.path()} 的内容被损坏，不能用来核对末尾。")
        kept = None
    else:
        if kept is None and Seal.objects.exists():
            result.found("tail", f"没有 {kept_head.path()}，不能核对末尾是否被截去。")
    marks += [(f"{kept_head.path()} 里的末号", kept)] if kept else []
    head = Head.objects.first()
    if head:
        marks.append(("数据库记着的末号", Mark(head.number, head.digest)))
    elif Seal.objects.exists():
        result.found("tail", "数据库记着的末号被删去。")
    return marks


def _sealed() -> Iterator[tuple[int, int, str, str, dict | None]]:
    """Each seal in turn, with its event where that is still there."""
    seals = Seal.objects.order_by("number").values_list("number", "event", "content", "digest")
    chunk = list(seals[:_CHUNK])
    while chunk:
        rows = Event.objects.filter(pk__in=[event for _, event, _, _ in chunk]).order_by("pk").values(*COLUMNS)
        events = {row["id"]: row for row in rows}
        for number, event, content, digest in chunk:
            yield number, event, content, digest, events.get(event)
        chunk = list(seals.filter(number__gt=chunk[-1][0])[:_CHUNK])


def _check(result: Verification, seal: Mark, event: int, content: str, stored: dict | None) -> None:
    """One seal, against the one before it and its event."""
    before, result.last = result.last, seal
    result.events += stored is not None
    if seal.number != before.number + 1:
        result.found("seals", f"第 {before.number + 1}—{seal.number - 1} 号封条被删去。")
    elif seal.digest != link_digest(before.digest, seal.number, event, content):
        result.found("seals", f"第 {seal.number} 号封条与前一号连不上：封条被改动，或调换了次序。")
    if stored is None:
        result.found("removed", f"操作记录 {event}（第 {seal.number} 号封条）被删去。")
    elif content_digest(stored) != content:
        result.found("changed", f"操作记录 {event}（{_words(stored)}）在封存之后被改动，或调换了位置。")


def _check_unsealed(result: Verification) -> None:
    has_seal, waits = (Exists(rows.filter(event=OuterRef("pk"))) for rows in (Seal.objects, Waiting.objects))
    for stored in Event.objects.filter(~has_seal, ~waits).order_by("pk").values(*COLUMNS).iterator():
        result.found("unsealed", f"操作记录 {stored['id']}（{_words(stored)}）没有封条：是绕过程序加进来的。")
    for key in Waiting.objects.exclude(Exists(Event.objects.filter(pk=OuterRef("pk")))).values_list("pk", flat=True):
        result.found("removed", f"操作记录 {key} 在封存之前被删去。")


def _words(stored: dict) -> str:
    moment = timezone.localtime(stored["at"])
    return f"{moment:%Y-%m-%d %H:%M:%S}，{stored['actor_name']}，{stored['action']}"
