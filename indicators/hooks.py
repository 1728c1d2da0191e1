"""What this room announces to rooms further up (see tcm_demo/lib/hooks.py)."""

from tcm_demo.lib.hooks import Hook

# standard_changed(standard=Standard): a draft's content was replaced.
standard_changed = Hook("standard_changed")
# may_replace(standard=Standard): raises indicators.loader.StandardInUse where the content must not change any more.
may_replace = Hook("may_replace")
