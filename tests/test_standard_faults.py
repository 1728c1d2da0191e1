"""A broken standard or dictionary is refused whole, and every fault is named with file and line."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.loader import BrokenFiles, load_files, read_files
from indicators.models import Element, Standard
from tests.small_standard import ELEMENTS, STANDARD, changed, write_files

ITEM_2 = STANDARD[STANDARD.index('      - number: "2"') :]

# what is changed to what; the fault that this is; a text on the line that has to be named; a text of the sentence
IN_STANDARD = [
    ("sum(fund)", "sum(funds)", "formula", "sum(funds)", "第 5 个字符处：没有“funds”这个数据元"),
    ("sum(fund)", "sum(fund", "formula", "sum(fund", "没有合上"),
    ("sum(fund)", "sum(fund) +", "formula", "sum(fund) +", "公式到此结束"),
    ("sum(fund)", "share(fund)", "formula", "share(fund)", "应是条件"),
    ("sum(fund)", "fund", "formula", "formula: fund", "汇总函数"),
    ("share(has_hall)", "sum(has_hall)", "formula", "sum(has_hall)", "应是数"),
    ("share(has_hall)", "share(grade >= 1)", "formula", "share(grade", "适用机构都不填报"),
    ("target: 0", "target: sum(plan)", "formula", "sum(plan)", "指标“1.1”的目标"),
    ("target: 0", 'target: "1 +"', "formula", "1 +", "指标“1.1”的目标"),
    ("        lead: [财政局]\n", "", "no_department", 'number: "1"', "条目“1”没有牵头部门"),
    ("lead: [财政局]", "lead: []", "no_department", "lead: []", "条目“1”没有牵头部门"),
    ("lead: [财政局]", "lead: 财政局", "wrong_type", "lead: 财政局", "应是一个列表"),
    ("lead: [财政局]", "lead: [交通局]", "unknown_department", "交通局", "条目“1”的部门“交通局”没有列在"),
    ("cooperating: [卫健局]", "cooperating: [财政局]", "duplicate", "cooperating: [财政局]", "写了两次"),
    ("members: [卫生健康局, 财政局]", "members: [卫健局]", "unknown_department", "members: [卫健局]", "“卫健局”没有"),
    ("members: [卫生健康局, 财政局]", "members: [成员单位]", "nested_group", "members: [成员单位]", "一组单位"),
    ("aliases: [卫健局]", "aliases: [财政局]", "duplicate", "- name: 财政局", "“财政局”重复"),
    ('- number: "2"', '- number: "1"', "duplicate", '- number: "1"\n        title: 中医馆', "条目编号“1”重复"),
    ('code: "2.1"', 'code: "1.1"', "duplicate", 'code: "1.1"\n            name: 镇', "指标编号“1.1”重复"),
    ('code: "01-02"', 'code: "01-01"', "duplicate", "访谈记录", "佐证编号“01-01”重复"),
    ("- number: 2\n", "- number: 1\n", "duplicate", "- number: 1\n    name: 服务", "部分序号“1”重复"),
    ("- number: 2\n", "- number: 二\n", "wrong_type", "- number: 二", "整数"),
    ("items: 2\n", "items: 42\n", "item_count", "items: 42", "应有 42 个条目，文件里有 2 个"),
    ("  items: 2\n", "", "missing_key", "  code: small", "缺少“items”"),
    ("end: 2023-09-30", "end: 2023-09-31", "bad_date", "2023-09-31", "不是有效的日期"),
    ("end: 2023-09-30", "end: 2023-08-30", "bad_date", "2023-08-30", "开始日期晚于结束日期"),
    ("date: 2023-12-21", "date: 去年", "bad_date", "去年", "不是有效的日期"),
    ("end: 2023-09-30", "end: 9999-12-31", "bad_date", "9999-12-31", "年份不对"),
    ("        title: 中医馆\n", "", "missing_key", 'number: "2"', "条目“2”缺少“title”"),
    ("        title: 中医馆\n", "        title:\n", "blank", "        title:\n", "是空的"),
    ("title: 中医馆", "title: [中医馆]", "wrong_type", "title: [中医馆]", "应是文字"),
    ("title: 中医馆", "title: 2023", "wrong_type", "title: 2023", "请加引号"),
    ("title: 中医馆", f"title: {'长' * 61}", "too_long", "长长", "有 61 字，最多 60 字"),
    ("title: 中医馆", "titel: 中医馆", "unknown_key", "titel", "不认识的项“titel”"),
    ("title: 中医馆", "title: 中医馆\n        title: 馆", "duplicate_key", "title: 馆", "“title”写了两次"),
    ("scope: [county]", "scope: [county, hospital]", "unknown_word", "hospital", "“hospital”不对"),
    ("scope: [county]", "scope: [all, county]", "bad_scope", "[all, county]", "不能再列机构类型"),
    ("scope: [county]", "scope: []", "blank", "scope: []", "至少要有一个"),
    ("按预算", "按预算\n            level: soft", "duplicate_key", "level: soft", "“level”写了两次"),
    ('comparator: ">="', 'comparator: "=>"', "unknown_word", '"=>"', "“=>”不对"),
    ("state: draft", "state: final", "unknown_word", "state: final", "published"),
    ("required: false", "required: 也许", "wrong_type", "也许", "true 或 false"),
    ("required: false", "year: last", "unknown_word", "year: last", "“01-02”的“year”“last”不对"),
    ("required: false", "year: 2023", "unknown_word", "year: 2023", "可用：period、previous、any"),
    ("required: false", "seen: photo", "unknown_word", "seen: photo", "“photo”不对，可用：document、paper、onsite"),
    ("required: false", "needed: 0", "bad_number", "needed: 0", "份数（needed）至少是 1"),
    ("required: false", "needed: 两份", "wrong_type", "needed: 两份", "应是一个整数"),
    ("required: false", "needed: null", "wrong_type", "needed: null", "应是一个整数"),
    ("required: false", "per: [hospital]", "unknown_word", "per: [hospital]", "“hospital”不对"),
    ("required: false", "per: [county, county]", "duplicate", "per: [county", "写了两次"),
    ("required: false", "per: []", "blank", "per: []", "至少要有一个"),
    ("required: false", "from: [交通局]", "unknown_department", "from: [交通局]", "部门“交通局”没有列在"),
    ("required: false", "from: [成员单位]", "not_responsible", "from: [成员", "“成员单位”不是本条目的责任部门"),
    ("required: false", "from: [财政局, 财政局]", "duplicate", "from: [财政局, 财", "写了两次"),
    ("required: false", "from: 财政局", "wrong_type", "from: 财政局", "应是一个列表"),
    ("required: false", "from: []", "blank", "from: []", "“from”是空的"),
    ("points: 2.5", "points: 两分", "wrong_type", "points: 两分", "分值“两分”"),
    ("points: 2.5", "points: 2.555", "wrong_type", "points: 2.555", "最多两位小数"),
    ("points: 2.5", "points: -1", "wrong_type", "points: -1", "分值“-1”"),
    ("points: 2.5", "points: .nan", "wrong_type", "points: .nan", "分值"),
    ("hard\n            scope: [town", "soft\n            scope: [town", "nothing_to_judge", 'number: "2"', "无法判定"),
    ("hard\n            scope: [town", "must\n            scope: [town", "unknown_word", "must", "soft"),
    ("sections:\n", "sections: &here\n", "anchor", "&here", "不支持锚点"),
    ("tasks: [定方案]", "tasks: [*here]", "anchor", "*here", "不支持锚点和引用（here）"),
    ("title: 小标准", "title: !!python/name:os.system 小标准", "tag", "!!python", "不支持类型标签"),
    ("title: 小标准", "title: 小标准: 二", "syntax", "小标准: 二", "YAML 写法不对"),
    ("title: 小标准", "title: 小\0标准", "control_character", "小\0标准", "控制字符"),
    ("  state: draft", "\tstate: draft", "syntax", "\tstate", "不用制表符|缩进请用空格"),
    ("departments:\n", "---\ndepartments:\n", "too_complex", "---", "不止一个"),
]  # fmt: skip

IN_DICTIONARY = [
    ("code: has_hall", "code: physicians", "duplicate", "code: physicians\n    name: 设", "数据元代码“physicians”重复"),
    ("code: has_hall", "code: HasHall", "bad_code", "HasHall", "小写字母"),
    ("code: has_hall", "code: share", "bad_code", "code: share", "不能作代码"),
    ("name: 设有中医馆", "name: 医 师 总 数", "duplicate", "医 师 总 数", "已用于 physicians"),
    ("type: boolean", "type: text", "unknown_word", "type: text", "integer"),
    ("type: boolean", "type: choice", "missing_key", "type: choice\n    reported_by: [town", "缺少“choices”"),
    ("choices: {0: 未定级, 1: 二级甲等}", "choices: {0: 未定级, 1: 未定级}", "duplicate", "1: 未定级", "重复"),
    ("choices: {0: 未定级, 1: 二级甲等}", "choices: {甲: 未定级}", "wrong_type", "甲: 未定级", "整数"),
    ("maximum: 1000", "maximum: 1000\n    choices: {1: 有}", "not_a_choice", "choices: {1: 有}", "不是选项"),
    ("maximum: 1000", "maximum: -1", "empty_range", "code: fund", "最小值大于最大值"),
    ("maximum: 1000", "maximum: 99999999999", "wrong_type", "99999999999", "整数"),
    ("type: boolean", "type: boolean\n    maximum: 1", "not_a_figure", "maximum: 1\n", "不是数字"),
    ("reported_by: [county]", "reported_by: [province]", "unknown_word", "province", "“province”不对"),
    ("tcm_physicians <= physicians", "tcm_physicians <= doctors", "formula", "doctors", "第 19 个字符处：没有"),
    ("tcm_physicians <= physicians", "tcm_physicians + physicians", "formula", "+ physicians", "应是一个条件"),
    ("    message: 中医医师数不能大于医师数\n", "", "missing_key", "- rule:", "缺少“message”"),
    ("checks:\n", "check:\n", "unknown_key", "check:", "不认识的项“check”"),
]  # fmt: skip


def faults_of(folder, standard=STANDARD, elements=ELEMENTS):
    with pytest.raises(BrokenFiles) as caught:
        read_files(*write_files(folder, standard, elements))
    return caught.value.faults


def line_of(text: str, part: str) -> int:
    return text.count("\n", 0, text.index(part)) + 1


def assert_named(faults, file, code, line, words):
    found = [fault for fault in faults if (fault.code, fault.file, fault.line) == (code, file, line)]
    assert found, f"{code} at line {line} is not among {[str(fault) for fault in faults]}"
    assert any(each in fault.sentence for fault in found for each in words.split("|")), str(found[0])


def test_the_small_standard_is_sound(tmp_path):
    dictionary, standard = read_files(*write_files(tmp_path))
    assert len(dictionary.elements) == 5
    assert [item.number for item in standard.items] == ["1", "2"]


@pytest.mark.parametrize(("old", "new", "code", "place", "words"), IN_STANDARD, ids=lambda value: str(value)[:25])
def test_fault_in_the_standard_is_named_with_its_line(tmp_path, old, new, code, place, words):
    text = changed(STANDARD, old, new)
    assert_named(faults_of(tmp_path, standard=text), "small.yaml", code, line_of(text, place), words)


@pytest.mark.parametrize(("old", "new", "code", "place", "words"), IN_DICTIONARY, ids=lambda value: str(value)[:25])
def test_fault_in_the_dictionary_is_named_with_its_line(tmp_path, old, new, code, place, words):
    text = changed(ELEMENTS, old, new)
    assert_named(faults_of(tmp_path, elements=text), "elements.yaml", code, line_of(text, place), words)


def test_all_faults_of_both_files_are_named_in_order(tmp_path):
    elements = changed(ELEMENTS, "type: boolean", "type: text")
    standard = STANDARD
    for old, new in (("sum(fund)", "sum(funds)"), ("lead: [财政局]", "lead: []"), ("2023-09-30", "2023-09-31")):
        standard = changed(standard, old, new)
    faults = faults_of(tmp_path, standard, elements)
    assert [(fault.file, fault.code) for fault in faults] == [
        ("elements.yaml", "unknown_word"),
        ("small.yaml", "bad_date"),
        ("small.yaml", "no_department"),
        ("small.yaml", "formula"),
    ]
    assert [fault.line for fault in faults[1:]] == sorted(fault.line for fault in faults[1:])


def test_a_formula_on_a_faulty_element_is_not_blamed_for_it(tmp_path):
    faults = faults_of(tmp_path, elements=changed(ELEMENTS, "type: boolean", "type: text"))
    assert [fault.file for fault in faults] == ["elements.yaml"]


def test_an_unreadable_dictionary_still_lets_the_standard_be_judged(tmp_path):
    standard = changed(changed(STANDARD, "sum(fund)", "sum(fund"), "lead: [财政局]", "lead: []")
    codes = [fault.code for fault in faults_of(tmp_path, standard, "elements: [")]
    assert codes == ["syntax", "no_department", "formula"]


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "只有一句话\n", "42\n"])
def test_a_file_that_is_not_a_mapping(tmp_path, text):
    assert [(fault.code, fault.line) for fault in faults_of(tmp_path, standard=text)] == [("not_a_mapping", 1)]


@pytest.mark.parametrize("text", ["", "\n \n", "# 只有注释\n"])
def test_an_empty_file(tmp_path, text):
    assert [fault.code for fault in faults_of(tmp_path, standard=text)] == ["blank"]


def test_a_file_in_gbk(tmp_path):
    files = write_files(tmp_path)
    files[0].write_bytes(STANDARD.encode("gbk"))
    with pytest.raises(BrokenFiles, match=r"small\.yaml 第 5 行：不是 UTF-8 编码"):
        read_files(*files)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    files = write_files(tmp_path, standard="\ufeff" + STANDARD)
    assert len(read_files(*files)[1].items) == 2


def test_a_file_that_is_not_there(tmp_path):
    _, elements = write_files(tmp_path)
    with pytest.raises(BrokenFiles, match=r"^none\.yaml：找不到文件"):
        read_files(tmp_path / "none.yaml", elements)
    with pytest.raises(BrokenFiles, match="打不开文件"):
        read_files(tmp_path, elements)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9 if n else 1}]\n" for n in range(9)), "too_complex"),
        ("a: " + "[" * 100_000, "too_complex"),
        ("- " * 100_000 + "x", "too_complex"),
        ("- x\n" * 100_000, "too_complex"),
        ("title: " + "长" * 1_000_000, "too_large"),
    ],
)
def test_a_hostile_file_is_refused_before_it_is_built(tmp_path, text, code):
    faults = faults_of(tmp_path, standard=text)
    assert faults[-1].code == code
    assert {fault.code for fault in faults} <= {code, "anchor"}


def test_other_faults_of_a_file_with_anchors_are_named_as_well(tmp_path):
    text = changed(changed(STANDARD, "lead: [财政局]", "lead: &who [财政局]"), "lead: [卫生健康局]", "lead: *who")
    codes = [fault.code for fault in faults_of(tmp_path, standard=changed(text, "items: 2", "items: 3"))]
    assert codes == ["item_count", "anchor", "anchor"]


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_the_files_are_mangled_the_answer_is_faults_with_lines(tmp_path, data):
    texts = []
    for text in (STANDARD, ELEMENTS):
        lines = text.splitlines()
        for _ in range(data.draw(st.integers(0, 3))):
            number = data.draw(st.integers(0, len(lines) - 1))
            cut = data.draw(st.integers(0, len(lines[number])))
            scrap = data.draw(
                st.sampled_from(["", ":", " - ", "[", "{", "~", '"', "? [a]: b", "<<: x", "1", "是", "\t", ">"])
            )
            lines[number] = lines[number][:cut] + scrap + data.draw(st.sampled_from(["", lines[number][cut:]]))
        texts.append("\n".join(lines))
    ends = {"small.yaml": texts[0].count("\n") + 2, "elements.yaml": texts[1].count("\n") + 2}
    faults = []
    try:
        read_files(*write_files(tmp_path, *texts))
    except BrokenFiles as error:
        faults = error.faults or [None]  # a refusal without a fault would break below
    assert all(1 <= fault.line <= ends[fault.file] for fault in faults)


@pytest.mark.django_db
def test_nothing_is_written_where_one_fault_is_found(tmp_path):
    with pytest.raises(BrokenFiles):
        load_files(*write_files(tmp_path, standard=changed(STANDARD, "items: 2", "items: 3")))
    assert not Standard.objects.exists()
    assert not Element.objects.exists()
