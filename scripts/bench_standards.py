"""Times several standards at once: the matrix, the prefecture, editing a standard, reading a plan, each against a bare
equivalent.

Usage: python scripts/bench_standards.py. Makes the demo county in a temporary directory. Prints ratios, asserts nothing
but that the answers are what they should be.
"""

import io
import os
import sys
import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
PERIOD, COUNTIES = "2023", 15


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(VAR_DIR=var, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="tcm_demo.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        prepare()
        bench_pages()
        bench_editing()
        bench_reading()


def prepare() -> None:
    """The demo county with all standards, and a prefecture of as many counties of its size."""
    from bench_reporting import prepare as prepare_demo
    from django.core.management import call_command

    prepare_demo()
    standards = sorted(str(file) for file in (ROOT / "fixtures/standards").glob("*.yaml"))
    call_command("load_standard", *standards, verbosity=0, stdout=io.StringIO())

    from assessments.models import Standing
    from assessments.services import start_campaign
    from indicators.models import Standard
    from indicators.queries import current_standard
    from institutions.enums import CountyLevel
    from institutions.models import County

    demo = County.objects.get(code="DEMO")
    for standard in Standard.objects.all():
        start_campaign(demo, standard, period=PERIOD)
    prefecture = County.objects.create(code="LARGE", name="大市", level=CountyLevel.PREFECTURE)
    standing = Standing.objects.get(county=demo, standard__code="linzi-2023", period=PERIOD)
    linzi = current_standard("linzi-2023")
    for number in range(COUNTIES):
        county = County.objects.create(code=f"L{number:02}", name=f"第{number + 1}县", parent=prefecture)
        start_campaign(county, linzi, period=PERIOD)
        same = {"result": standing.result, "contributions": standing.contributions}
        Standing.objects.filter(county=county).update(**same)


def bench_pages() -> None:
    from bench import compare
    from bench_reporting import client_of
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assessments.models import Standing

    def stored():
        return list(Standing.objects.filter(county__code="DEMO", period=PERIOD).values_list("result", flat=True))

    def contributions():
        standings = Standing.objects.filter(county__parent__code="LARGE", period=PERIOD)
        return list(standings.values_list("result", "contributions"))

    pages = [
        ("matrix of five standards", "chuangjianban", f"/c/DEMO/matrix/{PERIOD}/", stored),
        (f"prefecture of {COUNTIES} counties", "admin", f"/p/LARGE/linzi-2023/{PERIOD}/", contributions),
        (
            "two standards' demands compared",
            "admin",
            "/standards/linzi-2023/compare/?from=jincheng-chengqu-2024:1",
            stored,
        ),
    ]
    for name, username, address, bare in pages:
        client = client_of(username)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        what = f"{name}, {len(queries)} queries, bare is reading the stored rows"
        compare(what, lambda client=client, address=address: client.get(address), bare, rounds=7)


def bench_editing() -> None:
    """One item of a standard of 42 is changed and saved whole, with its trail; against writing the one row."""
    from bench import compare
    from bench_reporting import client_of
    from django.urls import reverse

    from indicators import drafts
    from indicators.models import Item
    from indicators.queries import content_of, current_standard

    draft = drafts.copy_standard(current_standard("linzi-2023"), owner="DEMO", by=None)
    titles = count(1)

    def save() -> None:
        def rename(item):
            return replace(item, title=f"改名 {next(titles)}") if item.number == "24" else item

        content = drafts.with_items(content_of(draft), rename)
        draft.digest = drafts.save_draft(draft, content, seen=draft.digest, by=None).digest

    def write() -> None:
        Item.objects.filter(standard=draft, number="24").update(title=f"改名 {next(titles)}")

    compare("one item of a draft of 42 saved, bare is one UPDATE", save, write, rounds=7)
    client = client_of("chuangjianban")
    address = reverse("assessments:draft", args=["DEMO", draft.code, draft.version])
    assert client.get(address).status_code == 200
    compare(
        "the draft's page, bare is reading its rows", lambda: client.get(address), lambda: content_of(draft), rounds=7
    )


def bench_reading() -> None:
    """A plan of some 10,000 characters; against looking at each of its characters once."""
    from bench import compare

    from indicators.plans import read_plan

    texts = [file.read_text("utf-8") for file in sorted((ROOT / "tests/plans").glob("*.txt"))]
    text = "\n\n".join(texts)
    assert read_plan(text).items
    compare(f"a plan of {len(text)} characters read", lambda: read_plan(text), lambda: list(text), rounds=5)


if __name__ == "__main__":
    main()
