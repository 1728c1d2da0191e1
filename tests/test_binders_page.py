"""迎检资料: what each binder holds and lacks, asking for them, and who may."""

import pytest
from django.urls import reverse

from assessments.models import BinderNumber
from indicators.models import EvidenceRequirement
from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.models import Job
from tcm_demo.jobs.running import run
from tests.evidence_files import pdf_bytes
from tests.evidence_world import accepted, hand_in
from tests.jobs import REAL_QUEUE, beat
from tests.world import PERIOD, World, make_world

HERE = {"county": "A", "standard": "small", "period": PERIOD}
URL = reverse("assessments:binders", kwargs=HERE)


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.VAR_DIR, settings.TASKS = tmp_path, REAL_QUEUE
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def ask(client, item: str = "1", shape: str = "pdf") -> Job | None:
    """What was asked for just now."""
    before = set(Job.objects.values_list("pk", flat=True))
    response = client.post(URL, {"item": item, "shape": shape, "missing": "on"})
    assert response.status_code == 302
    return Job.objects.exclude(pk__in=before).first()


def text_of(client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def line_of(client, number: str):
    lines = [line for section in client.get(URL).context["sections"] for line in section.lines]
    return next(line for line in lines if line.item.number == number)


def test_the_table_says_what_is_there_and_what_is_missing_with_its_number(office, world, tmp_path):
    accepted(world, tmp_path, "1-1")
    hand_in(world, tmp_path, "1-2")
    line = line_of(office, "1")
    assert (line.pieces, line.there, line.due) == (1, 1, 2)
    assert "必备佐证已齐 1/" in text_of(office)
    assert [(point.what, point.lacks) for point in line.lacks] == [("拨付凭证", ("1 份待审核",))]
    assert "拨付凭证" in text_of(office)
    assert (line_of(office, "2").due, line_of(office, "2").lacks) == (0, [])


@pytest.mark.parametrize(
    ("item", "numbers", "title"),
    [
        ("1", ["1"], "第 1 条 财政投入（PDF）"),
        ("section-2", ["2", "3"], "服务能力 2 条（PDF）"),
        ("all", ["1", "2", "3"], "全部 3 条（PDF）"),
    ],
)
def test_one_item_a_section_or_all_are_asked_for(office, item, numbers, title):
    job = ask(office, item)
    assert (job.arguments["items"], job.title, job.place) == (numbers, title, "A")
    shown = text_of(office)
    assert title in shown
    assert "后台程序没有运行，请联系管理员。" in shown


def test_what_stands_for_institutions_is_one_requirement(office, world, tmp_path):
    """项 are requirements, as everywhere: not the papers of each institution."""
    EvidenceRequirement.everyone.filter(code="3-1").update(institution_types=["township_centre"])
    accepted(world, tmp_path, "3-1", institution="A-01", by="office")
    line = line_of(office, "3")
    assert (line.there, line.due) == (0, 1)


@pytest.mark.parametrize(
    ("data", "told", "title"), [({"missing": "on"}, True, "PDF"), ({}, False, "PDF，不含缺件清单")]
)
def test_binders_can_be_asked_for_without_what_is_missing(office, data, told, title):
    office.post(URL, {"item": "1", "shape": "pdf"} | data)
    job = Job.objects.get()
    assert (job.arguments["tells_missing"], job.title) == (told, f"第 1 条 财政投入（{title}）")
    run(job.token, "w-1")
    job.refresh_from_db()
    assert job.file_name == "甲县迎检资料 第 1 条 财政投入（2023年度）.pdf"


@pytest.mark.parametrize(("role", "given"), [("expert", 0), ("liaison", 0), ("office", 1)])
def test_who_makes_it_decides_whether_numbers_are_given(client, world, tmp_path, role, given):
    accepted(world, tmp_path, "1-1")
    client.force_login(world.users[role])
    run(ask(client, "1", "zip").token, "w-1")
    assert BinderNumber.objects.count() == given
    assert "档案号由创建办编印时给定" in text_of(client)


@pytest.mark.parametrize("data", [{}, {"item": "43", "shape": "pdf"}, {"item": "1", "shape": "doc"}])
def test_what_is_not_offered_is_refused_with_a_sentence(office, data):
    response = office.post(URL, data, follow=True)
    assert "请" in str(next(iter(response.context["messages"])))
    assert not Job.objects.exists()


@pytest.mark.parametrize(("shape", "begins"), [("pdf", b"%PDF"), ("zip", b"PK")])
def test_the_worker_writes_it_and_it_can_be_taken(office, world, tmp_path, shape, begins):
    accepted(world, tmp_path, "1-1")
    job = ask(office, "1", shape)
    run(job.token, "w-1")
    job.refresh_from_db()
    assert (job.state, job.fault, job.file_name) == (
        JobState.DONE,
        "",
        f"甲县迎检资料 第 1 条 财政投入（2023年度）.{shape}",
    )
    response = office.get(reverse("jobs:file", kwargs={"token": job.token}))
    assert b"".join(response.streaming_content).startswith(begins)
    assert BinderNumber.objects.filter(item__number="1").count() == 1


def test_a_liaison_sees_and_makes_those_of_the_department_alone(office, client, world):
    """财政局 leads item 1 and cooperates in 2."""
    all_of_them, one, strange = ask(office, "all"), ask(office, "1"), ask(office, "3")
    client.force_login(world.users["liaison"])
    context = client.get(URL).context
    assert [line.item.number for section in context["sections"] for line in section.lines] == ["1", "2"]
    assert [shown.job for shown in context["jobs"]] == [one]
    assert ask(client, "3") is None
    assert ask(client, "section-2").arguments["items"] == ["2"]
    assert ask(client, "all").title == "本部门的 2 条（PDF）"
    status = {
        job: client.get(reverse("jobs:job", kwargs={"token": job.token})).status_code
        for job in (all_of_them, one, strange)
    }
    assert status == {all_of_them: 404, one: 200, strange: 404}


@pytest.mark.parametrize("role", ["leadership", "expert", "reviewer", "prefecture"])
def test_who_reads_the_county_takes_what_is_made_and_makes_their_own(client, world, role):
    client.force_login(world.users["office"])
    made = ask(client, "1")
    client.force_login(world.users[role])
    assert client.get(reverse("jobs:job", kwargs={"token": made.token})).status_code == 200
    assert client.post(reverse("jobs:cancel", kwargs={"token": made.token})).status_code == 403
    own = ask(client, "2")
    assert client.post(reverse("jobs:cancel", kwargs={"token": own.token})).url == URL
    own.refresh_from_db()
    assert own.state == JobState.CANCELLED


def test_the_office_cancels_what_others_asked_for(office, client, world):
    client.force_login(world.users["leadership"])
    job = ask(client, "1")
    client.force_login(world.users["office"])
    client.post(reverse("jobs:cancel", kwargs={"token": job.token}))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


@pytest.mark.parametrize("role", ["other_office", "stranger", "clerk", "sysadmin", "auditor"])
def test_for_others_they_do_not_exist(office, client, world, role):
    job = ask(office, "1")
    client.force_login(world.users[role])
    assert client.get(URL).status_code == 404
    for name in ("job", "file"):
        assert client.get(reverse(f"jobs:{name}", kwargs={"token": job.token})).status_code == 404
    for name in ("cancel", "again"):
        assert client.post(reverse(f"jobs:{name}", kwargs={"token": job.token})).status_code == 404


def test_the_number_of_queries_does_not_grow(office, world, tmp_path, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(100) as counted:
            office.get(URL)
        return len(counted)

    accepted(world, tmp_path, "1-1")
    ask(office, "1")
    beat()
    few = queries()
    accepted(world, tmp_path, "1-2", content=pdf_bytes(2))
    for item in ("2", "3", "all"):
        ask(office, item)
    assert queries() == few


@pytest.mark.parametrize(("role", "number", "offered"), [("office", "3", 1), ("liaison", "1", 1), ("liaison", "3", 0)])
def test_the_page_of_an_item_offers_its_own_where_it_may_be_made(client, world, role, number, offered):
    client.force_login(world.users[role])
    page = text_of(client, reverse("assessments:item", kwargs=HERE | {"number": number}))
    assert page.count("生成本条迎检资料") == offered
