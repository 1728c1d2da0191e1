"""Writing binders: progress, cancelling, a full disk, and bounded memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessments.binders.pdf_file import NotWritten
from assessments.binders.write import Cancelled, Shape
from tests.binders import binder, pdf, piece, write

CONTENTS = [binder("1", piece("01-01", pdf("a")), piece("01-02", b"broken")), binder("2", piece("02-01", pdf("b")))]
SHAPES = list(Shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_progress_counts_every_piece_and_every_binder(tmp_path, shape):
    told = []
    write(CONTENTS, tmp_path / "x", shape, lambda *told_now: told.append(told_now))
    assert [done for done, _, _ in told] == [1, 2, 3, 4, 5]
    assert {total for _, total, _ in told} == {5}
    assert told[0][2] == "01-01 材料01-01"
    assert told[2][2] == "第 1 条 中医馆建设"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_cancelled_binder_leaves_nothing_behind(tmp_path, shape, at):
    target = tmp_path / "x"
    target.write_bytes(b"as before")

    def progress(done, total, words):
        if done == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(CONTENTS, target, shape, progress)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert target.read_bytes() == b"as before"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_target_that_cannot_be_written_is_said_to_be(tmp_path, shape):
    with pytest.raises(NotWritten):
        write(CONTENTS, tmp_path / "no such folder" / "x", shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_content_gives_the_same_binders_again(tmp_path, shape):
    first = write(CONTENTS, tmp_path / "x", shape)
    before = (tmp_path / "x").read_bytes()
    assert write(CONTENTS, tmp_path / "x", shape) == first
    if shape is Shape.PDF:
        assert (tmp_path / "x").read_bytes() == before


ALONE = """
import errno, os, resource, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from assessments.binders.pdf_file import NotWritten
from assessments.binders.write import Shape
from tests.binders import binder, pdf, piece, write
"""


def alone(script: str, *arguments: str) -> str:
    """What a script prints in a process of its own."""
    root = Path(__file__).parent.parent
    finished = subprocess.run(
        [sys.executable, "-c", ALONE + script, *arguments],
        cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return finished.stdout.strip()


MEMORY = """
folder = Path(sys.argv[1])
noise = os.urandom(2_000_000).translate(bytes.maketrans(b"\\n\\r%", b"   "))
content = b"q %% " + noise + b"\\n Q %s"
for n in range(60):
    (folder / f"{n}.pdf").write_bytes(pdf(f"n{n}", content=content, compress_streams=False))
files = [lambda n=n: (folder / f"{n}.pdf").open("rb") for n in range(60)]
sizes = [(folder / f"{n}.pdf").stat().st_size for n in range(60)]
pieces = [piece(f"01-{n:02d}", b"", sha256=str(n), size=sizes[n], file=file) for n, file in enumerate(files)]
write([binder("1", piece("01-01", pdf("a")))], folder / "small", Shape.PDF)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for shape in Shape:
    written = write([binder("1", *pieces)], folder / shape, shape)
    assert written.size > 100_000_000 and not written.notes, written
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_binder_of_120_mb_takes_little_memory(tmp_path):
    grown_kb = int(alone(MEMORY, str(tmp_path)))
    assert grown_kb < 40_000


FULL = """
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
content = binder("1", *[piece(f"01-{n:02d}", os.urandom(100_000), "docx") for n in range(3)])
for shape in Shape:
    target = Path(sys.argv[1]) / shape
    try:
        write([content], target, shape)
    except NotWritten as fault:
        print(fault.errno == errno.EFBIG, [path.name for path in target.parent.iterdir()])
"""


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    assert alone(FULL, str(tmp_path)).splitlines() == ["True []", "True []"]
