"""What `make run` starts (`python -m tcm_demo.serve`): the web server, and beside it the worker.

A worker that dies is started again; when the server ends, however it ends, everything ends. Standard library only.
"""

import os
import signal
import subprocess
import sys
import time

from tcm_demo.lib.processes import end_with_parent

SERVER = [sys.executable, "-m", "gunicorn", "tcm_demo.wsgi"]
WORKER = [sys.executable, "manage.py", "work"]
_LOOK_EVERY = 0.5  # seconds
_WORKER_ENDS_WITHIN = 20  # seconds
# A worker that died is started again after a second, one that keeps dying after a minute at most.
_SOONEST, _LATEST = 1, 60


class Children:
    def __init__(self):
        self.server = start(SERVER)
        self.worker: subprocess.Popen | None = None
        self.started_at = self.start_at = time.monotonic()
        self.pause = _SOONEST
        self.stopping = False

    def stop_soon(self, *_) -> None:
        self.stopping = True
        for each in (self.server, self.worker):
            if each and each.poll() is None:
                each.terminate()

    def watch(self) -> int:
        """Until the server has ended; its exit code."""
        while self.server.poll() is None:
            if not self.stopping:
                self._keep_worker()
            time.sleep(_LOOK_EVERY)
        self.stop_soon()
        if self.worker:
            try:
                self.worker.wait(_WORKER_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                self.worker.kill()
        return self.server.returncode

    def _keep_worker(self) -> None:
        now = time.monotonic()
        if self.worker and self.worker.poll() is not None:
            print("后台程序意外停止，马上重新启动。", file=sys.stderr, flush=True)
            lived = now - self.started_at
            self.pause = _SOONEST if lived > _LATEST else min(self.pause * 2, _LATEST)
            self.worker, self.start_at = None, now + self.pause
        if self.worker is None and now >= self.start_at:
            self.worker, self.started_at = start(WORKER), now


def start(command: list[str]) -> subprocess.Popen:
    parent = os.getpid()
    return subprocess.Popen(command, preexec_fn=lambda: end_with_parent(parent, signal.SIGTERM))


def main() -> int:
    children = Children()
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, children.stop_soon)
    return children.watch()


if __name__ == "__main__":
    sys.exit(main())
