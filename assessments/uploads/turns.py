"""How many parts of files a process of the server receives at a time: its threads also have pages to serve."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from assessments.uploads.refusals import Crowded

# Of 16 threads (gunicorn.conf.py), of which 8 receive what is large; one page sends three parts at a time.
MOST = 6
MOST_EACH = 4
CROWDED = "正在上传的人较多，稍后自动继续"
CROWDED_BY_ONE = "您同时上传的文件较多，稍后自动继续"


class Turns:
    def __init__(self, most: int, most_each: int):
        self.most = most
        self.most_each = most_each
        self._lock = threading.Lock()
        self._taken = Counter()

    @contextmanager
    def taken(self, who: Hashable) -> Iterator[None]:
        """A turn for as long as the block lasts. Raises Crowded at once where there is none."""
        with self._lock:
            if self._taken[who] >= self.most_each:
                raise Crowded(CROWDED_BY_ONE)
            if self._taken.total() >= self.most:
                raise Crowded(CROWDED)
            self._taken[who] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[who] -= 1
                if not self._taken[who]:
                    del self._taken[who]


turns = Turns(MOST, MOST_EACH)
