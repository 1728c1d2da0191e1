"""What evidence is asked for: by the standard, by a county for itself, and in what words."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import EvidenceJudgement
from indicators.loader import load_files
from indicators.models import EvidenceRequirement, Item, Standard
from indicators.queries import content_of, requirements_of, standard_with_everything
from indicators.words import requirement_words
from institutions.models import County
from tests.small_standard import STANDARD, changed, write_files

DETAILS = """{code: "01-01", text: 预算批复, from: [卫健局], year: previous, needed: 3, seen: paper, per: [county]}"""
DETAILED = changed(STANDARD, '{code: "01-01", text: 预算批复}', DETAILS)
# What this file's digest was before evidence had details: installed standards stay unchanged.
DIGEST = "f5c786b240535c1e46cfeb6bd29f93973af334476a678b4c69b56b384e5dd6fa"


@pytest.fixture
def load(db, tmp_path):
    return lambda text=STANDARD: load_files(*write_files(tmp_path, text)).standard


def add(item: Item, owner: str, code: str = "01-09", **more) -> EvidenceRequirement:
    """A county's own requirement."""
    return EvidenceRequirement.everyone.create(item=item, owner=owner, code=code, text=f"{owner}增设", **more)


def codes(requirements) -> list[str]:
    return [each.code for each in requirements]


# ---- of the file ----


def test_details_are_stored_as_the_file_says_departments_under_their_one_spelling(load):
    requirement = load(DETAILED).items.get(number="1").evidence_requirements.get(code="01-01")
    assert (requirement.departments, requirement.year, requirement.needed) == (["卫生健康局"], "previous", 3)
    assert (requirement.seen_as, requirement.institution_types, requirement.owner) == ("paper", ["county"], "")


def test_without_details_one_file_of_this_year_by_the_items_departments(load):
    requirement = load().items.get(number="1").evidence_requirements.get(code="01-01")
    assert (requirement.departments, requirement.year, requirement.needed) == ([], "period", 1)
    assert (requirement.seen_as, requirement.institution_types) == ("document", [])


def test_a_member_of_a_responsible_group_may_be_whom_it_comes_from(load):
    text = changed(DETAILED, "cooperating: [卫健局]", "cooperating: [成员单位]")
    assert load(text).items.get(number="1").evidence_requirements.first().departments == ["卫生健康局"]


def test_a_file_without_details_keeps_the_digest_that_it_always_had(load):
    assert load().digest == DIGEST
    usual = "text: 预算批复, year: period, needed: 1, seen: document}"
    assert load(changed(STANDARD, "text: 预算批复}", usual)).digest == DIGEST
    assert load(DETAILED).digest == content_of(Standard.objects.get()).digest() != DIGEST


def test_changed_details_keep_the_requirement_and_what_was_judged(load):
    requirement = load().items.get(number="1").evidence_requirements.get(code="01-01")
    county = County.objects.create(code="A", name="甲县")
    judged = EvidenceJudgement.objects.create(
        county=county, requirement=requirement, period="2023", state="accepted", judged_at=timezone.now()
    )
    load(DETAILED)
    judged.refresh_from_db()
    assert (judged.requirement.pk, judged.requirement.needed) == (requirement.pk, 3)


# ---- of a county ----


def test_a_countys_additions_are_not_the_standards(load):
    standard = load()
    item = standard.items.get(number="1")
    digest = standard.digest
    add(item, "A")
    assert codes(EvidenceRequirement.objects.all()) == ["01-01", "01-02"]
    assert codes(item.evidence_requirements.all()) == ["01-01", "01-02"]
    [fetched] = Item.objects.filter(number="1").prefetch_related("evidence_requirements")
    assert codes(fetched.evidence_requirements.all()) == ["01-01", "01-02"]
    everything = standard_with_everything(standard)
    assert codes(everything.sections.all()[0].items.all()[0].evidence_requirements.all()) == ["01-01", "01-02"]
    assert content_of(standard).digest() == digest


def test_what_a_county_has_to_show_is_the_standards_and_its_own_but_not_the_withdrawn(load):
    standard = load()
    first, second = standard.items.order_by("position")
    add(first, "A", "01-08", position=1)
    add(first, "A", "01-09", position=2, withdrawn_at=timezone.now())
    add(first, "B", "01-08")
    add(second, "A", "02-01")
    assert codes(requirements_of(first, owner="A")) == ["01-01", "01-02", "01-08"]
    assert codes(requirements_of(standard, owner="A")) == ["01-01", "01-02", "01-08", "02-01"]
    assert codes(requirements_of(second, owner="B")) == []
    assert codes(requirements_of(standard, owner="")) == ["01-01", "01-02"]


def test_what_refers_to_a_countys_requirement_finds_it_withdrawn_or_not(load):
    added = add(load().items.get(number="1"), "A", withdrawn_at=timezone.now())
    county = County.objects.create(code="A", name="甲县")
    EvidenceJudgement.objects.create(
        county=county, requirement=added, period="2023", state="accepted", judged_at=timezone.now()
    )
    assert EvidenceJudgement.objects.get().requirement == added
    assert EvidenceJudgement.objects.select_related("requirement").get().requirement.owner == "A"
    added.text = "改过"
    added.save()
    added.refresh_from_db()
    assert EvidenceRequirement.everyone.get(owner="A").text == "改过"


def test_a_replaced_standard_leaves_a_countys_additions_alone(load):
    added = add(load().items.get(number="1"), "A", "01-02")
    load(changed(DETAILED, '          - {code: "01-02", text: 访谈记录, required: false}\n', ""))
    assert codes(EvidenceRequirement.objects.all()) == ["01-01"]
    assert EvidenceRequirement.everyone.get(owner="A") == added
    assert added.item == Item.objects.get(number="1")


def test_additions_go_with_their_item(load):
    add(load().items.get(number="2"), "A", "02-01")
    load(changed(STANDARD[: STANDARD.index("  - number: 2\n")], "items: 2", "items: 1"))
    assert not EvidenceRequirement.everyone.filter(owner="A").exists()


def test_a_code_is_an_owners_once(load):
    item = load().items.get(number="1")
    add(item, "A", "01-01")
    add(item, "B", "01-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        add(item, "A", "01-01")


def test_nothing_at_all_cannot_be_asked_for(load):
    with pytest.raises(IntegrityError), transaction.atomic():
        add(load().items.get(number="1"), "A", needed=0)


# ---- in words ----


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({}, "本年度"),
        ({"departments": ["财政局", "卫健局"], "year": "any"}, "财政局、卫健局 · 不限年度"),
        ({"needed": 2, "year": "previous", "seen_as": "onsite"}, "上年度 · 2 份 · 现场看"),
        (
            {"institution_types": ["township_centre", "community_centre"], "seen_as": "paper"},
            "本年度 · 每家乡镇卫生院、社区卫生服务中心各 1 份 · 看原件",
        ),
        ({"institution_types": ["village_clinic"], "needed": 2}, "本年度 · 每家村卫生室各 2 份"),
    ],
)
def test_details_in_words(details, words):
    assert requirement_words(EvidenceRequirement(code="1", text="照片", **details)) == words


def test_without_departments_of_its_own_the_items_may_be_named():
    requirement = EvidenceRequirement(code="1", text="照片")
    assert requirement_words(requirement, ["财政局"]) == "财政局 · 本年度"
    requirement.departments = ["卫健局"]
    assert requirement_words(requirement, ["财政局"]) == "卫健局 · 本年度"
