"""Merged contributions as plain JSON, so that a change of one institution starts from them. Pure; stdlib only.

Exact: sums and values are fractions as text. One set of institutions has one form: names and pairs are in the order of
the institutions' codes.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import blake2b

from assessments.scoring.contribution import Contribution, Contributions, Part, Sum, Tally, Values
from assessments.scoring.program import Program
from indicators.formula.tree import CONDITION_AGGREGATES, Aggregate


def write(program: Program, total: Contributions) -> dict:
    """{"program": fingerprint, "criteria": {code: [in scope, due, complete, parts, target parts, failing, unknown]}}"""
    pairs = zip(program.criteria, total, strict=True)
    return {"program": program.fingerprint, "criteria": {spec.code: _contribution(each) for spec, each in pairs}}


def read(program: Program, stored: Mapping | None) -> Contributions | None:
    """None where nothing was stored, or what was stored is of other criteria or elements."""
    if not stored or stored["program"] != program.fingerprint:
        return None
    criteria = stored["criteria"]
    return tuple(_read(spec, criteria[spec.code]) for spec in program.criteria)


def fingerprint(values: Mapping) -> str:
    """Of one institution's accepted values: equal for equal values, whatever order they are stored in."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _contribution(given: Contribution) -> list:
    return [
        given.in_scope,
        given.due,
        given.complete,
        [_part(part) for part in given.parts],
        [_part(part) for part in given.target_parts],
        sorted(given.failing),
        sorted(given.unknown),
    ]


def _part(part: Part) -> list:
    if isinstance(part, Tally):
        return [part.true, part.false, part.unknown]
    if isinstance(part, Sum):
        return [_text(part.total), part.n]
    return sorted(([code, _text(value)] for value, code in part.pairs))


def _text(number: int | Fraction) -> str:
    return str(Fraction(number))


def _read(spec, stored: list) -> Contribution:
    in_scope, due, complete, parts, target_parts, failing, unknown = stored
    return Contribution(
        in_scope,
        due,
        complete,
        tuple(_read_part(a, part) for a, part in zip(spec.aggregates, parts, strict=True)),
        tuple(_read_part(a, part) for a, part in zip(spec.target_aggregates, target_parts, strict=True)),
        tuple(failing),
        tuple(unknown),
    )


def _read_part(aggregate: Aggregate, stored: list) -> Part:
    if aggregate.function in CONDITION_AGGREGATES:
        return Tally(*stored)
    if aggregate.function in ("min", "max"):
        return Values(tuple((_number(text), code) for code, text in stored))
    return Sum(_number(stored[0]), stored[1])


def _number(text: str) -> int | Fraction:
    return Fraction(text) if "/" in text else int(text)
