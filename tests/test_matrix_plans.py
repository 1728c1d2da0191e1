"""The standards that ship, held against each other: what they ask of the same figures, and how they differ."""

from fractions import Fraction
from functools import cache
from itertools import combinations

import pytest

from assessments.matrix.demands import HIGHER, Demand, Row, rows_of
from assessments.matrix.measure import Reported, measure_of
from indicators.contents import CriterionContent, DictionaryContent, StandardContent
from indicators.differences import compare
from indicators.enums import InstitutionType
from indicators.formula import ALL, names, parse
from indicators.loader import read_files
from tests.linzi import LINZI, write_version_1

CODES = sorted(file.stem for file in LINZI.parent.glob("*.yaml"))
CENTRES = frozenset({"community_centre", "township_centre"})


@cache
def contents(code: str) -> tuple[DictionaryContent, StandardContent]:
    return read_files(LINZI.parent / f"{code}.yaml")


def demand(standard: StandardContent, criterion: CriterionContent, reported: dict[str, Reported]) -> Demand:
    scope = frozenset(InstitutionType.values if ALL in criterion.scope else criterion.scope)
    tree = parse(criterion.target)
    target = None if names(tree) else tree.value
    measure = measure_of(criterion.expression, scope, reported)
    return Demand(standard.code, criterion.code, scope, *measure, criterion.comparator, target, criterion.target)


@pytest.fixture(scope="module")
def demands() -> list[Demand]:
    found = []
    for code in CODES:
        dictionary, standard = contents(code)
        reported = {
            each.code: Reported(frozenset(each.reported_by), each.value_type != "decimal", (each.minimum or 0) < 0)
            for each in dictionary.elements
        }
        found += [demand(standard, each, reported) for item in standard.items for each in item.criteria]
    return found


@pytest.fixture(scope="module")
def rows(demands) -> list[Row]:
    return rows_of(demands)


def row_with(rows: list[Row], standard: str, code: str) -> Row:
    (row,) = [row for row in rows if any((each.standard, each.code) == (standard, code) for each in row.demands)]
    return row


def test_every_criterion_stands_in_one_row(demands, rows):
    standing = sorted((each.standard, each.code) for row in rows for each in row.demands)
    assert standing == sorted((each.standard, each.code) for each in demands)
    assert len(rows) < len(demands)


def test_no_two_of_the_plans_exclude_each_other(rows):
    assert [row.conflicts for row in rows if row.conflicts] == []


def test_fifteen_techniques_at_all_centres_and_six_at_all_stations_and_clinics_satisfy_all(rows):
    row = row_with(rows, "linzi-2023", "33.1")
    assert row is row_with(rows, "yuexiu-2025", "指标1.1")
    needed = {
        kind: (sorted(level.value for level in need.least_levels.values()), need.least.value)
        for need in row.needs
        for kind in need.types
    }
    assert needed == {
        **dict.fromkeys(CENTRES, ([6, 15], 1)),
        **dict.fromkeys(("community_station", "village_clinic"), ([4, 6], 1)),
    }
    marks = {(each.standard, each.code): mark for each, mark in row.marks.items()}
    assert marks["yuexiu-2025", "指标1.1"] == HIGHER
    assert ("linzi-2023", "33.1") not in marks


def test_the_share_of_visits_is_one_figure_whatever_institutions_it_is_taken_over(rows):
    row = row_with(rows, "linzi-2023", "32.1")
    assert {("linzi-2023", "32.2"), ("jincheng-chengqu-2024", "11.1"), ("yanjiang-2023", "8.3")} <= {
        (each.standard, each.code) for each in row.demands
    }
    assert {need.least.value for need in row.needs} == {Fraction(7, 20)}


@pytest.mark.parametrize("codes", [*combinations(CODES, 2)], ids="-".join)
def test_any_two_plans_can_be_compared_either_way_round(codes):
    old, new = (contents(code)[1] for code in codes)
    there, back = compare(old, new), compare(new, old)
    numbers = [
        [(each.old and each.old.number, each.new and each.new.number) for each in d.items] for d in (there, back)
    ]
    assert {(b, a) for a, b in numbers[0]} == set(numbers[1])
    assert sorted(old for old, _ in numbers[0] if old) == sorted(item.number for item in old.items)


def test_the_second_version_of_the_42_items_changed_evidence_alone(tmp_path):
    found = compare(read_files(write_version_1(tmp_path))[1], read_files(LINZI)[1])
    assert not any(item.criteria or item.changes or item.moved for item in found.items)
    fields = {change.field for item in found.items for part in item.evidence for change in part.changes}
    assert fields == {"departments", "year", "needed", "seen_as", "institution_types"}
