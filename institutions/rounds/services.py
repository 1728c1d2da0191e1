"""Setting up rounds, closing and reopening them. One transaction each."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from indicators.enums import InstitutionType
from indicators.queries import elements_of
from institutions.enums import ReportState
from institutions.filling.rulebook import fields_of
from institutions.filling.services import lock_reports
from institutions.models import County, Report, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.rounds.queries import asked_institutions
from institutions.rounds.round_notices import tell_closing, tell_opening, tell_reopening
from tcm_demo.audit.services import record

REASON_LENGTH = range(2, 301)
NOT_BEGUN = "未开始"


@transaction.atomic
def save_round(
    county: County,
    period: str,
    *,
    opens_on: date,
    due_on: date,
    elements: list[str] = (),
    types: list[str] = (),
    note: str = "",
    is_new: bool = False,
    by,
) -> Round:
    """Set up the county's round of a period, or change it: each period has one. The clerks of a new one are told,
    also of a day to come: nothing runs on that day that could tell them then. Raises Refused.

    `is_new`: it must not exist yet.
    `elements`, `types`: empty for all. What institutions have entered stays, also where it is no longer asked.
    """
    try:
        Period.parse(period)
    except ValueError as error:
        raise Refused(str(error)) from error
    if due_on < opens_on:
        raise Refused(f"截止日期 {due_on} 早于开放日期 {opens_on}，请改正其中一个。")
    if unknown := set(elements) - set(elements_of(county.code).values_list("code", flat=True)):
        raise Refused(f"没有“{'、'.join(sorted(unknown))}”这个数据元，请重新选择。")
    if unknown := set(types) - set(InstitutionType.values):
        raise Refused(f"没有“{'、'.join(sorted(unknown))}”这种机构类型，请重新选择。")
    County.objects.select_for_update().get(pk=county.pk)
    earlier = Round.objects.filter(county=county, period=period).first()
    if earlier and is_new:
        raise Refused(f"{Period.parse(period)}已经有填报任务了，请在任务列表里打开它修改。")
    if earlier and earlier.is_closed:
        raise Refused(f"{Period.parse(period)}填报已关闭，要修改请先重新开放。")
    round = earlier or Round(county=county, period=period)
    before = _facts(round) if earlier else None
    round.opens_on, round.due_on, round.note = opens_on, due_on, note.strip()
    round.elements, round.types = list(elements), list(types)
    if _facts(round) != before:
        round.save()
        action = "change_round" if earlier else "create_round"
        record(action, round, by=by, place=county.code, before=before, after=_facts(round))
        if not earlier:
            tell_opening(round, by=by)
    return round


@transaction.atomic
def close_round(round: Round, *, by) -> list[dict]:
    """Nobody fills in or checks any more. What is missing is listed with the round, and stays missing; what it asked
    for is kept, so that elements that come into the dictionary later were not asked. The clerks are told."""
    round = _locked(round)
    if round.is_closed:
        raise Refused(f"{Period.parse(round.period)}填报已经关闭了。")
    lock_reports(round, asked_institutions(round))  # what is being saved is saved first, and counts
    round.closed_at, round.missing_at_close = timezone.now(), missing_of(round)
    round.elements = round.elements or list(elements_of(round.county.code).values_list("code", flat=True))
    round.save()
    after = {"missing": round.missing_at_close}
    record("close_round", round, by=by, place=round.county.code, after=after)
    tell_closing(round, by=by)
    return round.missing_at_close


@transaction.atomic
def reopen_round(round: Round, *, reason: str, by, due_on: date | None = None) -> None:
    """Open a closed round again, for a reason, of which its clerks are told; `due_on`: with another deadline. Raises
    Refused."""
    round = _locked(round)
    if not round.is_closed:
        raise Refused(f"{Period.parse(round.period)}填报没有关闭，不用重新开放。")
    reason = " ".join(reason.split())
    if len(reason) not in REASON_LENGTH:
        raise Refused(f"重新开放须写理由（{REASON_LENGTH.start} 至 {REASON_LENGTH.stop - 1} 个字）。")
    if due_on and due_on < round.opens_on:
        raise Refused(f"截止日期 {due_on} 早于开放日期 {round.opens_on}，请改正。")
    before = {"closed_at": round.closed_at, "due_on": round.due_on}
    round.closed_at, round.missing_at_close, round.due_on = None, [], due_on or round.due_on
    round.save()
    after = {"reason": reason, "due_on": round.due_on}
    record("reopen_round", round, by=by, place=round.county.code, before=before, after=after)
    tell_reopening(round, reason, by=by)


def missing_of(round: Round) -> list[dict]:
    """Institutions without an accepted report, and accepted ones with gaps, in the county's order.

    [{"code", "name", "state": label, "missing": number of figures that are not accepted, "of": figures asked}].
    Three queries.
    """
    elements = list(elements_of(round.county.code))
    fields = {kind: fields_of(round, kind, elements) for kind in InstitutionType.values}
    reports = Report.objects.filter(institution__county=round.county, period=round.period)
    stored = {pk: (state, accepted) for pk, state, accepted in reports.values_list("institution", "state", "accepted")}
    found = []
    for institution in asked_institutions(round).order_by("position", "code"):
        asked = fields[institution.type]
        state, accepted = stored.get(institution.pk, ("", {}))
        missing = sum(code not in accepted for code in asked)
        if missing:
            label = ReportState(state).label if state else NOT_BEGUN
            facts = {"code": institution.code, "name": institution.name, "state": label}
            found.append(facts | {"missing": missing, "of": len(asked)})
    return found


def _locked(round: Round) -> Round:
    County.objects.select_for_update().get(pk=round.county_id)
    return Round.objects.select_related("county").get(pk=round.pk)


def _facts(round: Round) -> dict:
    names = ("period", "opens_on", "due_on", "elements", "types", "note")
    return {name: getattr(round, name) for name in names}
