"""Before a report is handed in: what is wrong, what needs a word, what it means; and the handing in."""

import pytest

from assessments.models import Standing
from institutions.enums import ReportState
from institutions.filling.findings import cautions, faults
from institutions.filling.rulebook import rulebook_for
from institutions.filling.services import Cell, Unfit, save_cells, submit_report
from institutions.models import Institution, Report
from institutions.review.services import decide
from institutions.rounds.queries import backgrounds
from institutions.rounds.services import close_round
from tests.filling import NOW, open_round, report, typed, url
from tests.world import make_world

FULL = {"has_hall": "是", "techniques": "6", "visits": "110", "tcm_visits": "50"}
NO_TECHNIQUES = "rule:not has_hall or techniques > 0"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def centre() -> Institution:
    return Institution.objects.select_related("county", "manager").get(code="A-01")


def save(world, round, words=None, **texts) -> None:
    cells = [Cell(centre(), code, text) for code, text in texts.items()]
    save_cells(round, cells, by=world.users["clerk"], explanations={centre().pk: words or {}})


def page(response) -> str:
    return response.content.decode()


def submit(client, words=None):
    return client.post(url("fill-submit"), typed(words=words), follow=True)


# ---- the check ----


def test_a_full_report_can_be_handed_in(clerk, world, round):
    save(world, round, **FULL)
    found = page(clerk.get(url("fill-check")))
    assert "没有发现问题" in found
    assert "提交给创建办" in found


def test_faults_lead_back_to_their_fields_and_stand_in_the_way(clerk, world, round):
    save(world, round, **FULL | {"tcm_visits": "200"})
    found = page(clerk.get(url("fill-check")))
    assert f'href="{url("fill")}#f-tcm_visits"' in found
    assert "提交给创建办" not in found


def test_cautions_ask_for_a_word_that_is_there_already_where_it_was_written(clerk, world, round):
    save(world, round, {NO_TECHNIQUES: "正在筹备"}, **FULL | {"techniques": "0"})
    found = page(clerk.get(url("fill-check")))
    assert "设有中医馆，却没有适宜技术" in found
    assert ">正在筹备</textarea>" in found


def test_what_is_empty_is_listed_and_needs_a_word(clerk, world, round):
    save(world, round, visits="110")
    found = page(clerk.get(url("fill-check")))
    assert "没有填的 3 项" in found
    assert f'href="{url("fill")}#f-techniques"' in found


def test_there_is_nothing_to_check_in_a_report_that_is_handed_in(clerk, world, round):
    save(world, round, **FULL)
    submit(clerk)
    assert clerk.get(url("fill-check")).url == url("fill")


# ---- handing in ----


def test_it_is_handed_in_and_the_page_says_what_comes_next(clerk, world, round):
    save(world, round, **FULL)
    found = page(submit(clerk))
    assert "已提交。创建办审核后接受" in found
    assert (report().state, report().submitted_by) == (ReportState.SUBMITTED, world.users["clerk"])


def test_words_on_cautions_come_with_it(clerk, world, round):
    save(world, round, **FULL | {"techniques": "0"})
    submit(clerk, {NO_TECHNIQUES: "正在筹备"})
    warning = report().warnings[0]
    assert (report().state, warning["explanation"]) == (ReportState.SUBMITTED, "正在筹备")


def test_without_the_words_it_stays_and_says_what_is_asked(clerk, world, round):
    save(world, round, **FULL | {"techniques": "0"})
    response = submit(clerk, {NO_TECHNIQUES: " "})
    assert "1 条提示要写说明" in page(response)
    assert response.redirect_chain[-1][0] == url("fill-check")
    assert report().state == ReportState.DRAFT


def test_a_word_too_short_is_refused_and_stands_there_still(clerk, world, round):
    save(world, round, **FULL | {"techniques": "0"})
    response = submit(clerk, {NO_TECHNIQUES: "好"})
    assert response.status_code == 409
    assert "2 至 300 个字" in page(response)
    assert ">好</textarea>" in page(response)


def test_with_faults_it_goes_back_to_the_form_which_shows_each(clerk, world, round):
    save(world, round, **FULL | {"tcm_visits": "200", "techniques": "六项"})
    response = submit(clerk)
    assert response.redirect_chain[-1][0] == url("fill")
    assert "2 处错误要改正" in page(response)
    for words in ("中医诊疗人次不能大于总诊疗人次", "不是数字"):
        assert words in page(response)


