"""Holding two assessments against each other, whatever the county: nothing is missed, nothing is made up."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.as_json import CriterionWriter, result_as_json
from assessments.scoring.finish import finish
from assessments.scoring.items import ItemSpec, score_items, summarise
from assessments.scoring.program import CriterionSpec, Figures, Program
from assessments.snapshots.compare import Comparison, Side, compare
from assessments.snapshots.figures import FigureChange, Reads, same
from indicators.formula import check_criterion
from tests.scoring.strategies import ELEMENTS, counties, criteria

# what makes a criterion another one, as the engine writes it
TELLING = ("status", "value", "target", "range", "aggregates", "in_scope", "reported", "due", "failing", "unknown")


def is_sound(spec: CriterionSpec) -> bool:
    return not check_criterion(spec.expression, spec.target, spec.scope, ELEMENTS)


def result_of(spec: CriterionSpec, institutions: list[Figures]) -> dict:
    program = Program([spec], ELEMENTS)
    results = finish(program, program.contribute(institutions))
    items = score_items([ItemSpec("1", (spec.code,), ())], results, {})
    reported = sum(bool(each.values) for each in institutions)
    writer = CriterionWriter(program, lambda scope: institutions)
    return result_as_json(items, summarise(items), reported, len(institutions), writer.criterion)


def side(spec: CriterionSpec, institutions: list[Figures]) -> Side:
    rows = [{"code": i.code, "name": i.code, "town": "", "type": i.type, "values": i.values} for i in institutions]
    inputs = {"institutions": rows, "evidence": {}, "evidence_reasons": {}, "requirements": {}}
    definition = (spec.expression, spec.comparator, spec.target, tuple(sorted(spec.scope)))
    reads = {spec.code: Reads(spec.scope, spec.reads, spec.target_reads, definition)}
    return Side(result_of(spec, institutions), inputs, reads, {})


# every other target is one that the county plans by itself
sound = st.one_of(criteria(), criteria().map(lambda spec: replace(spec, target="sum(plan)"))).filter(is_sound)
plans = st.one_of(st.none(), st.sampled_from(["1", "2.5", "2.50", "3"]))


@st.composite
def two_counties(draw) -> tuple[list[Figures], list[Figures]]:
    """The same institutions, but for some that came, went or are of another type; figures may differ."""
    old, new = draw(counties()), draw(counties())
    kept = [each for each in new if draw(st.booleans()) or each.code not in {o.code for o in old}]
    unchanged = [each for each in old if draw(st.booleans()) and each.code not in {n.code for n in kept}]
    own = [Figures("本级", "county", {"plan": draw(plans), "population": 5}) for _ in range(2)]
    return [own[0], *old], [own[1], *unchanged, *kept]


def figures_of(comparison: Comparison) -> list[FigureChange]:
    return [figure for item in comparison.items for criterion in item.criteria for figure in criterion.figures]


def mirrored(change: FigureChange) -> FigureChange:
    return FigureChange(
        change.institution, change.element, change.new, change.old, change.stays, change.was, change.retyped
    )


@given(sound, counties())
def test_held_against_itself_an_assessment_has_no_difference(spec, institutions):
    comparison = compare(side(spec, institutions), side(spec, institutions), ELEMENTS)
    assert comparison.same
    assert not comparison.changed
    assert not figures_of(comparison)


@given(sound, sound, two_counties())
def test_the_other_way_round_it_is_the_mirror_image(old_spec, new_spec, pair):
    left, right = side(old_spec, pair[0]), side(new_spec, pair[1])
    there, back = compare(left, right, ELEMENTS), compare(right, left, ELEMENTS)
    assert figures_of(back) == sorted(map(mirrored, figures_of(there)), key=lambda change: change.weight)
    assert set(back.other_figures) == set(map(mirrored, there.other_figures))
    assert [item.earned for item in back.items] == [-item.earned for item in there.items]
    assert (back.registers.came, back.registers.went) == (there.registers.went, there.registers.came)
    assert back.same == there.same


@given(sound, two_counties())
def test_the_figures_that_are_named_are_what_made_the_difference(spec, pair):
    """The first county with these figures alone exchanged comes out as the second does."""
    comparison = compare(side(spec, pair[0]), side(spec, pair[1]), ELEMENTS)
    exchanged = exchange(*pair, figures_of(comparison))
    got, wanted = (result_of(spec, county)["items"][0]["criteria"][0] for county in (exchanged, pair[1]))
    assert {name: got[name] for name in TELLING} == {name: wanted[name] for name in TELLING}


@given(sound, two_counties())
def test_every_figure_that_differs_is_named_once_or_among_the_others(spec, pair):
    comparison = compare(side(spec, pair[0]), side(spec, pair[1]), ELEMENTS)
    named = [(each.institution, each.element) for each in (*figures_of(comparison), *comparison.other_figures)]
    assert len(named) == len(set(named))
    old, new = ({each.code: each for each in county} for county in pair)
    differing = {
        (code, element)
        for code in old.keys() & new.keys()
        for element in ELEMENTS
        if not same(counted(old[code], element), counted(new[code], element))
    }
    assert differing <= set(named)


@given(st.integers(-(10**20), 10**20), st.integers(0, 10**6))
def test_a_difference_is_exact_to_the_last_digit(whole, thousandths):
    old, new = str(whole), f"{whole}.{thousandths:06d}" if whole >= 0 else str(whole - 1)
    difference = FigureChange("A", "fund", old, new).difference
    assert Fraction(old) + difference == Fraction(new)
    assert same(f"{abs(whole)}.50", f"{abs(whole)}.5")


def counted(institution: Figures, element: str):
    """What the engine takes for its figure: not what its type does not report."""
    return institution.values.get(element) if institution.type in ELEMENTS[element].reported_by else None


def exchange(old: list[Figures], new: list[Figures], changes: list[FigureChange]) -> list[Figures]:
    """`old` with what `changes` name, and nothing else, as in `new`."""
    before, after = ({each.code: each for each in county} for county in (old, new))
    county = {code: Figures(code, each.type, dict(each.values)) for code, each in before.items()}
    for change in changes:
        code = change.institution
        if change.kind == "went" and code not in after:
            county.pop(code, None)
        elif change.kind in ("came", "went", "retyped"):
            county[code] = after[code]._replace(values=dict(after[code].values))
    for change in changes:
        if change.institution in county:
            county[change.institution].values[change.element] = change.new
    return list(county.values())
