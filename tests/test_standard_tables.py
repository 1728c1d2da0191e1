"""Departments and items as Excel tables in the admin: preview with differences, then all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tablib import Dataset

from assessments.services import start_campaign
from indicators.loader import load_files
from indicators.models import Department, EvidenceRequirement, Item, Standard
from indicators.queries import content_of
from indicators.requirement_resources import RequirementResource
from indicators.resources import DepartmentResource, ItemResource
from institutions.models import County
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.lib.table_format import Workbook
from tests.small_standard import STANDARD, write_files

pytestmark = pytest.mark.django_db

KEYS = ("标准代码", "标准版本")


@pytest.fixture
def standard(tmp_path):
    return load_files(*write_files(tmp_path, STANDARD.replace("state: draft", "state: published"))).standard


def assess_against(standard):
    start_campaign(County.objects.create(code="A", name="甲县"), standard, period="2023")


@pytest.fixture
def admin_client(client):
    user = User.objects.create_superuser("root")
    client.force_login(user)
    return client


def items(*rows, headings=("编号", "标题", "分值", "牵头部门", "配合部门")):
    return Dataset(*[("small", "1", *row) for row in rows], headers=(*KEYS, *headings))


def departments(*rows, headings=("部门", "别称", "成员单位")):
    return items(*rows, headings=headings)


def evidence(*rows, headings=("编号", "必备", "提供部门", "年度", "份数", "查看方式", "逐家提供的机构类型")):
    return items(*rows, headings=headings)


def complaints(result) -> str:
    texts = [str(error.error) for error in result.base_errors]
    texts += [message for row in result.invalid_rows for message in row.error.messages]
    texts += [str(error.error) for _, errors in result.row_errors() for error in errors]
    return "；".join(texts)


def test_what_is_exported_comes_back_as_no_change(standard):
    for resource_class in (ItemResource, DepartmentResource, RequirementResource):
        book = Workbook().export_data(resource_class().export())
        table = Workbook().create_dataset(book)
        result = resource_class().import_data(table)
        assert complaints(result) == ""
        assert result.totals["skip"] == len(table) > 0
        assert result.totals["update"] == result.totals["new"] == 0
    assert Event.objects.exclude(action__startswith="load").count() == 0


def test_items_change_their_words_points_and_departments(standard):
    digest = standard.digest
    result = ItemResource().import_data(
        items((1, "财政资金", 7.5, "卫健局", "财政局"), (2, "中医馆", "", "卫生健康局", ""))
    )
    assert complaints(result) == ""
    item = Item.objects.get(number="1")
    assert (item.title, item.points, item.requirement) == ("财政资金", 7.5, "安排专项资金。")
    assert [(r.department.name, r.role) for r in item.responsibilities.all()] == [
        ("卫生健康局", "lead"),
        ("财政局", "cooperating"),
    ]
    event = Event.objects.get(action="change_item")
    assert (event.before["title"], event.after["title"]) == ("专项资金", "财政资金")
    assert (event.before["lead"], event.after["lead"]) == (["财政局"], ["卫生健康局"])
    standard.refresh_from_db()
    assert standard.digest == content_of(standard).digest() != digest


def test_after_editing_the_file_no_longer_counts_as_loaded(standard, tmp_path):
    ItemResource().import_data(items((1, "财政资金", "", "财政局", "")))
    loaded = load_files(*write_files(tmp_path, STANDARD.replace("state: draft", "state: published")))
    assert loaded.replaced
    assert Item.objects.get(number="1").title == "专项资金"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("1", "资金", "", "交通局", ""), "“交通局”不在本标准的责任部门里"),
        (("1", "资金", "", "", "财政局"), "条目 1 没有牵头部门"),
        (("1", "资金", "", "财政局", "财政局"), "写重了"),
        (("1", "资金", "很多", "财政局", ""), "“很多”不是分值"),
        (("1", "资金", "-1", "财政局", ""), "不能是负数"),
        (("1", "", "", "财政局", ""), "不能为空"),
        (("3", "新条目", "", "财政局", ""), "没有这个编号的条目"),
    ],
)
def test_one_faulty_row_and_nothing_is_written(standard, row, words):
    result = ItemResource().import_data(items(("2", "馆", "", "卫生健康局", ""), row))
    assert words in complaints(result)
    assert set(Item.objects.values_list("title", flat=True)) == {"专项资金", "中医馆"}


def test_the_same_row_twice_and_headings_that_nobody_knows(standard):
    twice = items(("2", "馆", "", "卫生健康局", ""), ("2", "中医馆", "", "卫生健康局", ""))
    assert "“2”与第 2 行重复" in complaints(ItemResource().import_data(twice))
    assert "不认识的表头：“名称”" in complaints(
        ItemResource().import_data(items(("2", "馆"), headings=("编号", "名称")))
    )
    assert "没有“编号”" in complaints(ItemResource().import_data(items(("馆",), headings=("标题",))))
    assert Item.objects.get(number="2").title == "中医馆"


def test_a_standard_that_was_assessed_against_is_not_changed_by_a_table(standard):
    assess_against(standard)
    for result in (
        ItemResource().import_data(items(("2", "馆", "", "卫生健康局", ""))),
        DepartmentResource().import_data(departments(("财政局", "财局", ""))),
        RequirementResource().import_data(evidence(("01-01", "2"), headings=("编号", "份数"))),
    ):
        assert "已用于自评，不能原地修改" in complaints(result)
    assert Item.objects.get(number="2").title == "中医馆"
    assert Department.objects.get(name="财政局").aliases == []


@pytest.mark.parametrize("state", ["draft", "checked", "published"])
def test_a_countys_own_standard_is_not_changed_by_a_table(standard, state):
    Standard.objects.filter(pk=standard.pk).update(owner="A", state=state)
    for result in (
        ItemResource().import_data(items(("2", "馆", "", "卫生健康局", ""))),
        DepartmentResource().import_data(departments(("财政局", "财局", ""))),
        RequirementResource().import_data(evidence(("01-01", "2"), headings=("编号", "份数"))),
    ):
        assert "是县（区）自己的标准" in complaints(result)
    assert Item.objects.get(number="2").title == "中医馆"


def test_evidence_changes_its_details(standard):
    EvidenceRequirement.everyone.create(item=Item.objects.get(number="1"), owner="A", code="01-01", text="甲县的")
    row = ("01-01", "是", "卫健局", "上年度", 2, "看原件", "乡镇卫生院、村卫生室")
    result = RequirementResource().import_data(evidence(row))
    assert complaints(result) == ""
    requirement = EvidenceRequirement.objects.get(code="01-01")
    assert (requirement.text, requirement.departments, requirement.year) == ("预算批复", ["卫生健康局"], "previous")
    assert (requirement.needed, requirement.seen_as) == (2, "paper")
    assert requirement.institution_types == ["township_centre", "village_clinic"]
    event = Event.objects.get(action="change_requirement")
    assert (event.before["departments"], event.after["departments"]) == ([], ["卫生健康局"])
    assert event.after["institution_types"] == ["乡镇卫生院", "村卫生室"]
    assert Standard.objects.get().digest == content_of(standard).digest() != standard.digest
    assert EvidenceRequirement.everyone.get(owner="A").departments == []
    exported = RequirementResource().export()
    assert exported["逐家提供的机构类型"] == ["乡镇卫生院、村卫生室", ""]
    assert exported["必备"] == ["是", "否"]


@pytest.mark.parametrize(
    ("heading", "value", "words"),
    [
        ("必备", "也许", "“也许”不对，请填“是”或“否”"),
        ("年度", "去年", "“去年”不对，可填：本年度、上年度、不限年度"),
        ("份数", "两份", "“两份”不是份数"),
        ("份数", "0", "“0”不是份数，请填 1、2、3"),
        ("份数", "", "“”不是份数"),
        ("查看方式", "照片", "可填：上传文件、看原件、现场看"),
        ("逐家提供的机构类型", "医院", "“医院”不对"),
        ("逐家提供的机构类型", "村卫生室、村卫生室", "写重了"),
        ("提供部门", "交通局", "“交通局”不在本标准的责任部门里"),
        ("提供部门", "成员单位", "它不是条目 1 的责任部门"),
        ("提供部门", "卫健局、卫生健康局", "写重了"),
        ("佐证材料", "决算", "文字请在标准文件里改"),
    ],
)
def test_details_of_evidence_that_are_not_taken(standard, heading, value, words):
    result = RequirementResource().import_data(evidence(("01-01", value), headings=("编号", heading)))
    assert words in complaints(result)
    assert not Event.objects.filter(action="change_requirement").exists()
    assert content_of(standard).digest() == standard.digest


def test_evidence_that_the_standard_does_not_ask_for(standard):
    result = RequirementResource().import_data(evidence(("01-03", "是"), headings=("编号", "必备")))
    assert "没有这个编号的佐证要求" in complaints(result)


def test_an_item_keeps_something_to_judge(standard):
    Item.objects.get(number="1").criteria.update(level="soft")
    result = RequirementResource().import_data(evidence(("01-01", "否"), headings=("编号", "必备")))
    assert "至少要有一项必备的佐证材料" in complaints(result)
    assert EvidenceRequirement.objects.get(code="01-01").required


def test_who_hands_evidence_in_stays_responsible_for_its_item(standard):
    row = ("01-01", "卫健局")
    assert complaints(RequirementResource().import_data(evidence(row, headings=("编号", "提供部门")))) == ""
    result = ItemResource().import_data(items((1, "资金", "", "财政局", "")))
    assert "佐证要求 01-01 由“卫生健康局”提供，但它不是条目 1 的责任部门" in complaints(result)
    assert complaints(ItemResource().import_data(items((1, "资金", "", "财政局", "成员单位")))) == ""
    result = DepartmentResource().import_data(departments(("成员单位", "", "财政局")))
    assert "佐证要求 01-01 由“卫生健康局”提供" in complaints(result)
    assert Item.objects.get(number="1").departments.filter(name="成员单位").exists()


def test_departments_are_added_and_changed(standard):
    table = departments(("人社局", "人力资源和社会保障局", ""), ("成员单位", "", "财政局、人社局"))
    result = DepartmentResource().import_data(table)
    assert complaints(result) == ""
    assert (result.totals["new"], result.totals["update"]) == (1, 1)
    assert Department.objects.get(name="成员单位").members == ["财政局", "人社局"]
    assert Department.objects.get(name="人社局").position == 4
    assert Standard.objects.get().digest == content_of(standard).digest()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("人社局", "财政局", ""), "“财政局”重复"),
        (("成员单位", "", "交通局"), "成员“交通局”重复、不在责任部门里"),
        (("成员单位", "", "成员单位"), "成员“成员单位”"),
    ],
)
def test_departments_that_would_be_ambiguous(standard, row, words):
    assert words in complaints(DepartmentResource().import_data(departments(row)))


def test_a_department_of_a_standard_that_is_not_there(standard):
    table = Dataset(("other", "1", "财政局"), headers=(*KEYS, "部门"))
    assert "没有代码“other”" in complaints(DepartmentResource().import_data(table))


def test_no_cell_is_exported_as_a_formula(standard):
    Item.objects.filter(number="2").update(title="=1+1")
    book = Workbook().export_data(ItemResource().export())
    assert Workbook().create_dataset(book)["标题"] == ["专项资金", "=1+1"]


def test_a_file_that_is_no_workbook():
    with pytest.raises(ValueError, match="打不开这个文件"):
        Workbook().create_dataset(b"MZ not a workbook")


def upload(client, url, table):
    file = SimpleUploadedFile("items.xlsx", Workbook().export_data(table))
    return client.post(url, {"import_file": file, "format": "0", "resource": "0"})


def test_the_admin_previews_differences_and_writes_after_confirmation(admin_client, standard):
    url = reverse("admin:indicators_item_import")
    page = upload(admin_client, url, items(("2", "新馆", "", "卫生健康局", "")))
    assert "<ins" in page.content.decode()
    assert Item.objects.get(number="2").title == "中医馆"
    assert not Event.objects.filter(action="change_item").exists()
    confirm = page.context["confirm_form"].initial
    done = admin_client.post(reverse("admin:indicators_item_process_import"), confirm)
    assert done.status_code == 302
    assert Item.objects.get(number="2").title == "新馆"
    assert Event.objects.get(action="change_item").actor_name == "root"


def test_what_became_impossible_between_preview_and_confirmation_is_said(admin_client, standard):
    page = upload(admin_client, reverse("admin:indicators_item_import"), items(("2", "新馆", "", "卫生健康局", "")))
    assess_against(standard)
    confirm = page.context["confirm_form"].initial
    done = admin_client.post(reverse("admin:indicators_item_process_import"), confirm, follow=True)
    assert "没有导入" in done.content.decode()
    assert Item.objects.get(number="2").title == "中医馆"


def test_the_admin_shows_and_exports_but_does_not_edit(admin_client, standard):
    for model in ("element", "standard", "department", "item", "evidencerequirement"):
        assert admin_client.get(reverse(f"admin:indicators_{model}_changelist")).status_code == 200
        assert admin_client.get(reverse(f"admin:indicators_{model}_add")).status_code == 403
    item = Item.objects.get(number="2")
    change = reverse("admin:indicators_item_change", args=[item.pk])
    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {"title": "馆"}).status_code == 403
    assert admin_client.get(reverse("admin:indicators_item_export")).status_code == 200


def test_staff_without_the_right_to_change_do_not_import(client, standard):
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get(reverse("admin:indicators_item_import")).status_code == 403
    assert client.get(reverse("admin:indicators_item_export")).status_code == 403
