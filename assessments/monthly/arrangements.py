"""What a plan itself says of its ledger and its feature projects, in one line each."""

from indicators.enums import ArrangementKind, Every
from indicators.models import Standard


def arrangement_lines(standard: Standard, kind: ArrangementKind) -> list[str]:
    """`示范区任务工作台账，每月，市卫生健康委记录：任务分解、本月进展`; none where the plan says nothing of it."""
    return [_line(**each) for each in standard.arrangements if each["kind"] == kind]


def _line(
    name: str, every: str = "", recorded_by: str = "", matters: list[str] | None = None, note: str = "", **more
) -> str:
    often = Every(every).label if every else ""
    line = "，".join(filter(None, (name, often, f"{recorded_by}记录" if recorded_by else "")))
    contents = "；".join(filter(None, ("、".join(matters or ()), note)))
    return f"{line}：{contents}" if contents else line
