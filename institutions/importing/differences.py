"""What an import would change, ready to print: figures, institutions, problems by kind, and counts in words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from indicators.enums import InstitutionType
from institutions.enums import ReportState
from institutions.ledger.changes import CellChange
from institutions.ledger.plan import ImportPlan
from institutions.ledger.problems import SENTENCES, Problem
from institutions.ledger.roster import InstitutionChange
from institutions.ledger.tables import cell_name
from institutions.ledger.words import FIELD_LABELS
from institutions.models import ReportStep
from institutions.values import value_text

# what changes of institutions are called
KINDS = {"created": "新增", "changed": "变更", "closed": "停用", "reopened": "恢复"}
# counts of a plan (ImportPlan.counts) -> (what it is called, unit), in the order in which people read them
COUNTS = {
    "institutions_created": ("新增机构", "家"),
    "institutions_changed": ("变更机构", "家"),
    "institutions_closed": ("停用机构", "家"),
    "institutions_reopened": ("恢复机构", "家"),
    "values_new": ("新增数值", "个"),
    "values_overwritten": ("改动数值", "个"),
    "values_returned": ("改动已接受的数值", "个"),
    "reports_written": ("数据有变化的机构", "家"),
    "reports_unchanged": ("数据无变化的机构", "家"),
}
# kinds of problems whose reason depends on the case
_KINDS_OF_PROBLEMS = {
    "out_of_range": "超出范围",
    "part_over_whole": "部分大于整体",
    "check_failed": "几个数相互矛盾",
    "repeated_heading": "指标重复",
    "unit_above_differs": "表上方写的单位与本系统不一致",
    "too_many_tables": "表头过多，没有全部读取",
    "unit_differs": "单位不同",
    "wrong_period": "填报期不符",
    "ambiguous_name": "机构同名，分不清是哪一家",
    "code_and_name_differ": "编码与名称不是同一家机构",
    "repeated_institution": "同一机构有两行",
    "value_given_twice": "同一数值填了两次，且不相同",
    "two_county_rows": "本级机构不止一家",
    "registry_repeated": "机构编码重复",
    "no_round": "没有填报任务",
    "round_not_open": "填报任务没有开放",
    "round_closed": "填报任务已关闭",
    "other_workbook": "别处的填报表",
    "accepted_figure": "数值已被接受",
    "report_handed_in": "填报已提交",
    "registry_code_changed": "系统中已有这家机构，编码不同",
    "registry_lacks_type": "机构名录缺少“机构类型”列",
    "second_county": "“县（区）本级”不止一家",
    "ambiguous_manager": "上级机构同名，分不清是哪一家",
    "manager_cycle": "上级机构绕成一圈",
    "use_and_date_differ": "“是否在用”与停用日期不一致",
    "text_too_long": "文字过长",
}


@dataclass(frozen=True)
class Difference:
    """One figure: whose, which, from what to what, and where it stands in the file."""

    institution: str
    code: str
    element: str
    unit: str
    old: str
    new: str
    place: str
    # the state of the report that it is in, in words; "" where there is none yet
    state: str
    # the code of the element
    key: str


@dataclass(frozen=True)
class RosterDifference:
    """One institution; `fields` are (what, old, new), texts."""

    kind: str
    code: str
    name: str
    type: str
    fields: list[tuple[str, str, str]]


class Listed:
    """As much of a list as a paginator needs, where the list itself would be long: its length and pages of it."""

    def __init__(self, length: int, make: Callable[[], Iterable]):
        self._length = length
        self._make = make

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> list:
        return list(islice(self._make(), part.start, part.stop))


def changed_figures(plan: ImportPlan) -> Listed:
    """Figures that another one takes the place of."""
    return Listed(plan.counts()["values_overwritten"], lambda: map(_difference, plan.overwritten_cells()))


def returned_figures(plan: ImportPlan) -> Listed:
    """Accepted figures that have to be returned, since the file has others."""
    return Listed(plan.counts()["values_returned"], lambda: map(_difference, plan.returned_cells()))


def new_figures(plan: ImportPlan) -> Listed:
    """Figures where there was none."""
    return Listed(plan.counts()["values_new"], lambda: map(_difference, plan.new_cells()))


def with_hands(plan: ImportPlan, rows: Iterable[Difference]) -> list[tuple[Difference, str, datetime | None]]:
    """Each with who entered the old figure, and when; ("", None) where nobody knows any more. One query."""
    rows, last = list(rows), {}
    steps = ReportStep.objects.filter(
        report__institution__county=plan.county,
        report__institution__code__in={row.code for row in rows},
        report__period=plan.period.text,
    )
    columns = ("report__institution__code", "cells", "by_name", "at")
    for code, cells, name, at in steps.order_by("pk").values_list(*columns):
        last |= {(code, element): (name, at) for element in cells}
    return [(row, *last.get((row.code, row.key), ("", None))) for row in rows]


def roster_differences(plan: ImportPlan) -> Listed:
    return Listed(len(plan.institutions), lambda: map(_roster_difference, plan.institutions))


def _difference(change: CellChange) -> Difference:
    element, place = change.element, change.place
    return Difference(
        institution=change.entry.name,
        code=change.entry.code,
        element=element.name,
        unit=element.unit,
        old=_text(element, change.old),
        new=_text(element, change.new),
        place=f"{place.sheet.name}!{cell_name(place.row, place.column)}" if place else "",
        state=ReportState(change.state).label if change.state else "",
        key=element.code,
    )


def _text(element, value) -> str:
    return value_text(element.value_type, element.choices, value) or ""


def _roster_difference(change: InstitutionChange) -> RosterDifference:
    entry = change.entry
    shown = {"name", "type"} if change.kind == "created" else set()  # they stand in columns of their own
    fields = [
        (FIELD_LABELS[name], _field_text(name, old), _field_text(name, new))
        for name, (old, new) in change.fields.items()
        if name not in shown
    ]
    kind = InstitutionType(entry.type).label if entry.type else ""
    return RosterDifference(KINDS[change.kind], entry.code, entry.name, kind, fields)


def _field_text(name: str, value) -> str:
    if value in (None, ""):
        return ""
    return InstitutionType(value).label if name == "type" else str(value)


def kind_of_problem(code: str) -> str:
    """What problems of this code are called together."""
    return _KINDS_OF_PROBLEMS.get(code) or SENTENCES[code][0]


def problems_by_kind(problems: list[Problem]) -> list[tuple[str, str, int]]:
    """(code, what it is called, how many), the most frequent first."""
    return [(code, kind_of_problem(code), count) for code, count in Counter(p.code for p in problems).most_common()]


def counted(counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """(what, how many, unit) of a plan's counts, without those that are zero."""
    return [(label, counts[name], unit) for name, (label, unit) in COUNTS.items() if counts.get(name)]
