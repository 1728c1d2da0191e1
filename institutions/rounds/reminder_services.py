"""Reminding those whose reports are not in, and telling those whose reports are returned. One transaction each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from institutions.enums import ReportState
from institutions.models import County, Institution, Reminder, Report, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.rounds.reminder_queries import clerks_of, reminded_today
from institutions.rounds.round_notices import by_person, return_subject, url_of, whose
from institutions.rounds.worklist import HANDED_IN, days_late
from tcm_demo.accounts.models import User
from tcm_demo.audit.services import record
from tcm_demo.lib.dates import zh_date
from tcm_demo.notices.mail import Mailing
from tcm_demo.notices.services import Note, send_notes

WORDS_LENGTH = 200


@dataclass
class Reminded:
    """What became of a reminder. `told`: institutions with somebody to tell; `nobody`: those without any account, to
    be phoned; `earlier`: reminded today already, and not again; `people`: how many were told; `mailing`: after the
    commit, what became of the e-mails."""

    told: list[Institution] = field(default_factory=list)
    nobody: list[Institution] = field(default_factory=list)
    earlier: list[Institution] = field(default_factory=list)
    people: int = 0
    mailing: Mailing = field(default_factory=lambda: Mailing(has_server=False))


@transaction.atomic
def remind(
    round: Round,
    institutions: Iterable[Institution],
    *,
    by,
    words: str = "",
    again: bool = False,
    now: datetime | None = None,
) -> Reminded:
    """Tell the clerks of those institutions whose report is not in. Each person gets one notice for all of theirs.

    `words`: a line of the office's own. `again`: also those that were reminded today. Raises Refused.
    """
    now = now or timezone.now()
    words = " ".join(words.split())
    if len(words) > WORDS_LENGTH:
        raise Refused(f"附言最多 {WORDS_LENGTH} 个字，现在是 {len(words)} 个字。")
    _lock_open(round, now)
    found = Reminded()
    earlier = set(reminded_today(round, now))
    unfinished, returned = _unfinished(round, institutions)
    for institution in unfinished:
        if institution.pk in earlier and not again:
            found.earlier.append(institution)
        else:
            found.told.append(institution)
    _tell(round, found, returned, words, by, now)
    return found


def tell_returned(round: Round, returned: Iterable[tuple[Report, Mapping[str, str]]], *, by) -> Mailing:
    """Tell the clerks and the submitter of each report what was returned: element code, or "" for the whole report,
    -> reason. Who has several that were returned alike gets one notice for them. In the caller's transaction. Two
    queries and one statement, however many."""
    returned = sorted(returned, key=lambda pair: (pair[0].institution.position, pair[0].institution.code))
    if not returned:
        return Mailing(has_server=False)
    clerks = clerks_of([report.institution for report, _ in returned])
    submitters = User.objects.in_bulk({report.submitted_by_id for report, _ in returned if report.submitted_by_id})
    alike: dict[tuple, tuple[User, Mapping[str, str], list[Institution]]] = {}
    for report, reasons in returned:
        people = {user.pk: user for user in clerks[report.institution_id]}
        submitter = submitters.get(report.submitted_by_id)
        if submitter and submitter.is_active and submitter != by:
            people[submitter.pk] = submitter
        for user in people.values():
            same = alike.setdefault((user.pk, *sorted(reasons.items())), (user, reasons, []))
            same[2].append(report.institution)
    notes = [
        Note(
            user,
            _sentence_of_return(round, own, reasons),
            url_of(round, own),
            return_subject(round.county_id, round.period, own),
        )
        for user, reasons, own in alike.values()
    ]
    return send_notes(notes, by=by, mail_subject=f"{Period.parse(round.period)}填报被退回")


def _lock_open(round: Round, now: datetime) -> None:
    """One reminder after the other. Raises Refused where there is nothing to remind of."""
    County.objects.select_for_update().get(pk=round.county_id)
    round.refresh_from_db(fields=["closed_at", "due_on", "opens_on"])
    if round.is_closed:
        raise Refused(f"{Period.parse(round.period)}填报已关闭，不能再催报。")
    if not round.is_open_on(timezone.localtime(now).date()):
        raise Refused(f"{Period.parse(round.period)}填报 {zh_date(round.opens_on)}开放，到时再催。")


def _unfinished(round: Round, institutions: Iterable[Institution]) -> tuple[list[Institution], set[int]]:
    """Without those that were handed in since the page was made; and which were returned, by pk."""
    reports = Report.objects.filter(institution__county=round.county_id, period=round.period)
    states = dict(reports.values_list("institution", "state"))
    unfinished = [institution for institution in institutions if states.get(institution.pk) not in HANDED_IN]
    return unfinished, {pk for pk, state in states.items() if state == ReportState.RETURNED}


def _tell(round: Round, found: Reminded, returned: set[int], words: str, by, now: datetime) -> None:
    clerks, late = clerks_of(found.told), days_late(round, now)
    notes = [
        Note(user, _sentence(round, own, returned, late, words), url_of(round, own))
        for user, own in by_person(found.told, clerks)
    ]
    found.mailing = send_notes(notes, by=by, mail_subject=f"请填报{Period.parse(round.period)}数据")
    found.people = len(notes)
    Reminder.objects.bulk_create(
        Reminder(round=round, institution=each, at=now, by_name=str(by), people=len(clerks[each.pk]))
        for each in found.told
    )
    if found.told:
        codes = [institution.code for institution in found.told]
        record("remind", round, by=by, place=round.county.code, after={"institutions": codes, "people": found.people})
    found.nobody = [each for each in found.told if not clerks[each.pk]]
    found.told = [each for each in found.told if clerks[each.pk]]


def _sentence(round: Round, institutions: list[Institution], returned: set[int], late: int, words: str) -> str:
    due = zh_date(round.due_on)
    when = f"截止日期 {due}，逾期 {late} 天，请尽快提交。" if late else f"请在 {due}前提交。"
    back = sum(each.pk in returned for each in institutions)
    what = "退回后还没有重新提交" if back == len(institutions) else "还没有提交"
    part = f"（其中 {back} 家是退回后还没有重新提交）" if 0 < back < len(institutions) else ""
    return f"{whose(round, institutions)}{what}{part}，{when}{words}"


def _sentence_of_return(round: Round, institutions: list[Institution], reasons: Mapping[str, str]) -> str:
    whole, single = reasons.get("", ""), sum(1 for code in reasons if code)
    what = f"有 {single} 项被退回" if single else "被退回"
    first = whole or next(iter(reasons.values()), "")
    more = "等" if single > 1 and not whole else ""
    return f"{whose(round, institutions)}{what}，请修改后重新提交。理由：{first}{more}"
