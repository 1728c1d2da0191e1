"""Papers look right on a machine without Chinese fonts; a county's own fonts are used where they are there."""

import os
import subprocess
import sys

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from tcm_demo.lib import fonts, pdf
from tests.pdf_glyphs import NO_FONTS, drawn_glyphs

# names of people and places, beyond GB 2312 and beyond the basic plane; what figures and papers need
RARE = "㛃䶮𠅤堃喆祎犇彧龑翀赟"
SIGNS = "≥≤①⑳√×÷−℃㎡〔〕—～…·△／“”（）％‰"


@pytest.fixture
def no_fonts_installed(monkeypatch, tmp_path):
    """As on a server that nobody installed a font on."""
    (tmp_path / "none.conf").write_text(NO_FONTS)
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "none.conf"))


@pytest.fixture
def own_fonts(settings, tmp_path):
    settings.REPORT_FONTS = tmp_path / "fonts"
    settings.REPORT_FONTS.mkdir()
    return settings.REPORT_FONTS


def make_font(path, characters: str, licence: int = 0) -> None:
    """A font file with these characters alone."""
    with TTFont(fonts.faces([])[0].path) as font:
        subsetter = Subsetter(Options(notdef_outline=True))
        subsetter.populate(text=characters)
        subsetter.subset(font)
        font["OS/2"].fsType = licence
        font.save(path)


def paper(text: str) -> bytes:
    """One line of `text` in every typeface of a paper."""
    choices = fonts.choose()
    families = [f"--font-{choice.role.key}" for choice in choices] + ["--font-table"]
    lines = "".join(f'<p style="font-family: var({family})">{text}</p>' for family in families)
    return pdf.render(f"<style>{fonts.style_sheet(choices)}</style>{lines}")


def chosen(key: str) -> fonts.Choice:
    return next(choice for choice in fonts.choose() if choice.role.key == key)


def test_every_character_is_drawn_without_any_font_installed(no_fonts_installed):
    text = RARE + SIGNS
    glyphs = drawn_glyphs(paper(text))
    assert len(glyphs) == len(text) * 6
    assert [glyph for glyph in glyphs if not glyph.has_outline] == []
    assert {glyph.font for glyph in glyphs} >= {"Paper-Serif", "Paper-Serif-Strong", "Paper-Sans-Strong", "Paper-Sans"}


def test_the_check_sees_what_no_font_has(no_fonts_installed):
    """Cuneiform."""
    assert [glyph.has_outline for glyph in drawn_glyphs(paper("县𒀀"))][:2] == [True, False]


def test_the_free_fonts_have_all_of_gb2312():
    rows = [bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    characters = {code.decode("gb2312", errors="ignore") for code in rows} - {""}
    assert len(characters) == 6763
    for face in fonts.faces([]):
        with TTFont(face.path, lazy=True) as font:
            assert {ord(c) for c in characters} - set(font.getBestCmap()) == set(), face.path.name


def test_a_countys_own_font_is_used_and_what_it_lacks_comes_from_elsewhere(own_fonts, no_fonts_installed):
    make_font(own_fonts / "仿宋_GB2312.ttf", "一个县")
    assert chosen("body").own == own_fonts / "仿宋_GB2312.ttf"
    assert chosen("title").own is None
    glyphs = drawn_glyphs(paper("一个县䶮"))
    assert all(glyph.has_outline for glyph in glyphs)
    assert [glyph.font for glyph in glyphs].count("Paper-Own-body") == 3


@pytest.mark.parametrize("name", ["xbs.ttf", "方正小标宋简体.TTF", "XiaoBiaoSong-GBK.otf"])
def test_own_fonts_are_known_by_their_names(own_fonts, name):
    make_font(own_fonts / name, "县")
    assert chosen("title").file_name == name


def test_a_font_that_cannot_be_used_is_told_and_replaced(own_fonts):
    (own_fonts / "仿宋.ttf").write_bytes(b"MZ this is a program")
    make_font(own_fonts / "heiti.ttf", "abc")
    make_font(own_fonts / "kaiti.ttf", "县", licence=2)
    faults = {choice.role.key: choice.fault for choice in fonts.choose() if choice.fault}
    assert faults == {
        "body": "仿宋.ttf 不是可用的 TrueType/OpenType 字体",
        "heading": "heiti.ttf 里没有中文字形",
        "subheading": "kaiti.ttf 的授权不允许嵌入文件",
    }
    assert chosen("body").own is None


def test_without_the_free_fonts_the_line_to_type_is_named(settings, tmp_path):
    settings.NODE_MODULES = tmp_path
    with pytest.raises(fonts.FontsMissing, match=r"NotoSansSC_400Regular.ttf.*make setup"):
        fonts.style_sheet(fonts.choose())


def test_nothing_is_fetched_from_another_host(caplog):
    pdf.render('<img src="http://127.0.0.1:9/x.png"><p>a</p>')
    assert "protocol" in caplog.text


def test_without_pango_the_program_goes_on_and_says_what_to_type(tmp_path, settings):
    """WeasyPrint fails so where the system's library is missing."""
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    script = (
        "import django; django.setup()\n"
        "import tcm_demo.urls, assessments.report_services\n"
        "from tcm_demo.lib import pdf\n"
        "try: pdf.require()\n"
        "except pdf.ReportUnavailable as error: print(error)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(settings.BASE_DIR)])
    environment = {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert "缺少 Pango" in done.stdout
    assert "sudo apt-get install" in done.stdout or "apt-get install -y libpango-1.0-0" in done.stdout
