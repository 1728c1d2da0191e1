"""The demo county's round of the year after its ledger, half done: every state is to be seen.

Figures are those of the ledger, grown a little, the same with every run. Who has what is decided by the place in the
list alone (see _STATES).
"""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from django.utils import timezone

from indicators.enums import InstitutionType, ValueType
from indicators.queries import elements_of
from institutions.enums import ReportState, Role
from institutions.filling.cells import cell_text
from institutions.filling.explanations import Words
from institutions.filling.findings import cautions
from institutions.filling.rulebook import fields_of, rulebook_for
from institutions.filling.services import Cell, save_cells, submit_report
from institutions.models import County, Grant, Institution, Report, Round
from institutions.review.services import accept_many, decide
from institutions.rounds.queries import asked_institutions, backgrounds, used_by
from institutions.rounds.services import save_round
from tcm_demo.accounts.models import User

PERIOD, BASIS = "2024", "2023"
# It opened so long ago, and its deadline passed so long ago: some are late.
OPENED, DUE = timedelta(days=30), timedelta(days=3)
EXPLANATION = "已核对原始报表和登记，数字无误。"
RETURN_REASON = "与花名册不一致，请核对后重新填写。"
# Of every twelve institutions in the official order: None has not begun.
_STATES = (
    *(ReportState.ACCEPTED,) * 4,
    ReportState.RETURNED,
    ReportState.DRAFT,
    ReportState.ACCEPTED,
    *(ReportState.SUBMITTED,) * 2,
    None,
    ReportState.DRAFT,
    None,
)
# percent of the year before; one in six swings by more than 30%
_GROWTH_OF_VISITS = (97, 102, 104, 106, 109, 136)
_TYPES = list(InstitutionType.values)


def make_round(county: County, *, office: User, reviewer: User) -> Round | None:
    """None where the county has one of this period already."""
    if county.rounds.filter(period=PERIOD).exists():
        return None
    today = timezone.localdate()
    note = "按年度统计口径填报；没有数据的请说明原因，是 0 请填 0。"
    elements = used_by(county, list(elements_of(county.code)))
    round = save_round(
        county, PERIOD, opens_on=today - OPENED, due_on=today - DUE, elements=elements, note=note, by=office
    )
    institutions = sorted(asked_institutions(round).select_related("county", "manager"), key=_official)
    states = {each.pk: _STATES[number % len(_STATES)] for number, each in enumerate(institutions)}
    begun = [each for each in institutions if states[each.pk]]
    clerks = _clerks(begun)
    basis = dict(Report.objects.filter(institution__in=begun, period=BASIS).values_list("institution", "accepted"))
    for institution in begun:
        half = states[institution.pk] == ReportState.DRAFT
        _fill(round, institution, basis.get(institution.pk, {}), half, by=clerks.get(institution.pk))
    handed_in = [each for each in begun if states[each.pk] != ReportState.DRAFT]
    _submit(round, handed_in, clerks)
    accept_many(round, [e for e in handed_in if states[e.pk] == ReportState.ACCEPTED], by=reviewer)
    for institution in (e for e in handed_in if states[e.pk] == ReportState.RETURNED):
        code = next(iter(fields_of(round, institution.type)))
        decide(round, institution, returns={code: RETURN_REASON}, by=reviewer)
    return round


def _official(institution: Institution) -> tuple:
    return _TYPES.index(institution.type), institution.position


def _clerks(institutions: list[Institution]) -> dict[int, User]:
    """By the institution's pk: its own clerk, or that of the institution that manages it."""
    grants = Grant.objects.filter(role=Role.DATA_CLERK).select_related("user")
    own = {grant.institution_id: grant.user for grant in grants}
    found = {each.pk: own.get(each.pk) or own.get(each.manager_id) for each in institutions}
    return {pk: user for pk, user in found.items() if user}


def _fill(round: Round, institution: Institution, values: Mapping, half: bool, *, by) -> None:
    fields = fields_of(round, institution.type)
    dice = Random(institution.code)
    growth, visits = dice.randrange(95, 108), dice.choice(_GROWTH_OF_VISITS)
    grown = {
        code: _grown(fields[code], value, visits if fields[code].unit == "人次" else growth)
        for code, value in values.items()
        if code in fields
    }
    cells = [Cell(institution, code, cell_text(fields[code], value)) for code, value in grown.items()]
    save_cells(round, cells[: len(cells) // 2] if half else cells, by=by)


def _grown(element, value, percent: int):
    """What is part of a whole has the unit of the whole and grows with it, so it stays a part."""
    if element.value_type != ValueType.INTEGER:
        return value
    grown = value * percent // 100
    return grown if element.maximum is None else min(grown, element.maximum)


def _submit(round: Round, institutions: list[Institution], clerks: Mapping[int, User]) -> None:
    reports = Report.objects.filter(institution__in=institutions, period=PERIOD).select_related("institution")
    compared = backgrounds(round, list(reports))
    rules = {kind: rulebook_for(round, kind) for kind in {each.type for each in institutions}}
    for report in reports:
        institution, by = report.institution, clerks.get(report.institution_id)
        found = cautions(rules[institution.type], report.values, compared[institution.pk])
        words = {each.key: Words(EXPLANATION, each.text) for each in found}
        save_cells(round, [], by=by, explanations={institution.pk: words})
        submit_report(round, institution, by=by)
