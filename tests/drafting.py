"""A county's own draft, and its forms as a browser sends them."""

import re

from django.test import Client
from django.urls import reverse

from indicators import drafts
from indicators.contents import ItemContent, StandardContent
from indicators.models import Standard
from indicators.queries import content_of
from tests.world import World


def draft_of(world: World, by: str = "office", owner: str = "A") -> Standard:
    """The county's own copy of the small standard; made once."""
    own = Standard.objects.filter(owner=owner).order_by("pk").first()
    return own or drafts.copy_standard(world.standard, owner=owner, by=world.users[by])


def url(standard: Standard, name: str = "draft", **kwargs) -> str:
    here = {"county": standard.owner, "code": standard.code, "version": standard.version}
    return reverse(f"assessments:{name}", kwargs=here | kwargs)


def content(standard: Standard) -> StandardContent:
    return content_of(Standard.objects.get(pk=standard.pk))


def item(standard: Standard, number: str) -> ItemContent:
    return next(each for each in content(standard).items if each.number == number)


def published(standard: Standard) -> Standard:
    checked = drafts.check_draft(standard, seen=standard.digest, by=None)
    return drafts.publish(checked, seen=checked.digest, by=None)


def seen(html: str) -> str:
    """Of which content the page's form was made."""
    return re.search(r'name="seen" value="([^"]*)"', html).group(1)


def sent_rows(rows: list[dict], initial: int) -> dict:
    """A table of rows that come and go; without a place they stand in their order. `initial`: how many are stored."""
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": initial}
    for index, row in enumerate(rows):
        for name, value in ({"ORDER": index + 1} | row).items():
            data[f"rows-{index}-{name}"] = value
    return data


def save_rows(client: Client, standard: Standard, name: str, rows: list[dict], initial: int = 0, **more):
    """Fetch the page's form and send these rows with it."""
    page = client.get(url(standard, f"draft-{name}"))
    assert page.status_code == 200
    return client.post(
        url(standard, f"draft-{name}"), sent_rows(rows, initial) | {"seen": seen(page.content.decode())} | more
    )


def evidence_row(code: str = "", text: str = "", **more) -> dict:
    usual = {"required": "on", "departments": "", "year": "period", "needed": "1", "seen_as": "document"}
    row = {"code": code, "text": text} | usual | more
    return {name: value for name, value in row.items() if value is not None}


def item_form(client: Client, standard: Standard, number: str = "", /, **changes) -> dict:
    """The item's form as the page has it, changed. `lead`, `cooperating`: names; `evidence`: rows."""
    address = url(standard, "draft-item", number=number) if number else url(standard, "draft-item-new")
    page = client.get(address)
    form, responsible = page.context["page"].form, page.context["page"].responsible
    data = {name: str(value) for name in form.fields if (value := form[name].value()) is not None}
    stored = item(standard, number) if number else None
    rows = [_row(each) for each in stored.evidence] if stored else []
    rows = changes.pop("evidence", rows)
    data |= sent_rows(rows, len(stored.evidence) if stored else 0) | {"seen": seen(page.content.decode())}
    roles = {name: role for role in ("lead", "cooperating") for name in changes.pop(role, getattr(responsible, role))}
    names = [*roles, *(each.name for each in responsible.choices if each.name not in roles)]
    for at, name in enumerate(names):
        data |= {f"department-{at}": name, f"role-{at}": roles.get(name, ""), f"order-{at}": str(at + 1)}
    return data | changes


def _row(evidence) -> dict:
    more = {"needed": evidence.needed, "year": evidence.year, "seen_as": evidence.seen_as}
    more |= {"departments": "、".join(evidence.departments), "institution_types": evidence.institution_types}
    return evidence_row(evidence.code, evidence.text, required="on" if evidence.required else None, **more)


def save_item(client: Client, standard: Standard, number: str = "", /, **changes):
    data = item_form(client, standard, number, **changes)
    return client.post(url(standard, "draft-item", number=number) if number else url(standard, "draft-item-new"), data)
