"""One institution: what it is, its figures beside those of the period before, and its light under every criterion."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from assessments.institution_figures import figure_groups
from assessments.institution_lights import OwnLight, own_lights
from assessments.scoring.program import Figures
from assessments.views.frame import Frame, assessment_page
from indicators.queries import elements_of
from institutions.models import Institution, Report
from tcm_demo.lib.dates import zh_date


@require_safe
@assessment_page
def institution_page(request: HttpRequest, frame: Frame, code: str) -> HttpResponse:
    institution = get_object_or_404(_institutions(frame), code=code)
    previous = frame.period.previous
    reports = _reports(institution, frame.period.text, previous.text)
    report, before = reports.get(frame.period.text), reports.get(previous.text)
    values, values_before = _accepted(report), _accepted(before)
    lights = _lights(frame, institution, values)
    elements = list(elements_of(frame.county.code))
    context = {
        "institution": institution,
        "facts": _facts(frame, institution),
        "is_active": institution.is_active_on(frame.period.last_day),
        "inactive_word": "停用" if institution.closed_on else "尚未启用",
        "report": report,
        "reported": bool(values),
        "counts": _counts(lights),
        "decided": [row for row in lights if row["light"].decided],
        "pooled": [row for row in lights if not row["light"].decided],
        "groups": figure_groups(institution.type, elements, values, values_before),
        "previous": previous,
        "has_previous": bool(values_before),
        "crumbs": [
            ("机构", frame.url("institutions")),
            (institution.get_type_display(), _list_url(frame, type=institution.type)),
        ],
    }
    return frame.render(request, "assessments/institution.html", context)


def _institutions(frame: Frame):
    day = frame.period.last_day
    opened = Q(managed__opened_on__isnull=True) | Q(managed__opened_on__lte=day)
    active = opened & (Q(managed__closed_on__isnull=True) | Q(managed__closed_on__gt=day))
    rows = Institution.objects.filter(county=frame.county).select_related("manager")
    return rows.annotate(managed_count=Count("managed", filter=active))


def _reports(institution: Institution, *periods: str) -> dict[str, Report]:
    found = Report.objects.filter(institution=institution, period__in=periods).select_related("accepted_by")
    return {report.period: report for report in found}


def _accepted(report: Report | None) -> dict:
    """Only accepted figures count, and only they are shown."""
    return report.accepted if report else {}


def _lights(frame: Frame, institution: Institution, values: dict) -> list[dict]:
    if not institution.is_active_on(frame.period.last_day):
        return []
    figures = Figures(institution.code, institution.type, values)
    lights = own_lights(frame.standard, frame.standing.result, figures, frame.elements)
    return [{"light": each, "url": _criterion_url(frame, each)} for each in lights]


def _criterion_url(frame: Frame, light: OwnLight) -> str:
    criterion = light.criterion
    return f"{frame.url('item', number=criterion.item.number)}#criterion-{criterion.code}"


def _counts(rows: list[dict]) -> list[tuple[str, int]]:
    lights = [row["light"] for row in rows]
    unmet, unknown = sum(light.fails for light in lights), sum(light.is_unknown for light in lights)
    return [("unmet", unmet), ("undecided", unknown), ("met", sum(light.status == "met" for light in lights))]


def _facts(frame: Frame, institution: Institution) -> list[tuple[str, str]]:
    manager, managed = institution.manager, institution.managed_count
    facts = [
        ("机构编码", institution.code),
        ("所在镇（街道）", institution.town),
        ("上级机构", manager and _link(frame.url("institution", code=manager.code), manager.name)),
        ("管理的机构", managed and _link(_list_url(frame, manager=institution.code), f"{managed:,} 家")),
        ("统一社会信用代码", institution.credit_code),
        ("启用日期", zh_date(institution.opened_on)),
        ("停用日期", zh_date(institution.closed_on)),
        ("备注", institution.remark),
    ]
    return [(term, value) for term, value in facts if value]


def _link(url: str, text: str) -> str:
    return format_html('<a href="{}">{}</a>', url, text)


def _list_url(frame: Frame, **query: str) -> str:
    return f"{frame.url('institutions')}?{urlencode(query)}"
