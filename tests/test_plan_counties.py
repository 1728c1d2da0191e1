"""A prefecture's plan over its counties: their stored contributions merged, on figures worked out by hand.

The scenarios stand under 合并 in tests/scenarios/plans/*.yaml.
"""

import pytest

from assessments.scoring import stored
from assessments.scoring.as_json import CriterionWriter
from assessments.scoring.contribution import merge
from assessments.scoring.finish import finish
from assessments.standing_services import score
from indicators.services import load
from institutions.models import County
from tests.plan_files import contents
from tests.test_plan_scenarios import PLANS, check, institutions
from tests.test_scenarios import make_institution

CASES = [
    pytest.param(code, scenario, id=f"{code}-{n}")
    for code, plan in PLANS.items()
    for n, scenario in enumerate(plan.get("合并", ()), 1)
]


def test_the_plan_of_a_prefecture_is_merged():
    assert {case.values[0] for case in CASES} == {"liaocheng-2025"}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "scenario"), CASES)
def test_counties_together(code, scenario):
    scored = score_counties(code, scenario)
    for name, wanted in scenario["各县应得"].items():
        check(scored[name].result, wanted)
    check(together(list(scored.values())), scenario["应得"])


def score_counties(code: str, scenario: dict) -> dict:
    """Each county's own result, by its name."""
    standard = load(*contents(code)).standard
    period = str(PLANS[code]["填报期"])
    scored = {}
    for name, rows in scenario["各县"].items():
        county = County.objects.create(code=name, name=name)
        for row in institutions(code, {"机构": rows}):
            make_institution(county, row, period)
        scored[name] = score(county, standard, period)
    return scored


def together(counties: list) -> dict:
    """The result of all, from what is stored of each: no institution's figures are added up again."""
    program = counties[0].program
    given = [stored.read(program, stored.write(each.program, each.total)) for each in counties]
    writer = CriterionWriter(program, lambda scope: [row for each in counties for row in each.institutions])
    criteria = [writer.criterion(each) for each in finish(program, merge(given))]
    return {"items": [{"number": "全市", "criteria": criteria}]}
