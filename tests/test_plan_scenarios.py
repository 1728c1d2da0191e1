"""Each plan on figures worked out by hand: tests/scenarios/plans/*.yaml (how, tests/scenarios/plans/README.md says).

The whole standard is loaded and scored through the service that pages and commands use.
"""

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from django.core.management import call_command
from django.utils import timezone

from assessments import services
from assessments.enums import EvidenceState
from assessments.models import EvidenceJudgement
from assessments.words import STATUS
from indicators.models import Standard
from indicators.queries import requirements_of
from indicators.services import load
from institutions.models import County
from tests.plan_files import SCENARIOS, STANDARDS, contents
from tests.test_scenarios import FOUND, WANTED, make_institution

PLANS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted(SCENARIOS.glob("*.yaml"))}
CASES = [
    pytest.param(code, scenario, id=f"{code}-{n}")
    for code, plan in PLANS.items()
    for n, scenario in enumerate(plan["情形"], 1)
]


def test_each_plan_has_scenarios():
    assert PLANS.keys() == {file.stem for file in STANDARDS.glob("*.yaml")} - {"linzi-2023"}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "scenario"), CASES)
def test_scenario(code, scenario):
    county, standard, period = put_in(code, scenario)
    check(services.score(county, standard, period).result, scenario["应得"])


@pytest.mark.django_db
@pytest.mark.parametrize("code", PLANS)
def test_the_command_takes_the_plan(code, capsys):
    scenario = PLANS[code]["情形"][0]
    county, standard, period = put_in(code, scenario)
    call_command("assess", county=county.code, standard=code, period=period, format="json")
    result = json.loads(capsys.readouterr().out)
    assert [item["number"] for item in result["items"]] == [item.number for item in standard.items.all()]
    check(result, scenario["应得"])


def put_in(code: str, scenario: dict) -> tuple[County, Standard, str]:
    standard = load(*contents(code)).standard
    county = County.objects.create(code="X", name="某县")
    period = str(scenario.get("填报期", PLANS[code]["填报期"]))
    for row in institutions(code, scenario):
        make_institution(county, row, period)
    if scenario.get("佐证") == "全部已认可":
        accept_all(county, standard, period)
    return county, standard, period


def institutions(code: str, scenario: dict) -> Iterator[dict]:
    """One row each, with all of its figures."""
    rows = scenario["机构"]
    if isinstance(rows, str):  # 同第 1 个情形
        rows = PLANS[code]["情形"][int(re.search(r"\d+", rows)[0]) - 1]["机构"]
    for row in rows:
        figures = row.get("填报", {})
        if "照" in row:
            figures = PLANS[code]["样本"][row["照"]] | figures
        number = row.get("家数", 1)
        for n in range(1, number + 1):
            yield row | {"编码": row["编码"] + (str(n) if number > 1 else ""), "填报": figures}


def accept_all(county: County, standard: Standard, period: str) -> None:
    said = {"state": EvidenceState.ACCEPTED, "reason": "看过原件", "judged_at": timezone.now()}
    EvidenceJudgement.objects.bulk_create(
        EvidenceJudgement(county=county, requirement=requirement, period=period, **said)
        for requirement in requirements_of(standard, owner=county.code).filter(required=True)
    )


def check(result: dict, expected: dict) -> None:
    items = {item["number"]: item for item in result["items"]}
    criteria = {criterion["code"]: criterion for item in items.values() for criterion in item["criteria"]}
    for code, wanted in expected.items():
        if code == "条目":
            assert {number: STATUS[items[number]["status"]] for number in wanted} == wanted
        else:
            found = {name: FOUND[name](criteria[code]) for name in wanted}
            assert found == {name: WANTED.get(name, str)(value) for name, value in wanted.items()}, code
