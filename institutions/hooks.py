"""What this room announces to rooms further up (see tcm_demo/lib/hooks.py)."""

from tcm_demo.lib.hooks import Hook

# figures_changed(county=County, period="2023"): accepted figures or active institutions of a county changed.
figures_changed = Hook("figures_changed")
# institutions_changed(county=County, since=date | None): from that day on (None: ever) other institutions count.
institutions_changed = Hook("institutions_changed")
