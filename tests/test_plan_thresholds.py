"""Figures in a plan's sentences: what is asked, of whom, how sure; and which figures ask nothing."""

from fractions import Fraction

import pytest

from indicators.plans.thresholds import thresholds_of

CENTRES = ("township_centre", "community_centre")
POINTS = ("community_station", "village_clinic")


def read(text: str) -> list[tuple[str, str, str]]:
    return [(each.comparator, str(each.value), each.unit) for each in thresholds_of(text)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("群众满意率≥90%。", [(">=", "9/10", "%")]),
        ("覆盖人口原则上不低于辖区人口的 30%。", [(">=", "3/10", "%")]),
        ("至少有10%的村卫生室设置“中医阁”。", [(">=", "1/10", "%")]),
        ("中医诊疗人次占比达到35%以上。", [(">=", "7/20", "%")]),
        ("中医类别医师占比超过25%。", [(">", "1/4", "%")]),
        ("次均费用增幅控制在5％以内。", [("<=", "1/20", "%")]),
        ("抽检不合格率低于2%。", [("<", "1/50", "%")]),
        ("药占比不超过３０％。", [("<=", "3/10", "%")]),
        ("100%的乡镇卫生院能够提供中医药服务。", [(">=", "1", "%")]),
        ("每万名居民有0.6-0.8名中医类别全科医生。", [(">=", "3/5", "名")]),
        ("拥有0.6～0.8名全科医师。", [(">=", "3/5", "名")]),
        ("拥有 0.6至 0.8名全科医师。", [(">=", "3/5", "名")]),
        ("能够规范开展6类10项以上中医药适宜技术。", [(">=", "6", "类"), (">=", "10", "项")]),
        ("开展至少4类6项以上的技术。", [(">=", "4", "类"), (">=", "6", "项")]),
        ("电子病历达4级水平。", [(">=", "4", "级")]),
        ("服务站至少配备1名中医类别医师。", [(">=", "1", "名")]),
        ("每年更换宣传栏不少于4次。", [(">=", "4", "次")]),
        ("全区21个基层医疗机构建成中医馆。", [(">=", "21", "个")]),
        ("建成2个中医特色专科和1个推广中心。", [(">=", "2", "个"), (">=", "1", "个")]),
        ("培养100名骨干人才。", [(">=", "100", "名")]),
        ("老年人和儿童健康管理率分别达到75%和85%。", [(">=", "3/4", "%"), (">=", "17/20", "%")]),
        ("分别不超过5%和8%。", [("<=", "1/20", "%"), ("<=", "2/25", "%")]),
        ("财政投入不少于1,200万元。", [(">=", "1200", "万元")]),
        ("投诉在7个工作日内办结。", [("<=", "7", "个工作日")]),
        ("报销比例提高5个百分点。", [(">=", "5", "个百分点")]),
        ("占乡村医生总数的三分之二以上。", [(">=", "2/3", "")]),
        ("参加率达到百分之九十五。", [(">=", "19/20", "%")]),
        ("至少组织两场义诊。", [(">=", "2", "场")]),
        ("覆盖率由12%提高到20%。", [(">=", "1/5", "%")]),
        ("连续服务满6个月。", [(">=", "6", "个月")]),
        ("发展种植面积1.2万亩。", [(">=", "6/5", "万亩")]),
        ("治未病科达到3A级。", [(">=", "3", "级")]),
        ("覆盖率由2025年的8%提高到2027年的20%。", [(">=", "1/5", "%")]),
        (
            "2025年、2026年、2027年分别达到30%、33%、35%。",
            [(">=", "3/10", "%"), (">=", "33/100", "%"), (">=", "7/20", "%")],
        ),
        ("入组率大于等于95%，自付比例降至30%以下。", [(">=", "19/20", "%"), ("<=", "3/10", "%")]),
        ("考核合格率九成以上，诊疗人次占比超过三成。", [(">=", "9/10", "%"), (">", "3/10", "%")]),
        ("参训率百分之百，覆盖半数以上的卫生院。", [(">=", "1", "%"), (">=", "1/2", "")]),
        (
            "卫生院1OO%设置中医馆，比例不低于l5 %，有O.6—O.8名。",
            [(">=", "1", "%"), (">=", "3/20", "%"), (">=", "3/5", "名")],
        ),
        ("建筑面积不少于80㎡，基地1.5万亩以上。", [(">=", "80", "平方米"), (">=", "3/2", "万亩")]),
    ],
)
def test_figures_are_found_with_what_they_ask(text, figures):
    assert read(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "到2025年建成网络，2024年5月下旬验收，2022—2025年推进。",
        "（国中医药医政发〔2022〕1号）",
        "落实《行动计划（2022-2025年）》《标准（2022版）》。",
        "完善65岁以上老年人、0-36个月儿童、0—3岁儿童的管理。",
        "推进“十四五”规划，启动第三届名中医遴选，评选前3名。",
        "开展“六进”活动，落实“百千万”行动和“两专科一中心”建设，实施“1+3+N”模式。",
        "达到三级甲等标准，二级以上中医医院设置康复科。",
        "所有中医馆全部接入平台，实现全覆盖。",
        "联席会议每半月召开一次。",
        "提供24小时服务，拨打12345热线。",
        "每千人口床位数、每10万人口医师数符合规划。",
        "取得成效，办成一件实事，一成不变的做法要改。",
    ],
)
def test_years_ages_numbers_of_documents_and_names_are_no_figures(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("100%的社区卫生服务站、90%以上的村卫生室能够提供服务。", [("community_station",), ("village_clinic",)]),
        ("社区卫生服务中心、镇卫生院100%规范设置中医馆。", [CENTRES]),
        ("60%的二级以上县级中医医院设置老年病科。", [("tcm_hospital",)]),
        ("社区卫生服务站和村卫生室要达标，技术不少于4类。", [POINTS]),
        (
            "社区卫生服务中心能够开展8类、社区卫生服务站能够开展5类适宜技术。",
            [("community_centre",), ("community_station",)],
        ),
        ("城乡居民对基层医疗卫生机构服务满意率不低于90%。", [("county",)]),
        ("中医馆接入平台比例达到100%。", [CENTRES]),
        ("培养学科带头人5名。", [()]),
    ],
)
def test_of_whom_it_is_asked_comes_from_the_words_around_it(text, scopes):
    assert [each.scope for each in thresholds_of(text)] == scopes


