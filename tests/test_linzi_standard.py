"""The dictionary and the 42-item standard that the product ships."""

import re
from datetime import date

import pytest

from indicators.enums import DepartmentRole
from indicators.formula import describe, names, parse
from indicators.loader import load_files, read_files
from indicators.models import Department, ItemDepartment
from indicators.queries import element_specs, names_of
from tests.linzi import LINZI

# Items that documents and visits alone can show.
EVIDENCE_ONLY = {"1", "5", "6", *(str(n) for n in range(8, 18)), "19", "36", "37", "41"}


@pytest.fixture(scope="module")
def contents():
    return read_files(LINZI)


@pytest.fixture(scope="module")
def dictionary(contents):
    return contents[0]


@pytest.fixture(scope="module")
def standard(contents):
    return contents[1]


def test_seven_sections_with_42_items_in_their_order(standard):
    assert [len(section.items) for section in standard.sections] == [4, 15, 7, 4, 8, 3, 1]
    assert [item.number for item in standard.items] == [str(n) for n in range(1, 43)]
    assert (standard.source_number, standard.source_date) == ("临政办字〔2023〕33号", date(2023, 12, 21))


def test_57_criteria_belong_to_the_item_that_their_code_names(standard):
    criteria = [(item.number, criterion) for item in standard.items for criterion in item.criteria]
    assert len(criteria) == 57
    assert all(criterion.code.split(".")[0] == number for number, criterion in criteria)
    levels = [criterion.level for _, criterion in criteria]
    assert (levels.count("hard"), levels.count("soft"), levels.count("info")) == (49, 6, 2)


def test_some_criteria_word_for_word(standard):
    by_code = {criterion.code: criterion for item in standard.items for criterion in item.criteria}
    doctors = by_code["28.2"]
    assert doctors.expression == "share(physicians > 0 and tcm_physicians >= 25% * physicians)"
    assert (doctors.comparator, doctors.target, doctors.level) == (">=", "100%", "hard")
    assert doctors.scope == ["community_centre", "township_centre"]
    assert (by_code["7.1"].comparator, by_code["7.1"].target, by_code["7.1"].unit) == (">", "0", "万元")
    assert (by_code["27.7"].scope, by_code["27.7"].target) == (["all"], "sum(plan_tcm_staff_share) / 100")


def test_items_for_documents_alone_have_required_evidence_and_no_criteria(standard):
    for item in standard.items:
        if item.number in EVIDENCE_ONLY:
            assert any(each.required for each in item.evidence), item.number
            assert item.criteria == [], item.number


def test_evidence_is_numbered_by_item_and_said_once(standard):
    for item in standard.items:
        assert [each.code for each in item.evidence] == [
            f"{int(item.number):02d}-{n:02d}" for n in range(1, len(item.evidence) + 1)
        ]
    texts = [each.text for item in standard.items for each in item.evidence]
    assert len(texts) == len(set(texts)) == 160


def test_the_year_of_evidence_is_the_one_that_its_words_name(standard):
    evidence = [each for item in standard.items for each in item.evidence]
    for each in evidence:
        assert ("上年度" in each.text) == (each.year == "previous"), each.code
        assert "本年度" not in each.text or each.year == "period", each.code
    assert [each.code for each in evidence if each.year == "previous"] == ["40-02", "40-03", "40-04"]


def test_evidence_of_each_institution_is_asked_of_the_types_that_the_item_is_about(standard):
    by_item = {
        item.number: {kind for each in item.evidence for kind in each.institution_types} for item in standard.items
    }
    centres, places = {"community_centre", "township_centre"}, {"community_station", "village_clinic"}
    assert {number: types for number, types in by_item.items() if types} == {
        "21": {"general_hospital", "mch_hospital"},
        "24": centres,
        "25": places,
        "28": centres | {"tcm_hospital"},
        "32": centres,
        "33": centres | places,
    }


def test_where_several_are_responsible_most_evidence_says_from_whom(standard):
    of_several = [each for item in standard.items if item.cooperating for each in item.evidence]
    unsaid = [each.code for each in of_several if not each.departments]
    assert unsaid == ["01-01", "01-03", "02-03", "06-07", "07-03", "08-03", "16-02", "19-02"]
    assert not any(each.departments for item in standard.items if not item.cooperating for each in item.evidence)


def test_interviews_and_places_are_seen_on_site(standard):
    on_site = [each.code for item in standard.items for each in item.evidence if each.seen_as == "onsite"]
    assert on_site == ["05-05", "31-02"]


def test_titles_fit_a_light(standard):
    assert max(len(item.title) for item in standard.items) <= 20
    assert len({item.title for item in standard.items}) == 42


def test_phases_have_their_dates(standard):
    assert [(phase.name, str(phase.start), str(phase.end)) for phase in standard.phases] == [
        ("工作准备", "2023-09-01", "2023-09-30"),
        ("组织实施", "2023-09-01", "2023-12-31"),
        ("评估验收", "2023-12-01", "2024-02-29"),
    ]


def test_one_lead_for_each_item_and_every_department_has_work(standard):
    assert all(len(item.lead) == 1 for item in standard.items)
    listed = [department.name for department in standard.departments]
    used = {name for item in standard.items for name in (*item.lead, *item.cooperating)}
    assert len(listed) == 15
    assert used == set(listed)
    leads = {item.number: item.lead[0] for item in standard.items}
    assert (leads["12"], leads["23"], leads["40"]) == ("临淄医疗保障分局", "区卫生健康局", "区市场监管局")
    group = next(department for department in standard.departments if department.members)
    assert len(group.members) == 14


def test_99_elements_and_every_formula_reads_only_those(dictionary, standard):
    assert len(dictionary.elements) == 86 + 13  # for the 42 items, and for the plans of 2025
    specs = {element.code: element for element in dictionary.elements}
    for item in standard.items:
        for criterion in item.criteria:
            for formula in (criterion.expression, criterion.target):
                assert set(names(parse(formula))) <= specs.keys()


def test_a_part_is_checked_against_its_whole_wherever_a_definition_says_so(dictionary):
    checked = {names(parse(check.expression))[0] for check in dictionary.checks}
    said = {element.code for element in dictionary.elements if re.search("不大于|不小于", element.definition)}
    assert len(said) == 19 + 3
    assert said - checked == set()
    assert all(check.message for check in dictionary.checks)


def test_ranges_and_choices(dictionary):
    elements = {element.code: element for element in dictionary.elements}
    assert {code: (e.minimum, e.maximum) for code, e in elements.items() if e.maximum is not None} == {
        "emr_level": (0, 8),
        "technique_categories": (0, 10),
        "plan_tcm_staff_share": (0, 100),
        "promoted_technique_categories": (0, 10),
    }
    assert all(e.minimum == 0 for e in elements.values() if e.value_type in ("integer", "decimal"))
    assert elements["hospital_grade"].choices["3"] == "二级甲等"
    assert {e.code for e in elements.values() if e.choices} == {"hospital_grade", "capability_standard", "mch_grade"}


@pytest.mark.django_db
def test_it_loads_and_every_formula_can_be_said_in_words(standard):
    loaded = load_files(LINZI).standard
    assert Department.objects.filter(standard=loaded).count() == 15
    assert ItemDepartment.objects.filter(item__standard=loaded, role=DepartmentRole.LEAD).count() == 42
    specs = element_specs()
    for item in loaded.items.all():
        assert names_of(item, DepartmentRole.LEAD)
        for criterion in item.criteria.all():
            words = describe(parse(criterion.expression), specs)
            assert not re.search("[a-z]{3}", words), words
