"""Accepting figures brings the county's standing up to date at once, to the last digit as counting everybody does."""

import io
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.evidence.review_services import judge_evidence
from assessments.models import Standing
from assessments.services import start_campaign
from assessments.standing_services import refresh_standing
from indicators.models import Criterion, Element, EvidenceRequirement
from indicators.queries import current_standard
from institutions.enums import ReportState
from institutions.hooks import figures_changed, institutions_changed
from institutions.models import County, Institution, Report
from tests.world import PERIOD, add_institution, make_world

NOT_AT_ALL = date.max
TECHNIQUES = "2.2"


@pytest.fixture
def world(db):
    return make_world()


@transaction.atomic
def accept(county: County, new: dict[str, dict], before: dict | None = None, after: dict | None = None) -> None:
    """New accepted figures by institution code, announced as whoever accepts figures does.

    `before`, `after`: what is said of all of them instead of the truth.
    """
    now = timezone.now()
    figures = {}
    for code, values in new.items():
        institution = county.institutions.get(code=code)
        report, _ = Report.objects.get_or_create(
            institution=institution, period=PERIOD, defaults={"updated_at": now, "state": ReportState.SUBMITTED}
        )
        figures[institution.pk] = (
            report.accepted if before is None else before,
            values if after is None else after,
        )
        report.accepted, report.accepted_at = values, now
        report.save()
    figures_changed(county=county, period=PERIOD, since=NOT_AT_ALL, figures=figures)


def standing_of(county: County) -> Standing:
    return Standing.objects.get(county=county, period=PERIOD)


def state(county: County) -> tuple:
    """All that a standing holds."""
    standing = standing_of(county)
    parts = standing.institutions.order_by("institution__code")
    rows = parts.values_list("institution__code", "reported", "unmet", "unknown", "counted")
    return standing.result, standing.contributions, list(rows)


def check_as_counted_anew(county: County) -> None:
    found = state(county)
    with transaction.atomic():
        # from nothing, and then everything is as it was
        standing = standing_of(county)
        standing.institutions.all().delete()
        Standing.objects.filter(pk=standing.pk).update(contributions=None, result={})
        refresh_standing(county, standing.standard, PERIOD)
        anew = state(county)
        transaction.set_rollback(True)
    for now, expected in zip(found, anew, strict=True):
        assert now == expected


def criterion(county: County, code: str) -> dict:
    items = standing_of(county).result["items"]
    return next(each for item in items for each in item["criteria"] if each["code"] == code)


def part(county: County, code: str):
    return standing_of(county).institutions.get(institution__code=code)


def hide_a_change(code: str, values: dict) -> None:
    """Behind the program's back: only counting everybody anew finds it."""
    Report.objects.filter(institution__code=code, period=PERIOD).update(accepted=values)


# ---- what changes, and what is left alone ----


def test_accepting_a_figure_changes_the_standing_at_once(world):
    accept(world.county, {"A-1000": {"techniques": 6}})
    assert (criterion(world.county, TECHNIQUES)["status"], part(world.county, "A-1000").unmet) == ("met", 0)
    check_as_counted_anew(world.county)


def test_returning_the_last_figure_takes_the_institution_out_of_those_that_reported(world):
    before = standing_of(world.county).result["coverage"]
    accept(world.county, {"A-01": {}})
    coverage = standing_of(world.county).result["coverage"]
    assert (before["reported"], coverage["reported"]) == (6, 5)
    assert part(world.county, "A-01").reported is False
    check_as_counted_anew(world.county)


def test_the_others_are_not_read(world):
    hide_a_change("A-1001", {"techniques": 1})
    accept(world.county, {"A-1000": {"techniques": 5}})
    assert criterion(world.county, TECHNIQUES)["failing"] == ["A-1000"]
    hide_a_change("A-1001", {"techniques": 6})
    check_as_counted_anew(world.county)


