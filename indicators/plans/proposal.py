"""What a plan's text is taken to demand, each part with the passage it came from and how sure that is."""

from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from types import UnionType
from typing import get_args, get_origin, get_type_hints

HIGH, MEDIUM, LOW = "high", "medium", "low"
SURENESS = (HIGH, MEDIUM, LOW)


@dataclass(frozen=True)
class Stated:
    """One fact: the plan's title, its number (文号), a date (YYYY-MM-DD)."""

    value: str
    passage: str
    sureness: str = HIGH


@dataclass(frozen=True)
class Named:
    """A department that an item names."""

    name: str
    passage: str
    sureness: str = HIGH


@dataclass(frozen=True)
class Threshold:
    """`value` is exact, 35% is 7/20 with the unit "%"; of 0.6-0.8名 it is the lower end and `upper` the other.

    `scope`: codes of InstitutionType, in their official order; `subject`: the words it is said of; `year`: by when,
    "" where the figure names none.
    """

    comparator: str
    value: Fraction
    unit: str
    passage: str
    scope: tuple[str, ...] = ()
    subject: str = ""
    sureness: str = HIGH
    upper: Fraction | None = None
    year: str = ""


@dataclass(frozen=True)
class PlanItem:
    """`text` is the official wording with its line wraps mended; `source` the place in the plan, as 三（二）4."""

    number: str
    section: str
    title: str
    text: str
    source: str
    lead: tuple[Named, ...] = ()
    cooperating: tuple[Named, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    sureness: str = HIGH


@dataclass(frozen=True)
class PlanSection:
    name: str
    passage: str
    sureness: str = HIGH


@dataclass(frozen=True)
class PlanPhase:
    """`start` and `end` are YYYY-MM-DD or YYYY-MM, "" where the plan does not say."""

    name: str
    start: str
    end: str
    tasks: tuple[str, ...]
    passage: str
    sureness: str = HIGH


@dataclass(frozen=True)
class PlanDepartment:
    """One department under its fullest spelling; `aliases` are the plan's other spellings of it."""

    name: str
    aliases: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    passage: str = ""
    sureness: str = HIGH


@dataclass(frozen=True)
class LeadingOffice:
    """`part`: head, deputy or member; an office, never a person's name."""

    part: str
    office: str
    passage: str
    sureness: str = HIGH


@dataclass(frozen=True)
class PlanArrangement:
    """`kind`: meeting, ledger or feature; `every`: "", half_month, month, quarter or year."""

    kind: str
    name: str
    every: str
    called_by: str
    recorded_by: str
    matters: tuple[str, ...]
    note: str
    passage: str
    sureness: str = HIGH


@dataclass(frozen=True)
class Plan:
    """None and empty parts: the text does not say."""

    title: Stated | None = None
    source_number: Stated | None = None
    issued_on: Stated | None = None
    deadline: Stated | None = None
    sections: tuple[PlanSection, ...] = ()
    items: tuple[PlanItem, ...] = ()
    phases: tuple[PlanPhase, ...] = ()
    departments: tuple[PlanDepartment, ...] = ()
    leading_group: tuple[LeadingOffice, ...] = ()
    arrangements: tuple[PlanArrangement, ...] = ()
    # what the reader could not make out, in Chinese sentences
    remarks: tuple[str, ...] = field(default=())


def to_dict(part) -> dict | list | str | None:
    """Plain values for JSON; from_dict gives back an equal Plan."""
    if is_dataclass(part):
        return {each.name: to_dict(getattr(part, each.name)) for each in fields(part)}
    if isinstance(part, tuple):
        return [to_dict(each) for each in part]
    return str(part) if isinstance(part, Fraction) else part


def from_dict(plain: dict) -> Plan:
    """Raises ValueError where it is not what to_dict made."""
    try:
        return _built(Plan, plain)
    except (TypeError, KeyError, AttributeError, ZeroDivisionError) as error:
        raise ValueError(f"not a plan: {error}") from error


def _built(kind, plain):
    if isinstance(kind, UnionType):
        return None if plain is None else _built(get_args(kind)[0], plain)
    if get_origin(kind) is tuple:
        if not isinstance(plain, list):
            raise TypeError(f"no list: {plain!r}")
        return tuple(_built(get_args(kind)[0], each) for each in plain)
    if is_dataclass(kind):
        return kind(**{name: _built(of, plain[name]) for name, of in get_type_hints(kind).items()})
    if not isinstance(plain, str):
        raise TypeError(f"no text: {plain!r}")
    return Fraction(plain) if kind is Fraction else plain


def as_json(plan: Plan) -> dict:
    """The printed form: numbers as exact text (35% is "7/20"), departments by name."""
    return {
        "title": plan.title.value if plan.title else "",
        "sections": [section.name for section in plan.sections],
        "items": [
            {
                "number": item.number,
                "section": item.section,
                "title": item.title,
                "text": item.text,
                "lead": [each.name for each in item.lead],
                "cooperating": [each.name for each in item.cooperating],
                "thresholds": [
                    {
                        "comparator": each.comparator,
                        "value": str(each.value),
                        "unit": each.unit,
                        "passage": each.passage,
                    }
                    for each in item.thresholds
                ],
            }
            for item in plan.items
        ],
        "phases": [{"name": each.name, "start": each.start, "end": each.end} for each in plan.phases],
    }
