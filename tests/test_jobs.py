"""Long work: asked for once, done, cancelled, failed with a sentence, kept for a week."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.jobs import files, running
from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.housekeeping import clear_away, clear_queue, keep_house
from tcm_demo.jobs.housekeeping import register as register_chore
from tcm_demo.jobs.kinds import Ended
from tcm_demo.jobs.models import Job, Worker
from tcm_demo.jobs.services import ask_again, cancel
from tcm_demo.jobs.stalled import GIVEN_UP, take_up_stalled
from tests.jobs import REAL_QUEUE, ask, beat, prepare, register

register()


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def queued(settings):
    """Jobs wait until the test does them."""
    settings.TASKS = REAL_QUEUE


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("office")


def run(job: Job, worker: str = "w-1") -> Job:
    running.run(job.token, worker)
    job.refresh_from_db()
    return job


def left() -> list[str]:
    """All files and directories of jobs."""
    return (
        sorted(str(path.relative_to(files.root())) for path in files.root().rglob("*")) if files.root().exists() else []
    )


def actions() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


# ---- asking and doing ----


def test_a_job_is_queued_with_its_event_and_then_done(user, queued):
    job = ask(user)
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert [str(each.pk) for each in DBTaskResult.objects.ready()] == [job.task_id]
    run(job)
    assert (job.state, job.file_name, job.file_size, job.content_type) == (JobState.DONE, "数.txt", 6, "text/plain")
    assert files.file_of(job).read_text() == "0\n1\n2\n"
    assert job.expires_at - job.ended_at == timedelta(days=7)
    assert actions() == ["ask_job"]
    assert Event.objects.get().place == "A"


def test_nothing_but_the_file_is_left_and_nobody_else_may_read_it(user):
    job = ask(user)
    assert left() == [job.token.hex, job.file_path]
    assert [path.stat().st_mode & 0o077 for path in (files.root(), files.file_of(job).parent)] == [0, 0]


def test_the_same_is_made_once_whoever_asks(user, queued):
    job, other = ask(user), User.objects.create_user("other")
    assert ask(other) == job
    assert ask(user, place="B") != job
    assert ask(user, steps=4) != job
    run(job)
    assert ask(user) != job
    assert DBTaskResult.objects.count() == 4


def test_an_ended_job_is_not_done_a_second_time(user, queued):
    job = run(ask(user))
    ended = job.ended_at
    assert run(job).ended_at == ended
    assert job.attempts == 1


def test_it_tells_how_far_it_is_once_a_second_at_most(user, queued, django_assert_num_queries):
    job = ask(user)
    taken = running.take(job.token, "w-1")
    progress = running.JobProgress(taken)
    with django_assert_num_queries(1):
        for step in range(1000):
            progress(step, 1000, "合并")
    job.refresh_from_db()
    assert (job.done, job.total, job.words) == (0, 1000, "合并")
    progress.told_at -= 2
    progress(7, 1000, "合并")
    job.refresh_from_db()
    assert job.done == 7


# ---- cancelling ----


def test_a_waiting_job_that_is_cancelled_is_never_begun(user, queued):
    job = ask(user)
    assert cancel(job, by=user)
    assert run(job).state == JobState.CANCELLED
    assert (job.attempts, left()) == (0, [])
    assert actions() == ["ask_job", "cancel_job"]


def test_one_that_runs_stops_at_its_next_word_and_leaves_nothing(user, queued, monkeypatch):
    job, seen = ask(user), []

    def watched(self, done, total, words=""):
        seen.append(done)
        if done == 1:
            cancel(Job.objects.get(), by=user)
        self.told_at = float("-inf")
        told(self, done, total, words)

    told = running.JobProgress.__call__
    monkeypatch.setattr(running.JobProgress, "__call__", watched)
    assert run(job).state == JobState.CANCELLED
    assert seen == [0, 1]
    assert left() == [job.token.hex]
    clear_away()
    assert left() == []


def test_what_has_ended_cannot_be_cancelled(user):
    job = ask(user)
    assert not cancel(job, by=user)
    assert job.state == JobState.DONE
    assert "cancel_job" not in actions()


def test_the_end_of_a_job_is_not_taken_for_a_fault_of_one_file():
    """Functions that go on after a faulty file catch Exception."""
    assert not issubclass(Ended, Exception)


# ---- faults ----


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("fill_disk", running.NO_SPACE),
        ("refuse", "第 24 条还没有佐证材料。"),
        ("crash", running.PROGRAM_FAULT),
        ("forgotten", running.UNKNOWN_KIND),
    ],
    ids=["full disk", "refused", "program fault", "unknown kind"],
)
def test_what_cannot_be_made_says_why_and_leaves_no_half_file(user, kind, fault):
    job = ask(user, kind)
    assert (job.state, job.fault, job.file_path) == (JobState.FAILED, fault, "")
    assert not [path for path in left() if path.endswith("txt")]
    assert actions() == ["ask_job", "fail_job"]
    assert Event.objects.get(action="fail_job").actor_name == running.BACKGROUND
    clear_away()
    assert left() == []


def test_a_failed_job_is_asked_for_again_as_a_new_one(user):
    failed = ask(user, "refuse")
    again = ask_again(failed, by=user)
    assert again != failed
    assert (again.kind, again.title, again.arguments) == (failed.kind, failed.title, failed.arguments)


def test_a_database_that_is_away_for_a_moment_does_not_end_the_work(user, queued, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    job = ask(user)
    progress = running.JobProgress(running.take(job.token, "w-1"))
    monkeypatch.setattr(running, "_write", away)
    monkeypatch.setattr(running.connection, "close", lambda: None)
    progress(1, 3)


# ---- dead workers ----


def test_work_of_a_dead_worker_waits_for_the_next_one(user, queued):
    job = ask(user)
    running.take(job.token, "dead-1")
    DBTaskResult.objects.get().claim("dead-1")
    beat("dead", seconds_ago=31)
    assert take_up_stalled() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker) == (JobState.WAITING, 1, "")
    assert [str(each.pk) for each in DBTaskResult.objects.ready()] == [job.task_id]
    assert run(job, "next-1").state == JobState.DONE


def test_work_of_a_living_worker_is_left_alone(user, queued):
    job = ask(user)
    running.take(job.token, "living-1")
    DBTaskResult.objects.get().claim("living-1")
    beat("living", seconds_ago=20)
    assert take_up_stalled() == 0
    assert take_up_stalled("other") == 0


def test_a_worker_knows_its_own_processes_without_waiting(user, queued):
    job = ask(user)
    running.take(job.token, "me-1")
    beat("me")
    assert take_up_stalled("me", ["me-1"]) == 0
    assert take_up_stalled("me", ["me-2"]) == 1
    assert take_up_stalled("me", ["me-2"]) == 0


def test_the_third_time_it_is_given_up_with_a_sentence(user, queued):
    job = ask(user)
    for attempt in (1, 2, 3):
        running.take(job.token, f"dead-{attempt}")
        take_up_stalled()
        job.refresh_from_db()
    assert (job.state, job.fault, job.attempts) == (JobState.FAILED, GIVEN_UP, 3)
    assert actions() == ["ask_job", "fail_job"]


def test_stopping_a_worker_in_order_is_no_attempt(user, queued):
    job = ask(user)
    for _ in range(5):
        running.take(job.token, "me-1")
        take_up_stalled("me", counts=False)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)


def test_who_was_thought_dead_changes_nothing_any_more(user, queued):
    job = ask(user)
    slow = running.take(job.token, "slow-1")
    place = files.workplace(slow)
    (place / "old.txt").write_text("old")
    take_up_stalled()
    run(job, "next-1")
    with pytest.raises(Ended):
        running.JobProgress(slow)(1, 3)
    assert not running.fail(slow, "太晚了。")
    job.refresh_from_db()
    assert (job.state, files.file_of(job).read_text()) == (JobState.DONE, "0\n1\n2\n")
    assert not place.exists()


def test_a_waiting_job_that_fell_out_of_the_queue_comes_back_into_it(user, queued):
    job = ask(user)
    DBTaskResult.objects.all().delete()
    take_up_stalled()
    take_up_stalled()
    job.refresh_from_db()
    assert [str(each.pk) for each in DBTaskResult.objects.all()] == [job.task_id]


def test_other_tasks_are_taken_up_three_times_too(db, queued):
    prepare.enqueue("文件")
    for attempt in (1, 2):
        DBTaskResult.objects.get().claim(f"dead-{attempt}")
        assert take_up_stalled() == 1
        assert DBTaskResult.objects.ready().count() == 1
    DBTaskResult.objects.get().claim("dead-3")
    take_up_stalled()
    assert DBTaskResult.objects.failed().count() == 1


# ---- clearing away ----


def test_results_are_gone_after_a_week(user):
    job, fresh = ask(user), ask(user, steps=4)
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() + timedelta(minutes=1))
    assert clear_away() == 0
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    assert clear_away() == 1
    assert list(Job.objects.all()) == [fresh]
    assert left() == [fresh.token.hex, fresh.file_path]


def test_files_that_belong_to_no_job_are_cleared_away_and_others_are_not(user, tmp_path):
    job = ask(user)
    (files.root() / ("0" * 32)).mkdir()
    (files.root() / "lost+found").mkdir()
    clear_away()
    assert left() == sorted([job.token.hex, job.file_path, "lost+found"])


def test_the_queue_is_kept_for_a_week(db, queued):
    for days in (6, 8):
        prepare.enqueue("文件")
        done = DBTaskResult.objects.ready().get()
        done.claim("w-1")
        done.set_successful(None)
        DBTaskResult.objects.filter(pk=done.pk).update(finished_at=timezone.now() - timedelta(days=days))
    beat("long gone", seconds_ago=2 * 86400)
    clear_queue()
    assert (DBTaskResult.objects.count(), Worker.objects.count()) == (1, 0)


def test_other_rooms_have_their_chores_done_and_one_that_fails_keeps_nothing_from_being_done(db, monkeypatch, caplog):
    done = []
    monkeypatch.setattr("tcm_demo.jobs.housekeeping._chores", [])

    @register_chore
    def broken():
        raise ValueError

    @register_chore
    def clear_uploads():
        done.append("uploads")

    keep_house()
    assert done == ["uploads"]
    assert "broken" in caplog.text


def test_the_room_that_the_database_needs_is_left_to_it(user, settings):
    settings.EVIDENCE_MIN_FREE_BYTES = 1 << 62
    job = ask(user)
    job.refresh_from_db()
    assert (job.state, job.fault) == (JobState.FAILED, running.NO_ROOM)
    assert left() == []


def test_made_anew_the_same_of_ones_own_gives_way(user, db):
    first, other = ask(user), ask(User.objects.create_user("colleague"))
    again = ask(user)
    clear_away()
    assert set(Job.objects.values_list("pk", flat=True)) == {other.pk, again.pk}
    assert first.pk not in files.stored()
