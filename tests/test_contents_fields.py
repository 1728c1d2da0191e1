"""Nothing that a standard can say is forgotten: each field of its contents counts in the digest, is shown as a
difference, is stored, and goes through YAML and Excel."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from assessments.drafting.exchange_changes import changes_between
from indicators import contents
from indicators.contents import StandardContent
from indicators.differences import compare
from indicators.differences.lines import lines_of
from indicators.drafts import begin_draft
from indicators.exchange.reading import read_yaml_bytes
from indicators.exchange.workbook_in import read_sheets
from indicators.exchange.workbook_out import workbook_of
from indicators.exchange.yaml_out import yaml_text
from indicators.formula import ElementSpec
from indicators.queries import content_of
from institutions.ledger.workbook import read_workbook

ELEMENTS = {
    code: ElementSpec(code, name, "integer", "", frozenset({"village_clinic"}))
    for code, name in (("techniques", "技术项数"), ("visits", "诊疗人次"))
}
# (of what, the field) -> another value than it has; of other texts, numbers and days one is made
OTHERS = {
    ("StandardContent", "state"): "checked",
    ("ArrangementContent", "kind"): "ledger",
    ("ArrangementContent", "every"): "quarter",
    ("SeatContent", "part"): "deputy",
    ("DepartmentContent", "name"): "教育局",
    ("DepartmentContent", "members"): [],
    ("ItemContent", "lead"): ["卫生健康局", "各部门"],
    ("ItemContent", "cooperating"): [],
    ("EvidenceContent", "departments"): ["财政局"],
    ("EvidenceContent", "year"): "any",
    ("EvidenceContent", "seen_as"): "onsite",
    ("EvidenceContent", "institution_types"): ["township_centre"],
    ("CriterionContent", "level"): "soft",
    ("CriterionContent", "scope"): ["township_centre"],
    ("CriterionContent", "expression"): "share(visits >= 6)",
    ("CriterionContent", "comparator"): ">",
    ("CriterionContent", "target"): "90%",
    ("CriterionContent", "targets"): {"2025": "100%"},
}
# what the two sides are told apart by, and the parts themselves
NOT_SHOWN = {("StandardContent", "code"), ("StandardContent", "version"), ("StandardContent", "state")}


def full() -> StandardContent:
    """Every field of every part says something."""
    criterion = contents.CriterionContent(
        *("1.1", "开展适宜技术", "hard", ["village_clinic"], "share(techniques >= 6)", ">=", "80%", "%", "按年末数"),
        source="三（一）",
        targets={"2025": "90%"},
    )
    evidence = contents.EvidenceContent(
        *("01-01", "印发的文件", True, ["卫生健康局"], "period", 2, "document", ["village_clinic"])
    )
    item = contents.ItemContent(
        *("1", "第一件事", "要办好。", Decimal("2.50"), ["卫生健康局"], ["财政局"], [evidence], [criterion]),
        wording="原文如此。",
        source="三（一）1",
    )
    return StandardContent(
        *("full", "1", "draft", "标准", "方案", "〔2023〕1 号", date(2023, 1, 1)),
        departments=[
            contents.DepartmentContent("卫生健康局", ["卫健局"], [], ["牵头"]),
            contents.DepartmentContent("财政局", ["财政"], [], ["给钱"]),
            contents.DepartmentContent("各部门", ["大家"], ["财政局"], ["配合"]),
        ],
        phases=[contents.PhaseContent(1, "部署", date(2023, 1, 1), date(2023, 2, 1), ["开会"])],
        sections=[contents.SectionContent(1, "第一部分", [item])],
        deadline=date(2025, 12, 31),
        leading_group=[contents.SeatContent("head", "区政府副区长")],
        arrangements=[
            contents.ArrangementContent("meeting", "联席会议", "month", "卫健局", "办公室", ["进展"], "另行通知")
        ],
    )


def other(kind: str, name: str, value):
    if (kind, name) in OTHERS:
        return OTHERS[kind, name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, list):
        return [f"{each}又" for each in value]
    return value + 1 if isinstance(value, int | Decimal) else f"{value}又"


def changed(part) -> Iterator[tuple[tuple[str, str], object]]:
    """((of what, the field), the part with this one thing changed), for every field of it and of what is in it."""
    for each in fields(part):
        value = getattr(part, each.name)
        if isinstance(value, list) and value and is_dataclass(value[0]):
            last = len(value) - 1
            for what, instead in changed(value[last]):
                yield what, replace(part, **{each.name: [*value[:last], instead]})
        else:
            kind = type(part).__name__
            yield (kind, each.name), replace(part, **{each.name: other(kind, each.name, value)})


CHANGES = dict(changed(full()))
NAMES = [f"{kind}.{name}" for kind, name in CHANGES]


def test_every_field_is_among_them():
    kinds = [each for each in vars(contents).values() if is_dataclass(each)]
    of_dictionary = {"ElementContent", "CheckContent", "DictionaryContent"}
    assert set(CHANGES) == {
        (kind.__name__, each.name)
        for kind in kinds
        if kind.__name__ not in of_dictionary
        for each in fields(kind)
        if not any(map(is_dataclass, get_args(each.type)))
    }


def test_each_field_counts_in_the_digest():
    assert len({full().digest(), *(each.digest() for each in CHANGES.values())}) == 1 + len(CHANGES)


@pytest.mark.parametrize("what", CHANGES, ids=NAMES)
def test_each_field_that_differs_is_shown(what):
    found = compare(full(), CHANGES[what])
    assert found.same == (what in NOT_SHOWN)
    lines = lines_of(found, ELEMENTS)
    parts = [part for _, others in lines.others for part in others]
    assert bool(lines.head or lines.items or parts) == (what not in NOT_SHOWN)


@pytest.mark.parametrize("what", CHANGES, ids=NAMES)
def test_each_field_that_a_file_would_change_is_named_before(what):
    """Code, version and state of a draft are not the file's to change."""
    assert bool(changes_between(full(), CHANGES[what])) == (what not in NOT_SHOWN)


def test_an_item_that_a_file_would_move_to_another_section_is_named_before():
    first, second = contents.SectionContent(1, "一", full().items), contents.SectionContent(2, "二", [])
    moved = [replace(first, items=[]), replace(second, items=full().items)]
    before = replace(full(), sections=[first, second])
    assert [each.what for each in changes_between(before, replace(before, sections=moved))] == ["部分"]


@pytest.mark.parametrize("what", CHANGES, ids=NAMES)
def test_each_field_goes_through_yaml(what):
    read = read_yaml_bytes(yaml_text(CHANGES[what]).encode(), "标准.yaml", ELEMENTS)
    assert read.content == _stored(CHANGES[what])


def test_each_field_goes_through_excel():
    for what, content in CHANGES.items():
        assert read_sheets(read_workbook(workbook_of(content)), ELEMENTS).content == _stored(content), what


@pytest.mark.django_db
def test_each_field_is_stored():
    for number, (what, content) in enumerate(CHANGES.items()):
        wanted = replace(_stored(content), code=f"full-{number}", state="draft")
        assert content_of(begin_draft(wanted, owner="A", by=None)) == wanted, what


def _stored(content: StandardContent) -> StandardContent:
    """Phases are numbered in their order wherever they are kept."""
    return replace(content, phases=[replace(each, number=n) for n, each in enumerate(content.phases, 1)])
