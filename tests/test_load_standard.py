"""load_standard: both files or nothing, repeatable, and never over what was assessed against."""

import pytest
from django.core.management import CommandError, call_command

from assessments.models import EvidenceJudgement, Standing
from assessments.services import start_campaign
from indicators.loader import load_files
from indicators.models import Criterion, Department, Element, ElementCheck, EvidenceRequirement, Item, Standard
from indicators.queries import content_of, current_standard, element_specs, standard_with_everything
from indicators.services import ElementInUse, Refused, StandardInUse
from institutions.models import County
from tcm_demo.audit.models import Event
from tests.small_standard import ELEMENTS, STANDARD, changed, write_files

pytestmark = pytest.mark.django_db

PUBLISHED = STANDARD.replace("state: draft", "state: published")


@pytest.fixture
def load(tmp_path):
    """Loads the small standard, changed as wanted, and returns what the load did."""
    return lambda standard=STANDARD, elements=ELEMENTS: load_files(*write_files(tmp_path, standard, elements))


def assess_against(standard):
    """A county works towards the standard: it has a standing from now on."""
    return start_campaign(County.objects.create(code="A", name="甲县"), standard, period="2023")


def required_evidence(number):
    """Pieces that the county's current standing asks for in an item."""
    items = Standing.objects.get().result["items"]
    return next(item["evidence"]["required"] for item in items if item["number"] == number)


def test_what_is_stored_is_what_the_file_says(load):
    standard = load().standard
    item = standard.items.get(number="1")
    assert [(d.department.name, d.role) for d in item.responsibilities.all()] == [
        ("财政局", "lead"),
        ("卫生健康局", "cooperating"),
    ]
    assert item.points == 2.5
    assert [(e.code, e.required) for e in item.evidence_requirements.all()] == [("01-01", True), ("01-02", False)]
    criterion = item.criteria.get()
    assert (criterion.expression, criterion.comparator, criterion.target) == ("sum(fund)", ">", "0")
    assert (criterion.scope, criterion.level, criterion.note) == (["county"], "hard", "按预算")
    assert standard.departments.get(name="成员单位").members == ["卫生健康局", "财政局"]
    assert str(standard.phases.get().end) == "2023-09-30"
    assert (standard.source_document, standard.source_number, str(standard.source_date)) == (
        "小方案",
        "1 号",
        "2023-12-21",
    )
    assert standard.digest == content_of(standard).digest()
    grade, fund = Element.objects.get(code="grade"), Element.objects.get(code="fund")
    assert (grade.choices, grade.minimum, grade.maximum) == ({"0": "未定级", "1": "二级甲等"}, None, None)
    assert (fund.minimum, fund.maximum, fund.reported_by) == (0, 1000, ["county"])
    assert ElementCheck.objects.get().expression == "tcm_physicians <= physicians"


def test_loading_again_changes_nothing_and_says_so(tmp_path, capsys):
    standard, elements = write_files(tmp_path)
    call_command("load_standard", standard, elements=elements)
    first = capsys.readouterr().out
    assert "2 个部分、2 个条目、2 项指标、2 项佐证要求" in first
    assert "新增 5 项" in first
    stamps = list(Standard.objects.values_list("loaded_at")), Event.objects.count()
    call_command("load_standard", standard, elements=elements)
    assert "没有变化" in capsys.readouterr().out
    assert (list(Standard.objects.values_list("loaded_at")), Event.objects.count()) == stamps


def test_layout_and_comments_are_no_change(load):
    load()
    assert load(standard="# 说明\n" + STANDARD.replace("[county]", "[ county ]")).changed_nothing


def test_a_broken_file_ends_the_command_with_every_fault(tmp_path):
    text = changed(changed(STANDARD, "sum(fund)", "sum(funds)"), "items: 2", "items: 3")
    standard, elements = write_files(tmp_path, standard=text)
    with pytest.raises(CommandError) as caught:
        call_command("load_standard", standard, elements=elements)
    assert caught.value.returncode == 1
    assert "文件有 2 处错误，什么都没有写入" in str(caught.value)
    assert "small.yaml 第 7 行：标准应有 3 个条目" in str(caught.value)
    assert "没有“funds”这个数据元" in str(caught.value)


