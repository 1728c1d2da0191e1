"""What clerks are told about a round: that it opens, closes, reopens; and when a return is settled."""

from collections.abc import Callable, Iterable, Mapping

from django.urls import reverse
from django.utils import timezone

from institutions.enums import ReportState
from institutions.models import Institution, Report, Round
from institutions.period import Period
from institutions.rounds.queries import asked_institutions
from institutions.rounds.reminder_queries import clerks_of
from tcm_demo.accounts.models import User
from tcm_demo.lib.dates import zh_date
from tcm_demo.notices.services import Note, mark_settled, send_notes, unread_subjects

# so many names of institutions stand in one sentence
_NAMED = 5


def tell_opening(round: Round, *, by) -> None:
    """A new round: since when, or from when on, and until when."""
    later = round.opens_on > timezone.localdate()
    begins = f"将于 {zh_date(round.opens_on)}开放" if later else "已经开放"
    _tell(round, lambda own: f"{whose(round, own)}{begins}，截止日期 {zh_date(round.due_on)}。", "开放", by)


def tell_closing(round: Round, *, by) -> None:
    """A closed round: whose figures it misses (Round.missing_at_close)."""
    missing = {each["code"] for each in round.missing_at_close}

    def sentence(own: list[Institution]) -> str:
        lacking = [each for each in own if each.code in missing]
        if not lacking:
            rest = "各项数据都已接受。"
        else:
            which = "" if len(own) == 1 else f"其中 {len(lacking)} 家（{_names(lacking)}）"
            rest = f"{which}有缺报，缺的仍算缺；确需补报，请联系创建办。"
        return f"{whose(round, own)}已关闭，不能再填写。{rest}"

    _tell(round, sentence, "关闭", by)


def tell_reopening(round: Round, reason: str, *, by) -> None:
    """Why, and until when."""
    due = zh_date(round.due_on)
    _tell(
        round,
        lambda own: f"{whose(round, own)}已重新开放，可以继续填写，截止日期 {due}。理由：{reason}",
        "重新开放",
        by,
    )


def _tell(round: Round, sentence: Callable[[list[Institution]], str], word: str, by) -> None:
    """Each clerk of those asked, once for all of theirs. Two queries and one statement, however many."""
    institutions = asked_institutions(round).order_by("position", "code")
    people = by_person(institutions, clerks_of(institutions))
    notes = [Note(user, sentence(own), url_of(round, own)) for user, own in people]
    send_notes(notes, by=by, mail_subject=f"{Period.parse(round.period)}填报{word}")


def by_person(
    institutions: Iterable[Institution], clerks: Mapping[int, Iterable[User]]
) -> list[tuple[User, list[Institution]]]:
    """Each person with those of the institutions that are theirs. `clerks`: of reminder_queries.clerks_of."""
    theirs: dict[int, tuple[User, list[Institution]]] = {}
    for institution in institutions:
        for user in clerks[institution.pk]:
            theirs.setdefault(user.pk, (user, []))[1].append(institution)
    return list(theirs.values())


def whose(round: Round, institutions: list[Institution]) -> str:
    """Of which institutions the sentence speaks; of many it names a few."""
    period = Period.parse(round.period)
    if len(institutions) == 1:
        return f"“{institutions[0].name}”的{period}填报"
    return f"您负责的 {len(institutions)} 家机构（{_names(institutions)}）的{period}填报"


def _names(institutions: list[Institution]) -> str:
    more = "等" if len(institutions) > _NAMED else ""
    return "、".join(each.name for each in institutions[:_NAMED]) + more


def url_of(round: Round, institutions: list[Institution]) -> str:
    """Where the work is: the one form, or all of the person's."""
    if len(institutions) > 1:
        return reverse("institutions:my-reports")
    return reverse("institutions:fill", args=[round.county.code, round.period, institutions[0].code])


# ---- returns: a notice is settled once none of those that it names is still to be mended ----


def return_subject(county: int, period: str, institutions: Iterable[Institution] = ()) -> str:
    """The key of a notice about returns: county, period, and the institutions that it names, by pk."""
    return f"returned {county} {period} {' '.join(str(each.pk) for each in institutions)}"


def settle_return(report: Report) -> None:
    """The report is handed in again. Three queries at most."""
    prefix = return_subject(report.institution.county_id, report.period)
    named = {subject: set(subject.removeprefix(prefix).split()) for subject in unread_subjects(prefix)}
    own = {subject: keys for subject, keys in named.items() if str(report.institution_id) in keys}
    if not own:
        return
    concerned = Report.objects.filter(period=report.period, institution__in=set().union(*own.values()))
    returned = concerned.filter(state=ReportState.RETURNED).values_list("institution", flat=True)
    waiting = {str(pk) for pk in returned}
    mark_settled(subject for subject, keys in own.items() if not keys & waiting)
