"""One row of the grid: an institution's report as it stands, cell by cell, and whether it can be submitted."""

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.enums import ValueType
from institutions.enums import ReportState
from institutions.filling.cells import cell_text
from institutions.filling.explanations import is_explained
from institutions.filling.findings import MISSING, Background, Finding, Rulebook
from institutions.filling.findings import RETURNED as RETURNED_KEY
from institutions.filling.services import OPEN_STATES, is_locked, stored_text
from institutions.models import Institution, Report
from institutions.rounds.worklist import NOT_BEGUN, STATES

FAULT, RETURNED, CAUTION = "fault", "returned", "caution"
# findings that are about the report as a whole: marking every cell of them would say nothing
_WHOLE_REPORT = (MISSING, "twin")


@dataclass(frozen=True)
class GridCell:
    """`name`: what follows `v-` in its field's name. `last`: the last period's value as text. `marks`: what is the
    matter with it, the gravest first; `note`: in words."""

    name: str
    column: str
    text: str
    last: str
    is_figure: bool
    is_locked: bool
    marks: tuple[str, ...]
    note: str

    @property
    def css(self) -> str:
        flags = ("num" if self.is_figure else "", "locked" if self.is_locked else "", *self.marks)
        return " ".join(flag for flag in flags if flag)


@dataclass(frozen=True)
class GridRow:
    """One institution's report in the grid."""

    institution: Institution
    report: Report
    rules: Rulebook
    background: Background
    faults: list[Finding]
    cautions: list[Finding]
    is_round_open: bool

    @property
    def state(self) -> str:
        return self.report.state if self.report.pk else NOT_BEGUN

    @property
    def word(self) -> str:
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        """Whether somebody may type into it now."""
        return self.is_round_open and self.report.state in OPEN_STATES

    @property
    def is_returned(self) -> bool:
        return self.report.state == ReportState.RETURNED

    @property
    def filled(self) -> int:
        return sum(code in self.report.values for code in self.rules.fields)

    @property
    def asked(self) -> int:
        return len(self.rules.fields)

    @property
    def unexplained(self) -> list[Finding]:
        return [each for each in self.cautions if not is_explained(self.report.explanations, each)]

    @property
    def returned(self) -> list[tuple[str, str]]:
        """(name, reason) of each figure that came back."""
        if not self.is_returned:
            return []
        reasons = self.report.returned
        return [(element.name, reasons[code]) for code, element in self.rules.fields.items() if code in reasons]

    @property
    def whole_reason(self) -> str:
        """Why the report was returned as a whole."""
        return self.report.returned.get("", "") if self.is_returned else ""

    @property
    def is_ready(self) -> bool:
        """Whether it is submitted with the others: what submit_report takes."""
        return self.is_open and not self.why_not

    @property
    def why_not(self) -> str:
        """Why it is not submitted with the others; "" where it is ready."""
        if not self.is_open:
            return self.word if self.report.state not in OPEN_STATES else "填报没有开放"
        if not self.report.values:
            return "一项都没有填"
        reasons = [f"{len(self.faults)} 处错误要改正"] if self.faults else []
        untouched = sum(each.key.startswith(RETURNED_KEY) for each in self.unexplained)
        others = len(self.unexplained) - untouched
        reasons += [f"{others} 条提示要写说明"] if others else []
        reasons += [f"退回的 {untouched} 处没有改动，要写说明"] if untouched else []
        return "，".join(reasons)

    @property
    def marks(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """Element code -> marks and note, of the cells that have any."""
        found: dict[str, dict[str, list[str]]] = {}
        returned = self.report.returned.items() if self.is_returned else ()
        entries = [
            *((FAULT, code, f"错误：{each.text}") for each in self.faults for code in each.elements),
            *((RETURNED, code, f"退回：{reason}") for code, reason in returned if code),
            *(
                (CAUTION, code, f"提示：{each.text}")
                for each in self.unexplained
                if each.key not in _WHOLE_REPORT and not each.key.startswith(RETURNED_KEY)
                for code in each.elements
            ),
        ]
        for mark, code, text in entries if self.is_open else ():
            found.setdefault(code, {}).setdefault(mark, []).append(text)
        return {
            code: (tuple(marks), " ".join(text for texts in marks.values() for text in texts))
            for code, marks in found.items()
        }

    @property
    def cells(self) -> Iterable[GridCell]:
        marks, report, previous = self.marks, self.report, self.background.previous or {}
        for code, element in self.rules.fields.items():
            mark, note = marks.get(code, ((), ""))
            yield GridCell(
                f"{self.institution.pk}-{code}",
                code,
                stored_text(report, element),
                cell_text(element, previous.get(code)),
                element.value_type in (ValueType.INTEGER, ValueType.DECIMAL),
                not self.is_open or is_locked(report, code),
                mark,
                note,
            )
