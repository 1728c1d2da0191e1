"""The binder's own pages: where lines break, which fonts draw what, and that long things fit."""

from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from assessments.binders.content import CriterionRow
from assessments.binders.contents import Entry
from assessments.binders.lines import balanced, broken
from assessments.binders.page import HEIGHT, WIDTH, Paper
from assessments.binders.paper import ItemPaper
from assessments.binders.typeface import NO_GLYPH, typeface
from assessments.binders.vertical import columns
from tcm_demo.lib import fonts
from tests.binders import binder, piece, write

TEXT = st.text(alphabet="区县卫生健康局，。、；（）《》“”ab12- ", max_size=80)


def width(text: str) -> float:
    return sum(1 if ord(character) > 0x2000 else 0.5 for character in text)


@given(TEXT, st.integers(5, 30))
def test_breaking_loses_nothing_and_keeps_to_the_room(text, room):
    lines = broken(text, width, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)


@given(st.text(alphabet="区县卫生，。（《", max_size=80), st.integers(8, 30))
def test_no_mark_stands_at_the_wrong_end_of_a_line(text, room):
    """As long as no more than two marks follow each other."""
    if any(all(mark in "，。（《" for mark in text[at : at + 3]) for at in range(len(text) - 2)):
        return
    lines = broken(text, width, room)
    assert not any(line[0] in "，。" for line in lines[1:])
    assert not any(line[-1] in "（《" for line in lines[:-1])


def test_words_and_figures_are_not_parted():
    assert broken("按 GB/T9704-2012 的格式", width, 7) == ["按", "GB/T9704-2012", "的格式"]


def test_titles_are_parted_behind_marks_into_lines_of_about_the_same_length():
    title = "社区卫生服务中心、镇卫生院中医科、中药房、中医馆建设"
    assert (
        balanced(title, width, 18) == ["社区卫生服务中心、", "镇卫生院中医科、", "中药房、中医馆建设"]
        or len(balanced(title, width, 18)) == 2
    )


@pytest.mark.parametrize("role", [role.key for role in fonts.ROLES] + [fonts.TABLE])
def test_what_no_font_can_draw_has_a_mark_in_its_place(role):
    face = typeface(role)
    shown = face.printable("区😀\u200b\ufe0f𠮷㐂\x07〔2024〕\u00a0√≥①")
    assert NO_GLYPH in shown
    assert "😀" not in shown
    assert not set(shown) & {"\u200b", "\ufe0f", "\x07", "\xa0"}
    assert "".join(run.text for run in face.runs(shown)) == shown
    assert all(run.font for run in face.runs(shown))


def test_a_countys_own_font_draws_its_role_and_others_help_it_out(settings, tmp_path):
    """A font with few characters stands for 仿宋; the rest comes from the free ones."""
    with TTFont(settings.NODE_MODULES / fonts.FREE["Paper Sans", 400]) as font:
        subsetter = Subsetter(Options())
        subsetter.populate(text="区县")
        subsetter.subset(font)
        font["name"].setName("Own", 6, 3, 1, 0x409)
        font.save(tmp_path / "仿宋.ttf")
    settings.REPORT_FONTS = str(tmp_path)
    typeface.cache_clear()
    try:
        runs = typeface("body").runs("区县卫生")
    finally:
        typeface.cache_clear()
    assert [run.text for run in runs] == ["区县", "卫生"]


def test_an_own_font_that_cannot_be_embedded_leaves_the_free_one(settings, tmp_path):
    (tmp_path / "仿宋.ttf").write_bytes(b"no font")
    settings.REPORT_FONTS = str(tmp_path)
    typeface.cache_clear()
    try:
        assert typeface("body").runs("区县")[0].font == "binder-Paper Serif"
    finally:
        typeface.cache_clear()


def test_sixty_pieces_with_long_titles_fill_several_pages_of_contents(tmp_path):
    title = "关于进一步加强基层医疗卫生机构中医馆建设和中医药适宜技术推广应用工作的实施方案" * 2
    pieces = [piece(f"24-{n:02d}", None, title=title, document_number="某卫字〔2023〕112号") for n in range(1, 61)]
    paper = ItemPaper(binder("24", *pieces, item_title=title, requirement=title * 20), Paper("卷"))
    paper.body()
    front = paper.front([Entry(each, 5 + n, 1) for n, each in enumerate(pieces)], 65)
    reader = PdfReader(BytesIO(paper.paper.save()))
    contents = [reader.pages[n].extract_text() for n in range(front.contents, front.end)]
    assert len(contents) > 2
    assert all("页次" in page for page in contents)
    assert all(any(each.number in page for page in contents) for each in pieces)
    assert len(front.links) == 61
    assert all(0 <= at <= edge for link in front.links for at, edge in zip(link.box, (WIDTH, HEIGHT) * 2, strict=True))


