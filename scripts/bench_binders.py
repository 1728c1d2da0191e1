"""Times binders of scan-like evidence against a bare pypdf merge of the same files, and says what memory they take.

Usage: python scripts/bench_binders.py [MB]. Makes the files in a temporary directory: as a gigabyte of 500 files for 42
binders, or that part of it. Each way runs in a process of its own. The goal for the gigabyte is 1.5 times the bare
merge and 500 MB; the smaller the part, the more reading the fonts weighs. The bare merge gets the photos as pages that
were made before, binders make them themselves.
"""

import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WHOLE_MB, FILES, BINDERS = 1024, 500, 42
ROUNDS = 3
PAGES = (1, 2, 3, 4, 6)  # of scanned files, in turns
PHOTO_EVERY = 10


def main(megabytes: int) -> None:
    part = megabytes / WHOLE_MB
    with tempfile.TemporaryDirectory() as folder:
        make_files(Path(folder), round(FILES * part), megabytes * 1_000_000)
        size = sum(path.stat().st_size for path in evidence(Path(folder)))
        binders = max(1, round(BINDERS * part))
        count = len(evidence(Path(folder)))
        print(
            f"{binders} binders of {count} files, {size / 1e6:,.0f} MB; median of {ROUNDS}, each a process of its own"
        )
        seen = {way: [] for way in ("bare", "pdf", "zip")}
        for _ in range(ROUNDS):  # in turns, so that a noisy machine is noisy for all
            for way, runs in seen.items():
                runs.append(run(way, folder, binders))
        report(seen)


