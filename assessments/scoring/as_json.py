"""The result as plain JSON, the form that is printed, stored and read by pages, PDF and Excel alike. Pure.

Values and targets are exact fractions as text ("12/13", "4"); unknown is null.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from assessments.scoring.finish import CriterionResult
from assessments.scoring.gaps import Gap, gaps_of_condition, rooms
from assessments.scoring.items import ItemResult, Summary
from assessments.scoring.program import Figures, Program
from assessments.scoring.shortfall import as_ratio
from indicators.formula.tree import CONDITION_AGGREGATES, conjuncts

# Gives the active institutions of these types ({"all"}: of every type, as in a criterion's scope).
Read = Callable[[frozenset[str]], Sequence[Figures]]


def exact(value: Fraction | int | None) -> str | None:
    return None if value is None else str(Fraction(value))


def result_as_json(
    items: Sequence[ItemResult], summary: Summary, reported: int, due: int, criterion: Callable[[CriterionResult], dict]
) -> dict:
    """`summary`, `coverage` and `items` of an assessment.

    `reported` of the `due` active institutions have accepted figures. `criterion` is the method of a CriterionWriter.
    """
    return {
        "summary": {
            "items": summary.items,
            "met": summary.met,
            "nearly": summary.nearly,
            "unmet": summary.unmet,
            "incomplete": summary.incomplete,
            "points": exact(summary.points),
        },
        "coverage": {"reported": reported, "due": due},
        "items": [_item(item, criterion) for item in items],
    }


def _item(item: ItemResult, criterion: Callable[[CriterionResult], dict]) -> dict:
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
        "criteria": [criterion(result) for result in item.criteria],
    }


class CriterionWriter:
    """Writes what criteria come to. Reads institutions only for what those lack, so only where something is lacking."""

    def __init__(self, program: Program, read: Read):
        self.program = program
        self.read = read
        self.index = {spec.code: i for i, spec in enumerate(program.criteria)}
        self._read: dict[frozenset[str], dict[str, Figures]] = {}

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
        return {
            "kind": "amount",
            "convert": missing.convert,
            "add": missing.add,
            "element": missing.element,
            "room": self.room(result),
        }

    def gaps(self, result: CriterionResult, code: str) -> list[dict]:
        """What one of the institutions lacks."""
        lone = result.spec.lone
        if lone is None or lone.function not in CONDITION_AGGREGATES:
            return []
        gaps = gaps_of_condition(lone.operand, self.institution(result, code), self.program.elements)
        return [gap_as_json(gap, lone.operand) for gap in gaps]

    def room(self, result: CriterionResult) -> list[dict]:
        """The institutions with most room to give what is lacking."""
        if as_ratio(result.spec.tree) is None:
            return []
        return self.room_of(result, list(self.institutions(result).values()))

    def room_of(self, result: CriterionResult, institutions: list[Figures]) -> list[dict]:
        found = rooms(self.program, self.index[result.spec.code], result.target, institutions)
        return [{"institution": code, "value": exact(value), "room": room} for code, value, room in found]

    def institution(self, result: CriterionResult, code: str) -> Figures:
        return self.institutions(result)[code]

    def institutions(self, result: CriterionResult) -> dict[str, Figures]:
        """By code, those in the criterion's scope and perhaps others."""
        scope = result.spec.scope
        if scope not in self._read:
            self._read[scope] = {figures.code: figures for figures in self.read(scope)}
        return self._read[scope]


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
