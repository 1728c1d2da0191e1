"""What this room announces to rooms further up (see tcm_demo/lib/hooks.py)."""

from tcm_demo.lib.hooks import Hook, Question

# standard_changed(standard=Standard): its content was replaced or edited, or who reports an element of it changed.
standard_changed = Hook("standard_changed")
# may_replace(standard=Standard): raises indicators.services.StandardInUse where the content must not change any more.
may_replace = Hook("may_replace")
# owners_for(user=User) -> owners whose standards the user may read: "" (everybody's), and codes of counties.
owners_for = Question("owners_for")