def report(seen: dict[str, list[tuple[float, float, int]]]) -> None:
    middle = {
        way: [sorted(values)[len(values) // 2] for values in zip(*runs, strict=True)] for way, runs in seen.items()
    }
    bare_wall, bare_cpu, _ = middle["bare"]
    for way, (wall, cpu, memory) in middle.items():
        print(
            f"  {way}: {wall:.2f} s, processor {cpu:.2f} s, {memory} MB; "
            f"ratio {wall / bare_wall:.2f}, processor {cpu / bare_cpu:.2f} (goal 1.5, 500 MB)"
        )


def run(way: str, folder: str, binders: int) -> tuple[float, float, int]:
    """(seconds, processor seconds, most MB in memory)"""
    command = [sys.executable, __file__, way, folder, str(binders)]
    wall, cpu, memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(wall), float(cpu), int(memory)


def make_files(folder: Path, count: int, size: int) -> None:
    """PDFs of scanned pages, and some photos, which are there as PDF too for the bare merge."""
    import img2pdf

    page = noise_jpeg((1240, 1754), 1)
    photo = noise_jpeg((2400, 1800), 2)
    scanned = [n for n in range(count) if not is_photo(n)]
    wanted = max((size - (count - len(scanned)) * len(photo)) // sum(map(pages_of, scanned)), len(page))
    for n in range(count):
        if not is_photo(n):
            scans = [padded(page, wanted, f"{n}-{k}") for k in range(pages_of(n))]
            (folder / f"{n:03d}.pdf").write_bytes(img2pdf.convert(scans))
        else:
            shot = padded(photo, len(photo) + 100, str(n))
            (folder / f"{n:03d}.jpg").write_bytes(shot)
            (folder / f"{n:03d}.pdf").write_bytes(img2pdf.convert(shot))


def is_photo(n: int) -> bool:
    return n % PHOTO_EVERY == PHOTO_EVERY - 1


def pages_of(n: int) -> int:
    return 1 if is_photo(n) else PAGES[n % len(PAGES)]


def noise_jpeg(size: tuple[int, int], seed: int) -> bytes:
    from PIL import Image

    width, height = size[0] // 4, size[1] // 4
    grains = random.Random(seed).randbytes(width * height)
    stream = io.BytesIO()
    Image.frombytes("L", (width, height), grains).resize(size).convert("RGB").save(stream, "JPEG", quality=40)
    return stream.getvalue()


def padded(jpeg: bytes, size: int, name: str) -> bytes:
    """The picture in so many bytes, by comments in the file; no two are the same."""
    parts, rest = [jpeg[:2]], size - len(jpeg)
    while rest > 0:
        length = min(rest, 60_000)
        comment = name.encode().ljust(length, b".")
        parts.append(b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment)
        rest -= length
    return b"".join([*parts, jpeg[2:]])


def evidence(folder: Path) -> list[Path]:
    photos = set(folder.glob("*.jpg"))
    return sorted(photos | {path for path in folder.glob("*.pdf") if path.with_suffix(".jpg") not in photos})


def bare(folder: Path) -> Callable[[], None]:
    from pypdf import PdfWriter

    def work() -> None:
        writer = PdfWriter()
        for path in sorted(folder.glob("*.pdf")):
            writer.append(path)
        with tempfile.TemporaryFile(dir=folder) as target:
            writer.write(target)

    return work


def ours(way: str, folder: Path, binders: list) -> Callable[[], None]:
    from assessments.binders.write import Shape, write_binder

    def work() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            target = Path(place, "binders")
            written = write_binder(binders, target, shape=Shape(way), progress=lambda *told: None)
        assert not written.notes, written.notes

    return work


def contents(folder: Path, binders: int) -> list:
    """Binders with the text of real ones, the files dealt out among them."""
    from assessments.binders.content import BinderContent, CriterionRow, EvidencePiece, StatementText

    made, files = [], evidence(folder)
    for n in range(binders):
        number = str(n + 1)
        pieces = [
            EvidencePiece(
                number=f"{number.zfill(2)}-{place:02d}",
                title=f"关于印发中医药工作实施方案的通知（之{place}）",
                requirement=f"佐证要求之{place // 4 + 1}，有日期、参加人和内容",
                file_name=path.name,
                extension=path.suffix[1:],
                kind="picture" if path.suffix == ".jpg" else "pdf",
                size=path.stat().st_size,
                pages=pages_of(int(path.stem)),
                sha256=path.name,
                document_number=f"某卫字〔2023〕{place}号",
                issuer="区卫生健康局",
                document_date="2023年4月9日",
                file=partial(path.open, "rb"),
            )
            for place, path in enumerate(files[n::binders], start=1)
        ]
        rows = [
            CriterionRow(
                f"{number}.{k}", "规范设置中医科的机构占比", "必达", "92.31%", "≥ 100%", "未达标", "已报 12/13"
            )
            for k in range(1, 4)
        ]
        made.append(
            BinderContent(
                county="某区",
                standard="全国基层中医药工作示范县建设标准",
                period="2023年度",
                section_number="三",
                section_name="服务体系建设",
                item_number=number,
                item_title="社区卫生服务中心、镇卫生院中医馆建设和康复服务",
                requirement="全部社区卫生服务中心和镇卫生院规范设置中医科、中药房，建成中医馆并接入信息平台。" * 2,
                lead=("区卫生健康局",),
                status_label="基本达标",
                criteria=tuple(rows),
                statement=StatementText("全区机构全部建成中医馆，设施设备齐全，制度健全，持续开展服务。" * 12),
                pieces=tuple(pieces),
                missing=("佐证要求之九：没有材料。",),
                printed_on="2024年3月5日",
            )
        )
    return made


def measure(way: str, folder: Path, binders: int) -> None:
    """One way, in this process; loading the programs is not timed, reading the fonts is."""
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(VAR_DIR=var, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="tcm_demo.settings")
        os.environ.pop("DATABASE_URL", None)
        if way == "bare":
            work = bare(folder)
        else:
            import django

            django.setup()
            work = ours(way, folder, contents(folder, binders))
        start, busy = time.perf_counter(), time.process_time()
        work()
        taken = time.perf_counter() - start, time.process_time() - busy
        print(*taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else WHOLE_MB)
