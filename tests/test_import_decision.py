"""What becomes of imported figures: drafts or submitted, and somebody else accepts them."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from institutions.enums import ReportState, Role
from institutions.hooks import figures_changed
from institutions.models import Grant, Institution, Report, ReportStep
from institutions.queries import accepted_values
from institutions.refusals import Refused
from institutions.review.services import decide
from institutions.services import grant
from tcm_demo.audit.models import Event
from tcm_demo.notices.models import Notice
from tests.filling import words_of
from tests.ledgers import CENTRE, OTHER_CENTRE, make_county, registry, sheet
from tests.wizard import BOTH, FIGURES, HEAD, confirm, member, open_round, page_of, store, text_of, upload

CHANGED = sheet("机构数据", HEAD, ["T1", 13, 3400], ["T2", 8, 2100])
CHANGED_AGAIN = sheet("机构数据", HEAD, ["T1", 14, 3400], ["T2", 8, 2100])


@pytest.fixture
def county(db):
    return make_county()


@pytest.fixture
def round(county):
    return open_round(county)


@pytest.fixture
def office(county, round):
    return member(county, "office")


@pytest.fixture
def announced():
    """Facts of every announcement that accepted figures changed."""
    heard = []

    def of_figures(**facts):
        heard.append(facts)

    figures_changed.register(of_figures)
    yield heard
    figures_changed._listeners.remove(of_figures)


def report_of(code: str) -> Report:
    return Report.objects.get(institution__code=code)


def steps_of(code: str) -> list[tuple]:
    steps = ReportStep.objects.filter(report__institution__code=code).order_by("pk")
    return [(step.kind, step.by_name, step.reason, step.cells or step.marks) for step in steps]


def person(name: str):
    return get_user_model().objects.get(username=name)


# ---- entered, not accepted -------------------------------------------------------------------------------------------


def test_what_is_submitted_waits_for_another_person(office, county, round):
    confirm(office, upload(office, county, BOTH, FIGURES))
    report = report_of("T1")
    assert (report.state, report.values, report.accepted) == ("submitted", {"nurses": 12, "visits": 3400}, {})
    assert (report.hands, report.submitted_by) == ([person("office").pk], person("office"))
    assert accepted_values(county, "2023") == {}
    with pytest.raises(Refused, match="另一位审核员"):
        decide(round, report.institution, accept_all=True, by=person("office"))
    member(county, "colleague", "reviewer")
    decide(round, report.institution, accept_all=True, by=person("colleague"))
    assert accepted_values(county, "2023") == {"T1": {"nurses": 12, "visits": 3400}}
    assert steps_of("T1") == [
        ("imported", "office", "", {"nurses": [None, 12], "visits": [None, 3400]}),
        ("submitted", "office", "", {}),
        ("accepted", "colleague", "", {"nurses": "", "visits": ""}),
    ]


def test_a_draft_is_the_institutions_to_go_on_with_and_can_be_submitted_by_the_same_file(office, county):
    confirm(office, upload(office, county, BOTH, FIGURES), way="draft", words="")
    assert (report_of("T1").state, report_of("T1").submitted_at) == ("draft", None)
    assert [kind for kind, *_ in steps_of("T1")] == ["imported"]
    again = upload(office, county, FIGURES)
    assert "其中 2 家还是草稿，下一步可以提交" in text_of(office.get(page_of(again, "check")))
    assert [way for way, _ in office.get(page_of(again, "write")).context["form"].fields["way"].choices] == ["submit"]
    confirm(office, again)
    assert (report_of("T1").state, [kind for kind, *_ in steps_of("T1")]) == ("submitted", ["imported", "submitted"])


def test_drafts_that_the_file_only_repeats_are_submitted_where_somebody_says_so(office, county):
    """A workbook that was filled in advance repeats what others have half done."""
    confirm(office, upload(office, county, BOTH, FIGURES), way="draft")
    up = upload(office, county, CHANGED)
    assert "一并提交另外 1 家与文件相同的草稿" in text_of(office.get(page_of(up, "write")))
    confirm(office, up)
    assert (report_of("T1").state, report_of("T2").state) == ("submitted", "draft")
    store(county, sheet("数据", HEAD, ["T1", 13, 3400]))
    up = upload(office, county, sheet("数据", HEAD, ["T1", 14, 3400], ["T2", 8, 2100]))
    confirm(office, up, reason="更正", unchanged="on")
    assert (report_of("T1").state, report_of("T2").state) == ("submitted", "submitted")


def test_a_returned_report_is_not_submitted_again_by_repeating_it(office, county):
    confirm(office, upload(office, county, BOTH, FIGURES))
    Report.objects.update(state="returned", returned={"nurses": "请核对"})
    assert "没有变化" in text_of(office.get(page_of(upload(office, county, FIGURES), "check")))


def test_without_a_choice_nothing_is_written_and_what_was_typed_stays(office, county):
    up = upload(office, county, BOTH, FIGURES)
    for way in ("", "accept", "nonsense"):
        answer = confirm(office, up, way=way, words="各家都还没有填全。")
        assert "请选择写入后存为草稿，还是提交" in text_of(answer)
        assert "各家都还没有填全。" in answer.content.decode()
    assert not Report.objects.exists()


def test_cautions_need_one_word_for_all_and_keep_it(office, county):
    up = upload(office, county, BOTH, FIGURES)
    page = office.get(page_of(up, "write"))
    assert "有 2 条提示还没有说明" in text_of(page)
    assert "请写一句" in text_of(confirm(office, up, words=" "))
    assert "请写一句" in text_of(confirm(office, up, words="长" * 301))
    assert not Report.objects.exists()
    confirm(office, up, words="其余数据年底补报。")
    report = report_of("T1")
    assert (report.warning_count, [w["explanation"] for w in report.warnings]) == (1, ["其余数据年底补报。"])
    assert words_of(report) == {"missing": "其余数据年底补报。"}
    confirm(office, upload(office, county, CHANGED), words="")  # the word holds for the same caution
    assert report_of("T1").values["nurses"] == 13


def test_a_word_of_the_institutions_own_is_not_written_over(office, county):
    confirm(office, upload(office, county, BOTH, FIGURES), way="draft")
    Report.objects.filter(institution__code="T1").update(explanations={"missing": "设备在修"})
    confirm(office, upload(office, county, FIGURES), words="其余年底补报。")
    assert words_of(report_of("T1")) == {"missing": "设备在修"}
    assert words_of(report_of("T2")) == {"missing": "其余年底补报。"}


def test_a_fault_that_was_stored_before_stops_submitting_but_not_the_draft(office, county):
    store(county, registry(CENTRE, OTHER_CENTRE))
    centre = county.institutions.get(code="T1")
    facts = {"period": "2023", "updated_at": timezone.now(), "unread": {"beds": "约十张"}}
    Report.objects.create(institution=centre, values={"physicians": 3, "tcm_physicians": 4}, **facts)
    up = upload(office, county, FIGURES)
    page = office.get(page_of(up, "write"))
    assert [way for way, _ in page.context["form"].fields["way"].choices] == ["draft"]
    assert "东镇卫生院：中医类别执业（助理）医师数不能大于执业（助理）医师数" in text_of(page)
    answer = confirm(office, up, way="submit")
    assert "有 2 处错误，还不能提交" in text_of(answer)
    assert report_of("T1").values == {"physicians": 3, "tcm_physicians": 4}
    confirm(office, up, way="draft")
    assert report_of("T1").values == {"physicians": 3, "tcm_physicians": 4, "nurses": 12, "visits": 3400}
    assert report_of("T1").unread == {"beds": "约十张"}


def test_a_figure_of_the_file_mends_what_could_not_be_read(office, county):
    store(county, BOTH)
    centre = county.institutions.get(code="T1")
    Report.objects.create(
        institution=centre, period="2023", values={"visits": 3400}, unread={"nurses": "十几"}, updated_at=timezone.now()
    )
    confirm(office, upload(office, county, FIGURES), way="draft")
    assert (report_of("T1").values, report_of("T1").unread) == ({"nurses": 12, "visits": 3400}, {})


def test_copies_within_one_file_are_pointed_out(office, county):
    heads = ["机构编码", "执业（助理）医师数", "注册护士数", "卫生技术人员数", "总诊疗人次", "实有床位数"]
    same = [5, 6, 20, 900, 12]
    up = upload(office, county, BOTH, sheet("数据", heads, ["T1", *same], ["T2", *same]))
    words = text_of(office.get(page_of(up, "write")))
    assert "各项数字与“西镇卫生院”完全相同" in words
    confirm(office, up)
    assert "twin" in [caution["key"] for caution in report_of("T1").warnings]


# ---- figures that are there already ----------------------------------------------------------------------------------


def test_an_import_lays_its_figures_over_what_was_entered(office, county):
    confirm(office, upload(office, county, BOTH, FIGURES), way="draft")
    up = upload(office, county, sheet("数据", [*HEAD, "实有床位数"], ["T1", 13, "", 40]))
    check = office.get(page_of(up, "check"))
    assert [(row.old, row.new, row.state) for row in check.context["page"]] == [("12", "13", "草稿")]
    assert [(name, at is None) for _, name, at in check.context["figures"]] == [("office", False)]
    confirm(office, up, way="draft")
    assert report_of("T1").values == {"nurses": 13, "visits": 3400, "beds": 40}
    assert steps_of("T1")[-1][3] == {"beds": [None, 40], "nurses": [12, 13]}


def test_a_submitted_report_stays_submitted_whatever_is_chosen(office, county):
    confirm(office, upload(office, county, BOTH, FIGURES))
    member(county, "colleague")
    colleague = member(county, "another", "reviewer")
    confirm(colleague, upload(colleague, county, CHANGED), way="draft")
    report = report_of("T1")
    assert (report.state, report.values["nurses"]) == ("submitted", 13)
    assert report.hands == sorted([person("office").pk, person("another").pk])
    assert report_of("T2").hands == [person("office").pk]


def test_accepted_figures_are_returned_with_a_reason_before_another_one_comes_in(office, county, announced):
    store(county)
    announced.clear()
    up = upload(office, county, CHANGED)
    check = office.get(page_of(up, "check"))
    assert [(row.code, row.old, row.new) for row in check.context["page"]] == [("T1", "12", "13")]
    assert "有的数值已被接受" in text_of(check)
    assert "须写退回理由" in text_of(confirm(office, up, reason=""))
    assert accepted_values(county, "2023")["T1"] == {"nurses": 12, "visits": 3400}
    confirm(office, up, reason="核对名册后更正")
    report = report_of("T1")
    assert (report.state, report.values, report.accepted) == (
        "submitted",
        {"nurses": 13, "visits": 3400},
        {"visits": 3400},
    )
    assert steps_of("T1")[1:] == [
        ("returned", "office", "核对名册后更正", {"nurses": "核对名册后更正"}),
        ("imported", "office", "", {"nurses": [12, 13]}),
        ("submitted", "office", "", {}),
    ]
    key = report.institution_id
    assert [facts["figures"] for facts in announced] == [{key: ({"nurses": 12, "visits": 3400}, {"visits": 3400})}]
    assert (report_of("T2").state, steps_of("T2")[1:]) == ("accepted", [])


def test_the_clerk_learns_of_a_return_by_import_and_it_is_settled_when_the_report_is_in_again(office, county):
    store(county)
    user = get_user_model().objects.create_user("clerk")
    centre = Institution.objects.get(code="T1")
    Grant.objects.create(user=user, county=county, role=Role.DATA_CLERK, institution=centre)
    confirm(office, upload(office, county, CHANGED), way="draft", reason="核对名册后更正")
    told = Notice.objects.filter(user=user, sentence__contains="核对名册后更正")
    assert [notice.read_at for notice in told] == [None]
    confirm(office, upload(office, county, CHANGED_AGAIN))
    assert report_of("T1").state == "submitted"
    assert told.get().read_at is not None


def test_a_returned_figure_that_stays_a_draft_keeps_its_reason(office, county):
    store(county)
    confirm(office, upload(office, county, CHANGED), way="draft", reason="核对名册后更正")
    report = report_of("T1")
    assert (report.state, report.returned, report.values["nurses"]) == (
        "returned",
        {"nurses": "核对名册后更正"},
        13,
    )


def test_a_figure_that_an_accepted_report_lacked_leaves_the_accepted_ones_alone(office, county, announced):
    store(county)
    announced.clear()
    confirm(office, upload(office, county, sheet("数据", ["机构编码", "实有床位数"], ["T1", 40])))
    report = report_of("T1")
    assert (report.state, report.accepted) == ("submitted", {"nurses": 12, "visits": 3400})
    assert announced == []


def test_nothing_is_announced_where_nothing_accepted_changes(office, county, announced):
    store(county, BOTH)
    announced.clear()
    confirm(office, upload(office, county, FIGURES))
    assert announced == []


# ---- one person for both ---------------------------------------------------------------------------------------------


def test_a_small_office_may_accept_what_it_imports_and_the_trail_says_so(office, county, announced):
    county.one_person_checks = True
    county.save()
    store(county, BOTH)
    announced.clear()
    confirm(office, upload(office, county, FIGURES), way="accept")
    report = report_of("T1")
    assert (report.state, report.accepted, report.hands) == ("accepted", {"nurses": 12, "visits": 3400}, [])
    assert report.accepted_by == person("office")
    assert [kind for kind, *_ in steps_of("T1")] == ["imported", "submitted", "accepted"]
    event = Event.objects.get(action="import_figures")
    assert (event.after["way"], event.after["one_person"]) == ("accept", True)
    assert len(announced) == 1
    assert len(announced[0]["figures"]) == 2


def test_elsewhere_nobody_is_offered_to_accept_their_own(office, county):
    page = office.get(page_of(upload(office, county, BOTH, FIGURES), "write"))
    assert [way for way, _ in page.context["form"].fields["way"].choices] == ["draft", "submit"]


# ---- rounds ----------------------------------------------------------------------------------------------------------


def test_without_a_round_it_is_said_how_to_set_one_up_but_a_registry_needs_none(county):
    office = member(county, "office")
    up = upload(office, county, BOTH, FIGURES)
    answer = office.get(page_of(up, "check"))
    assert "还没有2023年度的填报任务" in text_of(answer)
    assert f"/c/{county.code}/rounds/new/" in answer.content.decode()
    alone = upload(office, county, BOTH)
    confirm(office, alone, way="")
    assert county.institutions.count() == 2
    assert "已写入。" in text_of(office.get(page_of(alone, "result")))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"closed_at": timezone.now()}, "已关闭，不能再修改"),
        ({"opens_on": "2099-01-01", "due_on": "2099-02-01"}, "2099-01-01 开放"),
    ],
)
def test_nothing_comes_into_a_round_that_is_not_open(county, more, sentence):
    open_round(county, **more)
    office = member(county, "office")
    up = upload(office, county, BOTH, FIGURES)
    assert sentence in text_of(office.get(page_of(up, "check")))
    assert office.get(page_of(up, "write")).url == page_of(up, "check")


def test_what_the_round_does_not_ask_is_left_out_and_said(county):
    open_round(county, elements=["nurses"])
    office = member(county, "office")
    up = upload(office, county, BOTH, FIGURES)
    assert "“总诊疗人次”不在这次填报任务要乡镇卫生院报的内容里" in text_of(office.get(page_of(up, "check")))
    confirm(office, up)
    assert report_of("T1").values == {"nurses": 12}


def test_a_round_that_closes_in_between_stops_the_writing(office, county, round):
    up = upload(office, county, BOTH, FIGURES)
    digest = office.get(page_of(up, "write")).context["digest"]
    round.closed_at = timezone.now()
    round.save()
    sent = {"digest": digest, "way": "submit", "words": "首次导入。"}
    assert "没有写入任何数据" in text_of(office.post(page_of(up, "write"), sent, follow=True))
    assert not Report.objects.exists()


# ---- who may what ----------------------------------------------------------------------------------------------------


def test_a_reviewer_imports_figures_and_leaves_the_registry_alone(county, round):
    store(county, BOTH)
    reviewer = member(county, "reviewer", "reviewer")
    renamed = registry(("T1", "东镇中心卫生院", "乡镇卫生院", "否"), OTHER_CENTRE)
    up = upload(reviewer, county, renamed, FIGURES)
    assert "机构名录由创建办管理员维护，没有读取" in text_of(reviewer.get(page_of(up, "check")))
    confirm(reviewer, up)
    assert county.institutions.get(code="T1").name == "东镇卫生院"
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.SUBMITTED}


def test_a_returned_figure_that_the_file_brings_again_needs_a_word(office, county, round):
    confirm(office, upload(office, county, BOTH, FIGURES))
    centre = county.institutions.get(code="T1")
    reviewer = get_user_model().objects.create_user("shenhe")
    grant(reviewer, county, "reviewer")
    decide(round, centre, returns={"nurses": "与花名册不符"}, by=reviewer)
    caution = "退回的“注册护士数”没有改动（理由：与花名册不符），请说明为什么不改。"
    again = sheet("数据", HEAD, ["T1", 12, 3450], ["T2", 8, 2100])
    up = upload(office, county, again)
    assert caution in text_of(office.get(page_of(up, "write")))
    assert "请写一句" in text_of(confirm(office, up, words=""))
    confirm(office, up, words="已与花名册核对，无误。")
    assert "returned:nurses" in [each["key"] for each in report_of("T1").warnings]
    decide(round, centre, returns={"nurses": "与花名册不符"}, by=reviewer)
    mended = upload(office, county, sheet("数据", HEAD, ["T1", 13, 3450]))
    assert "没有改动" not in text_of(office.get(page_of(mended, "write")))
