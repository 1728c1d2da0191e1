"""How often a plan's figure is put to the right criterion, when only the other standards are known.

For every figure of a plan whose own standard in fixtures/standards has a criterion for it, the criteria of the other
standards are given to fit(). Right is a proposal that reads the same elements and asks for the same number.
"""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import yaml

from indicators.formula import parse
from indicators.formula.tree import Arithmetic, Comparison, Expr, Number, names, walk
from indicators.plans import read_plan
from indicators.plans.fitting import Fit, KnownCriterion, fit
from indicators.plans.proposal import HIGH, Threshold

ROOT = Path(__file__).resolve().parent.parent
STANDARDS = ROOT / "fixtures/standards"


def measured(text: Path, standard: Path) -> Counter:
    """asked: figures whose like another standard has; found; wrong, proposed, sure: of all figures with a criterion."""
    elements = {each["code"]: each for each in load(ROOT / "fixtures/elements.yaml")["elements"]}
    others = [path for path in sorted(STANDARDS.glob("*.yaml")) if path != standard]
    known = [known_of(row, elements) for path in others for rows in criteria(path).values() for row in rows]
    own = criteria(standard)
    count: Counter = Counter()
    for item in read_plan(text.read_text(encoding="utf-8")).items:
        for threshold in item.thresholds:
            meant = [row for row in own.get(item.number, []) if states(row, threshold)]
            if not meant:
                continue
            alike = any(codes(row["formula"]) == codes(each.expression) for row in meant for each in known)
            proposed = fit(threshold, item, known)
            right = proposed is not None and any(same(proposed, row) for row in meant)
            count["asked"] += alike
            count["found"] += alike and right
            count["proposed"] += proposed is not None
            count["wrong"] += proposed is not None and not right
            sure = proposed is not None and proposed.sureness == HIGH
            count["sure"] += sure
            count["wrong_sure"] += sure and not right
    return count


def criteria(path: Path) -> dict[str, list[dict]]:
    """By the item's number."""
    items = [item for section in load(path)["sections"] for item in section["items"]]
    return {str(item["number"]): item.get("criteria", []) for item in items}


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def known_of(row: dict, elements: dict[str, dict]) -> KnownCriterion:
    read = names(parse(row["formula"]))
    return KnownCriterion(
        name=row["name"],
        level=row["level"],
        scope=row["scope"],
        expression=row["formula"],
        comparator=row["comparator"],
        target=str(row["target"]),
        unit=row.get("unit", ""),
        element_names={code: [elements[code]["name"], *elements[code].get("aliases", [])] for code in read},
        element_units={code: elements[code].get("unit", "") for code in read},
    )


def states(row: dict, threshold: Threshold) -> bool:
    """Whether the criterion asks for the figure: as its target, or of each institution in its formula."""
    targets = [str(row["target"]), *map(str, row.get("targets", {}).values())]
    asked = [(row["comparator"], number_of(parse(target))) for target in targets]
    inside = [(n.op, number_of(n.right)) for n in walk(parse(row["formula"])) if isinstance(n, Comparison)]
    of_whom = row["scope"] == ["all"] or not threshold.scope or set(row["scope"]) & set(threshold.scope)
    return bool(of_whom) and (threshold.comparator, threshold.value) in [*asked, *inside]


def same(proposed: Fit, row: dict) -> bool:
    numbers = [number_of(parse(proposed.target)), *inner(proposed.expression)]
    wanted = [number_of(parse(str(row["target"]))), *inner(row["formula"])]
    return codes(proposed.expression) == codes(row["formula"]) and numbers == wanted


def inner(formula: str) -> list[Fraction | None]:
    """The numbers that its conditions compare with."""
    return [number_of(node.right) for node in walk(parse(formula)) if isinstance(node, Comparison)]


def codes(formula: str) -> set[str]:
    return set(names(parse(formula)))


def number_of(expr: Expr) -> Fraction | None:
    """The figure of `10`, `25%` and `25% * physicians`; None of anything else."""
    if isinstance(expr, Arithmetic) and expr.op == "*":
        expr = expr.left
    return expr.value if isinstance(expr, Number) else None
