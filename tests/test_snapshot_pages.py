"""The pages of snapshots: the list, one of them, and two side by side."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, Standing
from assessments.services import save_assessment
from assessments.snapshots.services import lock_snapshot
from assessments.views import snapshot_compare
from institutions.models import Report
from tcm_demo.audit.models import Event
from tests.evidence_world import accepted
from tests.world import PERIOD, add_institution, make_world


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


def url(name: str = "snapshots", **kwargs) -> str:
    return reverse(f"assessments:{name}", kwargs={"county": "A", "standard": "small", "period": PERIOD} | kwargs)


def kept(world, name: str = "", period: str = PERIOD) -> Assessment:
    return save_assessment(world.county, world.standard, period, name=name, by=world.users["office"])


def html(response) -> str:
    return response.content.decode()


def pair(old, new) -> dict:
    return {"a": old if isinstance(old, str) else old.pk, "b": new if isinstance(new, str) else new.pk}


# ---- the list ----


def test_nothing_kept_yet_says_what_it_is_good_for(office):
    assert "自评、预评估、迎检之前各存一份" in html(office.get(url()))


def test_the_office_keeps_one_under_a_name_that_is_offered_or_its_own(office, world):
    page = html(office.get(url()))
    for name in ("一次自评", "预评估", "迎检"):
        assert f'<option value="{name}">' in page
    response = office.post(url("snapshot-take"), {"name": "三月自查", "note": "会前"}, follow=True)
    made = Assessment.objects.get()
    assert (made.name, made.note, made.computed_by) == ("三月自查", "会前", world.users["office"])
    assert response.redirect_chain == [(url("snapshot", assessment=made.pk), 302)]


def test_what_was_typed_stays_where_it_is_refused(office):
    Report.objects.all().delete()
    page = html(office.post(url("snapshot-take"), {"name": "一次自评"}))
    assert "还没有一家机构的数据，不能存档" in page
    assert 'value="一次自评"' in page
    assert not Assessment.objects.exists()


def test_who_only_reads_is_offered_no_writing(leadership, world):
    snapshot = kept(world, "一次自评")
    for page in (html(leadership.get(url())), html(leadership.get(url("snapshot", assessment=snapshot.pk)))):
        assert "一次自评" in page
        for words in ("现在存档", "锁定这份存档", "删除这份存档"):
            assert words not in page


def test_the_list_says_name_period_when_whom_result_and_lock(office, world):
    first = lock_snapshot(kept(world, "一次自评"), by=world.users["office"])
    second = kept(world, period="2022")
    response = office.get(url())
    for words in ("2023年度", "2022年度", "未锁定", "导出 PDF"):
        assert words in html(response)
    titles = [f"第 {second.pk} 号", f"第 {first.pk} 号 一次自评"]
    assert [row.title for row in response.context["page"]] == titles
    assert f'href="{url("snapshot", assessment=second.pk, period="2022")}"' in html(response)


def test_the_list_takes_as_many_queries_for_one_as_for_three(office, world):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            kept(world, "一次自评")
        with CaptureQueriesContext(connection) as queries:
            office.get(url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---- one of them ----


def test_a_snapshot_shows_what_it_came_to_and_that_it_is_still_so(office, world):
    snapshot = kept(world, "一次自评")
    Report.objects.update(accepted={})
    page = html(office.get(url("snapshot", assessment=snapshot.pk)))
    for words in ("按留存的数据重算", "一致", snapshot.digest, "测试标准，第 1 版", "中医馆与适宜技术"):
        assert words in page
    assert "不一致" not in page


def test_a_snapshot_that_was_tampered_with_says_so(office, world):
    snapshot = kept(world)
    snapshot.result["summary"]["met"] = 3
    snapshot.save()
    assert "与当时的摘要不符" in html(office.get(url("snapshot", assessment=snapshot.pk)))


def test_renaming_locking_and_then_nothing_more(office, world):
    snapshot = kept(world, "一次自评")
    here = {"assessment": snapshot.pk}
    assert "也不能解锁" in html(office.get(url("snapshot", **here)))
    office.post(url("snapshot-name", **here), {"name": "迎检", "note": "评审组到达前"})
    page = html(office.post(url("snapshot-lock", **here), follow=True))
    assert f"第 {snapshot.pk} 号 迎检已锁定" in page
    assert "<dt>锁定</dt>" in page
    assert "锁定这份存档" not in page
    for name, data in (("snapshot-name", {"name": "别的"}), ("snapshot-delete", {"reason": "不要了"})):
        assert "存档已由office于" in html(office.post(url(name, **here), data, follow=True))
    snapshot.refresh_from_db()
    assert (snapshot.name, snapshot.note) == ("迎检", "评审组到达前")


def test_deleting_needs_a_reason_and_leads_back_to_the_list(office, world):
    snapshot = kept(world, "一次自评")
    here = {"assessment": snapshot.pk}
    assert "请写明删除理由" in html(office.post(url("snapshot-delete", **here), {"reason": ""}))
    response = office.post(url("snapshot-delete", **here), {"reason": "数据录错"}, follow=True)
    assert response.redirect_chain == [(url(), 302)]
    assert f"第 {snapshot.pk} 号 一次自评已删除" in html(response)
    assert not Assessment.objects.exists()
    assert office.get(url("snapshot", **here)).status_code == 404


def test_snapshots_are_there_where_the_period_has_no_figures(office, world):
    snapshot = kept(world, "一次自评")
    Standing.objects.all().delete()
    for response in (
        office.get(url()),
        office.get(url("snapshot", assessment=snapshot.pk)),
        office.get(url("snapshot-compare"), pair(snapshot, snapshot)),
    ):
        assert response.status_code == 200
        assert "导出 PDF" not in html(response)
    assert office.get(url("snapshot-compare"), pair(snapshot, "now")).status_code == 404


# ---- two side by side ----


def test_two_that_are_ticked_are_compared_the_earlier_one_first(office, world):
    first, second = kept(world), kept(world)
    response = office.get(url("snapshot-compare"), {"pick": [second.pk, first.pk]})
    assert response.url == f"{url('snapshot-compare')}?a={first.pk}&b={second.pk}"


@pytest.mark.parametrize("ticked", [[], [0], [0, 1, 2], ["x", "y"], [0, "0"]])
def test_with_any_other_number_ticked_one_is_told_what_to_do(office, world, ticked):
    """Numbers stand for the snapshots that there are."""
    snapshots = [kept(world).pk for _ in range(3)]
    ticked = [snapshots[each] if isinstance(each, int) else each for each in ticked]
    response = office.get(url("snapshot-compare"), {"pick": ticked}, follow=True)
    words = "请在列表里勾选两份存档" if ticked else "请选择要比较的两份"
    assert words in html(response)


def test_a_comparison_shows_what_made_the_difference(leadership, world, tmp_path):
    before = kept(world, "一次自评")
    Report.objects.filter(institution__code="A-02").update(
        accepted={"has_hall": False, "visits": 200, "tcm_visits": 90}
    )
    taken = accepted(world, tmp_path)
    page = html(leadership.get(url("snapshot-compare"), pair(before, kept(world, "预评估"))))
    for words in (
        "有变化 2 条，其中状态变化 1 条",
        "西镇卫生院",
        "+70",
        "43.33%",
        "资金文件.pdf",
        f'title="SHA-256 {taken.version.sha256[:12]}…">资金文件.pdf',
        "没有变化的 1 条",
    ):
        assert words in page


def test_against_now_it_is_what_the_county_comes_to_now_and_nothing_is_kept(office, world):
    before = kept(world)
    Report.objects.filter(institution__code="A-02").update(accepted={"visits": 200, "tcm_visits": 90})
    content = office.get(url("snapshot-compare"), pair(before, "now")).context["content"]
    assert (content.new.title, content.new.key) == ("现在", "now")
    assert [line.number for line in content.changed] == ["2", "3"]
    assert Assessment.objects.count() == 1


def test_only_what_changed_or_only_where_the_state_did(office, world, tmp_path):
    before = kept(world)
    Report.objects.filter(institution__code="A-02").update(
        accepted={"has_hall": False, "visits": 200, "tcm_visits": 90}
    )
    accepted(world, tmp_path)
    both = pair(before, "now")
    shown = {
        show: [
            [line.number for line in office.get(url("snapshot-compare"), both | {"show": show}).context[part]]
            for part in ("shown", "folded")
        ]
        for show in ("", "changed", "status")
    }
    assert shown == {"": [["1", "3"], ["2"]], "changed": [["1", "3"], []], "status": [["3"], []]}


def test_the_same_on_both_sides_is_said_in_a_sentence(office, world):
    snapshot = kept(world)
    assert "两边完全相同" in html(office.get(url("snapshot-compare"), pair(snapshot, "now")))


@pytest.mark.parametrize("key", ["0", "999", "x", "²", "9" * 40, "-1"])
def test_what_is_no_snapshot_is_not_found(office, world, key):
    for name in ("snapshot-compare", "snapshot-figures", "snapshot-export"):
        assert office.get(url(name), {"a": kept(world).pk, "b": key}).status_code == 404


def test_a_snapshot_of_another_county_is_not_found(office, world):
    other = save_assessment(world.other_county, world.standard, PERIOD)
    assert office.get(url("snapshot-compare"), pair(kept(world), other)).status_code == 404


def test_many_figures_are_cut_and_have_a_page_of_their_own(office, world, monkeypatch):
    monkeypatch.setattr(snapshot_compare, "FIGURES_PER_PAGE", 10)
    before = kept(world)
    for number in range(15):
        add_institution(world.county, f"N-{number:02d}", "village_clinic", {"techniques": 9}, f"新{number:02d}卫生室")
    after = kept(world)
    page = html(office.get(url("snapshot-compare"), pair(before, after)))
    assert page.count("新计入的机构") == snapshot_compare.FIGURES_IN_PLACE
    assert "2.2 的全部 15 处数据变化" in page
    figures = html(office.get(url("snapshot-figures"), pair(before, after) | {"code": "2.2"}))
    assert figures.count("新计入的机构") == 10
    assert "第 1—10 处" in figures
    assert office.get(url("snapshot-figures"), pair(before, after) | {"code": "1.1"}).status_code == 404
    others = office.get(url("snapshot-figures"), pair(before, after) | {"code": "others"})
    assert "未影响指标结果的数据变化" in html(others)


def test_a_comparison_takes_as_many_queries_whatever_differs(office, world, tmp_path):
    before = kept(world)
    counts = []
    for number in range(2):
        add_institution(world.county, f"N-{number}", "village_clinic", {"techniques": 9})
        after = kept(world)
        with CaptureQueriesContext(connection) as queries:
            office.get(url("snapshot-compare"), pair(before, after))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25


def test_the_workbook_is_handed_out_and_on_the_trail(leadership, world):
    before = kept(world)
    response = leadership.get(url("snapshot-export"), pair(before, "now"))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.getvalue().startswith(b"PK")
    event = Event.objects.get(action="export_comparison")
    assert (event.actor, event.place) == (world.users["leadership"], "A")
    assert event.after == {
        "filters": {"a": str(before.pk), "b": "now"},
        "rows": 3,
        "file": f"甲县存档比较_第{before.pk}号_现在.xlsx",
    }


def test_the_page_of_reports_names_them_and_leads_here(office, world):
    snapshot = lock_snapshot(kept(world, "一次自评"), by=world.users["office"])
    page = html(office.get(url("report")))
    assert f"第 {snapshot.pk} 号 一次自评" in page
    assert "已锁定" in page
    assert f'href="{url()}"' in page
    assert f'href="{url("snapshot", assessment=snapshot.pk)}"' in page
