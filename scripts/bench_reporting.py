"""Times filling in and checking: pages, one saved cell, one and 300 accepted reports, each against a bare equivalent.

Usage: python scripts/bench_reporting.py. Makes the demo county in a temporary directory. Prints ratios, asserts nothing
but that the answers are what they should be.
"""

import io
import os
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
PERIOD, CENTRE, CLINIC = "2024", "DEMO-T02", "DEMO-V00001"
FILL, ROUNDS = f"/c/DEMO/fill/{PERIOD}/", f"/c/DEMO/rounds/{PERIOD}/"


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(VAR_DIR=var, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="tcm_demo.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        prepare()
        bench_pages()
        bench_saving()
        bench_accepting()


def prepare() -> None:
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("load_standard", str(ROOT / "fixtures/standards/linzi-2023.yaml"), verbosity=0)
    call_command("make_demo", stdout=io.StringIO())


def client_of(username: str):
    from django.test import Client

    from tcm_demo.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def bench_pages() -> None:
    from bench import compare
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from institutions.models import Institution, Report

    def rows():
        listed = Institution.objects.filter(county__code="DEMO", reports__period=PERIOD)
        return list(listed.order_by("position").values_list("name", "reports__state")[:50])

    def report():
        return Report.objects.get(institution__code=CENTRE, period=PERIOD)

    pages = [
        ("worklist of 332", "shenhe", ROUNDS, rows),
        ("one report being checked", "shenhe", f"{ROUNDS}{CENTRE}/", report),
        ("form of a township centre", CENTRE.lower(), f"{FILL}{CENTRE}/", report),
        ("grid of its village clinics", CENTRE.lower(), f"{FILL}{CENTRE}/grid/", rows),
        ("what a clerk has to do", CENTRE.lower(), "/fill/", rows),
    ]
    for name, username, address, bare in pages:
        client = client_of(username)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        compare(f"{name}, {len(queries)} queries, bare is reading the rows", page(client, address), bare, rounds=7)


def page(client, address: str):
    return lambda: client.get(address)


def bench_saving() -> None:
    """One figure saves itself, through all of Django, with history, event and checks; against writing it alone."""
    from bench import compare
    from django.db import transaction

    from institutions.models import Institution, Report

    client, figures = client_of(CENTRE.lower()), count(21)
    institution = Institution.objects.get(code=CENTRE)
    report = Report.objects.get(institution=institution, period=PERIOD)
    stored = [str(report.values.get("physicians", ""))]

    def save() -> None:
        text = str(next(figures))
        name = f"{institution.pk}-physicians"
        data = {f"v-{name}": text, f"b-{name}": stored[0]}
        answer = client.post(f"{FILL}{CENTRE}/save/", data, headers={"Accept": "application/json"})
        assert text in answer.content.decode(), (answer.status_code, answer.content[:300])
        stored[0] = text

    @transaction.atomic
    def write() -> None:
        Report.objects.filter(pk=report.pk).update(values=report.values)

    compare("save one cell, bare is writing the report alone", save, write)


def bench_accepting() -> None:
    """Accept what is submitted, in one go, against writing those reports alone."""
    from django.db import transaction

    from institutions.models import Institution, Report, Round
    from institutions.review.services import accept_many
    from tcm_demo.accounts.models import User

    round, reviewer = Round.objects.get(), User.objects.get(username="shenhe")
    waiting = Report.objects.filter(period=PERIOD, state="accepted")
    waiting.update(state="submitted", accepted={}, hands=[])
    reports = list(Report.objects.filter(period=PERIOD, state="submitted"))

    @transaction.atomic
    def write() -> None:
        for report in reports:
            report.save()

    asked = list(Institution.objects.filter(county__code="DEMO").select_related("county"))
    bare, ours = timed(write), timed(lambda: accept_many(round, asked, by=reviewer))
    print(
        f"  accept {len(reports)} reports at once: {ours:.0f} ms, bare is saving them one by one {bare:.0f} ms, "
        f"ratio {ours / bare:.2f}"
    )


def timed(function) -> float:
    start = time.perf_counter()
    function()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
