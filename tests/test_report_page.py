"""The page of reports: drafts for who reads, kept ones by the county office, files that are fetched once made."""

import os
import time
from io import BytesIO
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from assessments import exports
from assessments.models import Assessment
from assessments.report_services import ReportUnavailable, prepare_report
from assessments.reports.pdf import chapters_of
from assessments.reports.self_assessment import self_assessment
from assessments.services import save_assessment
from institutions.models import County, Report
from tcm_demo.audit.models import Event
from tests.world import PERIOD, make_world

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    cache.clear()
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def leadership(client, world):
    client.force_login(world.users["leadership"])
    return client


def url(name: str = "report", **kwargs) -> str:
    return reverse(f"assessments:{name}", kwargs={"county": "A", "standard": "small", "period": PERIOD} | kwargs)


def token_of(response) -> str:
    """Of the export that a page shows."""
    return response.context["export"].token


def ready(world, content: bytes = b"%PDF") -> exports.Export:
    """An export whose file is there."""
    export = exports.ask_for(world.county, world.standard, PERIOD)
    export.path.write_bytes(content)
    return export


# ---- the page ----


def test_the_page_says_what_the_report_holds_and_of_when_the_data_are(leadership, world):
    Report.objects.update(accepted_at="2024-01-15T01:30:00Z")
    html = leadership.get(url()).content.decode()
    assert "已报 <b>6/7</b>" in html
    assert "2024年1月15日 09:30" in html
    chapters = chapters_of(self_assessment(prepare_report(world.county, world.standard, PERIOD, final=False)))
    for chapter in (*chapters.main, *chapters.annexes):
        assert chapter.title.split("（")[0] in html


def test_who_may_not_write_is_offered_the_draft_alone(leadership):
    html = leadership.get(url()).content.decode()
    assert "导出草稿" in html
    assert "存档并导出正式稿" not in html
    assert leadership.post(url("report-final")).status_code == 403
    assert not Assessment.objects.exists()


def test_kept_ones_are_listed_with_when_by_whom_and_what_came_out(office, world):
    save_assessment(world.county, world.standard, PERIOD, by=world.users["office"])
    save_assessment(world.county, world.standard, PERIOD)
    rows = office.get(url()).context["page"].object_list
    assert [str(row.computed_by) for row in rows] == ["None", "office"]
    assert rows[0].summary == world.county.standings.get().result["summary"]
    html = office.get(url()).content.decode()
    for words in ("系统（命令行）", "重新导出", rows[0].digest[:16], "6/7"):
        assert words in html


def test_nothing_kept_says_what_to_do(office):
    assert "用“存档并导出正式稿”留存一份" in office.get(url()).content.decode()


def test_the_number_of_queries_does_not_grow_with_what_is_kept(office, world):
    counts = []
    for _ in range(2):
        save_assessment(world.county, world.standard, PERIOD)
        with CaptureQueriesContext(connection) as queries:
            office.get(url())
        counts.append(len(queries))
    assert counts == [12, 12]


# ---- making a file ----


def test_a_countys_name_with_a_slash_stays_whole_in_the_files_name(leadership, world):
    County.objects.filter(code="A").update(name="甲/乙县")
    token = token_of(leadership.post(url("report-draft"), **HTMX))
    leadership.post(url("report-make", token=token), **HTMX)
    assert quote("甲_乙县_") in leadership.get(url("report-file", token=token))["Content-Disposition"]