def test_hundreds_of_names_are_left_to_the_excel_list():
    names = "、".join(f"第{n}村卫生室" for n in range(1, 301))
    paper = ItemPaper(binder("24", missing=(f"照片：缺 300 家机构：{names}。",)), Paper("卷"))
    paper.body()
    pages = PdfReader(BytesIO(paper.paper.save())).pages
    words = "".join("".join(page.extract_text() for page in pages).split())
    assert len(pages) <= 2
    assert "缺300家机构：第1村卫生室、" in words
    assert "等，全部名单见电子档案《档案目录》中的缺件清单。" in words


def test_what_does_not_count_stands_apart_from_what_is_missing():
    content = binder("24", missing=(), not_counted=("甲：另有 1 份不计入。",), unbound=("乙：已由创建办认可。",))
    paper = ItemPaper(content, Paper("卷"))
    paper.body()
    words = "".join(PdfReader(BytesIO(paper.paper.save())).pages[0].extract_text().split())
    assert "缺件清单无缺件。不计入的材料1.甲：另有1份不计入。已认可、没有材料的要求1.乙" in words


def test_the_last_line_of_a_paragraph_never_stands_alone_on_a_page():
    for above in range(1, 4):
        content = binder("24", requirement="要\n" * above, criteria=(), missing=("缺" * 40,) * 20)
        paper = ItemPaper(content, Paper("卷"))
        paper.body()
        # each sentence is two lines, the first of which begins with its number
        pages = [page.extract_text() for page in PdfReader(BytesIO(paper.paper.save())).pages]
        assert len(pages) > 2
        assert not any(page.strip().startswith("缺") for page in pages)


def test_who_was_counted_is_said_once(tmp_path):
    row = CriterionRow(
        "24.1", "机构占比", "必达", "1", "1", "达标", "已报 1/1", "1 家机构已接受的填报", ("东镇卫生院。",)
    )
    other = replace(row, code="24.3", counted=("西镇卫生院。",))
    paper = ItemPaper(binder("24", criteria=(row, replace(row, code="24.2"), other)), Paper("卷"))
    paper.body()
    words = PdfReader(BytesIO(paper.paper.save())).pages[0].extract_text()
    assert (words.count("东镇卫生院。"), words.count("机构同上。"), words.count("西镇卫生院。")) == (1, 1, 1)


def test_a_criterion_and_its_sources_stay_together():
    row = CriterionRow("24.1", "机构占比", "必达", "1", "1", "达标", "已报 1/1", "来源", ("东镇卫生院、" * 20,))
    rows = tuple(replace(row, code=f"24.{n}", counted=(f"{n}{row.counted[0]}",)) for n in range(10, 40))
    paper = ItemPaper(binder("24", criteria=rows), Paper("卷"))
    paper.body()
    for page in PdfReader(BytesIO(paper.paper.save())).pages:
        words = page.extract_text()
        assert words.count("24.") == words.count("数据来源：来源")


def test_pieces_stand_under_their_requirement(tmp_path):
    pieces = [piece("24-01", None, requirement="甲"), piece("24-02", None, requirement="乙")]
    paper = ItemPaper(binder("24", *pieces), Paper("卷"))
    front = paper.front([Entry(each, n, 1) for n, each in enumerate(pieces, start=2)], 3)
    words = PdfReader(BytesIO(paper.paper.save())).pages[front.contents].extract_text()
    assert words.index("佐证要求：甲") < words.index("24-01") < words.index("佐证要求：乙") < words.index("24-02")


@pytest.mark.parametrize("title", ["短", "很长的题名" * 12, "带（括号）、“引号”和 2024 年 ABC 的题名", "长" * 300])
def test_every_title_fits_the_narrowest_label(title):
    size, found = columns(title, 24 * 72 / 25.4, 112 * 72 / 25.4, largest=22)
    assert len(found) * size * 1.35 <= 24 * 72 / 25.4
    assert all(len(column) * size * 1.12 <= 112 * 72 / 25.4 for column in found)
    assert "".join("".join(found).split()) == "".join(title.split()) or found[-1].endswith("……")


def test_hostile_words_are_only_words(tmp_path):
    odd = "(\\)</b>&lt; %q Q\x00\n=1+1 \u202e😀"
    content = replace(
        binder("24", piece("24-01", None, title=odd, issuer=odd, file_name=odd)),
        county=odd,
        item_title=odd,
        requirement=odd,
        lead=(odd,),
        missing=(odd,),
    )
    write([content], tmp_path / "x.pdf")
    reader = PdfReader(BytesIO((tmp_path / "x.pdf").read_bytes()))
    assert all(page.extract_text() for page in reader.pages)
    assert "</b>&lt;" in reader.pages[3].extract_text()