def test_the_subject_is_the_clause_without_what_is_asked():
    first, second = thresholds_of("老年人和0-36个月儿童的中医药健康管理率分别达到75%和85%。")
    assert (first.subject, second.subject) == ("老年人中医药健康管理率", "0-36个月儿童的中医药健康管理率")


@pytest.mark.parametrize(
    "text",
    [
        "中医馆五级馆占比2026年达到30%，2027年达到35%。",
        "中医馆五级馆占比：2026年目标30%，2027年目标35%。",
        "中医馆2026年、2027年五级馆占比分别达到30%、35%。",
        "到2027年，中医馆五级馆占比由30%提高到35%。",
    ],
)
def test_years_and_what_is_raised_are_no_part_of_the_subject(text):
    assert {each.subject for each in thresholds_of(text)} == {"中医馆五级馆占比"}


def test_sureness_follows_the_wording():
    sure, likely, unsure = thresholds_of("村卫生室占比不低于30%；建成5个基地；至少配备一名医师。")
    assert [each.sureness for each in (sure, likely, unsure)] == ["high", "medium", "low"]


def test_a_range_keeps_both_ends():
    (threshold,) = thresholds_of("每万居民有0.6-0.8名全科医生。")
    assert (threshold.value, threshold.upper) == (Fraction(3, 5), Fraction(4, 5))


def test_figures_of_who_is_responsible_are_not_looked_at():
    assert read("推广技术。（责任单位：县卫健局、3个试点乡镇，2026年6月底前完成5项）") == []


def test_the_year_that_a_figure_names_goes_with_it():
    def years(text: str) -> list[tuple[str, str]]:
        return [(str(each.value), each.year) for each in thresholds_of(text)]

    assert years("中医阁覆盖率2026年达到15%，2027年达到30%。") == [("3/20", "2026"), ("3/10", "2027")]
    assert years("占比2025年、2026年分别达到30%、33%。") == [("3/10", "2025"), ("33/100", "2026")]
    assert years("到2028年，中医馆比例达到100%，内涵建设不少于15%。")[1] == ("3/20", "")
    assert years("满意率不低于90%。") == [("9/10", "")]