def test_an_empty_report_is_not_handed_in(clerk, round):
    assert "一项都没有填" in page(submit(clerk))
    assert not Report.objects.filter(period=NOW).exists()


def test_a_second_submission_says_that_there_was_one(clerk, world, round):
    save(world, round, **FULL)
    submit(clerk)
    assert "不用再提交" in page(submit(clerk))


def test_figures_that_somebody_changed_after_the_check_are_not_handed_in_unseen(clerk, world, round):
    save(world, round, **FULL)
    seen = clerk.get(url("fill-check")).context["seen"]
    save_cells(round, [Cell(centre(), "visits", "111")], by=world.users["superuser"])
    response = clerk.post(url("fill-submit"), {"seen": seen})
    assert (response.status_code, report().state) == (409, "draft")
    assert "有人改动了填报的数" in page(response)
    clerk.post(url("fill-submit"), {"seen": response.context["seen"]})
    assert report().state == "submitted"


def test_after_closing_nothing_is_handed_in(clerk, world, round):
    save(world, round, **FULL)
    close_round(round, by=world.users["office"])
    assert "已关闭" in page(submit(clerk))
    assert report().state == ReportState.DRAFT


def test_what_came_back_is_mended_and_handed_in_again(clerk, world, round):
    save(world, round, **FULL)
    submit(clerk)
    decide(round, centre(), returns={"visits": "与年报不符"}, by=world.users["reviewer"])
    clerk.post(url("fill-save"), typed(visits=("120", "110")))
    submit(clerk)
    assert (report().state, report().values["visits"], report().returned) == (ReportState.SUBMITTED, 120, {})


CASES = [
    {},
    FULL,
    FULL | {"tcm_visits": "200"},
    FULL | {"techniques": "0"},
    FULL | {"visits": "很多"},
    FULL | {"visits": "131"},
    {"visits": "10", "tcm_visits": "20", "has_hall": "是", "techniques": "0"},
]


@pytest.mark.parametrize("texts", CASES, ids=str)
def test_what_is_said_while_typing_is_what_is_said_at_submission(clerk, world, round, texts):
    response = clerk.post(url("fill-save"), typed(**texts), headers={"accept": "application/json"}).json()
    said = sorted(each["text"] for each in response["faults"] + response["cautions"])
    draft = Report.objects.filter(period=NOW).first() or Report(institution=centre(), period=NOW)
    draft.institution = centre()
    rules = rulebook_for(round, centre().type)
    background = backgrounds(round, [draft])[centre().pk]
    found = faults(rules, draft.values, draft.unread) + cautions(rules, draft.values, background, draft.unread)
    assert said == sorted(each.text for each in found)
    if draft.values and found:
        with pytest.raises(Unfit) as unfit:
            submit_report(round, centre(), by=world.users["clerk"])
        assert sorted(unfit.value.reasons) == said


# ---- what the figures mean ----


def test_the_drafts_meaning_is_shown_beside_the_county_as_it_stands(clerk, world, round):
    save(world, round, **FULL | {"has_hall": "否"})
    found = page(clerk.get(url("meaning")))
    assert "不计入全县（区）结果" in found
    assert "镇卫生院设中医馆" in found
    assert "未达标" in found
    assert "45.45%" in found  # 50 of 110: its own share
    assert not Standing.objects.filter(period=NOW).exists()


def test_the_check_page_fetches_the_meaning(clerk, world, round):
    save(world, round, visits="5")
    assert f'hx-get="{url("meaning")}"' in page(clerk.get(url("fill-check")))
    part = page(clerk.get(url("meaning"), headers={"hx-request": "true"}))
    assert "<html" not in part
    assert "不计入全县（区）结果" in part


def test_what_is_empty_is_undecided_not_unmet(clerk, world, round):
    save(world, round, has_hall="是")
    found = page(clerk.get(url("meaning")))
    assert "数据不全" in found
    assert "未填" in found


def test_where_the_county_has_no_standard_it_says_so(clerk, world, round):
    Standing.objects.all().delete()
    world.campaign.delete()
    assert "还没有选定建设标准" in page(clerk.get(url("meaning")))


def test_who_reads_the_county_may_see_a_drafts_meaning(client, world, round):
    client.force_login(world.users["reviewer"])
    assert client.get(url("meaning", "A-02")).status_code == 200
    assert client.get(url("meaning", "B-01")).status_code == 404
    client.force_login(world.users["clerk"])
    assert client.get(url("meaning", "A-02")).status_code == 404
