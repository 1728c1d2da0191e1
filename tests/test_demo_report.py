"""The demo county's report: the whole way from the standard's file and the ledger to a PDF to hand over."""

import io
import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from assessments.models import Assessment
from indicators.models import Item
from tcm_demo.lib import fonts
from tests.pdf_glyphs import NO_FONTS, drawn_glyphs

DOTS_PER_INCH = 30


@dataclass(frozen=True)
class Demo:
    content: bytes
    pages: list[str]
    items: list[str]
    institutions: list[str]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory) -> Demo:
    """Made once for this file, as on a server without a single font installed."""
    directory = tmp_path_factory.mktemp("demo")
    (directory / "none.conf").write_text(NO_FONTS)
    fixtures, quiet = settings.BASE_DIR / "fixtures", {"stdout": io.StringIO()}
    county = {"county": "DEMO", "period": "2023"}
    path = directory / "报告.pdf"
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(directory / "none.conf"))
        call_command("load_standard", fixtures / "standards/linzi-2023.yaml", **quiet)
        call_command("import_ledger", fixtures / "demo/ledger-2023.xlsx", county_name="演示区", **county, **quiet)
        call_command("export_report", standard="linzi-2023", out=str(path), final=True, **county, **quiet)
        items = [f"{item.number}. {item.title}" for item in Item.objects.all()]
        institutions = [row["name"] for row in Assessment.objects.get().inputs["institutions"]]
        transaction.set_rollback(True)
    content = path.read_bytes()
    pages = [without_spaces(page.extract_text()) for page in PdfReader(path).pages]
    return Demo(content, pages, items, institutions)


def without_spaces(text: str) -> str:
    """Spaces and line breaks are the layout's."""
    return re.sub(r"\s", "", text)


def test_it_holds_all_items_and_all_institutions(demo):
    text = "".join(demo.pages)
    assert (len(demo.items), len(demo.institutions)) == (42, 332)
    assert [item for item in demo.items if without_spaces(item) not in text] == []
    assert [name for name in demo.institutions if without_spaces(name) not in text] == []


def test_figures_stand_with_target_coverage_state_and_what_is_missing(demo):
    text = "".join(demo.pages)
    for figures in ("92.31%≥100%13/13×未达标还差1家机构", "89.65%≥90%1/1×未达标", "37.12%≥35%13/13√达标"):
        assert figures in text, figures


def test_every_page_has_its_notice_and_number_and_something_on_it(demo):
    assert 60 <= len(demo.pages) <= 95
    for number, page in enumerate(demo.pages[1:], start=2):
        assert "本系统自评（非官方评分）" in page
        assert "已报332/332" in page
        assert f"—{number}—" in page
        assert len(page) > 150, number


def test_no_character_is_an_empty_box(demo):
    glyphs = drawn_glyphs(demo.content)
    assert len(glyphs) > 50_000
    blanks = set()
    for face in fonts.faces([]):
        with TTFont(face.path, lazy=True) as font:
            blanks |= {font.getGlyphID(font.getBestCmap()[code]) for code in (0x20, 0xA0, 0x3000)}
    assert {glyph.font.split("-")[0] for glyph in glyphs} == {"Paper"}
    assert {glyph for glyph in glyphs if not glyph.has_outline and glyph.number not in blanks} == set()


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils")
def test_nothing_runs_over_the_margins(demo, tmp_path):
    """By the picture: the sides of upright pages and the right and lower edge of landscape ones stay white."""
    (tmp_path / "report.pdf").write_bytes(demo.content)
    line = ["pdftoppm", "-gray", "-r", str(DOTS_PER_INCH), "report.pdf", "page"]
    subprocess.run(line, cwd=tmp_path, check=True)
    pictures = sorted(tmp_path.glob("page-*.pgm"))
    assert len(pictures) == len(demo.pages)
    for path in pictures:
        with Image.open(path) as picture:
            width, height = picture.size
            if width > height:
                margins = [(width - dots(35), 0, width, height), (0, height - dots(24), width, height)]
            else:
                margins = [(0, 0, dots(24), height), (width - dots(24), 0, width, height)]
            assert [picture.crop(box).getextrema() for box in margins] == [(255, 255)] * 2, path.name


def dots(millimetres: int) -> int:
    return millimetres * DOTS_PER_INCH // 25
