"""Exchanging the part of institutions whose figures change gives, to the last digit, what counting everybody gives."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring import stored
from assessments.scoring.as_json import CriterionWriter, exact, result_as_json
from assessments.scoring.carry import CarryingWriter
from assessments.scoring.change import Change, apply
from assessments.scoring.finish import finish
from assessments.scoring.items import ItemSpec, score_items, summarise
from assessments.scoring.own import own_results
from assessments.scoring.own_counts import own_counts
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula import check_criterion
from tests.scoring.strategies import CARE, ELEMENTS, aggregates, counties, criteria, values

REACHING = st.sampled_from([">=", ">"])
TARGETS = st.sampled_from(["50%", "100%", "3", "sum(plan)", "sum(plan) / 100"])


def is_sound(criterion):
    return not check_criterion(criterion.expression, criterion.target, criterion.scope, ELEMENTS)


@st.composite
def ratios(draw):
    """What names the institutions with most room."""
    expression = draw(
        st.sampled_from(["sum(tcm_doctors) / sum(doctors)", "sum(tcm_doctors + beds) / sum(doctors) * 2"])
    )
    return CriterionSpec("1.1", "hard", CARE, expression, draw(REACHING), draw(TARGETS))


@st.composite
def lone(draw):
    """What the lights of single institutions hang on."""
    level = draw(st.sampled_from(["hard", "soft", "info"]))
    scope = draw(st.sampled_from([CARE, frozenset(["all"]), frozenset(["county"])]))
    return CriterionSpec("1.1", level, scope, draw(aggregates), draw(REACHING), draw(TARGETS))


@st.composite
def standards(draw):
    some = draw(st.lists(st.one_of(criteria(), ratios(), lone()).filter(is_sound), min_size=1, max_size=4))
    return [
        CriterionSpec(f"1.{i}", each.level, each.scope, each.expression, each.comparator, each.target)
        for i, each in enumerate(some)
    ]


class Standing:
    """A county's standing, kept as the database keeps it: as the JSON of its result and of what all have given."""

    def __init__(self, program: Program, institutions: list[Figures]):
        self.program = program
        self.institutions = {figures.code: figures for figures in institutions}
        total = program.contribute(institutions)
        self._keep(total, CriterionWriter(program, self.read))

    def read(self, types) -> list[Figures]:
        return list(self.institutions.values())

    def change(self, new: dict[str, dict], read=None) -> None:
        """`new`: new values by institution code."""
        changes = [Change(self.institutions[c], self.institutions[c]._replace(values=v)) for c, v in new.items()]
        after = {change.after.code: change.after for change in changes}
        self.institutions.update(after)
        total, touched = apply(self.program, stored.read(self.program, self.total), changes)
        earlier = {criterion["code"]: criterion for criterion in self.result["items"][0]["criteria"]}
        self._keep(total, CarryingWriter(self.program, read or self.read, earlier, touched, list(after.values())))

    def _keep(self, total, writer) -> None:
        results = finish(self.program, total)
        items = score_items([ItemSpec("1", tuple(spec.code for spec in self.program.criteria), ())], results, {})
        reported = sum(bool(figures.values) for figures in self.institutions.values())
        found = result_as_json(items, summarise(items), reported, len(self.institutions), writer.criterion)
        self.result, self.total = json.loads(json.dumps([found, stored.write(self.program, total)]))
        self.wholes = results

    def counts(self) -> dict[str, tuple[int, int]]:
        """By institution: criteria that it fails, and that are unknown."""
        own = {c: own_results(self.program, self.wholes, figures) for c, figures in self.institutions.items()}
        return {c: (sum(r.fails for r in all_), sum(r.is_unknown for r in all_)) for c, all_ in own.items()}

    def targets(self) -> list:
        return [exact(result.target) for result in self.wholes]


def check_as_counted_anew(standing: Standing) -> None:
    anew = Standing(standing.program, standing.read(None))
    assert standing.total == anew.total
    assert standing.result == anew.result


@given(standards(), counties(min_size=1), st.data())
@settings(max_examples=400)
def test_any_changes_one_after_the_other_give_what_counting_anew_gives(specs, institutions, data):
    standing = Standing(Program(specs, ELEMENTS), institutions)
    codes = st.sampled_from([figures.code for figures in institutions])
    for new in data.draw(st.lists(st.dictionaries(codes, values(), min_size=1, max_size=3), max_size=5)):
        targets, counts = standing.targets(), standing.counts()
        standing.change(new)
        check_as_counted_anew(standing)
        # as long as no target moves, nobody else's lights do
        if standing.targets() == targets:
            now = standing.counts()
            assert {code: now[code] for code in counts if code not in new} == {
                code: count for code, count in counts.items() if code not in new
            }


# most of them have some room, and many have the same
centres = st.fixed_dictionaries(
    {"doctors": st.integers(28, 32), "tcm_doctors": st.integers(0, 18)}, optional={"beds": st.integers(0, 3)}
)


