"""Plans in several styles are read whole: items, sections, departments, figures, phases and the rest."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from indicators.plans import read_plan
from indicators.plans.departments import key_of

OWN = sorted((Path(__file__).parent / "plans").glob("*.txt"))


def exact(written: str) -> Fraction:
    return Fraction(written[:-1]) / 100 if written.endswith("%") else Fraction(written)


def figures_of(item) -> Counter:
    both = [(each.comparator, each.value, each.unit) for each in item.thresholds]
    return Counter(both + [("<=", each.upper, each.unit) for each in item.thresholds if each.upper is not None])


def keys(named) -> list[str]:
    return [key_of(each.name) for each in named]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_an_invented_plan_is_read_as_it_was_worked_out_by_hand(path):
    plan = read_plan(path.read_text(encoding="utf-8"))
    wanted = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))

    assert plan.title.value == wanted["title"]
    assert [section.name for section in plan.sections] == wanted["sections"]
    assert [item.number for item in plan.items] == list(wanted["items"])
    for stated, key in ((plan.source_number, "number"), (plan.issued_on, "issued")):
        assert key not in wanted or stated.value == str(wanted[key])
    for item in plan.items:
        expected = wanted["items"][item.number]
        if "title" in expected:
            assert item.title == expected["title"]
        lead, cooperating = keys(item.lead), keys(item.cooperating)
        if "departments" in expected:
            assert lead + cooperating == list(map(key_of, expected["departments"])), item.number
        else:
            assert lead == list(map(key_of, expected.get("lead", []))), item.number
            assert cooperating == list(map(key_of, expected.get("cooperating", []))), item.number
        assert figures_of(item) == Counter((s, exact(str(v)), u) for s, v, u in expected["figures"]), item.number
    phases = [(each.name, each.start, each.end) for each in plan.phases]
    assert phases == [tuple(map(str, each)) for each in wanted.get("phases", [])]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_every_figure_shows_the_passage_it_came_from(path):
    for item in read_plan(path.read_text(encoding="utf-8")).items:
        for threshold in item.thresholds:
            assert threshold.passage
            assert threshold.passage in item.text


def test_number_date_and_spellings_are_told():
    plan = read_plan(OWN[-1].read_text(encoding="utf-8"))
    assert (plan.source_number.value, plan.issued_on.value) == ("云政办发〔2025〕46号", "2025-11-03")
    aliases = {each.name: each.aliases for each in plan.departments}
    assert aliases["县卫生健康局"] == ("县卫健局",)
    assert aliases["县人力资源和社会保障局"] == ("县人社局",)


def test_a_plan_that_names_nobody_leaves_the_departments_empty():
    plan = read_plan("某县2026年中医药工作要点\n一、服务体系\n（一）建好中医馆。\n（二）推广适宜技术。\n")
    assert [(item.number, item.lead, item.cooperating) for item in plan.items] == [("1", (), ()), ("2", (), ())]
    assert plan.remarks == ("2 个条目没有写明责任部门，请补上。",)


def test_a_text_that_is_no_plan_gives_no_items_and_says_so():
    plan = read_plan("今天天气很好。我们去公园玩。")
    assert plan.items == ()
    assert "没有认出条目" in plan.remarks[0]


TASKS = "某县方案\n一、指导思想\n全面贯彻。\n二、重点任务\n{}\n三、保障措施\n（一）加强领导。各单位要重视。\n"


def items_in(tasks: str):
    return read_plan(TASKS.format(tasks)).items


def departments_in(text: str) -> tuple[list[str], list[str]]:
    item = items_in(f"（一）建好中医馆。{text}\n（二）推广技术。")[0]
    return [each.name for each in item.lead], [each.name for each in item.cooperating]


@pytest.mark.parametrize(
    ("text", "lead", "cooperating"),
    [
        ("（责任单位：县卫健局、县财政局）", ["县卫健局"], ["县财政局"]),
        ("（牵头单位：县卫健局、县委编办；配合单位：县财政局）", ["县卫健局", "县委编办"], ["县财政局"]),
        ("【牵头单位：县卫健局；责任单位：县财政局、各乡镇】", ["县卫健局"], ["县财政局", "各乡镇"]),
        ("（县卫健局牵头，县财政局、县医保局等配合）", ["县卫健局"], ["县财政局", "县医保局"]),
        ("（县卫健局、县财政局按职责分工负责）", ["县卫健局"], ["县财政局"]),
        ("\n责任单位：县卫健局 县财政局", ["县卫健局"], ["县财政局"]),
        ("\n牵头单位：县卫健局\n配合单位：各县（市、区）人民政府", ["县卫健局"], ["各县（市、区）人民政府"]),
        ("责任部门：县卫健局。", ["县卫健局"], []),
        ("（责任单位：县卫健局，其他有关部门）", ["县卫健局"], []),
        ("（责任单位：县卫健局；完成时限：2026年6月底前）", ["县卫健局"], []),
        ("由县卫健局牵头，会同县医保局、县财政局落实。", ["县卫健局"], ["县医保局", "县财政局"]),
        ("由县医保局牵头，县卫健局、县财政局等部门按职责分工负责。", ["县医保局"], ["县卫健局", "县财政局"]),
        ("县卫健局牵头，县中医院具体落实。", ["县卫健局"], ["县中医院"]),
        ("（县中医院负责，县卫健局指导）", ["县中医院"], ["县卫健局"]),
        ("（县卫健局、各镇人民政府（街道办事处））", ["县卫健局"], ["各镇人民政府（街道办事处）"]),
        ("〔责任单位：县卫健局、县财政局按职责分工负责〕", ["县卫健局"], ["县财政局"]),
        ("（牵头单位：县卫健局，责任人：县卫健局副局长，完成时限：2026年9月）", ["县卫健局"], []),
        ("\n牵头领导：某某某\n责任科室：中医药科\n责任人：某某某\n完成时限：全年", ["中医药科"], []),
        ("\n牵头：县卫健局；配合：县财政局、各乡（镇）。", ["县卫健局"], ["县财政局", "各乡（镇）"]),
        ("建成中医馆（乡镇卫生院、村卫生室）。", [], []),
        ("（含社区卫生服务站）", [], []),
        ("鼓励县中医院牵头组建医共体，各卫生院参与。", [], []),
    ],
)
def test_departments_are_found_in_every_style(text, lead, cooperating):
    assert departments_in(text) == (lead, cooperating)


@pytest.mark.parametrize(
    ("tasks", "numbers", "sources"),
    [
        (
            "（一）甲组\n1.做甲。\n2.做乙。\n（二）乙组\n3.做丙。",
            ["1", "2", "3"],
            ["二（一）1", "二（一）2", "二（二）3"],
        ),
        (
            "（一）甲组\n1.做甲。\n2.做乙。\n（二）乙组\n1.做丙。",
            ["1", "2", "3"],
            ["二（一）1", "二（一）2", "二（二）1"],
        ),
        ("（一）做甲。说明。\n（二）做乙。说明。", ["1", "2"], ["二（一）", "二（二）"]),
        ("1．做甲。\n２、做乙。", ["1", "2"], ["二1", "二2"]),
        ("1.1 做甲\n要求。\n1.2 做乙\n要求。", ["1.1", "1.2"], ["二1.1", "二1.2"]),
        ("做甲。\n做乙。", ["1", "2"], ["二", "二"]),
        (
            "（一）做甲\n1.先做。\n2.后做。\n责任单位：县卫健局\n（二）做乙\n1.先做。\n2.后做。（责任单位：县卫健局）",
            ["1", "2"],
            ["二（一）", "二（二）"],
        ),
    ],
)
def test_what_is_one_item_follows_the_plan_s_own_numbers(tasks, numbers, sources):
    items = items_in(tasks)
    assert [item.number for item in items] == numbers
    assert [item.source for item in items] == sources


def test_wraps_and_page_breaks_are_mended_and_the_wording_stays():
    wrapped = next(path for path in OWN if path.stem == "hechuan")
    eighth = read_plan(wrapped.read_text(encoding="utf-8")).items[7]
    assert eighth.text == (
        "办好“百名中医进社区”活动。组织至少三名区级名中医到每个街道坐诊，全年义诊不少于24场次。（区卫健局牵头，各街道办事处配合）"
    )


def test_a_long_item_gets_the_first_clause_as_its_title():
    item = items_in("1.畅通全国基层中医药工作示范县建议及投诉渠道，认真核实和解决群众反映的问题并及时答复。\n2.乙")[0]
    assert item.title == "畅通全国基层中医药工作示范县建议及投诉渠道"


def test_departments_in_a_heading_are_for_all_that_stands_below_it():
    items = items_in("（一）服务体系（县卫健局牵头）\n1.做甲。\n2.做乙。（责任单位：县医保局）\n（二）人才\n3.做丙。")
    assert [(item.section, [each.name for each in item.lead]) for item in items] == [
        ("服务体系", ["县卫健局"]),
        ("服务体系", ["县医保局"]),
        ("人才", []),
    ]


def test_what_a_notice_says_after_its_tasks_belongs_to_none_of_them():
    closing = "请各单位于2月15日前报送5份计划。\n联系人：某某，电话：12345678。\n"
    assert read_plan(f"通知\n一、建好中医馆。要求。\n二、培训。要求。\n{closing}").items[-1].text == "培训。要求。"


def test_more_items_than_any_plan_has_are_cut_and_that_is_said():
    plan = read_plan("某县方案\n一、重点任务\n" + "".join(f"{n}、做好工作。\n" for n in range(1, 700)))
    assert len(plan.items) == 500
    assert "条目超过 500 个，只读了前 500 个。" in plan.remarks


DUTIES = """
（一）落实中医药财政投入，设立专项资金。
（二）把中医药服务项目纳入医保报销范围。
（三）推广适宜技术。
四、职责分工
县财政局：设立中医药专项资金，保障财政投入。
县医保局：把中医药服务项目纳入医保报销，提高报销比例。
县卫健局：作为主要实施部门，统一规划，督促指导。
"""


def test_items_without_departments_fall_to_those_whose_duties_agree_and_the_rest_to_who_carries_the_whole():
    plan = read_plan("某县方案\n三、重点任务" + DUTIES)
    assert [[each.name for each in item.lead] for item in plan.items] == [["县财政局"], ["县医保局"], ["县卫健局"]]
    assert {each.sureness for item in plan.items for each in item.lead} <= {"medium", "low"}
    duties = {each.name: each.duties for each in plan.departments}
    assert duties["县财政局"] == ("设立中医药专项资金，保障财政投入",)


def test_duties_told_of_departments_by_their_trade_are_read_too():
    text = (
        "某县方案\n一、重点任务\n（一）推广技术。\n二、明确分工\n发展改革部门负责加大项目支持力度。\n财政部门要合理安排资金投入。\n"
        "教育部门积极配合开展文化进校园。\n"
    )
    assert [each.name for each in read_plan(text).departments] == ["发展改革部门", "财政部门", "教育部门"]


def test_the_leading_group_is_read_by_office_and_never_by_name():
    text = (
        TASKS.format("（一）做甲。")
        + "附件1\n组 长：李某某 副县长\n副组长：县政府办主任\n成 员：县卫健局局长\n县财政局副局长\n"
    )
    offices = [(each.part, each.office) for each in read_plan(text).leading_group]
    assert offices == [
        ("head", "副县长"),
        ("deputy", "县政府办主任"),
        ("member", "县卫健局局长"),
        ("member", "县财政局副局长"),
    ]


def test_meetings_ledger_and_feature_projects_are_read():
    text = TASKS.format("（一）做甲。") + (
        "四、工作机制\n建立联席会议制度，由分管副县长召集，每半月召开一次，县卫健局负责会议记录。\n"
        "建立工作台账，每月调度。\n"
        "每个县至少确定一项改革事项，实现“一县一特色”。\n"
    )
    meeting, ledger, feature = read_plan(text).arrangements
    assert (meeting.kind, meeting.every, meeting.called_by, meeting.recorded_by) == (
        "meeting",
        "half_month",
        "分管副县长",
        "县卫健局",
    )
    assert (ledger.kind, ledger.every) == ("ledger", "month")
    assert (feature.kind, feature.name) == ("feature", "一县一特色")


def test_a_deadline_for_everything_is_read_as_the_last_day():
    text = TASKS.format("（一）做甲。") + "备注：除特别说明外，完成指标要求的截止时间均为2025年。\n"
    assert read_plan(text).deadline.value == "2025-12-31"
    assert read_plan(TASKS.format("（一）做甲。")).deadline is None


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2023年9月", "2023-09", "2023-09"),
        ("2023年9-12月", "2023-09", "2023-12"),
        ("2023年12月-2024年2月", "2023-12", "2024-02"),
        ("2024 年 4 月 1 日—4 月 15 日", "2024-04-01", "2024-04-15"),
        ("2024年4月1日至15日", "2024-04-01", "2024-04-15"),
        ("2024年5月下旬", "2024-05-21", "2024-05-31"),
        ("2024年2月下旬", "2024-02-21", "2024-02-29"),
        ("2026年上半年", "2026-01", "2026-06"),
        ("2026年底前", "2026-12", "2026-12"),
    ],
)
def test_phases_keep_their_dates_as_exact_as_the_plan(written, start, end):
    text = TASKS.format("（一）做甲。") + f"四、实施步骤\n（一）部署阶段（{written}）\n1.动员。\n2.分工。\n"
    (phase,) = read_plan(text).phases
    assert (phase.name, phase.start, phase.end) == ("部署阶段", start, end)
    assert phase.tasks == ("动员", "分工")


# as web pages give them: each cell on a line of its own behind a tab, a merged one empty
ROWS = [
    ("序号", "分类", "指标内容"),
    ("1", "覆盖面", "100%的乡镇卫生院设置中医馆。"),
    ("2", "", "10%的村卫生室设置“中医阁”。"),
    ("3", "人才", "每个村卫生室至少配备1名乡村医生。"),
]
TABLE = "附表\n考核指标\n" + "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in ROWS) + "\n"


def test_a_table_of_indicators_beside_tasks_becomes_items_of_its_own_with_its_categories_as_sections():
    plan = read_plan(TASKS.format("（一）做甲。\n（二）做乙。") + TABLE)
    assert [(item.number, item.section) for item in plan.items] == [
        ("1", "重点任务"),
        ("2", "重点任务"),
        ("指标1", "覆盖面"),
        ("指标2", "覆盖面"),
        ("指标3", "人才"),
    ]
    assert plan.items[3].thresholds[0].scope == ("village_clinic",)


def test_a_table_that_shares_out_the_tasks_gives_them_their_departments():
    rows = "序号\t工作任务\t牵头单位\t配合单位\n1\t建好中医馆\t县卫健局\t县财政局\n2\t推广适宜技术\t县中医院\t\n"
    table = f"附件：任务分工表\n{rows}"
    items = read_plan(TASKS.format("（一）建好中医馆。要求。\n（二）推广适宜技术。要求。") + table).items
    assert [([n.name for n in i.lead], [n.name for n in i.cooperating]) for i in items] == [
        (["县卫健局"], ["县财政局"]),
        (["县中医院"], []),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "责任部门：县卫健局（牵头）、县财政局",
        "（县卫健局，县财政局；排在首位的为牵头单位）",
        "（县卫健局会同县财政局负责）",
    ],
)
def test_who_leads_is_read_from_brackets_behind_names_and_asides(said):
    item = read_plan(f"某县方案\n一、主要任务\n（一）健全体系\n1.建好中医馆。全部设置中医馆。\n{said}\n2.乙。\n").items[
        0
    ]
    assert [each.name for each in (*item.lead, *item.cooperating)] == ["县卫健局", "县财政局"]
    assert [each.name for each in item.lead] == ["县卫健局"]
