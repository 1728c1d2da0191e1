"""Draws a self-assessment report as PDF: A4 in the body format of GB/T 9704, wide tables on landscape pages."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from assessments import charts
from assessments.reports.method import METHOD
from assessments.reports.numerals import chinese
from assessments.reports.self_assessment import SelfAssessment
from assessments.words import NOT_OFFICIAL, NOT_OFFICIAL_POINTS
from tcm_demo.lib import fonts, pdf
from tcm_demo.lib.charts import svg

# pixels, 96 to the inch: the width of an upright page's text
CHART_WIDTH = 590
RING_HEIGHT = 200
ROWS_ON_A_LANDSCAPE_PAGE = 28


@dataclass(frozen=True)
class Chapter:
    """`key` is its place in the file, `number` 一、 or 附件1."""

    key: str
    number: str
    title: str


@dataclass(frozen=True)
class Chapters:
    """What the report has, in order; annexes that would be empty are left out and not counted."""

    main: tuple[Chapter, ...]
    annexes: tuple[Chapter, ...]

    def __getitem__(self, key: str) -> Chapter:
        """As templates ask: `chapters.lists`. Raises KeyError for an annex that was left out."""
        return {chapter.key: chapter for chapter in (*self.main, *self.annexes)}[key]


def pdf_of(report: SelfAssessment, progress: pdf.Progress | None = None) -> bytes:
    """The file. `progress(done, total, what)` counts pages. Raises pdf.ReportUnavailable."""
    return pdf.render(html_of(report), progress=progress, expected_pages=expected_pages(report))


def require() -> None:
    """Raise pdf.ReportUnavailable where this machine lacks what a report needs."""
    pdf.require()
    _font_faces(fonts.choose())


def _font_faces(choices: list[fonts.Choice]) -> str:
    try:
        return fonts.style_sheet(choices)
    except fonts.FontsMissing as error:
        raise pdf.ReportUnavailable(str(error)) from error


def html_of(report: SelfAssessment) -> str:
    """The whole paper as one HTML file with styles, fonts (by file) and charts in it. Raises pdf.ReportUnavailable."""
    choices = fonts.choose()
    context = {
        "report": report,
        "chapters": chapters_of(report),
        "charts": _charts(report),
        "method": METHOD,
        "not_official": NOT_OFFICIAL,
        "not_official_points": NOT_OFFICIAL_POINTS,
        "font_faces": mark_safe(_font_faces(choices)),
        "font_choices": choices,
        "last_resort": fonts.TABLE_FILE,
    }
    return render_to_string("reports/self_assessment.html", context)


def chapters_of(report: SelfAssessment) -> Chapters:
    main = [("results", "自评结果"), ("basics", "基本情况"), ("parts", "逐条自评"), ("problems", "存在的问题")]
    annexes = [
        ("figures", "医疗卫生机构数据表", True),
        ("lists", "未满足要求的机构（正文未列完的）", bool(report.long_lists)),
        ("evidence", "佐证材料清单", any(item.evidence for item in report.items)),
        ("method", "计算口径", True),
        ("fonts", "字体说明", True),
    ]
    kept = [(key, title) for key, title, wanted in annexes if wanted]
    return Chapters(
        tuple(Chapter(key, f"{chinese(n)}、", title) for n, (key, title) in enumerate(main, start=1)),
        tuple(Chapter(key, f"附件{n}", title) for n, (key, title) in enumerate(kept, start=1)),
    )


def expected_pages(report: SelfAssessment) -> int:
    """About how long it gets, for a progress bar before the end is known."""
    rows = sum(len(table.rows) for table in report.figures.wide)
    return 12 + len(report.items) + rows // ROWS_ON_A_LANDSCAPE_PAGE


def _charts(report: SelfAssessment) -> dict[str, SafeString]:
    sections = report.standing.sections
    drawn = {
        "statuses": svg(charts.statuses_chart(report.standing.summary), CHART_WIDTH, RING_HEIGHT, fonts.TABLE),
        "sections": svg(charts.sections_chart(sections), CHART_WIDTH, charts.sections_height(sections), fonts.TABLE),
    }
    return {name: mark_safe(drawing) for name, drawing in drawn.items()}