@given(ratios(), st.lists(centres, min_size=11, max_size=24), st.data())
@settings(max_examples=200)
def test_the_ten_with_most_room_stay_the_first_ten_of_all(spec, rows, data):
    county = Figures("县", "county", {"plan": "2"})
    institutions = [Figures(f"机构{i:02}", "township_centre", row) for i, row in enumerate(rows)]
    standing = Standing(Program([spec], ELEMENTS), [county, *institutions])
    codes = st.sampled_from([figures.code for figures in institutions])
    for new in data.draw(st.lists(st.dictionaries(codes, centres, min_size=1, max_size=2), max_size=6)):
        standing.change(new)
        check_as_counted_anew(standing)


@given(standards(), counties())
@settings(max_examples=400)
def test_lights_counted_from_the_traces_are_those_of_each_institution(specs, institutions):
    standing = Standing(Program(specs, ELEMENTS), institutions)
    total = stored.read(standing.program, standing.total)
    unmet, unknown = own_counts(standing.program, standing.wholes, total, institutions)
    assert {code: (unmet[code], unknown[code]) for code in standing.institutions} == standing.counts()


# ---- nobody else is read ----

SHARE = CriterionSpec("1.1", "hard", CARE, "share(doctors >= 5 and tcm_doctors >= 2)", ">=", "100%")
RATIO = CriterionSpec("1.2", "hard", CARE, "sum(tcm_doctors) / sum(doctors)", ">=", "50%")


def unread(types):
    raise AssertionError("read the others")


def township_centres(*doctors: tuple[int, int]) -> list[Figures]:
    return [
        Figures(f"机构{i:02}", "township_centre", {"doctors": d, "tcm_doctors": t}) for i, (d, t) in enumerate(doctors)
    ]


def test_a_change_reads_nobody_else_where_what_they_lack_is_written_already():
    standing = Standing(Program([SHARE, RATIO], ELEMENTS), township_centres((4, 0), (9, 1), (8, 3)))
    standing.change({"机构00": {"doctors": 6, "tcm_doctors": 1}}, read=unread)
    check_as_counted_anew(standing)
    share, ratio = standing.result["items"][0]["criteria"]
    assert [(e["institution"], len(e["gaps"])) for e in share["shortfall"]["of"]] == [("机构00", 1), ("机构01", 1)]
    assert [(e["institution"], e["room"]) for e in ratio["shortfall"]["room"]] == [
        ("机构01", 4),
        ("机构00", 2),
        ("机构02", 1),
    ]


def test_an_institution_that_still_fails_may_lack_something_else():
    standing = Standing(Program([SHARE], ELEMENTS), township_centres((4, 0)))
    before = standing.total
    standing.change({"机构00": {"doctors": 3, "tcm_doctors": 1}}, read=unread)
    assert standing.total == before
    [entry] = standing.result["items"][0]["criteria"][0]["shortfall"]["of"]
    assert [gap["value"] for gap in entry["gaps"]] == ["3", "1"]


def test_who_leaves_a_full_list_of_ten_is_followed_by_one_who_has_to_be_read():
    standing = Standing(Program([RATIO], ELEMENTS), township_centres(*[(40, 12 - i) for i in range(12)]))
    met = {"机构11": {"doctors": 40, "tcm_doctors": 40}}
    with pytest.raises(AssertionError, match="read the others"):
        standing.change(met, read=unread)


def test_who_falls_behind_the_last_of_a_full_list_may_fall_behind_others_too():
    standing = Standing(Program([RATIO], ELEMENTS), township_centres(*[(40, i) for i in range(12)]))
    standing.change({"机构00": {"doctors": 40, "tcm_doctors": 11}})
    check_as_counted_anew(standing)
    listed = [e["institution"] for e in standing.result["items"][0]["criteria"][0]["shortfall"]["room"]]
    assert listed == [f"机构{i:02}" for i in range(1, 11)]


def test_a_criterion_met_before_has_nothing_to_carry_over():
    standing = Standing(Program([RATIO], ELEMENTS), township_centres((4, 2), (10, 6)))
    new = {"机构00": {"doctors": 9, "tcm_doctors": 1}}
    with pytest.raises(AssertionError, match="read the others"):
        standing.change(new, read=unread)


# ---- how it is stored ----


def test_what_was_stored_of_other_criteria_or_elements_is_not_taken_up():
    program = Program([SHARE], ELEMENTS)
    kept = stored.write(program, program.contribute(township_centres((4, 0))))
    assert stored.read(Program([SHARE], ELEMENTS), kept) == program.contribute(township_centres((4, 0)))
    assert stored.read(Program([RATIO], ELEMENTS), kept) is None
    fewer = ELEMENTS | {"doctors": replace(ELEMENTS["doctors"], reported_by=frozenset(["county"]))}
    assert stored.read(Program([SHARE], fewer), kept) is None
    assert stored.read(program, None) is None


def test_equal_values_have_one_fingerprint_in_whatever_order_they_stand():
    assert stored.fingerprint({"a": 1, "b": "2.5"}) == stored.fingerprint({"b": "2.5", "a": 1})
    assert stored.fingerprint({"a": 1}) != stored.fingerprint({"a": True}) != stored.fingerprint({})