def test_a_draft_is_replaced_in_place_and_rows_that_stay_keep_their_identity(load):
    before = load().standard
    assess_against(before)
    kept = Item.objects.get(number="2").pk
    text = changed(STANDARD, "title: 中医馆", "title: 镇卫生院中医馆")
    text = changed(text, '          - {code: "01-02", text: 访谈记录, required: false}\n', "")
    text = changed(text, "预算批复}\n", '预算批复}\n          - {code: "01-03", text: 决算}\n')
    text = changed(text, "  - name: 财政局\n", "  - name: 财政局\n  - name: 人社局\n")
    loaded = load(standard=text)
    assert (loaded.standard.pk, loaded.replaced) == (before.pk, True)
    assert (Item.objects.get(number="2").pk, Item.objects.get(number="2").title) == (kept, "镇卫生院中医馆")
    assert list(EvidenceRequirement.objects.values_list("code", flat=True)) == ["01-01", "01-03"]
    assert Department.objects.filter(name="人社局").exists()


def test_the_standing_follows_a_changed_draft(load):
    assess_against(load().standard)
    assert required_evidence("1") == 1
    load(standard=changed(STANDARD, ", required: false}", "}"))
    assert required_evidence("1") == 2


def test_items_move_between_sections_and_renamed_departments_go(load):
    load()
    text = STANDARD.replace("卫生健康局", "卫生健康委员会")
    text = changed(text, "  - number: 2\n    name: 服务体系\n    items:\n", "")
    standard = load(standard=text).standard
    assert [item.section.number for item in standard.items.all()] == [1, 1]
    assert sorted(standard.departments.values_list("name", flat=True)) == sorted(
        ["卫生健康委员会", "财政局", "成员单位"]
    )
    assert standard.digest == content_of(standard).digest()


def test_a_judged_piece_of_evidence_does_not_change_its_words(load):
    load()
    EvidenceJudgement.objects.create(
        county=County.objects.create(code="A", name="甲县"),
        requirement=EvidenceRequirement.objects.get(code="01-01"),
        period="2023",
        state="accepted",
        judged_at="2024-01-01T00:00Z",
    )
    with pytest.raises(Refused, match="01-01 预算批复"):
        load(standard=changed(STANDARD, "text: 预算批复", "text: 决算"))
    assert EvidenceRequirement.objects.get(code="01-01").text == "预算批复"
    assert load(standard=changed(STANDARD, "text: 访谈记录", "text: 访谈提纲")).replaced


def test_a_published_standard_is_replaced_while_nothing_was_assessed(load):
    load(standard=PUBLISHED)
    assert load(standard=changed(PUBLISHED, "title: 中医馆", "title: 馆")).replaced
    assert Item.objects.get(number="2").title == "馆"


def test_a_published_standard_that_was_assessed_against_stays_as_it_is(load, tmp_path):
    assess_against(load(standard=PUBLISHED).standard)
    assert load(standard=PUBLISHED).changed_nothing
    text = changed(PUBLISHED, "title: 中医馆", "title: 馆")
    elements = changed(ELEMENTS, "name: 设有中医馆", "name: 建有中医馆")
    with pytest.raises(StandardInUse, match="version"):
        load(standard=text, elements=elements)
    assert Item.objects.get(number="2").title == "中医馆"
    assert Element.objects.get(code="has_hall").name == "设有中医馆"
    standard_file, elements_file = write_files(tmp_path, standard=text)
    with pytest.raises(CommandError, match="不能原地修改") as caught:
        call_command("load_standard", standard_file, elements=elements_file)
    assert caught.value.returncode == 1


def test_a_new_version_stands_beside_the_old_one(load):
    old = load(standard=PUBLISHED).standard
    assess_against(old)
    text = changed(changed(PUBLISHED, "title: 中医馆", "title: 馆"), 'version: "1"', 'version: "2"')
    new = load(standard=text)
    assert new.created
    assert [item.title for item in old.items.all()] == ["专项资金", "中医馆"]
    assert [item.title for item in new.standard.items.all()] == ["专项资金", "馆"]


def test_the_current_version_is_the_latest_published_one(load):
    def version(number, text):
        return load(standard=changed(text, 'version: "1"', f'version: "{number}"')).standard

    assert current_standard("small") is None
    draft = version(3, STANDARD)
    assert current_standard("small") == draft
    tenth, second = version(10, PUBLISHED), version(2, PUBLISHED)
    version(11, STANDARD)
    assert current_standard("small") == tenth
    assert current_standard("small", "2") == second
    assert current_standard("small", "4") is None


def test_elements_may_be_added_and_reworded(load):
    load()
    elements = changed(
        ELEMENTS,
        "checks:\n",
        "  - {code: beds, name: 床位, group: 设施, type: integer, reported_by: [county]}\nchecks:\n",
    )
    elements = changed(elements, "name: 设有中医馆", "name: 建有中医馆")
    loaded = load(elements=elements)
    assert loaded.elements == {"added": ["beds"], "changed": ["has_hall"], "moved": [], "removed": []}
    assert not loaded.replaced
    event = Event.objects.filter(action="load_dictionary").first()
    assert event.before["elements"]["has_hall"]["name"] == "设有中医馆"
    assert event.after["elements"]["has_hall"]["name"] == "建有中医馆"


