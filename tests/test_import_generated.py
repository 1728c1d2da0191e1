"""Ledgers made by chance: any layout and spelling gives the same figures, and each damaged cell is found, no other."""

import random
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from institutions.ledger.cells import plain
from institutions.ledger.tables import cell_name
from institutions.ledger.workbook import SheetRows, read_workbook
from tests.ledgers import TYPES, elements, faults_of, make_county, plan, sheet, values_of, xlsx

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# Each whole and its parts, so that a ledger keeps the dictionary's checks.
PARTS = {
    "tcm_physicians": "physicians",
    "tcm_staff": "health_staff",
    "tcm_gps": "gps",
    "tcm_visits": "visits",
    "technique_categories": "technique_items",
    "elderly_managed": "elderly_target",
    "appraisal_tcm_points": "appraisal_points",
    "rural_doctors_trained": "rural_doctors",
}
CODES = {
    kind: [
        code
        for code in (
            *"physicians tcm_physicians health_staff tcm_staff gps tcm_gps visits tcm_visits".split(),
            *"beds hospital_grade".split(),
            *"technique_categories technique_items has_tcm_hall has_tcm_space elderly_target elderly_managed".split(),
            *"appraisal_points appraisal_tcm_points rural_doctors rural_doctors_trained".split(),
        )
        if kind in elements()[code].reported_by
    ]
    for kind in TYPES
    if kind != "county"
}
LIMITS = {"health_staff": (900, 999), "technique_items": (10, 40), "technique_categories": (0, 10)}


@dataclass
class Ledger:
    """Sheets as they would be read, what they hold, and where each figure stands (sheet, row, column)."""

    sheets: list[SheetRows]
    values: dict[str, dict]
    places: dict[tuple[str, str], tuple[str, int, int]]


class Chance(random.Random):
    """Everything of one ledger follows from one number, so a failing example can be made again."""

    def some(self, items) -> list:
        items = list(items)
        self.shuffle(items)
        return items


def figure(chance: Chance, code: str):
    element = elements()[code]
    if element.value_type == "boolean":
        return chance.random() < 0.5
    if element.value_type == "choice":
        return int(chance.choice(list(element.choices)))
    low, high = LIMITS.get(code, (300, 400) if code in PARTS.values() else (0, 200))
    number = chance.randint(low, high)
    return number if element.value_type == "integer" else plain(Decimal(number) + Decimal(chance.randint(0, 9)) / 10)


def spelling(chance: Chance, code: str, value):
    """The figure as somebody may have typed it."""
    element = elements()[code]
    if value is True:
        return chance.choice(["是", "有", "√", "Y", " 是 ", "✓", True, 1.0])
    if value is False:
        return chance.choice(["否", "无", "×", "N", "否\u3000", False, 0.0])
    if element.value_type == "choice":
        return chance.choice([element.choices[str(value)], str(value), float(value)])
    text = str(value)
    spellings = [float(value), text, f" {text} ", text.translate(FULL_WIDTH), f"{text}{element.unit}"]
    if element.value_type == "integer":
        spellings += [f"{value:,}", f"{value:,}".replace(",", "，"), f"{text}.0"]
    return chance.choice(spellings)


def heading(chance: Chance, code: str) -> str:
    element = elements()[code]
    name = chance.choice([element.name, *element.aliases])
    unit = element.unit or "是/否"
    return chance.choice(
        [name, f"{name}（{unit}）", f"{name}({unit})", f"{name}\n{unit}", f"{name}\n【{unit}】", f" {name} "]
    )


def make_ledger(seed: int) -> Ledger:
    chance = Chance(seed)
    ledger, names = Ledger([], {}, {}), []
    for kind in chance.some(CODES)[: chance.randint(1, 3)]:
        institutions = [(f"{kind}-{n}", f"{TYPES[kind]}{n}号") for n in range(chance.randint(1, 4))]
        names += [(name, TYPES[kind], code) for code, name in institutions]
        ledger.sheets.append(data_sheet(chance, ledger, TYPES[kind], institutions, CODES[kind]))
    ledger.sheets.append(sheet("名录", ["机构名录"], ["机构名称", "机构类型", "机构编码"], *chance.some(names)))
    chance.shuffle(ledger.sheets)
    return ledger


