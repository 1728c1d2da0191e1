"""The small world with more counties below the prefecture P: C has figures of its own, D has begun without any, E has
not taken the standard up."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import MonthStanding
from assessments.services import start_campaign
from institutions.enums import CountyLevel, Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User
from tests.world import PERIOD, World, add_institution, make_world

PREFECTURE = {"prefecture": "P", "standard": "small", "period": PERIOD}


def make_prefecture() -> World:
    """`strange_prefecture` reads another prefecture, Q, whose only county is B."""
    world = make_world()
    above = County.objects.get(code="P")
    third = County.objects.create(code="C", name="丙县", parent=above)
    # codes as in county A: they are other institutions all the same
    add_institution(third, "A-01", "township_centre", {"has_hall": True, "visits": 100, "tcm_visits": 50}, "丙镇卫生院")
    add_institution(third, "A-1000", "village_clinic", {"techniques": 6}, "丙村卫生室")
    begun = County.objects.create(code="D", name="戊县", parent=above)
    add_institution(begun, "D-01", "township_centre", None, "戊镇卫生院")
    for county in (third, begun):
        start_campaign(county, world.standard, period=PERIOD)
    County.objects.create(code="E", name="己县", parent=above)
    other = County.objects.create(code="Q", name="庚市", level=CountyLevel.PREFECTURE)
    County.objects.filter(code="B").update(parent=other)
    world.users["strange_prefecture"] = User.objects.create_user("strange_prefecture")
    Grant.objects.create(user=world.users["strange_prefecture"], county=other, role=Role.PREFECTURE)
    return world


def keep(county: str, month: str, **different) -> MonthStanding:
    """A row of that month, as the one that the county has now but for what is `different`."""
    row = MonthStanding.objects.filter(county__code=county).latest("month")
    row.pk, row.month = None, month
    for name, value in different.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def queries_of(client, address: str) -> list[str]:
    """The SQL of every query that the page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def url(name: str = "prefecture", **more) -> str:
    return reverse(f"assessments:{name}", kwargs=PREFECTURE | more)
