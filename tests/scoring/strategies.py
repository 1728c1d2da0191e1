"""Random counties and criteria for the engine's property tests."""

from hypothesis import strategies as st

from assessments.scoring.program import CriterionSpec, Figures
from indicators.formula import ElementSpec

TYPES = ["county", "township_centre", "village_clinic"]
CARE = frozenset(["township_centre", "village_clinic"])
ELEMENTS = {
    e.code: e
    for e in [
        ElementSpec("doctors", "医师", "integer", "人", CARE),
        ElementSpec("tcm_doctors", "中医医师", "integer", "人", CARE),
        ElementSpec("beds", "床位", "integer", "张", frozenset(["township_centre"])),
        ElementSpec("points", "分值", "decimal", "分", frozenset(["township_centre"])),
        ElementSpec("has_hall", "中医馆", "boolean", "", frozenset(["township_centre"])),
        ElementSpec("has_space", "场所", "boolean", "", CARE),
        ElementSpec("population", "人口", "integer", "人", frozenset(["county"])),
        ElementSpec("plan", "规划", "decimal", "", frozenset(["county"])),
    ]
}
NUMBERS = ["doctors", "tcm_doctors", "beds", "points", "population", "plan"]
BOOLEANS = ["has_hall", "has_space"]
CONSTANTS = ["0", "1", "2", "0.5", "25%", "100%", "3", "1000"]
COMPARATORS = [">=", ">", "<=", "<", "=="]

numbers = st.recursive(
    st.one_of(st.sampled_from(NUMBERS), st.sampled_from(CONSTANTS)),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        st.sampled_from(BOOLEANS), st.builds("({} {} {})".format, numbers, st.sampled_from(COMPARATORS), numbers)
    ),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner), st.builds("not {}".format, inner)
    ).map("({})".format),
    max_leaves=4,
)


def _reads_something(formula: str) -> bool:
    return any(code in formula for code in ELEMENTS)


aggregates = st.one_of(
    st.builds("{}({})".format, st.sampled_from(["share", "count"]), conditions),
    st.builds("{}({})".format, st.sampled_from(["sum", "min", "max", "mean"]), numbers),
).filter(_reads_something)
tops = st.one_of(
    aggregates,
    st.builds("{} {} {}".format, aggregates, st.sampled_from("+-*/"), aggregates),
    st.builds("{} / {} * 1000".format, aggregates, aggregates),
)
targets = st.one_of(st.sampled_from(CONSTANTS), st.sampled_from(["sum(plan)", "sum(plan) / 100", "share(has_hall)"]))
scopes = st.one_of(st.just(frozenset(["all"])), st.sets(st.sampled_from(TYPES), min_size=1).map(frozenset))
comparators = st.sampled_from(COMPARATORS)


@st.composite
def criteria(draw, comparator=comparators):
    return CriterionSpec("1.1", "hard", draw(scopes), draw(tops), draw(comparator), draw(targets))


@st.composite
def values(draw):
    """One institution's, with any of the elements missing; also elements that its type does not report."""
    return {code: value for code in ELEMENTS if (value := draw(_VALUES[code])) is not None}


@st.composite
def counties(draw, min_size=0, max_size=8):
    """Active institutions."""
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=min_size, max_size=max_size))
    return [Figures(f"机构{i}", kind, draw(values())) for i, kind in enumerate(kinds)]


_WHOLE = st.one_of(st.none(), st.integers(0, 12))
_DECIMAL = st.one_of(st.none(), st.integers(0, 40).map(lambda quarters: f"{quarters / 4}"))
_VALUES = {
    code: {"integer": _WHOLE, "decimal": _DECIMAL, "boolean": st.one_of(st.none(), st.booleans())}[e.value_type]
    for code, e in ELEMENTS.items()
}