def test_a_draft_is_made_with_progress_and_then_fetched(leadership, world):
    begun = leadership.post(url("report-draft"), **HTMX)
    token = token_of(begun)
    assert f'hx-post="{url("report-make", token=token)}"' in begun.content.decode()
    assert "正在生成报告：准备" in leadership.get(url("report-progress", token=token), **HTMX).content.decode()

    made = leadership.post(url("report-make", token=token), **HTMX).content.decode()
    assert f'href="{url("report-file", token=token)}"' in made
    assert url("report-progress", token=token) not in made

    file = leadership.get(url("report-file", token=token))
    assert "filename*=utf-8''" in file["Content-Disposition"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(file.getvalue())).pages)
    assert "甲县" in text
    assert "草稿" in text
    assert not Assessment.objects.exists()
    event = Event.objects.get(action="export_report")
    assert (event.actor, event.place, event.after["file"]) == (
        world.users["leadership"],
        "A",
        "甲县_自评报告_2023_草稿.pdf",
    )


def test_the_final_one_is_kept_first_and_drawn_from_that(office, world):
    begun = office.post(url("report-final"), **HTMX)
    kept = Assessment.objects.get()
    assert (kept.computed_by, kept.county) == (world.users["office"], world.county)
    assert f"第 {kept.pk} 号" in begun.content.decode()
    Report.objects.filter(institution__code="A-01").update(accepted={"has_hall": False})  # later, and not in it

    office.post(url("report-make", token=token_of(begun)), **HTMX)
    content = office.get(url("report-file", token=token_of(begun))).getvalue()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert f"第 {kept.pk} 号存档" in text
    assert kept.digest[:16] in text
    assert "草稿" not in text


def test_a_kept_one_can_be_exported_again_by_who_reads(leadership, world):
    kept = save_assessment(world.county, world.standard, PERIOD, by=world.users["office"])
    begun = leadership.post(url("report-again", assessment=kept.pk), **HTMX)
    assert begun.context["export"].assessment == kept.pk
    assert begun.context["export"].name == f"甲县_自评报告_2023_存档{kept.pk}.pdf"


def test_only_what_the_county_kept_can_be_exported_again(office, world):
    other = save_assessment(world.other_county, world.standard, PERIOD)
    assert office.post(url("report-again", assessment=other.pk)).status_code == 404


def test_one_of_another_period_is_drawn_for_its_own(office, world):
    earlier = save_assessment(world.county, world.standard, "2022")
    export = office.post(url("report-again", assessment=earlier.pk), **HTMX).context["export"]
    assert (export.period, export.name) == ("2022", f"甲县_自评报告_2022_存档{earlier.pk}.pdf")


def test_the_final_one_can_be_named_as_it_is_kept(office, world):
    begun = office.post(url("report-final"), {"name": " 一次自评 ", "note": "报市卫健委"}, **HTMX)
    kept = Assessment.objects.get()
    assert (kept.name, kept.note) == ("一次自评", "报市卫健委")
    assert f"第 {kept.pk} 号 一次自评" in begun.content.decode()
    refused = office.post(url("report-final"), {"name": "长" * 41}, **HTMX).content.decode()
    assert "名称最多 40 字，现为 41 字" in refused
    assert Assessment.objects.count() == 1


def test_a_report_of_one_that_was_deleted_meanwhile_is_refused_with_a_sentence(office, world):
    kept = save_assessment(world.county, world.standard, PERIOD)
    token = token_of(office.post(url("report-again", assessment=kept.pk), **HTMX))
    kept.delete()
    assert "这份存档已经被删除" in office.post(url("report-make", token=token), **HTMX).content.decode()


def test_without_scripts_the_page_comes_back_with_a_button_and_then_with_the_file(leadership, world):
    page = leadership.post(url("report-draft"), follow=True)
    assert "开始生成" in page.content.decode()
    token = token_of(page)
    exports.find(token, world.county).path.write_bytes(b"%PDF")
    done = leadership.post(url("report-make", token=token), follow=True)
    assert "下载 PDF" in done.content.decode()


def test_progress_counts_pages(leadership, world, monkeypatch):
    seen = []
    real = exports._tell
    monkeypatch.setattr(exports, "_tell", lambda export, state: (seen.append(state), real(export, state)))
    export = exports.ask_for(world.county, world.standard, PERIOD)
    assert exports.make(export, by=None).step == "ready"
    pages = [state.done for state in seen if state.what == "排版"]
    assert pages == sorted(pages)
    assert len(pages) > 3


