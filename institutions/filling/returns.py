"""Which of the returned figures are still what they were when they came back. Pure."""

from collections.abc import Iterable, Mapping

from institutions.enums import StepKind


def unchanged_since(returned: Mapping[str, str], stored: Mapping, values: Mapping, steps: Iterable) -> dict[str, str]:
    """Of `returned` (element code, or "" for the whole report, -> reason) what is the same in `values`, with its why.

    `stored`: the report's values, to which its `steps` have led: (kind, cells, marks), the oldest first. A figure that
    was changed and changed back is the same; the whole report is, where nothing at all differs.
    """
    steps = list(steps)
    found = {}
    for code, reason in returned.items():
        then = _values_at_return(code, stored, steps)
        if (then.get(code) == values.get(code)) if code else (then == dict(values)):
            found[code] = reason
    return found


def _values_at_return(code: str, stored: Mapping, steps: Iterable) -> dict:
    """When this was last returned: the later changes taken back."""
    earlier: dict = {}
    for kind, cells, marks in steps:
        if kind == StepKind.RETURNED and code in marks:
            earlier = {}
        else:
            for key, (old, _) in cells.items():
                earlier.setdefault(key, old)
    return {key: value for key, value in {**stored, **earlier}.items() if value is not None}
