"""From which reports a criterion's figure comes, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.content import CriterionContent
from indicators.formula import ALL, names, parse
from institutions.models import County, Report
from institutions.queries import active_institutions
from tcm_demo.lib.dates import zh_date

# so many institutions are named one by one
_FEW = 15


@dataclass(frozen=True)
class SourceReport:
    """What an active institution reported: which figures of its report were accepted, and when last."""

    institution: str
    type: str
    elements: Collection[str]
    accepted_at: datetime | None


def source_reports(county: County, period: str) -> list[SourceReport]:
    """Of the active institutions, in the county's order. Two queries."""
    reports = Report.objects.filter(institution__county=county, period=period, accepted_at__isnull=False)
    accepted = {pk: (figures, at) for pk, figures, at in reports.values_list("institution", "accepted", "accepted_at")}
    return [
        SourceReport(name, kind, accepted[pk][0].keys(), accepted[pk][1])
        for pk, name, kind in active_institutions(county, period).values_list("pk", "name", "type")
        if pk in accepted
    ]


def sources_words(criterion: CriterionContent, reports: Iterable[SourceReport]) -> tuple[str, tuple[str, ...]]:
    """(the sentence, who was counted where they are few): 13 家机构已接受的填报，截至 2024年3月1日."""
    if not criterion.due:
        return "", ()
    read = set(names(parse(criterion.expression)))
    used = [
        report
        for report in reports
        if (ALL in criterion.scope or report.type in criterion.scope) and not read.isdisjoint(report.elements)
    ]
    if not used:
        return "没有已接受的填报", ()
    last = zh_date(max(report.accepted_at for report in used))
    words = f"{len(used):,} 家机构已接受的填报，截至 {last}"
    if criterion.provisional:
        words += f"；应报 {criterion.due:,} 家，数据齐全 {criterion.reported:,} 家，为暂算"
    if len(used) > _FEW:
        return words, ()
    return words, ("、".join(_named(report, last) for report in used) + "。",)


def _named(report: SourceReport, last: str) -> str:
    """With the day on which its figures were accepted, where that is not the last one."""
    day = zh_date(report.accepted_at)
    return report.institution if day == last else f"{report.institution}（{day}）"
