"""Times the engine, a whole assessment and one page of each kind, each against a bare equivalent in the same run.

Usage: python scripts/bench.py. Makes its own database in a temporary directory. Prints ratios; asserts only that the
engine and the criteria written by hand give the same results.
"""

import gc
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
STANDARD, PERIOD = "linzi-2023", "2023"


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(VAR_DIR=var, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="tcm_demo.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        prepare()
        for code in ("DEMO", "LARGE"):
            bench_county(code)


def prepare() -> None:
    """The ledger's county, and one of 1,500 institutions made from it."""
    from django.conf import settings
    from django.core.management import call_command

    # pages name static files as they are: the bench does not need them collected
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("load_standard", str(ROOT / f"fixtures/standards/{STANDARD}.yaml"), verbosity=0)
    ledger = str(ROOT / "fixtures/demo/ledger-2023.xlsx")
    call_command("import_ledger", ledger, county="DEMO", county_name="演示区", period=PERIOD, stdout=io.StringIO())
    make_large(1500)

    from assessments.services import start_campaign
    from indicators.queries import current_standard
    from institutions.models import County

    for county in County.objects.all():
        start_campaign(county, current_standard(STANDARD), period=PERIOD)


def make_large(size: int) -> None:
    """A county of `size` active institutions: the ledger's, and copies of its stations and clinics."""
    from django.utils import timezone

    from institutions.models import County, Institution, Report

    large = County.objects.create(code="LARGE", name="大县")
    originals = list(Institution.objects.filter(county__code="DEMO", closed_on__isnull=True).order_by("position"))
    villages = [i for i in originals if i.type in ("community_station", "village_clinic")]
    wanted = originals + [villages[n % len(villages)] for n in range(size - len(originals))]
    values = dict(Report.objects.filter(institution__county__code="DEMO").values_list("institution_id", "values"))
    made = Institution.objects.bulk_create(
        Institution(county=large, code=f"L{n:05d}", name=f"{i.name}{n}", type=i.type, town=i.town, position=n)
        for n, i in enumerate(wanted)
    )
    now = timezone.now()
    Report.objects.bulk_create(
        Report(institution=new, period=PERIOD, state="accepted", values=figures, accepted=figures, updated_at=now)
        for new, old in zip(made, wanted, strict=True)
        if (figures := values.get(old.pk)) is not None
    )


def compare(name: str, ours, bare, goal: str = "", rounds: int = 15) -> None:
    """Both in turns, so that a noisy machine is noisy for both; the median of each."""
    times = ([], [])
    for _ in range(rounds):
        for function, seen in zip((bare, ours), times, strict=True):
            gc.collect()
            start = time.perf_counter()
            function()
            seen.append(time.perf_counter() - start)
    bare_time, our_time = (statistics.median(seen) * 1000 for seen in times)
    print(f"  {name}: {our_time:.2f} ms, bare {bare_time:.2f} ms, ratio {our_time / bare_time:.2f} {goal}")


def bench_county(code: str) -> None:
    from bench_by_hand import by_hand

    from assessments import queries, services
    from assessments.models import Standing
    from assessments.scoring.finish import finish
    from indicators.queries import current_standard
    from institutions.models import County

    county, standard = County.objects.get(code=code), current_standard(STANDARD)
    institutions = queries.figures_of(county, PERIOD)
    program = queries.program_of(standard, PERIOD)
    print(f"{county.name}: {len(institutions)} institutions")

    def engine():
        return finish(program, program.contribute(institutions))

    check_same(engine(), by_hand(institutions))
    compare("engine alone", engine, lambda: by_hand(institutions), "(goal 1.3)")
    compare("engine with contributions and merge per institution", lambda: merge_each(program, institutions), engine)
    compare(
        "whole assess with its reads",
        lambda: services.score(county, standard, PERIOD),
        lambda: by_hand(queries.figures_of(county, PERIOD)),
    )
    compare(
        "refresh of the stored standing after a change",
        lambda: services.refresh_standing(county, standard, PERIOD),
        lambda: services.score(county, standard, PERIOD),
        rounds=7,
    )

    def stored():
        return Standing.objects.get(county=county, standard=standard, period=PERIOD)

    bench_accepting(county, standard, stored)
    for name, address in addresses(code):
        bench_page(name, address, stored)


def bench_accepting(county, standard, stored) -> None:
    """One figure of one clinic is accepted: its part exchanged, against counting everybody, and against no scoring."""
    from django.db import transaction

    from assessments import standing_services
    from institutions.models import Report

    clinics = Report.objects.filter(institution__county=county, institution__type="village_clinic", period=PERIOD)
    report = clinics.order_by("pk").first()

    @transaction.atomic
    def accept(follow) -> None:
        before = dict(report.accepted)
        report.accepted["tcm_visits"] = 1 + report.accepted.get("tcm_visits", 0)
        report.save(update_fields=["accepted"])
        follow({report.institution_id: (before, dict(report.accepted))})

    def exchanging() -> None:
        accept(lambda figures: standing_services.refresh_changed(county, standard, PERIOD, figures))

    def counting_everybody() -> None:
        accept(lambda figures: standing_services.refresh_standing(county, standard, PERIOD))

    @transaction.atomic
    def writing_alone() -> None:
        report.save(update_fields=["accepted"])
        stored().save(update_fields=["result"])

    compare("accept one figure, bare is a full refresh", exchanging, counting_everybody)
    compare("accept one figure, bare is writing it and the standing as it was", exchanging, writing_alone)


def merge_each(program, institutions):
    from assessments.scoring.contribution import merge
    from assessments.scoring.finish import finish

    return finish(program, merge(program.contribute([each]) for each in institutions))


def check_same(results, expected: dict) -> None:
    assert len(results) == len(expected) == 57, (len(results), len(expected))
    for result in results:
        found = (result.status, result.value, list(result.failing), list(result.unknown))
        assert found == expected[result.spec.code], (result.spec.code, found, expected[result.spec.code])


def addresses(code: str) -> list[tuple[str, str]]:
    from assessments.models import InstitutionStanding

    base = f"/c/{code}/{STANDARD}/{PERIOD}/"
    first = InstitutionStanding.objects.filter(standing__county__code=code, institution__type="township_centre").first()
    return [
        ("county page", base),
        ("items", f"{base}items/"),
        ("item 24", f"{base}items/24/"),
        ("item 32", f"{base}items/32/"),
        ("institutions", f"{base}institutions/"),
        ("institution", f"{base}institutions/{first.institution.code}/"),
        ("report", f"{base}report/"),
        ("import", f"/c/{code}/import/"),
        ("standard", f"/standards/{STANDARD}/"),
    ]


def bench_page(name: str, address: str, stored) -> None:
    """A page through all of Django, against reading the stored standing alone."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tcm_demo.accounts.models import User

    user, _ = User.objects.get_or_create(username="bench", is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    name = f"{name}, {len(queries)} queries, bare is reading the stored standing"
    compare(name, lambda: client.get(address), stored, rounds=7)


if __name__ == "__main__":
    main()
