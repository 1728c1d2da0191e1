"""The result as plain JSON, the form that is printed, stored and read by pages, PDF and Excel alike. Pure.

Values and targets are exact fractions as text ("12/13", "4"); unknown is null.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from assessments.scoring.finish import CriterionResult
from assessments.scoring.gaps import Gap, gaps_of_condition, rooms
from assessments.scoring.items import ItemResult, Summary
from assessments.scoring.program import Figures, Program
from indicators.formula.tree import CONDITION_AGGREGATES, conjuncts


def exact(value: Fraction | int | None) -> str | None:
    return None if value is None else str(Fraction(value))


def result_as_json(
    program: Program, items: Sequence[ItemResult], summary: Summary, institutions: Sequence[Figures]
) -> dict:
    """`summary`, `coverage` and `items` of an assessment. `institutions`: all active ones, for who lacks what."""
    writer = _Writer(program, institutions)
    return {
        "summary": {
            "items": summary.items,
            "met": summary.met,
            "nearly": summary.nearly,
            "unmet": summary.unmet,
            "incomplete": summary.incomplete,
            "points": exact(summary.points),
        },
        "coverage": {"reported": sum(bool(i.values) for i in institutions), "due": len(institutions)},
        "items": [writer.item(item) for item in items],
    }


class _Writer:
    def __init__(self, program: Program, institutions: Sequence[Figures]):
        self.program = program
        self.institutions = institutions
        self.by_code: Mapping[str, Figures] = {figures.code: figures for figures in institutions}
        self.index = {spec.code: i for i, spec in enumerate(program.criteria)}

    def item(self, item: ItemResult) -> dict:
        evidence = item.evidence
        return {
            "number": item.number,
            "status": item.status,
            "points": exact(item.points),
            "earned": exact(item.earned),
            "evidence": {
                "required": evidence.required,
                "accepted": evidence.accepted,
                "failing": evidence.failing,
                "open": evidence.open,
            },
            "criteria": [self.criterion(result) for result in item.criteria],
        }

    def criterion(self, result: CriterionResult) -> dict:
        return {
            "code": result.spec.code,
            "level": result.spec.level,
            "status": result.status,
            "value": exact(result.value),
            "target": exact(result.target),
            "in_scope": result.in_scope,
            "reported": result.reported,
            "due": result.due,
            "range": result.range and [exact(end) for end in result.range],
            "aggregates": [exact(value) for value in result.aggregates.values()],
            "shortfall": self.shortfall(result),
            "failing": list(result.failing),
            "unknown": list(result.unknown),
        }

    def shortfall(self, result: CriterionResult) -> dict | None:
        missing = result.shortfall
        if missing is None:
            return None
        if missing.institutions is not None:
            return {
                "kind": "institutions",
                "count": missing.institutions,
                "of": [
                    {"institution": code, "gaps": self.gaps(result, code)}
                    for code in (*result.failing, *result.unknown)
                ],
            }
        found = rooms(self.program, self.index[result.spec.code], result.target, list(self.institutions))
        return {
            "kind": "amount",
            "convert": missing.convert,
            "add": missing.add,
            "element": missing.element,
            "room": [{"institution": code, "value": exact(value), "room": room} for code, value, room in found],
        }

    def gaps(self, result: CriterionResult, code: str) -> list[dict]:
        lone = result.spec.lone
        if lone is None or lone.function not in CONDITION_AGGREGATES:
            return []
        gaps = gaps_of_condition(lone.operand, self.by_code[code], self.program.elements)
        return [gap_as_json(gap, lone.operand) for gap in gaps]


def gap_as_json(gap: Gap, condition) -> dict:
    """`demand`: its place among the demands joined by `and` in the condition, from 0."""
    return {
        "demand": conjuncts(condition).index(gap.demand),
        "unknown": list(gap.unknown),
        "value": exact(gap.value),
        "target": exact(gap.target),
        "convert": gap.convert,
        "add": gap.add,
    }
