"""What changed between two texts, and whom an @ calls."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.work.changes import ADDED, DROPPED, SAME, changes, clauses
from assessments.work.mentions import mentioned_in
from assessments.work.queries import Colleague

TEXTS = st.text(alphabet="资金到位，。！\n ”12", max_size=60)


def people(*names: tuple[str, str]) -> list[Colleague]:
    class Person(SimpleNamespace):
        def __str__(self) -> str:
            return self.display_name or self.username

        def __hash__(self) -> int:
            return hash(self.username)

    return [Colleague(Person(username=account, display_name=name), "联络员") for account, name in names]


CAST = people(("zhang3", "张三"), ("zsf", "张三丰"), ("li4", "李四"), ("li44", "李四"), ("wang", ""))


def called(text: str) -> list[str]:
    return [person.account for person in mentioned_in(text, CAST).people]


@given(TEXTS)
def test_clauses_are_the_text(text):
    assert "".join(clauses(text)) == text


@given(TEXTS, TEXTS)
def test_changes_lead_from_one_text_to_the_other(before, after):
    parts = changes(before, after)
    assert "".join(text for tag, text in parts if tag != ADDED) == before
    assert "".join(text for tag, text in parts if tag != DROPPED) == after


def test_only_the_clause_that_changed_is_marked():
    parts = changes("设立专项资金，共 120 万元。全部到位。", "设立专项资金，共 126 万元。全部到位。\n已公示。")
    assert parts == [
        (SAME, "设立专项资金，"),
        (DROPPED, "共 120 万元。"),
        (ADDED, "共 126 万元。"),
        (SAME, "全部到位。"),
        (ADDED, "\n已公示。"),
    ]


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("@张三 请补", ["zhang3"]),
        ("请＠张三补", ["zhang3"]),
        ("@张三丰请补", ["zsf"]),
        ("@zhang3 请补", ["zhang3"]),
        ("@ZHANG3请补", ["zhang3"]),
        ("@wang，@张三", ["wang", "zhang3"]),
        ("@张三 @张三", ["zhang3"]),
        # of one name: both
        ("@李四", ["li4", "li44"]),
        ("@li44", ["li44"]),
        # a longer account, and an address, are nobody's
        ("@zhang33", []),
        ("写信到 a@wang", []),
        ("没有提到谁 @", []),
    ],
)
def test_whom_an_at_calls(text, accounts):
    assert called(text) == accounts


def test_what_is_nobodys_name_is_said():
    assert mentioned_in("@王五 和@张三", CAST).unknown == ("王五",)


@given(st.text(alphabet="@张三丰李四 zhang3,。", max_size=30))
def test_nobody_is_called_without_an_at(text):
    assert called(text.replace("@", "")) == []
