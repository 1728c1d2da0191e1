"""The standards that ship beside the 42 items: complete, sound, and in their own words."""

import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.urls import reverse

from assessments.services import start_campaign
from indicators.enums import DepartmentRole
from indicators.formula import describe, parse
from indicators.loader import load_files
from indicators.models import ItemDepartment
from indicators.queries import content_of, element_specs
from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User
from tests.plan_files import STANDARDS, contents, standard_file


@dataclass
class Plan:
    """What the paper holds, counted by hand."""

    number: str
    dated: date
    items: list[int]  # of each section
    departments: int
    phases: list[tuple[str, str]] = field(default_factory=list)
    leading_group: int = 0
    arrangements: list[str] = field(default_factory=list)
    deadline: date | None = None
    indicators: int = 0  # items of a table of their own, the last ones
    leads: list[int] | None = None  # of each item; one each where nothing is said

    @property
    def numbers(self) -> list[str]:
        tasks = sum(self.items) - self.indicators
        return [str(n) for n in range(1, tasks + 1)] + [f"指标{n}" for n in range(1, self.indicators + 1)]


PLANS = {
    "jincheng-chengqu-2024": Plan(
        "城政办发〔2024〕12号",
        date(2024, 4, 19),
        items=[4, 5, 8, 4, 3, 1],
        departments=15,  # 14 departments, and the towns
        phases=[("2024-04-01", "2024-04-15"), ("2024-04-16", "2024-05-20"), ("2024-05-21", "2024-05-31")],
        leading_group=15,  # a head, a deputy, 13 members
        arrangements=["meeting"],
        deadline=date(2024, 5, 31),
    ),
    "yanjiang-2023": Plan(
        "", date(2023, 6, 2), items=[2, 6, 2, 2, 2, 2, 2, 2], departments=1, deadline=date(2023, 12, 31)
    ),
    "yuexiu-2025": Plan(
        "",
        date(2023, 12, 31),  # the paper bears no date; see the file
        items=[3, 3, 2, 5, 2, 1, 3, 3, 8, 4, 1, 1],
        departments=8,
        arrangements=["ledger"],
        deadline=date(2025, 12, 31),
        indicators=17,
    ),
    "liaocheng-2025": Plan(
        "",
        date(2022, 12, 16),
        items=[8],
        departments=17,
        arrangements=["ledger", "feature", "meeting"],
        deadline=date(2025, 12, 31),
        leads=[4, 6, 1, 2, 10, 2, 1, 8],
    ),
}


@pytest.fixture(params=PLANS)
def code(request):
    return request.param


@pytest.fixture
def plan(code):
    return PLANS[code]


@pytest.fixture
def standard(code):
    return contents(code)[1]


def test_every_standard_that_ships_is_looked_at():
    assert {file.stem for file in STANDARDS.glob("*.yaml")} == {"linzi-2023", *PLANS}


def test_sections_items_departments_and_phases_are_those_of_the_paper(standard, plan):
    assert [len(section.items) for section in standard.sections] == plan.items
    assert [section.number for section in standard.sections] == list(range(1, len(plan.items) + 1))
    assert (standard.source_number, standard.source_date) == (plan.number, plan.dated)
    assert len(standard.departments) == plan.departments
    assert [(str(phase.start), str(phase.end)) for phase in standard.phases] == plan.phases
    assert all(phase.tasks for phase in standard.phases)
    assert len(standard.leading_group) == plan.leading_group
    assert [each.kind for each in standard.arrangements] == plan.arrangements
    assert standard.deadline == plan.deadline


def test_items_are_numbered_through_and_titles_fit_a_light(standard, plan):
    assert [item.number for item in standard.items] == plan.numbers
    assert max(len(item.title) for item in standard.items) <= 20
    assert len({item.title for item in standard.items}) == sum(plan.items)


def test_every_item_and_criterion_says_where_it_stands_in_the_paper(standard):
    for item in standard.items:
        assert item.source, item.number
        assert item.wording == "", "the paper's own sentences are not copied"
        for criterion in item.criteria:
            assert criterion.source, criterion.code
            assert criterion.code.split(".")[0] == item.number


def test_every_item_can_be_judged_by_something_to_hand_in(standard):
    for item in standard.items:
        of_table = item.number.startswith("指标")  # a figure says all that an indicator asks
        assert of_table or any(each.required for each in item.evidence), item.number
        first = item.number.replace("指标", "Z") if of_table else item.number.zfill(2)
        assert [each.code for each in item.evidence] == [f"{first}-{n:02d}" for n in range(1, len(item.evidence) + 1)]
    texts = [each.text for item in standard.items for each in item.evidence]
    assert len(texts) == len(set(texts))


def test_the_year_of_evidence_is_the_one_that_its_words_name(standard):
    for each in (each for item in standard.items for each in item.evidence):
        assert "本年度" not in each.text or each.year == "period", each.code
        assert "上年度" not in each.text or each.year == "previous", each.code


def test_each_item_has_the_leads_of_the_paper_and_every_department_has_work(standard, plan):
    assert [len(item.lead) for item in standard.items] == (plan.leads or [1] * sum(plan.items))
    used = {name for item in standard.items for name in (*item.lead, *item.cooperating)}
    members = {name for each in standard.departments if each.name in used for name in each.members}
    assert used | members == {department.name for department in standard.departments}


@pytest.mark.django_db
def test_it_loads_comes_back_unchanged_and_every_formula_can_be_said_in_words(code, standard, plan):
    loaded = load_files(standard_file(code)).standard
    assert loaded.state == "published"
    assert content_of(loaded) == standard
    leads = ItemDepartment.objects.filter(item__standard=loaded, role=DepartmentRole.LEAD)
    assert leads.count() == sum(len(item.lead) for item in standard.items)
    specs = element_specs()
    for item in standard.items:
        for criterion in item.criteria:
            words = describe(parse(criterion.expression), specs)
            assert not re.search("[a-z]{3}", words), words


@pytest.mark.django_db
def test_a_county_takes_it_up_and_its_pages_open(code, standard, plan, client):
    county = County.objects.create(code="X", name="某县")
    office = User.objects.create_user("office")
    Grant.objects.create(user=office, county=county, role=Role.COUNTY_OFFICE)
    period = str(plan.dated.year)
    campaign = start_campaign(county, load_files(standard_file(code)).standard, period=period)
    assert [(phase.name, str(phase.start)) for phase in campaign.phases.all()] == [
        (phase.name, str(phase.start)) for phase in standard.phases
    ]
    client.force_login(office)
    place = {"county": "X", "standard": code}
    for name in ("county", "departments", "items", "institutions", "report"):
        assert client.get(reverse(f"assessments:{name}", kwargs={**place, "period": period})).status_code == 200, name
    assert client.get(reverse("assessments:campaign-of", kwargs=place)).status_code == 200
    for item in standard.items:
        kwargs = {**place, "period": period, "number": item.number}
        page = client.get(reverse("assessments:item", kwargs=kwargs)).content.decode()
        assert item.title in page
