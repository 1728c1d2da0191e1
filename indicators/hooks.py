"""What this room announces to rooms further up (see tcm_demo/lib/hooks.py)."""

from typing import NamedTuple

from tcm_demo.lib.hooks import Hook, Question


class ElementUses(NamedTuple):
    """In how many reports a figure of an element stands, and the periods of the rounds that name it."""

    reports: int
    rounds: list[str]


# standard_changed(standard=Standard): its content was replaced or edited, or who reports an element of it changed.
standard_changed = Hook("standard_changed")
# may_replace(standard=Standard): raises indicators.services.StandardInUse where the content must not change any more.
may_replace = Hook("may_replace")
# owners_for(user=User) -> owners whose standards the user may read: "" (everybody's), and codes of counties.
owners_for = Question("owners_for")
# uses_of_element(element=Element) -> ElementUses of a county's own element: what reports and rounds hold of it.
uses_of_element = Question("uses_of_element")
# element_removed(element=Element): a county's own element was taken away; no report holds a figure of it.
element_removed = Hook("element_removed")
