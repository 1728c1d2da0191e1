"""The self-assessment report as a PDF file: its text, its page numbers, its draft mark."""

import io
import logging
import re

import pytest
from pypdf import PdfReader, mult

from assessments.report_services import prepare_report, report_file_name, report_pdf
from assessments.reports.self_assessment import self_assessment
from institutions.models import County, Report
from institutions.refusals import Refused
from tests.world import PERIOD, World, add_institution, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """With enough clinics for a landscape table."""
    return make_world(villages=8)


def pages_of(content: bytes) -> list[str]:
    """The text of each page; spaces and line breaks are the layout's, so they are left out."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def make(world: World, **how) -> bytes:
    return report_pdf(prepare_report(world.county, world.standard, PERIOD, **how))


def test_the_report_says_everything(world):
    pages = pages_of(make(world, final=False))
    text = "".join(pages)
    for words in (
        "测试标准自评报告",
        "甲县",
        "测试标准，第1版",
        "一、自评结果",
        "二、基本情况",
        "三、逐条自评",
        "（一）组织管理",
        "（二）服务能力",
        "四、存在的问题",
        "附件1医疗卫生机构数据表",
        "1.财政投入",
        "2.中医馆与适宜技术",
        "3.中医诊疗量",
        "牵头：卫生健康局；配合：财政局",
        "20%",
        "≥35%",
        "还差45人次（中医诊疗人次）",
        "×未达标",
        "未报1家：南镇医院",
        "统计报表",
        "…待认定",
        "表3-1社区卫生服务站、村卫生室",
        "第8村卫生室",
        "计算口径",
        "NotoSerifSC_400Regular.ttf",
    ):
        assert words in text, words


def test_every_page_but_the_cover_bears_notice_and_number(world):
    pages = pages_of(make(world, final=False))
    assert "本系统自评（非官方评分）" in pages[0]
    assert "—1—" not in pages[0]
    for number, page in enumerate(pages[1:], start=2):
        assert "本系统自评（非官方评分）" in page
        assert "数据截至" in page
        assert "已报11/12" in page
        assert f"—{number}—" in page


def test_contents_lead_to_the_pages(world):
    pages = pages_of(make(world, final=False))
    entries = dict(re.findall(r"(一、自评结果|3\.中医诊疗量|附件4字体说明)\.+(\d+)", pages[1]))
    assert len(entries) == 3
    for title, number in entries.items():
        assert title in pages[int(number) - 1], title


def test_page_numbers_stand_on_the_outer_side(world):
    """At the foot, odd ones right and even ones left; on landscape pages where the foot of the upright sheet is."""
    found = {}

    def look(text, page_matrix, text_matrix, _font, _size):
        if re.fullmatch(r"—\s?\d+\s?—", text.strip()):
            found[number] = mult(text_matrix, page_matrix)[4:6]

    reader = PdfReader(io.BytesIO(make(world, final=False)))
    sizes = {}
    for number, page in enumerate(reader.pages, start=1):
        sizes[number] = (float(page.mediabox.width), float(page.mediabox.height))
        page.extract_text(visitor_text=look)
    landscape = [number for number, (width, height) in sizes.items() if width > height]
    assert landscape
    assert set(found) == set(range(2, len(sizes) + 1))
    for number, (x, y) in found.items():
        width, height = sizes[number]
        if number in landscape:
            assert x < width * 0.15
            assert (y < height / 2) == (number % 2 == 1)
        else:
            assert y < height * 0.15
            assert (x > width / 2) == (number % 2 == 1)


def test_a_draft_is_marked_on_every_page_and_a_final_report_on_none(world):
    # letters of the mark are turned, so they may come out one by one
    draft = pages_of(make(world, final=False))
    final = pages_of(make(world, final=True))
    assert all("草" in page and "稿" in page for page in draft)
    assert "草稿" not in "".join(page for page in final)
    assert f"第{world.county.assessments.get().pk}号存档" in final[0]


def test_the_same_assessment_gives_the_same_report_after_data_changed(world):
    kept = prepare_report(world.county, world.standard, PERIOD, final=True)
    before = pages_of(report_pdf(kept))
    Report.objects.update(accepted={"techniques": 0})
    add_institution(world.county, "NEW", "village_clinic", {"techniques": 9}, "新村卫生室")
    kept.refresh_from_db()
    assert pages_of(report_pdf(kept)) == before
    assert "新村卫生室" in "".join(pages_of(make(world, final=False)))


def test_the_style_sheet_has_no_fault(world, caplog):
    """WeasyPrint warns of each rule and each font that it cannot use."""
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        make(world, final=False)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_progress_counts_pages_and_ends_at_the_last(world):
    seen = []
    draft = prepare_report(world.county, world.standard, PERIOD, final=False)
    content = report_pdf(draft, lambda done, total, what: seen.append((done, total, what)))
    pages = len(PdfReader(io.BytesIO(content)).pages)
    assert [done for done, _, what in seen if what == "排版"] == list(range(1, pages + 1))
    assert all(done <= total for done, total, _ in seen)
    assert seen[-1] == (pages, pages, "写入 PDF")


def test_the_file_says_what_it_is(world):
    kept = prepare_report(world.county, world.standard, PERIOD, final=True)
    draft = prepare_report(world.county, world.standard, PERIOD, final=False)
    assert report_file_name(kept) == f"甲县_自评报告_2023_存档{kept.pk}.pdf"
    assert report_file_name(draft) == "甲县_自评报告_2023_草稿.pdf"
    info = PdfReader(io.BytesIO(report_pdf(draft))).metadata
    assert info.title == "甲县测试标准自评报告（2023年度）"


def test_without_figures_there_is_no_report(world):
    empty = County.objects.create(code="C", name="丙县")
    with pytest.raises(Refused, match="丙县在2023年度没有在用机构"):
        prepare_report(empty, world.standard, PERIOD, final=False)
    with pytest.raises(Refused, match="甲县2022年度还没有一家机构的数据"):
        prepare_report(world.county, world.standard, "2022", final=True)
    assert world.county.assessments.count() == 0


@pytest.mark.parametrize(
    ("standard", "work"),
    [
        ("全国基层中医药工作示范县建设标准（临淄区 2023）", "全国基层中医药工作示范县创建"),
        ("基层中医药服务能力提升工程（越秀区 2025）", "基层中医药服务能力提升工程"),
    ],
)
def test_the_cover_names_the_work_that_the_standard_is_about(world, standard, work):
    world.standard.title = standard
    world.standard.save()
    draft = prepare_report(world.county, world.standard, PERIOD, final=False)
    assert self_assessment(draft).work == work
