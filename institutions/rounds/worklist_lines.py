"""What the worklist shows of each row beside the row itself, read for all rows of a page at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, QuerySet

from indicators.enums import InstitutionType
from indicators.models import Element
from institutions.enums import StepKind
from institutions.filling.rulebook import fields_of
from institutions.models import Institution, ReportStep, Round
from institutions.rounds.worklist import HANDED_IN, STATES, UNFINISHED, days_late
from tcm_demo.accounts.models import User


@dataclass(frozen=True)
class Line:
    """One row as shown. `filled` and `accepted` of `asked` figures; `proxy`: who submitted on its behalf; `days_late`
    counts until it was handed in (`is_handed_in`), or until now."""

    institution: Institution
    state: str
    filled: int
    accepted: int
    asked: int
    days_late: int
    submitted_by: str
    proxy: str
    reminded_at: datetime | None

    @property
    def word(self) -> str:
        return STATES[self.state]

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def cautions(self) -> int:
        return self.institution.cautions

    @property
    def submitted_at(self) -> datetime | None:
        return self.institution.submitted_at

    @property
    def can_be_ticked(self) -> bool:
        """Whether there is anything that the office could accept or return."""
        return self.institution.submitted_at is not None or self.is_handed_in

    @property
    def late_words(self) -> str:
        if not self.days_late:
            return ""
        return f"逾期 {self.days_late} 天{'提交' if self.is_handed_in else ''}"


def lines_of(round: Round, rows: QuerySet[Institution] | Sequence[Institution]) -> list[Line]:
    """`rows`: of worklist.filtered, after `with_figures`. Four queries more, however many."""
    rows = list(rows)
    elements = list(Element.objects.all())
    fields = {kind: fields_of(round, kind, elements).keys() for kind in InstitutionType.values}
    pks = [row.pk for row in rows]
    submissions, reminders = _submissions(round, pks), _reminders(round, pks)
    names = _names({row.submitter for row in rows if row.submitter and row.pk not in submissions})
    return [
        Line(
            institution=row,
            state=row.state,
            filled=len(fields[row.type] & (row.figures or {}).keys()),
            accepted=len(fields[row.type] & (row.accepted_figures or {}).keys()),
            asked=len(fields[row.type]),
            days_late=days_late(round, row.handed_in_at),
            submitted_by=submissions[row.pk][0] if row.pk in submissions else names.get(row.submitter, ""),
            proxy=submissions[row.pk][1] if row.pk in submissions else "",
            reminded_at=reminders.get(row.pk),
        )
        for row in rows
    ]


def with_figures(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """Also fetch the figures themselves: only for the rows that are shown."""
    return rows.select_related("manager").annotate(
        figures=F("report__values"),
        accepted_figures=F("report__accepted"),
        submitter=F("report__submitted_by"),
    )


def _submissions(round: Round, institutions: list[int]) -> dict[int, tuple[str, str]]:
    """Institution -> who submitted it last, and the institution that did so on its behalf ("" where it did itself)."""
    steps = ReportStep.objects.filter(
        report__institution__in=institutions, report__period=round.period, kind=StepKind.SUBMITTED
    )
    found = steps.order_by("pk").values_list("report__institution", "by_name", "proxy__name")
    return {pk: (name, proxy or "") for pk, name, proxy in found}


def _reminders(round: Round, institutions: list[int]) -> dict[int, datetime]:
    last = round.reminders.filter(institution__in=institutions).order_by().values("institution")
    return dict(last.annotate(last=Max("at")).values_list("institution", "last"))


def _names(users: set[int]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=users)}
