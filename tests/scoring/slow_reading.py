"""A slow, separate reading of scoring.md, against which the engine is held.

Written from the paper, not from the engine: it reads formulas with Python's own parser, walks over every institution
again for every question, and finds shortfalls by trying 0, 1, 2, ... It shares no code with the product.
"""

import ast
import re
from fractions import Fraction

AGGREGATES = {"sum", "count", "share", "min", "max", "mean"}
COMPARE = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
}


def tree_of(formula):
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"percent('\1')", formula)
    return ast.parse(text.strip(), mode="eval").body


def elements_in(node):
    called = {n.func for n in ast.walk(node) if isinstance(n, ast.Call)}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n not in called}


class County:
    """`institutions`: (code, type, values); `reported_by`: element code -> set of types."""

    def __init__(self, institutions, reported_by):
        self.institutions = institutions
        self.reported_by = reported_by

    def value(self, institution, element):
        """Rule 2."""
        _, kind, values = institution
        return values.get(element) if kind in self.reported_by[element] else None

    def in_institution(self, node, institution):
        """Rule 3: one institution's value of a formula; None is unknown."""
        if isinstance(node, ast.Name):
            value = self.value(institution, node.id)
            return value if value is None or isinstance(value, bool) else Fraction(value)
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.Call):
            return Fraction(node.args[0].value) / 100
        if isinstance(node, ast.BoolOp):
            return self._logic(node, institution)
        if isinstance(node, ast.UnaryOp):
            operand = self.in_institution(node.operand, institution)
            if operand is None:
                return None
            return (not operand) if isinstance(node.op, ast.Not) else -operand
        if isinstance(node, ast.Compare):
            left = self.in_institution(node.left, institution)
            right = self.in_institution(node.comparators[0], institution)
            if left is None or right is None:
                return None
            signs = {ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<", ast.Eq: "=="}
            return COMPARE[signs[type(node.ops[0])]](left, right)
        left, right = (self.in_institution(side, institution) for side in (node.left, node.right))
        return arithmetic(node.op, left, right)

    def _logic(self, node, institution):
        values = [self.in_institution(part, institution) for part in node.values]
        if isinstance(node.op, ast.And):
            return False if False in values else None if None in values else True
        return True if True in values else None if None in values else False

    def scope(self, types):
        """Rule 1."""
        return [i for i in self.institutions if "all" in types or i[1] in types]

    def due(self, scope, elements):
        """Rule 6: those whose type reports any of the elements."""
        return [i for i in scope if any(i[1] in self.reported_by[e] for e in elements)]

    def complete(self, scope, elements):
        """Rule 5."""
        return [
            i
            for i in self.due(scope, elements)
            if all(self.value(i, e) is not None for e in elements if i[1] in self.reported_by[e])
        ]

    def over_institutions(self, node, scope, elements):
        """Rules 4 and 5: the value of the top of a formula; None is unknown."""
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.UnaryOp):
            operand = self.over_institutions(node.operand, scope, elements)
            return None if operand is None else -operand
        if isinstance(node, ast.BinOp):
            left = self.over_institutions(node.left, scope, elements)
            right = self.over_institutions(node.right, scope, elements)
            return arithmetic(node.op, left, right)
        if node.func.id == "percent":
            return Fraction(node.args[0].value) / 100
        return self._aggregate(node.func.id, node.args[0], scope, elements)

    def _aggregate(self, function, inner, scope, elements):
        if function in ("count", "share"):
            true = len([i for i in scope if self.in_institution(inner, i) is True])
            if function == "count":
                return Fraction(true)
            return Fraction(true, len(scope)) if scope else None
        known = [self.in_institution(inner, i) for i in self.complete(scope, elements)]
        known = [value for value in known if value is not None]
        if not known:
            return None
        if function == "mean":
            return sum(known, Fraction(0)) / len(known)
        return {"sum": lambda v: sum(v, Fraction(0)), "min": min, "max": max}[function](known)


def arithmetic(op, left, right):
    if left is None or right is None:
        return None
    if isinstance(op, ast.Div):
        return None if right == 0 else left / right
    return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[type(op)]


def read(county, types, expression, comparator, target):
    """What scoring.md says of one criterion, as a dict."""
    tree, target_tree = tree_of(expression), tree_of(target)
    elements, target_elements = elements_in(tree), elements_in(target_tree)
    scope = county.scope(types)
    value = county.over_institutions(tree, scope, elements)
    goal = county.over_institutions(target_tree, county.institutions, target_elements)
    lone = tree.func.id if isinstance(tree, ast.Call) and tree.func.id in AGGREGATES else None
    found = {
        "value": value,
        "target": goal,
        "in_scope": len(scope),
        "reported": len(county.complete(scope, elements)),
        "due": len(county.due(scope, elements)),
        "range": None,
        "failing": set(),
        "unknown": {i[0] for i in county.due(scope, elements)} - {i[0] for i in county.complete(scope, elements)},
    }
    if lone in ("share", "count"):
        conditions = {i[0]: county.in_institution(tree.args[0], i) for i in scope}
        found["failing"] = {code for code, holds in conditions.items() if holds is False}
        found["unknown"] = {code for code, holds in conditions.items() if holds is None}
        if lone == "share" and found["unknown"]:
            best = Fraction(len(scope) - len(found["failing"]), len(scope))
            found["range"] = (value, best)
    found["status"] = status(found, comparator)
    if found["status"] in ("met", "unmet") and (lone, comparator[0]) in {("min", ">"), ("max", "<")}:
        own = {i[0]: county.in_institution(tree.args[0], i) for i in county.complete(scope, elements)}
        found["failing"] = {c for c, x in own.items() if x is not None and not COMPARE[comparator](x, goal)}
    return found


def status(found, comparator):
    """Rule 8."""
    if not found["in_scope"]:
        return "not_applicable"
    if found["value"] is None or found["target"] is None:
        return "no_data"
    ends = found["range"] or (found["value"],)
    holds = {COMPARE[comparator](end, found["target"]) for end in ends}
    if len(holds) == 2:
        return "undecided"
    return "met" if holds == {True} else "unmet"


def smallest(reaches):
    """The smallest whole number for which `reaches` is true, found by trying."""
    return next(k for k in range(100_000) if reaches(k))
