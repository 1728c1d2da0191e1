"""A county with a campaign set up, and the forms of its tables as a browser sends them."""

import re
from datetime import date

from django.test import Client
from django.urls import reverse

from assessments.models import Campaign
from indicators.models import Department, Phase, Standard
from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User


def url(name: str = "", county: str = "A", standard: str = "small") -> str:
    """Of the campaign's page, or of one of the pages below it."""
    kwargs = {"county": county, "standard": standard}
    return reverse(f"assessments:campaign-{name}" if name else "assessments:campaign-of", kwargs=kwargs)


def add_phases(standard: Standard) -> None:
    Phase.objects.create(
        standard=standard,
        number=1,
        name="准备",
        start=date(2023, 9, 1),
        end=date(2023, 9, 30),
        tasks=["动员", "摸底"],
    )
    Phase.objects.create(standard=standard, number=2, name="实施", start=date(2023, 9, 15), end=date(2023, 12, 31))


def add_liaison(county: County, username: str, department: str, name: str = "", phone: str = "") -> User:
    user = User.objects.create_user(username, display_name=name or username, phone=phone)
    Grant.objects.create(user=user, county=county, role=Role.LIAISON, department=department)
    return user


def seen(html: str) -> str:
    """Which version of its rows a page's form was made of."""
    return re.search(r'name="seen" value="([^"]+)"', html).group(1)


def sent(rows: list[dict], seen: str) -> dict:
    """A table of rows that come and go as a browser sends it; without a place the rows stand in their order."""
    data = {"seen": seen, "rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": sum("pk" in row for row in rows)}
    for index, row in enumerate(rows):
        for name, value in ({"ORDER": index + 1} | row).items():
            data[f"rows-{index}-{name}"] = value
    return data


def departments_as_they_are(client: Client, **changes: dict) -> dict:
    """The departments' form as the page has it, changed for the departments that are named, by the standard's name."""
    page = client.get(url("departments"))
    data = {"seen": seen(page.content.decode())}
    for form in page.context["table"]:
        known = {name: form[name].value() for name in form.fields}
        for name, value in (known | changes.get(form.department.name, {})).items():
            data[form.add_prefix(name)] = value
    return data


def own(campaign: Campaign, name: str):
    """The campaign's row of the department that the standard calls so."""
    return campaign.departments.get(department=Department.objects.get(standard=campaign.standard, name=name))
