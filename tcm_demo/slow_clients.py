"""gunicorn's threads, kept from those who send slowly: a phone on a poor network, or somebody who means harm.

gunicorn gives a connection a thread with its first byte and lets it wait there for the rest, however long that takes.
Here a request gets its thread when it has come: all of it where it is small, else its head. Of large ones only half of
the threads receive at a time, the others wait in line without one, and who sends next to nothing is let go.

For plain HTTP on Linux and macOS; TLS is for a proxy in front.
"""

import errno
import re
import socket
import time
from collections import deque
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

SMALL = 32 * 1024  # bytes of a request that comes without a thread
COMES_WITHIN = 20  # seconds for that
IN_LINE = 60  # seconds that a large request waits for its turn
LINGER = 0.5  # seconds for an answer to arrive, where the connection ends with it
# What is still coming brings so many bytes in so many seconds of waiting for it.
WINDOW, LEAST = 20, 20 * 1024
# What is said of it, so that uploads keep what came (assessments/views/uploads.py): the body may end before its length.
_MAY_END_SHORT = b"application/offset+octet-stream"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([^\r\n;]*)", re.IGNORECASE)
_UNKNOWN_LENGTH = re.compile(rb"\r\n(transfer-encoding|expect):", re.IGNORECASE)


class Worker(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.receiving = 0  # large requests that have a thread
        self.line: deque[TConn] = deque()

    def enqueue_req(self, conn: TConn) -> None:
        """With whatever is known of a request: to a thread, to wait for more of it, or in line."""
        if conn.parser and conn.parser.unreader.buf.getvalue():  # read together with the one before
            conn.coming = Coming()
            super().enqueue_req(conn)
            return
        seen = _seen(conn.sock)
        conn.coming = Coming() if seen is None else Coming.of(seen)
        if seen is not None and len(seen) < conn.coming.needed:
            self._wait_for_more(conn, len(seen))
            return
        _wake_with(conn.sock, 1)
        conn.data_ready, conn.had, conn.until = True, None, None
        if not conn.coming.is_large:
            super().enqueue_req(conn)
        elif self.receiving < self.cfg.threads // 2:
            self._receive(conn)
        else:
            conn.timeout = time.monotonic() + IN_LINE
            self.line.append(conn)

    def handle(self, conn: TConn):
        conn.init()
        paced = conn.parser.unreader.sock = Paced(conn.sock, conn.coming)
        goes_on = super().handle(conn)
        if goes_on and not paced.ended:
            return goes_on
        # Here and not in the one thread that serves all connections, which would wait for the other side.
        if paced.ended:
            util.close(conn.sock)
        else:
            util.close_graceful(conn.sock, timeout=LINGER)
        return False

    def finish_request(self, conn: TConn, fs) -> None:
        was_large = conn.coming.is_large
        if not fs.cancelled() and fs.exception() is None and fs.result() is False:
            self.nr_conns -= 1  # closed by `handle`
        else:
            super().finish_request(conn, fs)
        if was_large:
            self.receiving -= 1
            if self.line:
                self._receive(self.line.popleft())

    def murder_pending(self) -> None:
        # one that got a part of its request stands behind others, and still has to be through before them
        self.pending_conns = deque(sorted(self.pending_conns, key=lambda conn: conn.timeout))
        super().murder_pending()
        while self.line and self.line[0].timeout < time.monotonic():
            self._close(self.line.popleft())

    def _receive(self, conn: TConn) -> None:
        self.receiving += 1
        super().enqueue_req(conn)

    def _wait_for_more(self, conn: TConn, has: int) -> None:
        if has and has == getattr(conn, "had", None):  # it woke with nothing new: nothing more will come
            self._close(conn)
            return
        conn.had = has
        if getattr(conn, "until", None) is None:
            conn.until = time.monotonic() + COMES_WITHIN
        conn.timeout = conn.until
        conn.sock.setblocking(False)
        _wake_with(conn.sock, conn.coming.needed)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


class Coming:
    """What a request's first bytes tell: `needed` of them have to be there before a thread takes it; `length` of all
    of it, None where that is not known."""

    def __init__(self, needed: int = 0, length: int | None = None, *, is_large=False, may_end_short=False):
        self.needed = needed
        self.length = length
        self.is_large = is_large
        self.may_end_short = may_end_short

    @classmethod
    def of(cls, seen: bytes) -> "Coming":
        head, end, _ = seen.partition(b"\r\n\r\n")
        if not end:
            return cls(len(seen) + 1) if len(seen) < SMALL else cls()  # gunicorn refuses such a head
        head += b"\r\n"
        if _UNKNOWN_LENGTH.search(head):
            return cls(is_large=True)
        told, kind = _LENGTH.search(head), _TYPE.search(head)
        length = len(head) + 2 + int(told[1] if told else 0)
        if length <= SMALL:
            return cls(length, length)
        short = kind is not None and kind[1].strip().lower() == _MAY_END_SHORT
        return cls(length=length, is_large=True, may_end_short=short)


class Paced:
    """A connection to be read from for as long as enough comes. Only the waiting counts, not what is done in between.

    Where a body ends before its length, that is an error (ConnectionResetError): half of a form is none. Where it may
    end short, it has come to its end.
    """

    def __init__(self, sock: socket.socket, coming: Coming):
        self.sock = sock
        self.coming = coming
        self.patience: float | None = None
        self.total = self.came = 0
        self.waited = 0.0
        self.ended = False

    # gunicorn sets them where it reads away what nobody wanted
    def gettimeout(self) -> float | None:
        return self.patience

    def settimeout(self, seconds: float | None) -> None:
        self.patience = seconds

    def recv(self, size: int) -> bytes:
        data = b"" if self.ended else self._waited_for(size)
        self.total += len(data)
        self.came += len(data)
        if data:
            return data
        self.ended = True
        if self.coming.may_end_short or self.coming.length is None or self.total >= self.coming.length:
            return b""
        raise ConnectionResetError(errno.ECONNRESET, "the request ended before its length")

    def _waited_for(self, size: int) -> bytes:
        if self.waited >= WINDOW:
            if self.came < LEAST:
                return b""
            self.waited, self.came = 0.0, 0
        left = WINDOW - self.waited
        self.sock.settimeout(left if self.patience is None else min(left, self.patience))
        start = time.monotonic()
        try:
            return self.sock.recv(size)
        except TimeoutError:
            if self.patience is None and self.came >= LEAST:
                self.waited, self.came = 0.0, 0
                return self._waited_for(size)
            return b""
        except OSError:
            return b""
        finally:
            self.waited += time.monotonic() - start
            self.sock.settimeout(None)


def _seen(sock: socket.socket) -> bytes | None:
    """What has come, left where it is; None where nothing more will come."""
    try:
        return sock.recv(SMALL, socket.MSG_PEEK | socket.MSG_DONTWAIT) or None
    except BlockingIOError:
        return b""
    except OSError:
        return None


def _wake_with(sock: socket.socket, size: int) -> None:
    """The connection counts as readable when so many bytes are there, or its end."""
    with suppress(OSError):  # it is gone, which reading from it tells
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)
