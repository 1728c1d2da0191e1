"""What a standard's file says of the plan as a whole: who leads, and how the work is kept going."""

from indicators.contents import ArrangementContent, SeatContent
from indicators.enums import ArrangementKind, Every, LeadingPart
from indicators.yaml_lines import Fields, Place

MAX_NAME = 60
MAX_NOTE = 300


def read_seats(file: Fields) -> list[SeatContent]:
    return [_seat(n, place) for n, place in enumerate(file.places("leading_group"), 1)]


def read_arrangements(file: Fields) -> list[ArrangementContent]:
    return [_arrangement(n, place) for n, place in enumerate(file.places("arrangements"), 1)]


def _seat(position: int, place: Place) -> SeatContent:
    fields = place.fields(place.named("领导小组职务", "office", position), ("part", "office"))
    return SeatContent(fields.word("part", LeadingPart.values), fields.text("office", MAX_NAME))


def _arrangement(position: int, place: Place) -> ArrangementContent:
    fields = place.fields(
        place.named("工作机制", "name", position),
        ("kind", "name"),
        ("every", "called_by", "recorded_by", "matters", "note"),
    )
    often = [each for each in Every.values if each]
    return ArrangementContent(
        kind=fields.word("kind", ArrangementKind.values),
        name=fields.text("name", MAX_NAME),
        every=fields.word("every", often) if fields.get("every") else "",
        called_by=fields.text("called_by", MAX_NAME),
        recorded_by=fields.text("recorded_by", MAX_NAME),
        matters=fields.texts("matters"),
        note=fields.text("note", MAX_NOTE),
    )
