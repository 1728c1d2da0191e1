"""Office files as PDF: by LibreOffice, alone with the file, and never longer than allowed."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image, ImageChops

from assessments.files import office
from assessments.files.office import has_office, to_pdf
from assessments.files.preview import page_count, page_png
from assessments.files.refusals import CannotConvert
from tests import hostile_files as make

needs_office = pytest.mark.skipif(not has_office(), reason="LibreOffice is not installed")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(workbook("甲"))
    return path


@pytest.fixture
def target(tmp_path):
    return tmp_path / "shown.pdf"


def workbook(value: str) -> bytes:
    book, out = Workbook(), BytesIO()
    book.active["A1"] = value
    book.active["A90"] = "on the second page"
    book.save(out)
    return out.getvalue()


def program(path: Path, *lines: str) -> str:
    """A program that stands where LibreOffice is looked for."""
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o755)
    return str(path)


@needs_office
def test_a_workbook_becomes_a_pdf(source, target):
    to_pdf(source, target)
    assert page_count(target) == 2
    assert sorted(path.name for path in target.parent.iterdir()) == ["shown.pdf", "stored"]


@needs_office
def test_two_at_once_do_not_meet(source, tmp_path):
    targets = [tmp_path / f"{number}.pdf" for number in range(2)]
    threads = [threading.Thread(target=to_pdf, args=(source, target)) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [page_count(target) for target in targets] == [2, 2]


@pytest.fixture
def asked():
    """(address, paths asked for): a web server that only listens."""
    paths = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


@needs_office
def test_nothing_is_fetched_that_a_file_links_to(source, target, asked):
    address, paths = asked
    source.write_bytes(make.workbook_that_shows(f"{address}/spy.png"))
    to_pdf(source, target)
    assert paths == []


@needs_office
def test_no_file_of_the_server_is_shown_that_a_file_links_to(source, target, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(make.picture("PNG", (400, 400)))
    source.write_bytes(make.workbook_that_shows(secret.as_uri()))
    to_pdf(source, target)
    assert not shows_colour(target)


@needs_office
def test_with_the_usual_settings_both_would_happen(source, target, tmp_path, asked, monkeypatch):
    """So that the two tests above show something."""
    address, paths = asked
    monkeypatch.setattr(office, "_SETTINGS", [])
    monkeypatch.setattr(office, "_NO_NETWORK", {})
    source.write_bytes(make.workbook_that_shows(f"{address}/spy.png"))
    to_pdf(source, target)
    assert paths
    secret = tmp_path / "secret.png"
    secret.write_bytes(make.picture("PNG", (400, 400)))
    source.write_bytes(make.workbook_that_shows(secret.as_uri()))
    to_pdf(source, target)
    assert shows_colour(target)


def shows_colour(document: Path) -> bool:
    red, _, blue = Image.open(BytesIO(page_png(document, 1, 300))).convert("RGB").split()
    return ImageChops.difference(red, blue).point(lambda value: value > 100 and 255).getbbox() is not None


@needs_office
@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 broken", make.office("xlsx"), make.archive({"OFD.xml": '<x xmlns="http://www.ofdspec.org"/>'})],
)
def test_what_it_cannot_read_is_said_and_leaves_nothing(source, target, content):
    source.write_bytes(content)
    with pytest.raises(CannotConvert, match="另存为 PDF"):
        to_pdf(source, target)
    assert not target.exists()


def test_without_office_it_is_said(settings, source, target):
    settings.SOFFICE = "/nowhere/soffice"
    assert not has_office()
    with pytest.raises(CannotConvert, match="没有装 LibreOffice"):
        to_pdf(source, target)


@pytest.mark.parametrize("lines", [["exit 1"], ["exit 0"], ["echo x >&2", "kill -9 $$"]])
def test_a_program_that_makes_nothing_is_said(settings, source, target, tmp_path, lines):
    settings.SOFFICE = program(tmp_path / "soffice", *lines)
    with pytest.raises(CannotConvert):
        to_pdf(source, target)
    assert not target.exists()


def test_a_program_that_hangs_is_ended_with_all_it_started(settings, source, target, tmp_path, monkeypatch):
    started = tmp_path / "started"
    settings.SOFFICE = program(tmp_path / "soffice", "sleep 60 &", f"echo $! > {started}", "wait")
    monkeypatch.setattr(office, "SECONDS", 1)
    with pytest.raises(CannotConvert, match="超过 1 秒"):
        to_pdf(source, target)
    assert not is_alive(int(started.read_text()))


def is_alive(process: int) -> bool:
    """Still so after the system had a moment; a child that nobody waits for any more counts as ended."""
    for _ in range(50):
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text().split(") ")[1].startswith("Z"):
                return False
        except OSError:
            return False
        time.sleep(0.02)
    return True


def test_an_earlier_pdf_stays_where_the_new_one_fails(settings, source, target, tmp_path):
    target.write_bytes(b"earlier")
    settings.SOFFICE = program(tmp_path / "soffice", "exit 1")
    with pytest.raises(CannotConvert):
        to_pdf(source, target)
    assert target.read_bytes() == b"earlier"