def test_elements_may_swap_their_names(load):
    load()
    elements = ELEMENTS.replace("name: 医师数", "name: X").replace("name: 中医医师数", "name: 医师数")
    load(elements=elements.replace("name: X", "name: 中医医师数"))
    assert Element.objects.get(code="physicians").name == "中医医师数"
    assert Element.objects.get(code="tcm_physicians").name == "医师数"


def test_an_element_that_no_standard_uses_may_go(load):
    load()
    start = ELEMENTS.index("  - code: grade")
    elements = ELEMENTS[:start] + ELEMENTS[ELEMENTS.index("  - code: fund") :]
    assert load(elements=elements).elements["removed"] == ["grade"]
    assert not Element.objects.filter(code="grade").exists()


def test_an_element_that_another_standard_uses_neither_goes_nor_changes_its_type(load, tmp_path):
    load()
    other = changed(changed(STANDARD, "code: small", "code: other"), "sum(fund)", "sum(physicians)")
    other = changed(other, "[county]", "[tcm_hospital]")
    start = ELEMENTS.index("  - code: fund")
    without_fund = ELEMENTS[:start] + ELEMENTS[ELEMENTS.index("checks:") :]
    with pytest.raises(ElementInUse, match="“专项资金”（fund）已用于“小标准（1）”，不能从字典里删去"):
        load(standard=other, elements=without_fund)
    whole = changed(ELEMENTS, "type: decimal", "type: integer")
    with pytest.raises(ElementInUse, match="类型不能由 decimal 改为 integer"):
        load(standard=other, elements=whole)
    assert not Standard.objects.filter(code="other").exists()
    assert Element.objects.get(code="fund").value_type == "decimal"


def test_a_choice_that_a_standard_may_compare_with_does_not_go(load):
    used = changed(changed(STANDARD, "share(has_hall)", "share(grade >= 1)"), "[township_centre]", "[tcm_hospital]")
    load(standard=used)
    with pytest.raises(ElementInUse, match="不能删去已有的选项"):
        load(standard=used, elements=changed(ELEMENTS, ", 1: 二级甲等", ""))


def test_a_standing_is_computed_again_when_others_report_one_of_its_elements(load):
    assess_against(load().standard)
    computed = Standing.objects.get().computed_at
    load(elements=changed(ELEMENTS, "group: 设施\n    type: boolean", "group: 场所\n    type: boolean"))
    assert Standing.objects.get().computed_at == computed
    wider = changed(
        ELEMENTS,
        "type: boolean\n    reported_by: [township_centre]",
        "type: boolean\n    reported_by: [township_centre, village_clinic]",
    )
    load(elements=wider)
    assert Standing.objects.get().computed_at > computed


def test_every_load_that_changes_something_leaves_a_trail(load):
    load()
    load(standard=changed(STANDARD, "title: 中医馆", "title: 馆"))
    loads = Event.objects.filter(action="load_standard").order_by("pk")
    assert [event.actor_name for event in loads] == ["系统（命令行）"] * 2
    assert loads[0].before is None
    assert loads[1].before["digest"] == loads[0].after["digest"] != loads[1].after["digest"]


def departments_of(item):
    return [each.department.name for each in item.responsibilities.all()]


def test_a_whole_standard_is_read_with_the_same_number_of_queries_whatever_its_size(load, django_assert_num_queries):
    standard = load().standard
    more = STANDARD + STANDARD[STANDARD.index('      - number: "2"') :].replace('"2"', '"3"').replace("2.1", "3.1")
    for text in (STANDARD, changed(more, "items: 2", "items: 3")):
        load(standard=text)
        with django_assert_num_queries(8):
            seen = [
                (item.number, *item.criteria.all(), *item.evidence_requirements.all(), *departments_of(item))
                for section in standard_with_everything(standard).sections.all()
                for item in section.items.all()
            ]
    assert [row[0] for row in seen] == ["1", "2", "3"]


def test_element_specs_are_what_formulas_need(load, django_assert_num_queries):
    load()
    with django_assert_num_queries(1):
        specs = element_specs()
    assert specs["grade"].choices == {0: "未定级", 1: "二级甲等"}
    assert specs["fund"].reported_by == {"county"}
    assert Criterion.objects.count() == 2


def test_the_code_of_a_countys_own_standard_is_not_everybodys_too(load):
    """In whatever version: versions of one code are of one owner."""
    standard = load(PUBLISHED).standard
    Standard.objects.filter(pk=standard.pk).update(owner="A", version="7")
    with pytest.raises(Refused, match="县（区）自己的标准"):
        load()
    assert Standard.objects.count() == 1
