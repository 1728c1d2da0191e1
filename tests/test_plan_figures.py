"""Every figure that a plan states is computed: tests/plans/figures/<code>.yaml against fixtures/standards/<code>.yaml.

A file lists the figures item by item, read from the plan by hand (how, tests/plans/figures/README.md says).
"""

from collections import Counter
from fractions import Fraction

import pytest
import yaml

from indicators.contents import CriterionContent, ItemContent
from indicators.enums import Comparator
from indicators.formula import parse
from indicators.formula.tree import Arithmetic, Comparison, Expr, Number, walk
from tests.plan_files import FIGURES, STANDARDS, contents

FILES = sorted(FIGURES.glob("*.yaml"))
UNITS = {"%", "人", "名", "级", "类", "项", "个", "次", "种", "家", "期"}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def file(request):
    return request.param


@pytest.fixture
def stated(file) -> dict[str, list[dict]]:
    return yaml.safe_load(file.read_text("utf-8"))["条目"]


@pytest.fixture
def items(file) -> dict[str, ItemContent]:
    return {item.number: item for item in contents(file.stem)[1].items}


def test_each_standard_has_its_figures():
    assert {file.stem for file in FILES} == {file.stem for file in STANDARDS.glob("*.yaml")}


def test_figures_are_written_as_the_readme_says(stated, items):
    assert set(stated) <= items.keys()
    for number, figures in stated.items():
        assert figures, number
        for figure in figures:
            assert {"comparator", "value", "unit"} <= figure.keys() <= {"comparator", "value", "unit", "not_computed"}
            assert figure["comparator"] in Comparator.values
            assert figure["unit"] in UNITS
            assert figure["value"].endswith("%") == (figure["unit"] == "%")
            assert figure.get("not_computed", "why") != ""


def test_each_stated_figure_stands_in_a_criterion_of_its_item(stated, items):
    for number, figures in stated.items():
        wanted = Counter(key_of(figure) for figure in figures if "not_computed" not in figure)
        found = Counter(key for criterion in items[number].criteria for key in figures_in(criterion))
        assert not wanted - found, f"条目 {number}"


def test_a_target_that_the_plan_does_not_state_says_where_it_comes_from(stated, items):
    """But for 100%, where the plan says 每 or 全部, and for something where there was nothing."""
    for number, item in items.items():
        known = {key_of(figure)[1] for figure in stated.get(number, ())} | {Fraction(0), Fraction(1)}
        for criterion in item.criteria:
            if set(targets_of(criterion)) - known:
                assert criterion.note, criterion.code


def test_a_figure_that_is_not_computed_is_a_rare_exception(stated):
    figures = [figure for row in stated.values() for figure in row]
    assert sum("not_computed" in figure for figure in figures) <= len(figures) / 10


def key_of(figure: dict) -> tuple[str, Fraction]:
    return figure["comparator"], number_of(parse(figure["value"]))


def figures_in(criterion: CriterionContent) -> list[tuple[str, Fraction]]:
    """(comparator, figure) of the criterion's targets and of the comparisons in its formula."""
    compared = [node for node in walk(parse(criterion.expression)) if isinstance(node, Comparison)]
    inside = [(node.op, value) for node in compared if (value := number_of(node.right)) is not None]
    return [(criterion.comparator, target) for target in targets_of(criterion)] + inside


def targets_of(criterion: CriterionContent) -> list[Fraction]:
    """Those that are figures; another county figure may be the target, too."""
    values = (number_of(parse(text)) for text in (criterion.target, *criterion.targets.values()))
    return [value for value in values if value is not None]


def number_of(expr: Expr) -> Fraction | None:
    """The figure of `10`, `25%` and `25% * physicians`; None of anything else."""
    if isinstance(expr, Arithmetic) and expr.op == "*":
        expr = expr.left
    return expr.value if isinstance(expr, Number) else None


def test_what_is_found_in_a_criterion():
    formula = "share(physicians > 0 and tcm_physicians >= 25% * physicians)"
    criterion = CriterionContent("1.1", "", "hard", ["all"], formula, ">=", "90%", "%", "", targets={"2024": "80%"})
    assert figures_in(criterion) == [
        (">=", Fraction(9, 10)),
        (">=", Fraction(4, 5)),
        (">", Fraction(0)),
        (">=", Fraction(1, 4)),
    ]
