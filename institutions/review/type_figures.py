"""What institutions of one type report in a round, element by element: with what one report is compared. Exact."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.enums import ValueType
from institutions.enums import ReportState
from institutions.models import Report, Round
from institutions.rounds.queries import asked_institutions
from institutions.values import value_text

# drafts are nobody's word yet, and what was returned is in doubt
_COUNTED = (ReportState.SUBMITTED, ReportState.ACCEPTED)


@dataclass(frozen=True)
class Typical:
    """`text`: the mean ("123.4"), how many say yes ("是 18/21"), or the commonest choice ("二级甲等 3/5"). `count`: how
    many institutions have given the figure, which the other texts say themselves."""

    text: str
    count: int
    is_mean: bool


def typical_figures(round: Round, institution_type: str, fields: Mapping[str, object]) -> dict[str, Typical]:
    """By element code, over submitted and accepted reports; elements that nobody gave are not there. One query."""
    institutions = asked_institutions(round).filter(type=institution_type)
    reports = Report.objects.filter(institution__in=institutions, period=round.period, state__in=_COUNTED)
    given: dict[str, list] = {code: [] for code in fields}
    for values in reports.values_list("values", flat=True):
        for code, value in values.items():
            if code in given and value is not None:
                given[code].append(value)
    return {code: _typical(fields[code], found) for code, found in given.items() if found}


def _typical(element, given: list) -> Typical:
    is_mean = element.value_type in (ValueType.INTEGER, ValueType.DECIMAL)
    return Typical(_text(element, given), len(given), is_mean)


def _text(element, given: list) -> str:
    if element.value_type == ValueType.BOOLEAN:
        return f"是 {sum(value is True for value in given)}/{len(given)}"
    if element.value_type == ValueType.CHOICE:
        value, count = Counter(given).most_common(1)[0]
        return f"{value_text(element.value_type, element.choices, value)} {count}/{len(given)}"
    return rounded(mean(given), 2 if element.value_type == ValueType.DECIMAL else 1)


def mean(given: Iterable) -> Fraction:
    exact = [Fraction(value) for value in given]
    return sum(exact) / len(exact)


def rounded(number: Fraction, places: int) -> str:
    """To so many decimals, half to even, with separators; no zeros at the end: 1,234.5."""
    shifted = Decimal(round(number * 10**places)).scaleb(-places)
    text = f"{shifted:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
