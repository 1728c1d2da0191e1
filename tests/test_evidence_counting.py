"""Which pieces count for a requirement, and what it comes to (scoring.md rules 11 and 12)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.enums import PlacementState
from assessments.evidence.counting import Demand, Use, demand_year, judge, unfit, why_not

DAY = date(2024, 12, 31)


def use(
    placement=1, *, piece=None, state="accepted", institution="", dated="2024-03-05", years=(None, None), until=None
):
    return Use(
        placement=placement,
        piece=piece or placement,
        institution=institution,
        state=state,
        reason="缺公章" if state == "returned" else "",
        document_date=dated and date.fromisoformat(dated),
        first_year=years[0],
        last_year=years[1],
        valid_until=until and date.fromisoformat(until),
    )


def demand(needed=1, year=2024, seen_as="document", institutions=None):
    return Demand(needed, year, seen_as, institutions, DAY)


@pytest.mark.parametrize(
    ("given_use", "words"),
    [
        (use(), ""),
        (use(state="uploaded"), "待审核"),
        (use(state="returned"), "已退回：缺公章"),
        (use(dated="2022-03-01"), "适用 2022 年度，要求的是 2024 年度"),
        (use(dated="2022-03-01", years=(2022, 2025)), ""),
        (use(dated="2022-03-01", years=(2022, 2023)), "适用 2022—2023 年度，要求的是 2024 年度"),
        (use(dated=None), "没有填写文件日期，不能确认属于 2024 年度"),
        (use(dated=None, years=(2024, None)), ""),
        (use(dated="2023-03-01", years=(None, 2024)), ""),
        (use(dated="2024-03-01", years=(2025, None)), "适用 2025 年度，要求的是 2024 年度"),
        (use(until="2024-12-31"), ""),
        (use(until="2024-12-30"), "有效期至 2024年12月30日，到 2024年12月31日 已过期"),
    ],
)
def test_a_piece_counts_or_says_why_not(given_use, words):
    assert why_not(given_use, demand()) == words


@given(st.sampled_from(["2022-03-01", "2024-03-05", None]), st.sampled_from(["2024-12-30", None]))
def test_what_would_keep_it_from_counting_is_known_before_anybody_accepts_it(dated, until):
    words = {state: unfit(use(state=state, dated=dated, until=until), demand()) for state in PlacementState}
    assert set(words.values()) == {why_not(use(dated=dated, until=until), demand())}
    verdict = judge([use(state="uploaded", dated=dated, until=until)], demand(), None)
    assert verdict.unfit == ({1: words["uploaded"]} if words["uploaded"] else {})
    assert verdict.why == {1: "待审核"}


def test_where_any_year_will_do_no_date_is_asked():
    assert why_not(use(dated=None), demand(year=None)) == ""
    assert why_not(use(dated="1998-01-01"), demand(year=None)) == ""


def test_the_year_asked_for_follows_the_period():
    assert [demand_year(rule, 2024) for rule in ("period", "previous", "any")] == [2024, 2023, None]


def test_a_word_without_a_reason_falls_with_the_pieces_that_it_rested_on():
    assert judge([use()], demand(), "accepted").state == "accepted"
    assert judge([use(state="returned")], demand(), "accepted").state == "open"


def test_several_are_needed_and_one_piece_counts_once():
    twice = [use(1, piece=7), use(2, piece=7)]
    assert judge(twice, demand(needed=2), None).counted == 1
    verdict = judge([*twice, use(3)], demand(needed=2), None)
    assert (verdict.state, verdict.counted, verdict.due) == ("accepted", 2, 2)


def test_one_of_each_institution_leaves_out_those_that_lack_it():
    verdict = judge([use(1, institution="T1")], demand(institutions=("T1", "T2", "T3")), None)
    assert (verdict.state, verdict.counted, verdict.due, verdict.lacking) == ("open", 1, 3, ("T2", "T3"))
    verdict = judge([use(1, institution="T1"), use(2, institution="X")], demand(institutions=("T1",)), None)
    assert verdict.state == "accepted"
    assert verdict.why == {2: "所属机构不在要求的范围内"}


@pytest.mark.parametrize("seen_as", ["paper", "onsite"])
def test_what_is_seen_on_paper_or_on_site_waits_for_the_offices_word(seen_as):
    assert judge([use()], demand(seen_as=seen_as), None).state == "open"
    assert judge([], demand(seen_as=seen_as), "accepted", "看过原件").state == "accepted"


def test_the_offices_word_goes_before_the_pieces():
    assert judge([use()], demand(), "failing").state == "failing"
    assert judge([], demand(), "accepted", "看过原件").state == "accepted"
    assert judge([use()], demand(), "open").state == "accepted"


some_uses = st.lists(
    st.builds(
        lambda state, year, institution: (state, year, institution),
        st.sampled_from(["uploaded", "accepted", "returned"]),
        st.integers(2022, 2026),
        st.sampled_from(["", "T1", "T2"]),
    ),
    max_size=12,
)


@given(some_uses, st.integers(1, 4), st.sampled_from([None, (), ("T1",), ("T1", "T2")]))
def test_nothing_is_counted_twice_and_every_piece_either_counts_or_has_its_reason(found, needed, institutions):
    uses = [
        use(number, state=state, dated=f"{year}-06-01", institution=institution)
        for number, (state, year, institution) in enumerate(found, start=1)
    ]
    verdict = judge(uses, demand(needed=needed, institutions=institutions), None)
    assert 0 <= verdict.counted <= verdict.due
    assert verdict.enough == (verdict.counted == verdict.due)
    good = [u for u in uses if u.placement not in verdict.why]
    assert all(u.state == "accepted" and u.years[0] == 2024 for u in good)
    assert verdict.counted <= len(good)


@given(some_uses, st.integers(1, 3))
def test_one_more_good_piece_never_makes_it_worse(found, needed):
    uses = [use(n, state=s, dated=f"{y}-06-01") for n, (s, y, _) in enumerate(found, start=1)]
    before = judge(uses, demand(needed=needed), None)
    after = judge([*uses, use(99)], demand(needed=needed), None)
    assert after.counted >= before.counted
    assert not before.enough or after.enough