def test_one_change_takes_the_same_few_queries_in_a_large_county(world):
    def queries(techniques: int) -> int:
        with CaptureQueriesContext(connection) as found:
            accept(world.county, {"A-1000": {"techniques": techniques}})
        return len(found)

    before = queries(5)
    for i in range(60):
        add_institution(world.county, f"A-2{i:03}", "village_clinic", {"techniques": i % 9})
    institutions_changed(county=world.county, since=None)
    assert queries(3) == before < 26


def test_a_judged_piece_of_evidence_reads_no_institution(world):
    hide_a_change("A-1001", {"techniques": 1})
    requirement = EvidenceRequirement.objects.get(code="3-1")
    judge_evidence(world.county, requirement, PERIOD, state="accepted", reason="看过原件", by=world.users["office"])
    item = next(item for item in standing_of(world.county).result["items"] if item["number"] == "3")
    assert item["evidence"]["accepted"] == 1
    assert criterion(world.county, TECHNIQUES)["failing"] == ["A-1000"]
    hide_a_change("A-1001", {"techniques": 6})
    check_as_counted_anew(world.county)


def test_figures_of_an_institution_that_is_closed_change_nothing(world):
    village = Institution.objects.get(code="A-1000")
    village.closed_on = date(2023, 12, 31)
    village.save()
    institutions_changed(county=world.county, since=village.closed_on)
    before = state(world.county)
    accept(world.county, {"A-1000": {"techniques": 9}})
    assert state(world.county) == before
    check_as_counted_anew(world.county)


def test_a_new_institution_counts_and_its_figures_after_it(world):
    add_institution(world.county, "A-2000", "village_clinic", {"techniques": 2})
    institutions_changed(county=world.county, since=None)
    assert criterion(world.county, TECHNIQUES)["in_scope"] == 4
    accept(world.county, {"A-2000": {"techniques": 8}})
    assert criterion(world.county, TECHNIQUES)["failing"] == ["A-1000"]
    check_as_counted_anew(world.county)


def test_a_new_period_has_a_standing_of_its_own(world):
    other = County.objects.create(code="C", name="丙县")
    add_institution(other, "C-01", "township_centre", {"has_hall": True})
    start_campaign(other, world.standard, period="2024")
    accept(other, {"C-01": {"has_hall": False}})
    assert criterion(other, "2.1")["failing"] == ["C-01"]
    check_as_counted_anew(other)


# ---- what everybody's lights depend on ----


def test_where_the_countys_own_figure_is_a_target_everybodys_light_follows(world):
    Criterion.objects.filter(code="3.1").update(expression="min(tcm_visits)", target="sum(fund)")
    accept(world.county, {"A-00": {"fund": "30"}})
    assert (part(world.county, "A-01").unmet, part(world.county, "A-02").unmet) == (0, 2)
    accept(world.county, {"A-00": {"fund": "41"}})
    assert (part(world.county, "A-01").unmet, part(world.county, "A-02").unmet) == (1, 2)
    check_as_counted_anew(world.county)
    accept(world.county, {"A-00": {}})
    assert (part(world.county, "A-01").unknown, part(world.county, "A-01").unmet) == (1, 0)
    check_as_counted_anew(world.county)


def test_changed_criteria_are_counted_anew(world):
    Criterion.objects.filter(code=TECHNIQUES).update(expression="share(techniques >= 7)")
    accept(world.county, {"A-1000": {"techniques": 7}})
    assert criterion(world.county, TECHNIQUES)["failing"] == ["A-1001", "A-1002"]
    check_as_counted_anew(world.county)


# ---- where the standing cannot be trusted ----


def test_a_standing_that_did_not_count_the_figures_before_is_counted_anew(world):
    hide_a_change("A-1000", {"techniques": 5})
    hide_a_change("A-1001", {"techniques": 1})
    accept(world.county, {"A-1000": {"techniques": 6}})
    assert criterion(world.county, TECHNIQUES)["failing"] == ["A-1001"]
    check_as_counted_anew(world.county)


def test_what_is_said_of_the_figures_before_is_not_taken_on_trust(world):
    accept(world.county, {"A-1000": {"techniques": 6}}, before={"techniques": 99})
    assert criterion(world.county, TECHNIQUES)["status"] == "met"
    check_as_counted_anew(world.county)


