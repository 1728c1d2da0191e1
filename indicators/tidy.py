"""What is written into a standard, as every form of it keeps it: the database, YAML and Excel."""

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

from indicators.contents import StandardContent
from indicators.yaml_lines import FORBIDDEN_CHARACTERS


def tidied(content: StandardContent) -> StandardContent:
    """The same standard without blanks around its texts, characters that nobody sees and empty entries of lists;
    lines end in \\n, points have two places, phases are numbered in their order."""
    phases = [replace(phase, number=number) for number, phase in enumerate(content.phases, 1)]
    return _tidied(replace(content, phases=phases))


def clean(text: str) -> str:
    """One text so: what a file's reader would give back."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return FORBIDDEN_CHARACTERS.sub("", plain).replace("\ufeff", "").strip()


def _tidied(value):
    if isinstance(value, str):
        # a plain text also where a word of an enum was put in
        return clean(str(value))
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    if isinstance(value, list):
        tidied = [_tidied(each) for each in value]
        return [each for each in tidied if each != ""]
    if isinstance(value, dict):
        return {clean(key): clean(text) for key, text in sorted(value.items()) if clean(text)}
    if is_dataclass(value):
        tidied = {each.name: _tidied(getattr(value, each.name)) for each in fields(value)}
        return type(value)(**tidied)
    return value