def data_sheet(chance: Chance, ledger: Ledger, name: str, institutions, codes) -> SheetRows:
    identity = chance.choice([("code",), ("name",), ("code", "name")])
    columns = chance.some([*identity, "number", "empty", *codes])
    words = {"code": "机构编码", "name": "机构名称", "number": "序号", "empty": ""}
    heads = [words[c] if c in words else heading(chance, c) for c in columns]
    top = [[f"{name}台账（2023年度）"], ["填报单位：某县", "", "填报日期：2024年1月15日"], []]
    rows = top[: chance.randint(0, 3)]
    merges = []
    if chance.random() < 0.5:  # groups above, identity merged down
        rows.append([head if column in words else "基础数据" for column, head in zip(columns, heads, strict=True)])
        rows.append(["" if column in words else head for column, head in zip(columns, heads, strict=True)])
        merges = [((len(rows) - 2, i), (len(rows) - 1, i)) for i, c in enumerate(columns) if c in words and heads[i]]
    else:
        rows.append(heads)
    for code, title in institutions:
        rows += [[]] * chance.randint(0, 1)
        values = ledger.values.setdefault(code, {})
        row = {"code": code, "name": title, "number": float(len(rows)), "empty": ""}
        for column in codes:
            if chance.random() < 0.1:
                row[column] = chance.choice(["", " ", "—"])
            else:
                values[column] = figure(chance, column)
                row[column] = spelling(chance, column, values[column])
                ledger.places[code, column] = (name, len(rows), columns.index(column))
        rows.append([row[column] for column in columns])
    if chance.random() < 0.5:
        rows.append([chance.choice(["合计", "合 计"]), *[1.0] * (len(columns) - 1)])
        rows.append(["注：空白表示未统计。"])
    return sheet(name, *rows, merges=merges)


FAULTS = {
    "integer": [("若干", "not_a_number"), (-1.0, "negative"), (0.5, "not_whole"), (("error", "#N/A"), "error_value")],
    "decimal": [("很多", "not_a_number"), ("-0.5", "negative"), (1e13, "too_large")],
    "boolean": [("或许", "not_yes_or_no"), (7.0, "not_yes_or_no")],
    "choice": [("特级", "unknown_choice"), (99.0, "unknown_choice")],
}


@pytest.fixture
def county(db):
    return make_county()


LEDGERS = st.integers(0, 10**9).map(make_ledger)
by_chance = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@by_chance
@given(LEDGERS)
def test_any_layout_and_spelling_gives_the_same_figures(county, ledger):
    made = plan(county, *ledger.sheets)
    assert faults_of(made) == []
    assert made.recognition.unmatched() == []
    assert values_of(made) == {code: values for code, values in ledger.values.items() if values}


@by_chance
@given(LEDGERS, st.data())
def test_every_damaged_cell_is_found_and_no_other(county, ledger, data):
    if not ledger.places:
        return
    damaged = data.draw(st.lists(st.sampled_from(sorted(ledger.places)), min_size=1, max_size=4, unique=True))
    expected = set()
    by_name = {each.name: each for each in ledger.sheets}
    for institution, code in damaged:
        name, row, column = ledger.places[institution, code]
        raw, fault = data.draw(st.sampled_from(FAULTS[elements()[code].value_type]))
        by_name[name].rows[row][column] = raw
        expected.add((fault, name, cell_name(row, column)))
    found = faults_of(plan(county, *ledger.sheets))
    assert len(found) == len(damaged)
    assert set(found) == expected


@by_chance
@given(LEDGERS, st.data())
def test_a_part_above_its_whole_is_found_at_the_part(county, ledger, data):
    pairs = [
        (institution, part, whole)
        for institution, part in sorted(ledger.places)
        if (whole := PARTS.get(part)) and whole in ledger.values[institution] and part != "technique_categories"
    ]
    if not pairs:
        return
    institution, part, whole = data.draw(st.sampled_from(pairs))
    name, row, column = ledger.places[institution, part]
    next(each for each in ledger.sheets if each.name == name).rows[row][column] = 1500.0
    expected = ("part_over_whole", name, cell_name(row, column))
    assert faults_of(plan(county, *ledger.sheets)) == [expected]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(LEDGERS)
def test_a_real_file_reads_as_the_rows_do(county, ledger):
    made = plan(county, *read_workbook(xlsx(*ledger.sheets)))
    assert values_of(made) == values_of(plan(county, *ledger.sheets))
    assert faults_of(made) == []
