"""What the tests of checking reports share: a round of the small world, its people, and the short way to a report."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from assessments.standing_services import refresh_standings
from institutions.enums import Role
from institutions.filling.rulebook import rulebook_for
from institutions.filling.services import Cell, save_cells, submit_report
from institutions.models import Grant, Institution, Report, Round
from institutions.review.services import WHOLE
from institutions.rounds.queries import cautions_of
from institutions.rounds.services import save_round
from tcm_demo.accounts.models import User
from tests.world import PERIOD, World

# of A-01, a township centre; nothing of it asks for a word of explanation
FIGURES = {"has_hall": "是", "techniques": "10", "visits": "1000", "tcm_visits": "400"}
VALUES = {"has_hall": True, "techniques": 10, "visits": 1000, "tcm_visits": 400}


def open_round(world: World, period: str = PERIOD) -> Round:
    """A round in which nobody has reported yet."""
    Report.objects.all().delete()
    refresh_standings(world.county, PERIOD, None)
    return save_round(
        world.county, period, opens_on=date(2024, 1, 1), due_on=date(2024, 1, 31), by=world.users["office"]
    )


def east() -> Institution:
    return Institution.objects.select_related("county", "manager").get(code="A-01")


def report_of(institution: Institution, period: str = PERIOD) -> Report:
    return Report.objects.get(institution=institution, period=period)


def fill(round: Round, institution: Institution, by, figures=None) -> None:
    texts = FIGURES if figures is None else figures
    save_cells(round, [Cell(institution, code, text) for code, text in texts.items()], by=by)


def explain_all(round: Round, institution: Institution, by) -> None:
    """A word on every caution that the report has."""
    report = report_of(institution, round.period)
    report.institution = institution
    found = cautions_of(round, rulebook_for(round, institution.type), report)
    words = {caution.key: "已核对原始报表" for caution in found}
    save_cells(round, [], by=by, explanations={institution.pk: words})


def hand_in(round: Round, institution: Institution, by, figures=None) -> Report:
    """Filled in, explained and submitted."""
    fill(round, institution, by, figures)
    explain_all(round, institution, by)
    return submit_report(round, institution, by=by)


def add_clerk(institution: Institution, name: str) -> User:
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, county=institution.county, role=Role.DATA_CLERK, institution=institution)
    return user


def add_reviewer(world: World, name: str) -> User:
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, county=world.county, role=Role.REVIEWER)
    return user


def report_before(institution: Institution, accepted: dict, period: str = "2022") -> Report:
    now = timezone.now()
    return Report.objects.create(
        institution=institution, period=period, state="accepted", values=accepted, accepted=accepted, updated_at=now
    )


def replayed(report: Report) -> tuple[dict, dict, str]:
    """Values, accepted figures and state, from the history alone."""
    values, accepted, state = {}, {}, "draft"
    for step in report.steps.all():
        for code, (old, new) in step.cells.items():
            assert values.pop(code, None) == old
            if new is not None:
                values[code] = new
        if step.kind == "accepted":
            accepted |= {code: values[code] for code in step.marks}
            state = "accepted" if accepted == values else "submitted"
        elif step.kind == "returned":
            accepted = {} if WHOLE in step.marks else {c: v for c, v in accepted.items() if c not in step.marks}
            state = "returned"
        elif step.kind == "submitted":
            state = "submitted"
    return values, accepted, state


def url_of(code="A-01", name="review") -> str:
    return reverse(f"institutions:{name}", args=["A", "2023", code])


def page_of(client, code="A-01"):
    return client.get(url_of(code)).context["page"]


def rows_of(client, code="A-01") -> dict:
    return {row.code: row for row in page_of(client, code).sheet}


def html_of(client, code="A-01", part="review-screen") -> str:
    """The screen's part of the page, or the sheet that is printed."""
    html = client.get(url_of(code)).content.decode()
    screen, _, sheet = html.partition('<div class="review-sheet">')
    return sheet if part == "review-sheet" else screen


def send(client, code="A-01", *, seen=None, follow=True, **data):
    seen = client.get(url_of(code)).context["seen"] if seen is None else seen
    return client.post(url_of(code, "review-decide"), data | {"seen": seen}, follow=follow)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])
