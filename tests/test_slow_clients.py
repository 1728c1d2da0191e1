"""The server under those who send slowly: others are served, what came of an upload is kept, half a form is none."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings

THREADS = 4
PAGE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
UPLOAD = "application/offset+octet-stream"


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    config = tmp_path_factory.mktemp("server") / "gunicorn.conf.py"
    config.write_text(
        f"bind = '127.0.0.1:{number}'\nworkers = 1\nthreads = {THREADS}\ncontrol_socket_disable = True\n"
        "worker_class = 'tcm_demo.slow_clients.Worker'\nloglevel = 'warning'\ngraceful_timeout = 1\n"
    )
    command = [sys.executable, "-m", "gunicorn", "-c", str(config), "tests.slow_app"]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)})
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", number)).close()
            break
        except ConnectionRefusedError:
            assert time.monotonic() < end, "no server"
            time.sleep(0.05)
    yield number
    server.terminate()
    server.wait(20)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def post(length: int, kind: str = "text/plain") -> bytes:
    return f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


def answer(connection: socket.socket) -> str:
    """The body of the next answer; "" where the connection was closed instead."""
    got = b""
    while b"\r\n\r\n" not in got:
        try:
            data = connection.recv(1)
        except ConnectionResetError:
            return ""
        if not data:
            return ""
        got += data
    length = int(got.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return body.decode()


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\n", post(1000) + b"x", post(5_000_000) + b"x", post(5_000_000, UPLOAD) + b"x"],
    ids=["nothing", "half a head", "a small form", "a large form", "an upload"],
)
def test_pages_are_served_while_twenty_connections_drip(port, begun):
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(port)) for _ in range(20)]
        for _ in range(3):
            for each in slow:
                each.sendall(begun)
            begun = begun and b"x"
            with connected(port) as page:
                start = time.monotonic()
                page.sendall(PAGE)
                assert answer(page) == "0"
                assert time.monotonic() - start < 1
            time.sleep(0.2)


def test_who_holds_on_to_a_connection_that_ended_holds_nobody_up(port):
    with ExitStack() as stack:
        for _ in range(20):
            held = stack.enter_context(connected(port))
            held.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert answer(held) == "0"
        start = time.monotonic()
        with connected(port) as page:
            page.sendall(PAGE)
            assert answer(page) == "0"
        assert time.monotonic() - start < 6, "not a lingering second for each, one after another"


def test_what_comes_in_small_pieces_is_answered_when_it_is_whole(port):
    with connected(port) as connection:
        for byte in post(5) + b"12345":
            connection.sendall(bytes([byte]))
        assert answer(connection) == "5"
        connection.sendall(PAGE + post(3) + b"123" + PAGE)
        assert [answer(connection) for _ in range(3)] == ["0", "3", "0"]
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")
        assert answer(connection) == "2"
        connection.sendall(post(3_000_000) + b"x" * 3_000_000)
        assert answer(connection) == "3000000"


def test_what_is_small_and_does_not_come_is_let_go(port):
    with connected(port) as connection:
        connection.sendall(post(10) + b"1234")
        start = time.monotonic()
        assert is_closed(connection)
        assert 1 < time.monotonic() - start < 6


def test_half_a_request_is_none(port):
    for length in (10, 100_000):
        with connected(port) as connection:
            connection.sendall(post(length) + b"1234")
            connection.shutdown(socket.SHUT_WR)
            assert answer(connection) in ("", "ConnectionResetError")


def test_a_large_form_that_drips_is_let_go(port):
    with connected(port) as connection:
        connection.sendall(post(100_000) + b"x" * 10_000)
        assert answer(connection) == "ConnectionResetError"
        assert is_closed(connection)


def test_of_an_upload_that_drips_what_came_is_kept(port):
    with connected(port) as connection:
        connection.sendall(post(5_000_000, UPLOAD) + b"x" * 100_000)
        assert answer(connection) == "100000"
        assert is_closed(connection), "what comes now is no request"


def test_slow_but_steady_is_fast_enough(port):
    with connected(port) as connection:
        connection.sendall(post(60_000))
        for _ in range(12):
            connection.sendall(b"x" * 5000)
            time.sleep(0.25)
        assert answer(connection) == "60000"


def test_large_ones_get_their_turn(port):
    with ExitStack() as stack:
        large = [stack.enter_context(connected(port)) for _ in range(3 * THREADS)]
        for each in large:
            each.sendall(post(100_000, UPLOAD) + b"x" * 50_000)
        time.sleep(0.2)
        for each in reversed(large):
            each.sendall(b"x" * 50_000)
        assert {answer(each) for each in large} <= {"100000"}
