"""Every write of those who check: accepting and returning, one figure or all, one report or many. One transaction each.

Nobody accepts what went through their own hands (Report.hands), not even a superuser; a county may allow it to small
offices (County.one_person_checks), and the trail says so then.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from indicators.models import Element
from institutions.enums import ReportState, StepKind
from institutions.filling.findings import cautions
from institutions.filling.rulebook import fields_of, rulebook_for
from institutions.filling.services import lock_reports
from institutions.filling.twins import fingerprint
from institutions.history import cells_between, step_of
from institutions.hooks import figures_changed, standards_of
from institutions.models import County, Institution, Report, ReportStep, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.rounds.queries import backgrounds
from institutions.rounds.reminder_services import tell_returned
from tcm_demo.audit.services import record

# the report as a whole, where a return names elements
WHOLE = ""
REASON_LENGTH = range(2, 301)
RETURNABLE = (ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.RETURNED)
OWN_HANDS = "这份填报有您本人填写、导入或提交的数，须由另一位审核员接受。"


@dataclass
class Decided:
    """Of many reports: those that were decided, and why each of the others was not."""

    reports: list[Report] = field(default_factory=list)
    refused: list[tuple[Institution, str]] = field(default_factory=list)


def version_of(report: Report) -> str:
    """What a page remembers of the report that it shows, so that nobody decides on figures that they have not seen."""
    return f"{report.state} {report.updated_at.isoformat()}"


@transaction.atomic
def decide(
    round: Round,
    institution: Institution,
    *,
    accept: Iterable[str] = (),
    accept_all: bool = False,
    returns: Mapping[str, str] | None = None,
    by,
    seen: str | None = None,
) -> Report:
    """Accept single figures (`accept`: element codes) or the whole report, and return others with a reason
    (`returns`: element code, or WHOLE, -> reason), in one go.

    A report with anything returned is the institution's again; its accepted figures go on counting. `seen`:
    version_of the report that was looked at. Raises Refused.
    """
    _lock(round)
    report = lock_reports(round, [institution])[institution.pk]
    if report.pk is None:
        raise Refused(f"“{institution.name}”还没有填报，没有可以审核的内容。")
    if seen is not None and seen != version_of(report):
        raise Refused(f"“{institution.name}”的填报刚刚有了变化（现在{report.get_state_display()}），请核对后再操作。")
    fields = fields_of(round, institution.type) if returns else {}
    accept, returns = list(accept), _reasons(report, fields, returns or {})
    if not (accept or accept_all or returns):
        raise Refused("请选择要接受或退回的项目。")
    if (accept_all or accept) and (sentence := why_not_accept(round, report, by)):
        raise Refused(sentence)
    if accept_all and returns:
        raise Refused("整份接受和退回不能同时进行，请只选一种。")
    if clash := set(accept) & returns.keys():
        raise Refused(f"同一项不能既接受又退回（{_names(round, institution, clash)}），请只选一种。")
    if returns and report.state not in RETURNABLE:
        raise Refused(f"填报{_state(report)}，没有可以退回的内容。")
    if accept and not any(code in report.values for code in accept):
        raise Refused("所选的项目没有填数，没有可以接受的内容。")
    if accept and not returns and not _new(report, accept):
        raise Refused("所选的项目此前已经接受，没有可以接受的内容。")
    change = _decide(round, report, report.values.keys() if accept_all else accept, returns, fields, by)
    _announce(round, [change])
    if returns:
        tell_returned(round, [(report, returns)], by=by)
    return report


@transaction.atomic
def accept_many(
    round: Round,
    institutions: Iterable[Institution],
    *,
    by,
    seen_at: datetime | None = None,
    without_cautions: bool = False,
) -> Decided:
    """Accept the whole reports of these institutions, in one transaction; those that cannot be are named with why.

    `seen_at`: when the list was made that was looked at; what changed since then is refused. `without_cautions`: those
    alone that have none, as they and others are now (a copy may have come in after the original).
    """
    institutions = list(institutions)
    doubtful = _with_cautions(round, institutions) if without_cautions else set()

    def why_not(report: Report) -> str:
        if report.institution_id in doubtful:
            return "填报有提示，请打开核对后再接受。"
        return _changed_since(report, seen_at) or why_not_accept(round, report, by)

    return _many(round, institutions, why_not, by, {})


@transaction.atomic
def return_many(
    round: Round, institutions: Iterable[Institution], *, reason: str, by, seen_at: datetime | None = None
) -> Decided:
    """Return the whole reports of these institutions, for one reason. Raises Refused without one."""
    returns = {WHOLE: _reason(reason)}

    def why_not(report: Report) -> str:
        if changed := _changed_since(report, seen_at):
            return changed
        return "" if report.state in RETURNABLE else f"填报{_state(report)}，没有可以退回的内容。"

    return _many(round, institutions, why_not, by, returns)


def _with_cautions(round: Round, institutions: list[Institution]) -> set[int]:
    """Pks of those whose reports have cautions now. A few queries for each type, however many reports."""
    found = Report.objects.filter(institution__in=institutions, period=round.period).select_related("institution")
    reports, standards = list(found), standards_of(county=round.county)
    rules = {kind: rulebook_for(round, kind, standards) for kind in {each.institution.type for each in reports}}
    compared = backgrounds(round, reports)
    return {
        each.institution_id
        for each in reports
        if each.warning_count or cautions(rules[each.institution.type], each.values, compared[each.institution_id])
    }


def _many(round: Round, institutions: Iterable[Institution], why_not, by, returns: Mapping[str, str]) -> Decided:
    _lock(round)
    decided, changes = Decided(), []
    elements = list(Element.objects.all()) if returns else []
    for report in lock_reports(round, institutions).values():
        if sentence := why_not(report):
            decided.refused.append((report.institution, sentence))
            continue
        fields = fields_of(round, report.institution.type, elements)
        changes.append(_decide(round, report, () if returns else report.values.keys(), returns, fields, by))
        decided.reports.append(report)
    _announce(round, changes)
    if returns:
        tell_returned(round, [(report, returns) for report in decided.reports], by=by)
    return decided


def _decide(
    round: Round, report: Report, accept: Collection[str], returns: Mapping[str, str], fields: Collection[str], by
) -> tuple:
    """Carry it out. Returns (institution pk, accepted figures before, and after). `fields`: codes that the round asks.

    An accepted figure that the round does not ask any more cannot be mended: returned, it goes for good.
    """
    before, now = report.accepted, timezone.now()
    alone = bool(accept) and by is not None and by.pk in report.hands
    taken = _new(report, accept)
    if returns:
        gone = before.keys() if WHOLE in returns else returns.keys()
        report.hands = sorted({*report.hands, *_hands_behind(report, before.keys() & gone)})
    else:
        # what the institution has taken back since it was returned
        gone = before.keys() - report.values.keys() if set(accept) >= report.values.keys() else ()
    report.accepted = {**{code: value for code, value in before.items() if code not in gone}, **taken}
    dropped = {code: [report.values[code], None] for code in gone if code in report.values and code not in fields}
    dropped = dropped if returns else {}
    if dropped:
        report.values = {code: value for code, value in report.values.items() if code not in dropped}
        report.fingerprint = fingerprint(report.values)
    to_mend = {code: reason for code, reason in returns.items() if code not in dropped}
    if to_mend:
        report.returned = {**report.returned, **to_mend}
        report.state = ReportState.RETURNED
    elif report.accepted == report.values:
        report.state, report.hands, report.accepted_by = ReportState.ACCEPTED, [], by
    accepts = bool(taken) or report.state == ReportState.ACCEPTED
    if accepts:
        report.accepted_at = now
    report.updated_at = now
    report.save()
    steps = [step_of(report, StepKind.ACCEPTED, by=by, marks=dict.fromkeys(taken, ""))] if accepts else []
    if returns:
        steps.append(
            step_of(report, StepKind.RETURNED, by=by, reason=returns.get(WHOLE, ""), cells=dropped, marks=returns)
        )
    ReportStep.objects.bulk_create(steps)
    _record(round, report, before, returns, alone, by)
    return report.institution_id, before, report.accepted


def _new(report: Report, codes: Iterable[str]) -> dict:
    """What accepting these elements adds to the accepted figures."""
    values = {code: report.values.get(code) for code in codes}
    return {code: value for code, value in values.items() if value not in (None, report.accepted.get(code))}


def _hands_behind(report: Report, codes: Collection[str]) -> set[int]:
    """Who entered these accepted figures, and who has submitted them since: they may come back as they are. One query,
    if any."""
    hands, unknown = set(), set(codes)
    steps = report.steps.order_by("-pk").values_list("kind", "cells", "by_id") if codes else ()
    for kind, cells, by in steps:
        if not unknown:
            break
        if kind == StepKind.SUBMITTED or unknown & cells.keys():
            hands.add(by)
        unknown -= cells.keys()
    return hands - {None}


def _record(round: Round, report: Report, before: dict, returns: Mapping[str, str], alone: bool, by) -> None:
    cells = cells_between(before, report.accepted)
    after = {"accepted": {code: new for code, (_, new) in cells.items()}, "state": report.state}
    if returns:
        after["reasons"] = dict(returns)
    if alone:
        after["one_person"] = True
    record(
        "return_figures" if returns else "accept_figures",
        report,
        by=by,
        place=round.county.code,
        before={"accepted": {code: old for code, (old, _) in cells.items()}},
        after=after,
    )


def _announce(round: Round, changes: list[tuple]) -> None:
    figures = {pk: (before, after) for pk, before, after in changes if before != after}
    if figures:
        figures_changed(county=round.county, period=round.period, since=date.max, figures=figures)


def _lock(round: Round) -> None:
    """Before the reports, as every writer in a county does. Raises Refused where the round is closed."""
    round.county = County.objects.select_for_update().get(pk=round.county_id)
    round.refresh_from_db(fields=["closed_at"])
    if round.is_closed:
        raise Refused(f"{Period.parse(round.period)}填报已关闭，审核也随之结束；需要时请先重新开放。")


def _changed_since(report: Report, seen_at: datetime | None) -> str:
    """A sentence where the report changed after the moment at which it was seen; else ""."""
    if seen_at is None or report.pk is None or report.updated_at <= seen_at:
        return ""
    return f"填报刚刚有了变化（现在{_state(report)}），请核对后再操作。"


def why_not_accept(round: Round, report: Report, by) -> str:
    """Why this person cannot accept this report now; "" where they can. `round` comes with its county."""
    if report.pk is None or report.state != ReportState.SUBMITTED:
        return f"填报{_state(report)}，只有已提交的才能接受。"
    if by is not None and by.pk in report.hands and not round.county.one_person_checks:
        return OWN_HANDS
    return ""


def _state(report: Report) -> str:
    return f"“{report.get_state_display()}”" if report.pk else "还没有开始"


def _reasons(report: Report, fields: Collection[str], returns: Mapping[str, str]) -> dict[str, str]:
    if unknown := returns.keys() - {WHOLE, *fields, *report.accepted}:
        raise Refused(f"“{report.institution.name}”不填报“{'、'.join(sorted(unknown))}”，不能退回这一项。")
    return {code: _reason(reason) for code, reason in returns.items()}


def _reason(reason: str) -> str:
    # control characters are nobody's words, and PostgreSQL stores no NUL
    reason = " ".join("".join(char if char.isprintable() else " " for char in reason).split())
    if len(reason) not in REASON_LENGTH:
        raise Refused(f"退回须写理由（{REASON_LENGTH.start} 至 {REASON_LENGTH.stop - 1} 个字），填报人要照着改。")
    return reason


def _names(round: Round, institution: Institution, codes: Iterable[str]) -> str:
    fields = fields_of(round, institution.type)
    return "、".join(fields[code].name if code in fields else "整份填报" for code in sorted(codes))