def test_what_counts_is_what_is_stored(world):
    accept(world.county, {"A-1000": {"techniques": 6}}, after={"techniques": 1})
    assert criterion(world.county, TECHNIQUES)["status"] == "met"
    check_as_counted_anew(world.county)


@pytest.mark.django_db(transaction=True)
def test_people_who_accept_at_once_lose_nothing_even_without_looking_at_each_other():
    world = make_world(villages=8)

    def accept_some(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(6):
                accept(world.county, {f"A-100{chance.randrange(4)}": {"techniques": chance.randint(0, 9)}})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        list(people.map(accept_some, range(4)))
    check_as_counted_anew(world.county)


def test_a_standing_of_an_earlier_version_is_counted_anew_once_and_completed(world):
    Standing.objects.update(contributions=None)
    standing_of(world.county).institutions.update(counted="")
    accept(world.county, {"A-1000": {"techniques": 6}})
    assert standing_of(world.county).contributions["criteria"][TECHNIQUES][0] == 3
    assert part(world.county, "A-1002").counted
    check_as_counted_anew(world.county)


# ---- by chance ----


def random_values(chance: random.Random, elements: list[Element]) -> dict:
    """What an institution may have had accepted: often all, often not, also nothing."""
    share = chance.choice([0, 0.5, 0.9, 1])
    return {e.code: random_value(chance, e) for e in elements if chance.random() < share}


def random_value(chance: random.Random, element: Element):
    if element.value_type == "boolean":
        return chance.random() < 0.7
    if element.value_type == "choice":
        return int(chance.choice(list(element.choices)))
    if element.value_type == "decimal":
        return str(chance.randint(0, 4000) / 4)
    return chance.choice([0, 1, chance.randint(0, 12), chance.randint(0, 5000)])


def change_by_chance(chance: random.Random, county: County, codes: dict[str, str], elements: list[Element]) -> None:
    some = chance.sample(sorted(codes), chance.choice([1, 1, 1, 2, 5]))
    new = {}
    for code in some:
        reported = [element for element in elements if codes[code] in element.reported_by]
        stored = Report.objects.filter(institution__county=county, institution__code=code, period=PERIOD).first()
        values = random_values(chance, reported)
        if stored and chance.random() < 0.6:  # one or two figures alone
            few = chance.sample(reported, min(2, len(reported)))
            values = stored.accepted | {e.code: random_value(chance, e) for e in few}
        new[code] = values
    accept(county, new)


@pytest.mark.parametrize("seed", range(6))
def test_any_changes_in_a_small_county_give_what_counting_anew_gives(world, seed):
    chance = random.Random(seed)
    Criterion.objects.filter(code="3.1").update(target=chance.choice(["35%", "sum(fund) / 1000"]))
    Criterion.objects.filter(code=TECHNIQUES).update(target=chance.choice(["100%", "60%"]))
    codes = dict(world.county.institutions.values_list("code", "type"))
    elements = list(Element.objects.all())
    for _ in range(15):
        change_by_chance(chance, world.county, codes, elements)
        check_as_counted_anew(world.county)


def test_any_changes_in_the_demo_county_give_what_counting_anew_gives(db):
    fixtures, quiet = settings.BASE_DIR / "fixtures", {"stdout": io.StringIO()}
    call_command("load_standard", fixtures / "standards/linzi-2023.yaml", **quiet)
    ledger = fixtures / "demo/ledger-2023.xlsx"
    call_command("import_ledger", ledger, county="DEMO", county_name="演示区", period=PERIOD, **quiet)
    county = County.objects.get(code="DEMO")
    start_campaign(county, current_standard("linzi-2023"), period=PERIOD)
    codes = dict(county.institutions.values_list("code", "type"))
    own = [code for code, kind in codes.items() if kind in ("county", "tcm_hospital", "township_centre")]
    elements, chance = list(Element.objects.all()), random.Random(7)
    for number in range(40):
        # the county itself and the hospitals more often than chance would have it
        some = {code: codes[code] for code in own} if number % 3 == 0 else codes
        change_by_chance(chance, county, some, elements)
        check_as_counted_anew(county)
