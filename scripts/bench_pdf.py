"""Times the export of the demo county's report against WeasyPrint's bare time for the same HTML.

Usage: python scripts/bench_pdf.py. Makes its own database in a temporary directory. Prints ratios of processor time;
the goal is 1.1. The export lets Python's garbage collector run once, when WeasyPrint has done, so the bare time is
taken both ways.
"""

import gc
import io
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
STANDARD, PERIOD = "linzi-2023", "2023"
ROUNDS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(VAR_DIR=var, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="tcm_demo.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_standard", str(ROOT / f"fixtures/standards/{STANDARD}.yaml"), stdout=io.StringIO())
        ledger = str(ROOT / "fixtures/demo/ledger-2023.xlsx")
        call_command("import_ledger", ledger, county="DEMO", county_name="演示区", period=PERIOD, stdout=io.StringIO())
        bench()


def bench() -> None:
    import weasyprint

    from assessments.report_services import prepare_report, report_pdf
    from assessments.reports.pdf import html_of
    from assessments.reports.self_assessment import self_assessment
    from indicators.queries import current_standard
    from institutions.models import County

    county, standard = County.objects.get(code="DEMO"), current_standard(STANDARD)
    html = html_of(self_assessment(prepare_report(county, standard, PERIOD, final=False)))

    def export() -> bytes:
        return report_pdf(prepare_report(county, standard, PERIOD, final=False))

    def bare() -> bytes:
        return weasyprint.HTML(string=html).write_pdf()

    def bare_collected_once() -> None:
        gc.disable()
        bare()
        gc.enable()
        gc.collect()

    ways = {"export": export, "bare": bare, "bare, collecting once": bare_collected_once}
    times = {name: [] for name in ways}
    for _ in range(ROUNDS):  # in turns, so that a noisy machine is noisy for all
        for name, way in ways.items():
            times[name].append(timed(way))
    ours = min(times.pop("export"))
    print(f"{county.name}: report of {len(html) // 1024} KB of HTML, best of {ROUNDS}")
    print(f"  export: {ours:.2f} s")
    for name, seen in times.items():
        print(f"  WeasyPrint {name}: {min(seen):.2f} s, ratio {ours / min(seen):.2f} (goal 1.1)")


def timed(function) -> float:
    """Processor seconds, which a busy machine does not stretch."""
    gc.collect()
    start = time.process_time()
    function()
    return time.process_time() - start


if __name__ == "__main__":
    main()
