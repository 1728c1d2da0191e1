"""A plan's text is taken out of txt, docx and PDF, and import_plan prints what it demands without writing anything."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.files.plan_text import text_of_plan
from assessments.files.refusals import BadFile
from indicators.models import Standard
from indicators.plans import read_plan
from tests import hostile_files, plan_documents
from tests.plan_documents import docx, numbering, paragraph, table

PLAN = (
    "某县中医药工作方案\n一、重点任务\n（一）中医馆\n1.100%的乡镇卫生院设置中医馆。（责任单位：县卫健局）\n2.开展6类10项以上技术。\n"
    "（二）人才\n3.培训乡村医生。\n"
)


@pytest.fixture
def saved(tmp_path):
    def save(name: str, content: bytes | str):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save


def text_of(path) -> str:
    return text_of_plan(path, path.name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_is_read_in_every_usual_encoding(saved, encoding):
    assert text_of(saved("方案.txt", PLAN.encode(encoding))) == PLAN


def test_numbers_that_word_counts_are_written_out(saved):
    numbers = numbering(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    body = "".join(
        [
            paragraph("某县中医药工作方案"),
            paragraph("指导思想", 1),
            paragraph("全面贯彻落实各项要求。"),
            paragraph("重点任务", 1),
            paragraph("中医馆", 1, 1),
            paragraph("建好中医馆。", 1, 2),
            paragraph("用好中医馆。", 1, 2),
            paragraph("人才", 1, 1),
            paragraph("培训乡村医生。", 1, 2),
        ]
    )
    text = text_of(saved("方案.docx", docx(body, numbers)))
    assert text.splitlines()[1:] == [
        "一、指导思想",
        "全面贯彻落实各项要求。",
        "二、重点任务",
        "（一）中医馆",
        "1.建好中医馆。",
        "2.用好中医馆。",
        "（二）人才",
        "1.培训乡村医生。",
    ]
    assert [item.number for item in read_plan(text).items] == ["1", "2", "3"]


def test_a_list_that_begins_anew_and_one_that_a_style_numbers_are_counted(saved):
    style = '<w:style w:styleId="S"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    body = (
        paragraph("做好第一件事情和别的事情。", 1)
        + paragraph("做好第二件事情。", 1)
        + paragraph("重新做起。", style="S")
    )
    text = text_of(saved("方案.docx", docx(body, numbering(("decimal", "%1、"), starts_anew=True), style)))
    assert [line[:2] for line in text.splitlines()] == ["1、", "2、", "1、"]


def test_a_word_table_keeps_its_columns_where_cells_are_merged(saved):
    rows = [
        ["序号", "分类", "指标内容"],
        ["1", "覆盖面", "100%的乡镇卫生院设置中医馆。"],
        ["2", None, "10%的村卫生室设置中医阁。"],
    ]
    text = text_of(saved("方案.docx", docx(paragraph("附表：考核指标") + table(rows))))
    assert "1\t覆盖面\t100%的乡镇卫生院设置中医馆。\n2\t\t10%的村卫生室设置中医阁。" in text


def test_a_pdf_is_read_without_its_page_numbers_and_running_heads(saved):
    lines = PLAN.splitlines()
    text = text_of(saved("方案.pdf", plan_documents.pdf([lines[:3], lines[3:5], lines[5:]], head="某县人民政府文件")))
    assert text.splitlines() == lines


def test_a_ruled_table_in_a_pdf_is_read_by_row_and_cell(saved):
    rows = [
        ["序号", "工作任务", "牵头单位"],
        ["1", "乡镇卫生院设置中医馆", "县卫健局"],
        ["2", "培训乡村医生和骨干", "县人社局"],
    ]
    text = text_of(saved("方案.pdf", plan_documents.pdf([["某县任务分解方案", rows, "以上任务请抓好落实。"]])))
    assert text.splitlines() == ["某县任务分解方案", *("\t".join(row) for row in rows), "以上任务请抓好落实。"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("扫描.pdf", plan_documents.pdf([["1"]]), "扫描件，没有文字"),
        ("空.txt", b"", "空文件"),
        ("空白.txt", b"\n\n \n", "没有文字"),
        ("方案.doc", hostile_files.ole({"WordDocument": b""}), "另存为 .docx"),
        ("图.png", hostile_files.picture("PNG"), "读不出文字"),
        ("网页.txt", "<!DOCTYPE html><p>某县方案：请各单位认真抓好中医药工作各项任务的落实。</p>", "是网页"),
        ("账.xlsx", hostile_files.office("xlsx"), "不是 Word 文件"),
        ("坏.docx", b"PK\x03\x04" + b"x" * 50, "已损坏"),
        ("实体.docx", docx("").replace(b"word/document.xml", b"word/documenx.xml"), "已损坏"),
        ("炸弹.docx", hostile_files.zip_bomb(700 << 20), "大得不正常"),
        ("锁.pdf", hostile_files.pdf("plan", password="x"), "打开密码"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(saved, name, content, sentence):
    with pytest.raises(BadFile, match=sentence) as refused:
        text_of(saved(name, content))
    assert str(refused.value).startswith(f"“{name}”")


def test_xml_that_defines_its_own_words_is_refused(saved):
    body = "<!DOCTYPE w [<!ENTITY a 'b'>]>"
    parts = docx(paragraph("某县方案"))
    assert b"ENTITY" not in parts
    evil = hostile_files.office(
        "docx", {"word/document.xml": body + f"<w:document {plan_documents.W}><w:body/></w:document>"}
    )
    with pytest.raises(BadFile, match="已损坏"):
        text_of(saved("方案.docx", evil))


def run(path, format: str) -> str:
    out = StringIO()
    call_command("import_plan", str(path), format=format, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_prints_the_proposal_and_writes_nothing(saved):
    printed = json.loads(run(saved("方案.txt", PLAN), "json"))
    assert printed["title"] == "某县中医药工作方案"
    assert printed["sections"] == ["中医馆", "人才"]
    assert [item["number"] for item in printed["items"]] == ["1", "2", "3"]
    assert printed["items"][0]["lead"] == ["县卫健局"]
    assert printed["items"][1]["thresholds"][1]["value"] == "10"
    assert Standard.objects.count() == 0


def test_the_command_s_text_shows_items_figures_and_what_is_not_sure(saved):
    shown = run(saved("方案.txt", PLAN), "text")
    assert "1  100%的乡镇卫生院设置中医馆" in shown
    assert "牵头 县卫健局" in shown
    assert ">= 100%" in shown
    assert "共 3 个条目、1 个部门、3 个数。" in shown
    assert "2 个条目没有写明责任部门" in shown


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("没有.txt", None, "找不到文件"),
        ("空.txt", b"", "空文件"),
        ("闲话.txt", "今天天气很好，我们一起去公园里玩了一个下午，大家都非常高兴。", "没有认出条目"),
    ],
)
def test_the_command_fails_with_a_sentence(tmp_path, saved, name, content, sentence):
    path = tmp_path / name if content is None else saved(name, content)
    with pytest.raises(CommandError, match=sentence):
        run(path, "json")
