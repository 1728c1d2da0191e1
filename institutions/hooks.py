"""What this room announces to rooms further up (see tcm_demo/lib/hooks.py)."""

from tcm_demo.lib.hooks import Hook, Question

# figures_changed(county=County, period="2023", since=date | None, figures={pk: (old, new)} | None): accepted figures of
# the period changed, and perhaps, from that day on (None: ever; date.max: not at all), which institutions count. One
# moment: nothing follows twice. `figures`: Report.accepted before and after by the institution's pk, where these alone
# changed and the set of institutions did not; None: look at everything.
figures_changed = Hook("figures_changed")
# institutions_changed(county=County, since=date | None): from that day on (None: ever) other institutions count.
institutions_changed = Hook("institutions_changed")
# standards_of(county=County): the standards that the county works towards, the first one first.
standards_of = Question("standards_of")
# departments_of(county=County): what the departments are called in the county, in their order: {name: other spellings}.
# A liaison's grant may bear any of them.
departments_of = Question("departments_of")
