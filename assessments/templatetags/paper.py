"""What only papers need: lights as text, so that a file of eighty pages holds no drawing for each."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tcm_demo.lib.lights import light

register = template.Library()


@register.simple_tag
def word_light(code: str, word: str = "") -> SafeString:
    """`{% word_light item.status %}`: sign and word in the state's colour; `word` as for `lights.light`."""
    found = light(code, word)
    return format_html('<span class="light {}">{} {}</span>', found.tone, found.sign, found.word)
