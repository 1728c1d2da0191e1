"""Making the self-assessment report: what `manage.py export_report` and the page of reports call.

    assessment = prepare_report(county, standard, period, final=True, by=user)
    pdf_bytes = report_pdf(assessment, progress=lambda done, total, what: ...)

A draft (`final=False`) is drawn from the figures as they are now and carries the word 草稿 on every page. A final
report first keeps an assessment and is drawn from that: `report_pdf` of the same assessment gives the same figures at
any time.
"""

from django.db import transaction

from assessments.models import Assessment
from assessments.reports import pdf as paper
from assessments.reports.self_assessment import SUBTITLE, self_assessment
from assessments.services import compute_assessment, save_assessment
from assessments.snapshots.services import checked_name, checked_note, refuse_empty
from indicators.models import Standard
from institutions.models import County
from tcm_demo.audit.services import record
from tcm_demo.lib.pdf import Progress, ReportUnavailable

__all__ = ["ReportUnavailable", "prepare_report", "record_export", "report_file_name", "report_pdf"]


def prepare_report(
    county: County, standard: Standard, period: str, *, final: bool, name: str = "", note: str = "", by=None
) -> Assessment:
    """What a report of now is drawn from: kept if `final` (with an event on the trail), else not saved.

    `name`, `note`: of the one that is kept. Raises Refused where the county has reported nothing for the period, and
    ReportUnavailable where this machine cannot make PDF files; nothing is kept then.
    """
    paper.require()
    name, note = checked_name(name), checked_note(note)
    draft = compute_assessment(county, standard, period, by=by)
    refuse_empty(draft, "出自评报告")
    return save_assessment(county, standard, period, name=name, note=note, by=by) if final else draft


def report_pdf(assessment: Assessment, progress: Progress | None = None) -> bytes:
    """The report of a kept assessment, or the draft of one that is not saved. Takes seconds: 8 for 332 institutions.

    `progress(done, total, what)` is called as pages are laid out; `total` is an estimate until the end is known. Raises
    ReportUnavailable.
    """
    return paper.pdf_of(self_assessment(assessment), progress)


@transaction.atomic
def record_export(assessment: Assessment, file_name: str, content: bytes, *, by=None) -> None:
    """An event on the trail: who had which report made; a draft's subject is its county."""
    after = {"file": file_name, "period": assessment.period, "digest": assessment.digest, "bytes": len(content)}
    subject = assessment if assessment.pk else assessment.county
    record("export_report", subject, by=by, place=assessment.county.code, after=after)


def report_file_name(assessment: Assessment) -> str:
    """演示区_自评报告_2023_草稿.pdf, 演示区_自评报告_2023_存档12.pdf."""
    state = f"存档{assessment.pk}" if assessment.pk else "草稿"
    return f"{assessment.county.name}_{SUBTITLE}_{assessment.period}_{state}.pdf"
