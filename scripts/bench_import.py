"""Times the import of a ledger of 10,000 institutions against its bare parts: calamine's read and the bulk upsert.

Usage: python scripts/bench_import.py [number of institutions]. Makes its own ledger and database in a temporary
directory. Prints ratios; the goal for figures of institutions that are there is at most 3.
"""

import gc
import os
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PERIOD = "2023"
COLUMNS = 45
ROUNDS = 5


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(VAR_DIR=var, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="tcm_demo.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_standard", str(ROOT / "fixtures/standards/linzi-2023.yaml"), verbosity=0)
        print(f"{size} 家机构 × {COLUMNS} 列")
        bench(Path(var), size)


def bench(directory: Path, size: int) -> None:
    """First with the registry, which makes the institutions; then figures alone, into a fresh period each time."""
    from institutions.ledger.workbook import read_workbook
    from institutions.services import create_county, import_ledger

    figures = make_ledger(directory / "figures.xlsx", size, registry=False)
    whole = make_ledger(directory / "whole.xlsx", size, registry=True)
    read, read_whole = best(lambda n: bare_read(figures)), best(lambda n: bare_read(whole))
    print(f"calamine 直接读取            {read:6.2f} s，含名录 {read_whole:.2f} s")
    print(f"在受限进程中读取             {best(lambda n: read_workbook(figures)):6.2f} s")

    counties = [create_county(f"C{n}", f"县{n}") for n in range(ROUNDS)]
    started = best(lambda n: import_ledger(counties[n], PERIOD, whole))
    county, bare = counties[0], [create_county(f"B{n}", f"空县{n}") for n in range(ROUNDS)]
    create = best(lambda n: bare_create(bare[n], county))
    rows = [report.values for report in stored_reports(county)]
    upsert = best(lambda n: bare_upsert(county, f"20{30 + n}", rows))
    print(f"直接批量写入                 {upsert:6.2f} s，新建机构 {create:.2f} s")
    fresh = best(lambda n: import_ledger(county, f"20{40 + n}", figures))
    print(f"导入数值（检查并写入）       {fresh:6.2f} s，为读取与写入之和的 {fresh / (read + upsert):.2f} 倍（目标 3）")
    share = started / (read_whole + create + upsert)
    print(f"连同名录导入（新建机构）     {started:6.2f} s，为读取与写入之和的 {share:.2f} 倍")
    same = best(lambda n: import_ledger(county, "2040", figures))
    print(f"再次导入同一文件（无变化）   {same:6.2f} s")


def best(action, rounds: int = ROUNDS) -> float:
    """Seconds of the fastest of several runs; each is given its number."""
    times = []
    for number in range(rounds):
        gc.collect()
        start = time.perf_counter()
        action(number)
        times.append(time.perf_counter() - start)
    return min(times)


def make_ledger(path: Path, size: int, registry: bool) -> bytes:
    """Township centres report most elements: 40, with five columns about the institution."""
    from openpyxl import Workbook

    from indicators.models import Element

    elements = [e for e in Element.objects.all() if "township_centre" in e.reported_by]
    book = Workbook(write_only=True)
    if registry:
        sheet = book.create_sheet("机构名录")
        sheet.append(["序号", "机构编码", "机构名称", "机构类型", "所在镇（街道）", "是否在用"])
        for n in range(size):
            sheet.append([n + 1, f"T{n:05d}", f"第{n}镇卫生院", "乡镇卫生院", f"第{n % 50}镇", "是"])
    sheet = book.create_sheet("机构数据")
    sheet.append(["机构数据台账"])
    headings = [f"{e.name}（{e.unit}）" if e.unit else e.name for e in elements]
    sheet.append(["序号", "机构编码", "机构名称", *headings, "所在镇（街道）", "备注"])
    assert len(headings) + 5 == COLUMNS
    chance = random.Random(1)
    for n in range(size):
        sheet.append([n + 1, f"T{n:05d}", f"第{n}镇卫生院", *row_of(elements, chance), f"第{n % 50}镇", ""])
    book.save(path)
    return path.read_bytes()


def row_of(elements, chance: random.Random) -> list:
    """Plausible figures: wholes above their parts; one in fifty as text, as people type them."""
    row = []
    for element in elements:
        is_part = "tcm" in element.code or element.code.endswith(("managed", "categories"))
        if element.value_type == "boolean":
            row.append(chance.choice("是否√×有无"))
        else:
            low, high = {"health_staff": (900, 999), "technique_items": (20, 30)}.get(element.code, (100, 400))
            value = chance.randint(0, 10) if is_part else chance.randint(low, high)
            row.append(f" {value} " if chance.random() < 0.02 else value)
    return row


def bare_read(data: bytes) -> None:
    import io

    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def stored_reports(county):
    from institutions.models import Report

    return Report.objects.filter(institution__county=county, period=PERIOD).order_by("institution__position")


def bare_create(county, like) -> None:
    """The institutions of another county once more."""
    from django.db import transaction

    from institutions.models import Institution

    with transaction.atomic():
        Institution.objects.bulk_create(
            [
                Institution(county=county, code=i.code, name=i.name, type=i.type, town=i.town, position=i.position)
                for i in like.institutions.all()
            ],
            update_conflicts=True,
            unique_fields=["county", "code"],
            update_fields=["name", "type", "town"],
        )


def bare_upsert(county, period: str, rows: list[dict]) -> None:
    from django.db import transaction
    from django.utils import timezone

    from institutions.models import Report

    now = timezone.now()
    keys = county.institutions.order_by("position").values_list("pk", flat=True)
    with transaction.atomic():
        Report.objects.bulk_create(
            [
                Report(
                    institution_id=key,
                    period=period,
                    state="accepted",
                    values=row,
                    accepted=row,
                    accepted_at=now,
                    updated_at=now,
                )
                for key, row in zip(keys, rows, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["institution", "period"],
            update_fields=["state", "values", "accepted", "accepted_at", "accepted_by", "updated_at"],
        )


if __name__ == "__main__":
    main()
