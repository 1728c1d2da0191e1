"""`make run`: the server and the worker live and end together (tcm_demo.serve), here with programs that only sleep."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# two programs that leave their number in a file and sleep
SLEEPERS = """
import sys, pathlib
from tcm_demo import serve
def sleeper(name):
    note = f"import os, pathlib; pathlib.Path({sys.argv[1]!r}, '{name}').write_text(str(os.getpid()))"
    return [sys.executable, "-c", f"{note}; import time; time.sleep(60)"]
serve.SERVER, serve.WORKER, serve._LOOK_EVERY, serve._SOONEST = sleeper("server"), sleeper("worker"), 0.05, 0.05
sys.exit(serve.main())
"""


class Served:
    def __init__(self, directory: Path):
        self.directory = directory
        self.main = subprocess.Popen([sys.executable, "-c", SLEEPERS, str(directory)], cwd=settings.BASE_DIR)

    def pid(self, name: str, besides: int = 0) -> int:
        """Of the server or the worker, once it runs."""
        note, end = self.directory / name, time.monotonic() + 20
        while not note.exists() or not note.read_text() or int(note.read_text()) == besides:
            assert time.monotonic() < end, f"no {name}"
            time.sleep(0.02)
        return int(note.read_text())


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    served = Served(tmp_path)
    served.pid("server")
    served.pid("worker")
    yield served
    served.main.kill()
    served.main.wait()
    assert all(is_gone(served.pid(name)) for name in ("server", "worker"))


def is_gone(pid: int) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
        if not state or "Z" in state:
            return True
        time.sleep(0.05)
    return False


def test_a_worker_that_is_killed_is_started_again(served):
    first = served.pid("worker")
    os.kill(first, signal.SIGKILL)
    assert served.pid("worker", besides=first)
    assert served.main.poll() is None


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_both_end_when_it_is_stopped(served, stop):
    served.main.send_signal(stop)
    assert served.main.wait(20) == -signal.SIGTERM % 256
    assert is_gone(served.pid("server"))
    assert is_gone(served.pid("worker"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of who is killed")
def test_both_end_when_it_is_killed(served):
    served.main.kill()
    assert is_gone(served.pid("server"))
    assert is_gone(served.pid("worker"))


def test_the_worker_ends_with_the_server(served):
    os.kill(served.pid("server"), signal.SIGKILL)
    served.main.wait(20)
    assert is_gone(served.pid("worker"))
