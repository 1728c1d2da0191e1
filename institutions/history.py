"""What happened to a report, step by step and cell by cell: written with every change, never changed again."""

from collections.abc import Mapping

from django.utils import timezone

from institutions.enums import StepKind
from institutions.models import Institution, Report, ReportStep

SYSTEM = "系统（命令行）"


def step_of(
    report: Report,
    kind: StepKind,
    *,
    by,
    proxy: Institution | None = None,
    reason: str = "",
    cells: Mapping | None = None,
    marks: Mapping | None = None,
) -> ReportStep:
    """A step that is not stored yet. `cells`: element code -> [old, new]; `marks`: element code -> reason."""
    return ReportStep(
        report=report,
        kind=kind,
        at=timezone.now(),
        by=by,
        by_name=str(by) if by else SYSTEM,
        proxy=proxy,
        reason=reason,
        cells=dict(cells or {}),
        marks=dict(marks or {}),
    )


def cells_between(old: Mapping, new: Mapping) -> dict[str, list]:
    """Element code -> [old, new] of what differs; None is missing."""
    return {code: [old.get(code), new.get(code)] for code in {**old, **new} if old.get(code) != new.get(code)}
