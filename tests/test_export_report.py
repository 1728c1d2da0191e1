"""`manage.py export_report`: the file, and its refusals."""

import io

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from assessments.models import Assessment
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


def test_without_fonts_nothing_is_kept(world, tmp_path, settings):
    settings.NODE_MODULES = tmp_path
    with pytest.raises(CommandError, match="make setup"):
        export(tmp_path / "报告.pdf", final=True)
    assert not Assessment.objects.exists()


def test_a_refusal_ends_with_1(world, tmp_path, capsys):
    line = f"manage.py export_report --county Z --standard small --period {PERIOD} --out {tmp_path / 'x.pdf'}"
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(line.split())
    assert end.value.code == 1
    assert "没有代码为“Z”的县" in capsys.readouterr().err
