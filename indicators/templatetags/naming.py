"""How pages call items."""

from django import template

from indicators import naming

register = template.Library()
register.filter("item_name", naming.item_name)
register.filter("items_named", naming.items_named)
