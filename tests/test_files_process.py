"""The process that opens a stranger's file: light, alone, and one of few."""

import subprocess
import sys

import pytest
from django.conf import settings

from assessments.files.apart import process
from assessments.files.apart.answers import Refused
from assessments.files.kinds import kind_of
from assessments.files.preview import page_count, page_png
from assessments.files.refusals import BadFile, CannotShow
from tests import hostile_files as make


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(make.pdf())
    return path


def test_it_starts_without_django_and_its_settings():
    modules = [file.stem for file in settings.BASE_DIR.joinpath("assessments/files/apart").glob("*.py")]
    loaded = "; ".join(f"import assessments.files.apart.{module}" for module in modules if module != "__init__")
    code = f"import sys; sys.path += {[str(process._OWN_CODE), str(process._PACKAGES)]}; {loaded}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    names = done.stdout.split()
    assert "assessments.files.apart.pdf" in names
    assert not {"django", "assessments.files.enums", "assessments.files.kinds"} & set(names)


def test_who_waits_too_long_in_line_is_told_so_and_the_file_is_not_blamed(path, monkeypatch):
    monkeypatch.setattr(process, "WAIT_SECONDS", 0.01)
    with process.turns, process.turns:
        with pytest.raises(CannotShow, match="正忙"):
            page_png(path, 1, 100)
        with pytest.raises(BadFile, match="正忙"):
            kind_of(path, "总结.pdf")
    assert page_count(path) == 1


def test_turns_are_given_back_whatever_happened(path, monkeypatch):
    monkeypatch.setattr(process, "WAIT_SECONDS", 0.01)
    for _ in range(process.AT_A_TIME + 1):
        with pytest.raises(Refused):
            process.ask("draw_page", path, 20, page=9, width=100)
        with pytest.raises(process.Stopped):
            process.ask("draw_page", path, 0.001, page=1, width=100)
    assert page_count(path) == 1
