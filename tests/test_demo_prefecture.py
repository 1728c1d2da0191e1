"""The demo prefecture: three counties, of which one has no figures."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from assessments.demo.prefecture import make_neighbours
from assessments.services import start_campaign
from indicators.queries import current_standard
from institutions import registry
from institutions.enums import CountyLevel
from institutions.models import County
from institutions.services import create_county, import_ledger
from tcm_demo.accounts.models import User

PERIOD = "2023"


@pytest.fixture
def prefecture(db, settings) -> County:
    """With one county that has the demo's ledger."""
    call_command("load_standard", settings.BASE_DIR / "fixtures/standards/linzi-2023.yaml", verbosity=0)
    above = County(code="DEMO-CITY", name="演示市", level=CountyLevel.PREFECTURE)
    registry.save_county(above, by=None)
    county = create_county("DEMO", "演示区", by=None)
    county.parent = above
    registry.save_county(county, by=None)
    import_ledger(county, PERIOD, settings.BASE_DIR / "fixtures/demo/ledger-2023.xlsx", by=None)
    start_campaign(county, current_standard("linzi-2023"), period=PERIOD)
    return above


def test_the_neighbours_have_figures_of_their_own_and_are_made_once(client, prefecture):
    standard = current_standard("linzi-2023")
    assert make_neighbours(prefecture, standard, PERIOD)
    assert not make_neighbours(prefecture, standard, PERIOD)
    client.force_login(User.objects.create_superuser("root"))
    page = client.get(reverse("assessments:prefecture", args=["DEMO-CITY", "linzi-2023", PERIOD]))
    lines = {row["line"].county.code: row["line"] for row in page.context["lines"]}
    assert [line.state for line in lines.values()] == ["ranked", "ranked", "no_data"]
    second = lines["DEMO2"]
    assert (second.rank, second.now.reported, second.now.due) == (1, 95, 95)
    assert second.now.met > 0
    assert second.change_words.startswith("+")
    assert page.context["chart"]
