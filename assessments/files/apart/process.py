"""Starts the process that opens a stranger's file, and takes its answer."""

import json
import logging
import math
import subprocess
import sys
import threading
from pathlib import Path

import PIL

from assessments.files.apart.answers import Refused

# the largest picture taken, in colours with transparency, and a copy of it
MEMORY = 1536 * 1024 * 1024
# So many at a time in each process of the server; the others wait in line.
AT_A_TIME = 2
WAIT_SECONDS = 60
_PACKAGES = Path(PIL.__file__).resolve().parent.parent
_OWN_CODE = Path(__file__).resolve().parents[3]
turns = threading.BoundedSemaphore(AT_A_TIME)
_log = logging.getLogger(__name__)


class Stopped(Exception):
    """No answer: the file took too much memory or time, or broke the library that reads it."""


class Busy(Stopped):
    """Not even asked: others were before it for too long."""


def ask(task: str, path: Path, seconds: int, **arguments) -> tuple[dict, bytes]:
    """Facts and bytes of one task (see worker.py). Raises Refused, Busy, or Stopped after `seconds` at the latest."""
    order = {
        "task": task,
        "path": str(path.resolve()),
        "arguments": arguments,
        "memory": MEMORY,
        "seconds": math.ceil(seconds),
        "import_from": [str(_OWN_CODE), str(_PACKAGES)],
    }
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(Path(__file__).with_name("worker.py")), json.dumps(order)]
    if not turns.acquire(timeout=WAIT_SECONDS):
        raise Busy("no turn")
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Stopped("too slow") from error
    finally:
        turns.release()
    first, _, payload = done.stdout.partition(b"\n")
    if done.returncode != 0 or not first:
        _log.warning("%s: ended with %s: %s", task, done.returncode, done.stderr[-300:].decode("utf-8", "replace"))
        raise Stopped(f"ended with {done.returncode}")
    answer = json.loads(first)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["facts"], payload
