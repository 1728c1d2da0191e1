"""What tests of the grid share: a township centre whose clerk fills in for village clinics and a station."""

import json
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Element, ElementCheck
from institutions.models import Institution, Report, Round
from institutions.rounds.services import save_round
from tests.world import World, make_world

PERIOD = "2024"
CENTRE = "A-01"
# beside `techniques` of tests.world: code, name, value type, unit, reported by
MORE = [
    ("doctors", "医师数", "integer", "人", ["village_clinic", "community_station"]),
    ("tcm_doctors", "中医医师数", "integer", "人", ["village_clinic", "community_station"]),
    ("has_corner", "设有中医阁", "boolean", "", ["village_clinic", "community_station"]),
]
COMPLETE = {"techniques": "8", "doctors": "3", "tcm_doctors": "1", "has_corner": "是"}


def make_grid_world(villages: int = 3, stations: int = 0) -> tuple[World, Round]:
    """County A of tests.world with a round for 2024; clinics (A-1000…) and stations (A-2000…) report through A-01."""
    world = make_world(villages)
    for position, (code, name, kind, unit, types) in enumerate(MORE, start=10):
        facts = {"name": name, "group": "人员", "value_type": kind, "unit": unit, "reported_by": types}
        Element.objects.create(code=code, position=position, **facts)
    ElementCheck.objects.create(expression="tcm_doctors <= doctors", message="中医医师数不能大于医师数")
    centre = Institution.objects.get(code=CENTRE)
    world.county.institutions.filter(type="village_clinic").update(manager=centre)
    for number in range(stations):
        code, name = f"A-2{number:03d}", f"第{number + 1}社区卫生服务站"
        facts = {"type": "community_station", "position": 100 + number, "manager": centre}
        Institution.objects.create(county=world.county, code=code, name=name, **facts)
    today = timezone.localdate()
    days = {"opens_on": today - timedelta(days=5), "due_on": today + timedelta(days=5)}
    return world, save_round(world.county, PERIOD, by=world.users["office"], **days)


def address(name: str = "fill-grid", code: str = CENTRE, **more) -> str:
    return reverse(f"institutions:{name}", kwargs={"county": "A", "period": PERIOD, "code": code} | more)


def pk(code: str) -> int:
    return Institution.objects.get(county__code="A", code=code).pk


def cell(code: str, element: str, text: str, base: str = "") -> dict:
    """The fields of one cell as a page sends them."""
    name = f"{pk(code)}-{element}"
    return {f"v-{name}": text, f"b-{name}": base}


def row(code: str, **texts: str) -> dict:
    """The fields of one row's cells, which were empty before."""
    return {name: text for element, each in texts.items() for name, text in cell(code, element, each).items()}


def save(client: Client, data: dict, status: int = 200) -> dict:
    """As the page's script saves; the JSON that it gets."""
    response = client.post(address("fill-grid-save"), data, headers={"Accept": "application/json"})
    assert response.status_code == status, response.content.decode()
    return json.loads(response.content)


def report(code: str) -> Report:
    return Report.objects.get(institution__code=code, institution__county__code="A", period=PERIOD)
