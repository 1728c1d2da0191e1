"""The virus scanner is asked where one is set; where it cannot answer, nothing is taken."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assessments.files import virus
from assessments.files.refusals import BadFile, Infected, ScannerAway
from assessments.files.virus import scan

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1_000_000


class Scanner(socketserver.StreamRequestHandler):
    """Speaks clamd's INSTREAM, and knows one virus."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        seen = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            seen += self.rfile.read(length)
            if len(seen) > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(seen)
        self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in seen else b"stream: OK\0")


class Broken(Scanner):
    def handle(self) -> None:
        self.wfile.write(b"stream: Can't allocate memory ERROR\0")


class Silent(Scanner):
    def handle(self) -> None:
        self.rfile.read(10)


class Mute(Scanner):
    def handle(self) -> None:
        self.server.over.wait(10)


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[socketserver.BaseServer]:
    server.seen, server.over, server.daemon_threads = [], threading.Event(), True
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def listen(settings):
    """listen(handler): a scanner that `settings.CLAMD` names, for the length of the test."""
    open_servers = []

    def start(handler: type[Scanner]) -> socketserver.BaseServer:
        context = running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler))
        server = context.__enter__()
        open_servers.append(context)
        settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
        return server

    yield start
    for context in open_servers:
        context.__exit__(None, None, None)


@pytest.fixture
def put(tmp_path):
    def write(content: bytes):
        path = tmp_path / "stored"
        path.write_bytes(content)
        return path

    return write


def test_without_a_scanner_nothing_is_asked(settings, put):
    settings.CLAMD = ""
    scan(put(EICAR))


@pytest.mark.parametrize("content", [b"", b"harmless", bytes(range(256)) * 3000])
def test_the_whole_file_is_shown_to_the_scanner(listen, put, content):
    server = listen(Scanner)
    scan(put(content))
    assert server.seen == [content]


def test_an_infected_file_is_refused_with_the_name_of_the_virus(listen, put):
    listen(Scanner)
    with pytest.raises(Infected, match=r"Win\.Test\.EICAR_HDB-1") as error:
        scan(put(b"x" * 600_000 + EICAR))
    assert isinstance(error.value, BadFile)
    assert "请" in str(error.value)


def test_it_is_asked_over_a_socket_file_too(settings, put, tmp_path):
    socket_file = tmp_path / "clamd.ctl"
    settings.CLAMD = f"unix://{socket_file}"
    with running(socketserver.ThreadingUnixStreamServer(str(socket_file), Scanner)), pytest.raises(Infected):
        scan(put(EICAR))


def test_a_file_too_large_for_the_scanner_is_not_taken_as_clean(listen, put):
    listen(Scanner)
    with pytest.raises(ScannerAway, match="StreamMaxLength"):
        scan(put(bytes(20 * LIMIT)))


@pytest.mark.parametrize("handler", [Broken, Silent])
def test_a_scanner_that_errs_lets_nothing_through(listen, put, handler):
    listen(handler)
    with pytest.raises(ScannerAway, match="没有应答"):
        scan(put(b"harmless"))


def test_a_scanner_that_never_answers_is_not_waited_for(listen, put, monkeypatch):
    monkeypatch.setattr(virus, "ANSWER_SECONDS", 0.05)
    listen(Mute)
    with pytest.raises(ScannerAway):
        scan(put(b"harmless"))


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "127.0.0.1:3310", "tcp://", "unix://", "tcp://h:port"]
)
def test_a_scanner_that_is_not_there_lets_nothing_through(settings, put, address):
    settings.CLAMD = address
    with pytest.raises(ScannerAway, match="暂时不能上传"):
        scan(put(b"harmless"))
