"""What tests of the work on an item share: the small world's items as the work room takes them."""

from django.urls import reverse

from assessments.models import Campaign
from indicators.models import Item
from tests.world import PERIOD, World

HERE = {"county": "A", "standard": "small", "period": PERIOD}


def item_of(world: World, number: str) -> Item:
    return Item.objects.get(standard=world.standard, number=number)


def campaign_of(world: World) -> Campaign:
    return Campaign.objects.get(county=world.county, standard=world.standard)


def url(name: str, number: str, **more) -> str:
    return reverse(f"assessments:{name}", kwargs=HERE | {"number": number} | more)


def words(response) -> str:
    """The page's HTML with blanks made one."""
    assert response.status_code == 200
    return " ".join(response.content.decode().split())
