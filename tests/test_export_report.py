"""`manage.py export_report`: the file, its refusals, and the demo county as a whole."""

import io
import re

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from pypdf import PdfReader

from assessments.models import Assessment
from indicators.models import Item
from tcm_demo.audit.models import Event
from tests.world import PERIOD, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def export(path, county="A", standard="small", period=PERIOD, **options) -> str:
    said = io.StringIO()
    call_command(
        "export_report", county=county, standard=standard, period=period, out=str(path), stdout=said, **options
    )
    return said.getvalue()


def without_spaces(text: str) -> str:
    """Spaces and line breaks are the layout's."""
    return re.sub(r"\s", "", text)


def test_a_draft_is_written_and_nothing_kept(world, tmp_path):
    path = tmp_path / "草稿.pdf"
    assert "草稿，未存档" in export(path)
    assert path.read_bytes().startswith(b"%PDF-")
    assert not Assessment.objects.exists()
    assert list(tmp_path.iterdir()) == [path]
    event = Event.objects.get(action="export_report")
    assert (event.subject_name, event.after["file"]) == ("甲县", "草稿.pdf")


def test_a_final_report_is_kept_first(world, tmp_path):
    said = export(tmp_path / "报告.pdf", final=True)
    kept = Assessment.objects.get()
    assert f"正式报告，第 {kept.pk} 号存档" in said
    assert Event.objects.filter(action="save_assessment", subject_id=str(kept.pk)).exists()


def test_a_file_that_is_there_is_replaced(world, tmp_path):
    path = tmp_path / "报告.pdf"
    path.write_text("old")
    export(path)
    assert path.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ({"county": "Z"}, "没有代码为“Z”的县"),
        ({"standard": "none"}, "没有代码为“none”的建设标准"),
        ({"period": "23"}, "填报期“23”写法不对"),
        ({"period": "2019"}, "甲县2019年度还没有一家机构的数据"),
    ],
)
def test_what_there_is_not_is_named(world, tmp_path, codes, sentence):
    with pytest.raises(CommandError, match=sentence):
        export(tmp_path / "报告.pdf", final=True, **codes)
    assert list(tmp_path.iterdir()) == []
    assert not Assessment.objects.exists()


def test_a_place_that_cannot_be_written_is_named_before_anything_is_kept(world, tmp_path):
    with pytest.raises(CommandError, match=r"目录“.*没有”不存在"):
        export(tmp_path / "没有" / "报告.pdf", final=True)
    with pytest.raises(CommandError, match="是目录"):
        export(tmp_path, final=True)
    with pytest.raises(CommandError, match=r"不能写入“/proc/报告\.pdf”"):
        export("/proc/报告.pdf", final=True)
    assert not Assessment.objects.exists()


def test_a_refusal_ends_with_1(world, tmp_path, capsys):
    line = f"manage.py export_report --county Z --standard small --period {PERIOD} --out {tmp_path / 'x.pdf'}"
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(line.split())
    assert end.value.code == 1
    assert "没有代码为“Z”的县" in capsys.readouterr().err


def test_the_demo_countys_report_holds_all_items_and_institutions(settings, tmp_path):
    """The whole way, from the standard's file and the ledger to the PDF."""
    fixtures = settings.BASE_DIR / "fixtures"
    quiet = {"stdout": io.StringIO()}
    call_command("load_standard", fixtures / "standards/linzi-2023.yaml", **quiet)
    ledger = fixtures / "demo/ledger-2023.xlsx"
    call_command("import_ledger", ledger, county="DEMO", county_name="演示区", period="2023", **quiet)
    export(tmp_path / "演示区.pdf", county="DEMO", standard="linzi-2023", final=True)
    pages = [without_spaces(page.extract_text()) for page in PdfReader(tmp_path / "演示区.pdf").pages]
    text = "".join(pages)
    assert 60 <= len(pages) <= 95
    items = Item.objects.all()
    assert len(items) == 42
    assert [item for item in items if without_spaces(f"{item.number}. {item.title}") not in text] == []
    assert all("本系统自评（非官方评分）" in page for page in pages)
    assert all("已报332/332" in page for page in pages[1:])
    assert all(f"—{number}—" in page for number, page in enumerate(pages[1:], start=2))
    kept = Assessment.objects.get()
    names = {row["name"] for row in kept.inputs["institutions"]}
    assert len(names) == 332
    assert [name for name in names if without_spaces(name) not in text] == []
    # of the ledger: 12 of 13 centres have a pharmacy, one institution is missing; a third figure with its target
    for figures in ("92.31%≥100%13/13×未达标还差1家机构", "89.65%≥90%1/1×未达标", "37.12%≥35%13/13√达标"):
        assert figures in text, figures
