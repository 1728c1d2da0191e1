"""The page of a job: how far it is, what to do next, the file; nobody sees what is not theirs."""

import pytest
from django.urls import reverse

from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.jobs import files, running
from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.models import Job
from tests.jobs import REAL_QUEUE, ask, beat, register

register()
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def queued(settings):
    settings.TASKS = REAL_QUEUE


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("office")


@pytest.fixture
def page(client, user):
    client.force_login(user)
    return client


def url(job: Job, name: str = "job") -> str:
    return reverse(f"jobs:{name}", kwargs={"token": job.token})


def read(client, job: Job, **more) -> str:
    response = client.get(url(job), **more)
    assert response.status_code == 200
    return response.content.decode()


def test_a_waiting_job_asks_for_itself_and_says_what_it_waits_for(page, user, queued):
    first, second = ask(user), ask(user, steps=4, title="第 25 条")
    beat()
    assert "马上开始。" in read(page, first)
    shown = read(page, second)
    assert "前面还有 1 个。" in shown
    assert "排队中" in shown
    assert f'hx-get="{url(second)}" hx-trigger="every 2s"' in shown
    assert "取消" in shown


@pytest.mark.parametrize(("seconds", "missed"), [(59, False), (61, True)])
def test_when_no_worker_was_seen_for_a_minute_it_says_so(page, user, queued, seconds, missed):
    job = ask(user)
    beat(seconds_ago=seconds)
    assert ("后台程序没有运行，请联系管理员。" in read(page, job)) is missed


def test_a_running_job_shows_how_far_it_is(page, user, queued):
    job = ask(user)
    running.JobProgress(running.take(job.token, "w-1"))(120, 500, "合并佐证材料")
    shown = read(page, job)
    assert "合并佐证材料 120/500" in shown
    assert '<progress value="120" max="500"' in shown
    assert "进行中" in shown


def test_one_that_is_done_can_be_downloaded_and_asks_no_more(page, user):
    job = ask(user)
    shown = read(page, job)
    assert "已完成" in shown
    assert url(job, "file") in shown
    assert "保留到" in shown
    assert "有 1 处需要留意" in shown
    assert "第 2 步数得慢。" in shown
    assert "hx-trigger" not in shown.partition('<article class="job"')[2]
    assert "取消" not in shown.partition('<article class="job"')[2]


def test_one_that_failed_says_why_and_can_be_tried_again(page, user, queued):
    job = ask(user, "refuse")
    running.run(job.token, "w-1")
    shown = read(page, job)
    assert "第 24 条还没有佐证材料。" in shown
    assert "再试一次" in shown
    again = page.post(url(job, "again"), **HTMX)
    new = Job.objects.exclude(pk=job.pk).get()
    assert new.state == JobState.WAITING
    assert f'id="job-{new.token.hex}"' in again.content.decode()


def test_htmx_gets_the_changing_part_alone(page, user):
    shown = read(page, ask(user), **HTMX)
    assert shown.lstrip().startswith("<article")
    assert "<html" not in shown


def test_cancelling_in_place_and_without_scripts(page, user, queued):
    first, second = ask(user), ask(user, steps=4)
    assert "已取消" in page.post(url(first, "cancel"), **HTMX).content.decode()
    response = page.post(url(second, "cancel"))
    assert (response.status_code, response.url) == (302, "/")
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.CANCELLED}


def test_the_file_comes_whole_with_safe_headers_and_an_event(page, user):
    job = ask(user)
    response = page.get(url(job, "file"))
    assert b"".join(response.streaming_content) == b"0\n1\n2\n"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%95%B0.txt")
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store, private"
    event = Event.objects.get(action="export_job_file")
    assert (event.actor, event.place, event.after["file"], event.after["bytes"]) == (user, "A", "数.txt", 6)


def test_a_file_that_is_not_ready_or_gone_is_not_found(page, user, queued):
    job = ask(user)
    assert page.get(url(job, "file")).status_code == 404
    running.run(job.token, "w-1")
    files.drop(job.token)
    assert page.get(url(job, "file")).status_code == 404
    assert not Event.objects.filter(action="export_job_file").exists()


@pytest.mark.parametrize("name", ["job", "file", "cancel", "again"])
def test_to_others_it_does_not_exist(client, user, name, queued):
    job = ask(user)
    running.run(job.token, "w-1")
    client.force_login(User.objects.create_user("stranger"))
    post = name in ("cancel", "again")
    assert (client.post if post else client.get)(url(job, name)).status_code == 404


def test_who_may_only_look_is_told_so(client, user, queued):
    job = ask(user)
    client.force_login(User.objects.create_user("leadership"))
    assert "取消" not in read(client, job).partition('<article class="job"')[2]
    assert client.post(url(job, "cancel")).status_code == 403
    assert client.post(url(job, "again")).status_code == 403
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_a_kind_that_no_room_knows_any_more_is_not_found(page, user):
    assert page.get(url(ask(user, "forgotten"))).status_code == 404
