"""What was typed into the cells of a form, a grid or by autosave: read from the names of the fields.

`v-<institution pk>-<element>` is a cell, `b-<institution pk>-<element>` the text that stood in it when the page was
made, `x-<institution pk>-<caution key>` the words on a caution, `o-<institution pk>-<caution key>` its text on the
page; `x-<institution pk>-*` words for all cautions whose own box is empty.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from django.http import Http404, QueryDict

from institutions.filling.explanations import Words
from institutions.filling.services import Cell
from institutions.models import Institution

_NAME = re.compile(r"([vx])-(\d{1,18})-(.{1,300})", re.DOTALL | re.ASCII)
# control characters are nobody's typing, and PostgreSQL stores no NUL
_FOR_ALL = "*"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def cells_of(
    data: QueryDict, institutions: Iterable[Institution], *, only_changed: bool = True
) -> tuple[list[Cell], dict[int, dict[str, Words]]]:
    """The cells typed, and the words on cautions by institution pk and caution key.

    `institutions`: those into which this person may type here; a name of any other raises Http404. Names that are no
    field's are passed over. `only_changed` leaves out the cells that hold what stood there: a whole page sent back
    shall not quarrel about cells that nobody touched. Scripts send what they have to say, and say so by False.
    """
    own = {institution.pk: institution for institution in institutions}
    cells, explanations = [], {}
    for kind, pk, key, text in _typed(data):
        if pk not in own:
            raise Http404("no such institution here")
        if kind == "x":
            of = f"o-{pk}-{key}"
            explanations.setdefault(pk, {})[key] = Words(text, _clean(data[of]) if of in data else None)
            continue
        base = _clean(data[f"b-{pk}-{key}"]) if f"b-{pk}-{key}" in data else None
        if not only_changed or base is None or text.strip() != base.strip():
            cells.append(Cell(own[pk], key, text, base))
    return cells, {pk: _with_shared(words) for pk, words in explanations.items()}


def texts_of(words: Mapping[str, Words]) -> dict[str, str]:
    """As they were typed, by caution key."""
    return {key: each.text for key, each in words.items()}


def cell_name(institution: Institution, element: str) -> str:
    """What follows `v-` and `b-` in the names of a cell's fields."""
    return f"{institution.pk}-{element}"


def _with_shared(words: dict[str, Words]) -> dict[str, Words]:
    shared = words.pop(_FOR_ALL, Words("")).text
    return {key: each if each.text.strip() else Words(shared, each.of) for key, each in words.items()}


def _typed(data: Mapping) -> Iterator[tuple[str, int, str, str]]:
    for name in data:
        if found := _NAME.fullmatch(name):
            kind, pk, key = found.groups()
            yield kind, int(pk), _clean(key), _clean(data[name])


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
