"""One event as it is shown: what was before beside what is after, cell by cell; and as a row of a workbook."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tcm_demo.audit.models import Event
from tcm_demo.audit.words import Labels, action_word

HEADINGS = [
    *("编号", "封存号", "时间", "操作人", "操作人编号", "操作", "地区代码", "对象", "对象类型", "对象编号"),
    *("来源地址", "请求号", "命令", "改前", "改后"),
]
# what a cell of Excel takes, less a word that it was cut
_LONGEST = 32_000
_NOTHING = object()


@dataclass(frozen=True)
class Cell:
    """`before`, `after`: words, "" on the side that does not speak of it."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return bool(self.before and self.after) and self.before != self.after


def cells_of(event: Event) -> list[Cell]:
    """All that `before` and `after` say, one value each, in their order."""
    labels = Labels(event.subject_type)
    found = []
    for path, before, after in _walk(event.before or {}, event.after or {}):
        texts = ["" if value is _NOTHING else labels.value(path[-1], value) for value in (before, after)]
        found.append(Cell(" › ".join(labels.key(key) for key in path), *texts))
    return found


def _walk(before: dict, after: dict, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    for key in dict.fromkeys([*before, *after]):
        sides = [side.get(key, _NOTHING) for side in (before, after)]
        inner = [side for side in sides if isinstance(side, dict)]
        plain = [side for side in sides if not isinstance(side, dict) and side not in (_NOTHING, None)]
        if any(inner) and not plain:
            yield from _walk(*(side if isinstance(side, dict) else {} for side in sides), (*path, key))
        else:
            yield (*path, key), *sides


def row_of(event: Event, seal: int | None) -> list:
    """In the order of HEADINGS."""
    return [
        event.pk,
        seal,
        f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        event.actor_name,
        event.actor_id,
        action_word(event.action),
        event.place,
        event.subject_name,
        event.subject_type,
        event.subject_id,
        event.address,
        event.request_id,
        event.command,
        _text(event.before),
        _text(event.after),
    ]


def _text(value: dict | None) -> str:
    text = "" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……（过长，余下的请在页面上查看）"
