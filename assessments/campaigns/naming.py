"""What the departments of a campaign may be called: no name or alias means two of them. No database here.

The standard's own names always keep working (assessments.access.departments_named), so they count, too.
"""

from collections.abc import Iterable, Mapping, Sequence

from indicators.models import Department
from tcm_demo.lib.text import plain

# what each spelling is for its department
NAME, ALIAS, FORMER = "本地名称", "别称", "原名称（仍有联络员账号在用）"
_IN_STANDARD = {"name": "在标准中的名称", "alias": "在标准中的别称"}

# (kind, spelling) of one department, its name first
Spellings = Sequence[tuple[str, str]]


def key(name: str) -> str:
    """Equal for what people read as the same name, whatever its width, blanks and capitals."""
    return "".join(plain(name).split()).casefold()


def ambiguities(departments: Iterable[Department], given: Mapping[int, Spellings]) -> list[str]:
    """A sentence for each spelling in `given` (by the department's pk) that another department goes by.

    `departments`: all of the standard, groups included. They are called by the standard's name here, under which
    their rows stand in the table that people fill in.
    """
    departments = list(departments)
    taken = _of_standard(departments)
    faults = []
    for department in departments:
        for kind, text in given.get(department.pk, ()):
            owner, what = taken.setdefault(key(text), (department, kind))
            if owner != department:
                same = f"“{department}”的{kind}“{text}”是“{owner}”{_joined(what)}"
                faults.append(f"{same}，不能两个部门共用。请改用别的写法。")
    return faults


def _of_standard(departments: list[Department]) -> dict[str, tuple[Department, str]]:
    taken: dict[str, tuple[Department, str]] = {}
    for department in departments:
        taken.setdefault(key(department.name), (department, _IN_STANDARD["name"]))
    for department in departments:
        for alias in department.aliases:
            taken.setdefault(key(alias), (department, _IN_STANDARD["alias"]))
    return taken


def _joined(what: str) -> str:
    return what if what in _IN_STANDARD.values() else f"的{what}"
