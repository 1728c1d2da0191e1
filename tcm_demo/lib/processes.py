"""Processes that end with the one that started them, even where that is killed."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, by: signal.Signals) -> None:
    """Have this process sent the signal `by` when `parent`, which started it, ends, however it ends; also after exec.

    Linux alone can do it; elsewhere only a parent that ends in order takes its children along.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # it was gone before it could be asked for
        os.kill(os.getpid(), by)