# ---- what goes wrong is said ----


def test_a_period_without_figures_is_refused_with_a_sentence(office, world):
    Report.objects.all().delete()
    sentence = "还没有一家机构的数据，不能出自评报告"
    assert sentence in office.post(url("report-final"), **HTMX).content.decode()
    assert sentence in office.post(url("report-final"), follow=True).content.decode()
    begun = office.post(url("report-draft"), **HTMX)
    assert sentence in office.post(url("report-make", token=token_of(begun)), **HTMX).content.decode()
    assert not Assessment.objects.exists()


def test_a_machine_without_pango_says_so(office, monkeypatch):
    def without_pango():
        raise ReportUnavailable("本机缺少 Pango，不能生成 PDF。")

    monkeypatch.setattr("tcm_demo.lib.pdf.require", without_pango)
    assert "本机缺少 Pango" in office.post(url("report-final"), **HTMX).content.decode()
    assert not Assessment.objects.exists()


def test_what_nobody_makes_any_more_is_said_to_have_failed(office, world, monkeypatch):
    export = exports.ask_for(world.county, world.standard, PERIOD)
    assert exports.state_of(export).step == "running"
    later = time.time() + 3600
    monkeypatch.setattr(exports.time, "time", lambda: later)
    html = office.get(url("report-progress", token=export.token), **HTMX).content.decode()
    assert "请重新导出" in html
    assert "every" not in html


def test_a_fault_in_making_is_said_and_not_swallowed(office, world, monkeypatch):
    def broken(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr(exports, "report_pdf", broken)
    export = exports.ask_for(world.county, world.standard, PERIOD)
    with pytest.raises(RuntimeError):
        office.post(url("report-make", token=export.token), **HTMX)
    assert "报告没有生成" in office.get(url("report-progress", token=export.token), **HTMX).content.decode()
    assert not Event.objects.filter(action="export_report").exists()


# ---- files ----


def test_a_file_is_made_once(office, world):
    export = ready(world, b"as it was")
    office.post(url("report-make", token=export.token), **HTMX)
    assert export.path.read_bytes() == b"as it was"


def test_files_belong_to_their_county(client, world):
    export = ready(world)
    client.force_login(world.users["other_office"])
    kwargs = {"county": "B", "standard": "small", "period": PERIOD, "token": export.token}
    for name in ("report-file", "report-progress"):
        assert client.get(reverse(f"assessments:{name}", kwargs=kwargs)).status_code == 404
    assert client.post(reverse("assessments:report-make", kwargs=kwargs)).status_code == 404


@pytest.mark.parametrize("token", ["0" * 32, "..", "%2e%2e%2fdb", "x" * 32])
def test_unknown_tokens_find_nothing(office, token):
    assert office.get(url("report-file", token=token)).status_code == 404


def test_a_file_that_is_not_there_yet_is_not_found(office, world):
    export = exports.ask_for(world.county, world.standard, PERIOD)
    assert office.get(url("report-file", token=export.token)).status_code == 404


def test_old_files_go_when_new_ones_come(world, monkeypatch):
    made = [ready(world) for _ in range(4)]
    for age, export in enumerate(reversed(made)):
        moment = time.time() - 60 * (age + 1)
        os.utime(export.path.with_suffix(".json"), (moment, moment))
    expired = ready(world)
    monkeypatch.setattr(exports, "MOST_FILES", 3)
    long_ago = time.time() - exports.SECONDS_KEPT - 60
    os.utime(expired.path.with_suffix(".json"), (long_ago, long_ago))
    exports.ask_for(world.county, world.standard, PERIOD)
    assert [export.path.exists() for export in made] == [False, False, True, True]
    assert exports.find(expired.token, world.county) is None
