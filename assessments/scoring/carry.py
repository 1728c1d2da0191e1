"""Writes what criteria come to after a change, carrying over what the change does not touch. Pure; stdlib only."""

from collections.abc import Collection, Mapping, Sequence

from assessments.scoring.as_json import CriterionWriter, Read, exact
from assessments.scoring.finish import CriterionResult
from assessments.scoring.gaps import ROOMS_LISTED
from assessments.scoring.program import Figures, Program


class CarryingWriter(CriterionWriter):
    """`earlier`: the criteria as they were written before the change, by code; `touched`: the codes of those that the
    change touches (change.apply); `changed`: the figures that are new. What the others lack is carried over where it
    was written before, and read (with the change in it) where it was not."""

    def __init__(
        self,
        program: Program,
        read: Read,
        earlier: Mapping[str, dict],
        touched: Collection[str],
        changed: Sequence[Figures],
    ):
        super().__init__(program, read)
        self.earlier = earlier
        self.touched = touched
        self.changed = {figures.code: figures for figures in changed}
        self._known_gaps: dict[str, dict[str, list]] = {}

    def criterion(self, result: CriterionResult) -> dict:
        code = result.spec.code
        return super().criterion(result) if code in self.touched else self.earlier[code]

    def gaps(self, result: CriterionResult, code: str) -> list[dict]:
        """An institution lacks what it lacked: that depends on its own figures alone."""
        known = None if code in self.changed else self._gaps_before(result).get(code)
        return super().gaps(result, code) if known is None else known

    def institution(self, result: CriterionResult, code: str) -> Figures:
        return self.changed[code] if code in self.changed else super().institution(result, code)

    def room(self, result: CriterionResult) -> list[dict]:
        """The first of the list before without the changed ones, and the changed ones where they now belong."""
        before = self._shortfall_before(result, "amount")
        if before is None or self.earlier[result.spec.code]["target"] != exact(result.target):
            return super().room(result)
        listed = before["room"]
        entries = [entry for entry in listed if entry["institution"] not in self.changed]
        entries = sorted(entries + self.room_of(result, list(self.changed.values())), key=_place)[:ROOMS_LISTED]
        # Those who were not listed come behind the last one who was. So they are not among the first now either, as
        # long as the list is full of others that do not come behind that one.
        is_whole = len(listed) < ROOMS_LISTED
        if is_whole or (len(entries) == ROOMS_LISTED and _place(entries[-1]) <= _place(listed[-1])):
            return entries
        return super().room(result)

    def _gaps_before(self, result: CriterionResult) -> dict[str, list]:
        code = result.spec.code
        if code not in self._known_gaps:
            before = self._shortfall_before(result, "institutions") or {"of": []}
            self._known_gaps[code] = {entry["institution"]: entry["gaps"] for entry in before["of"]}
        return self._known_gaps[code]

    def _shortfall_before(self, result: CriterionResult, kind: str) -> dict | None:
        before = self.earlier[result.spec.code]["shortfall"]
        return before if before and before["kind"] == kind else None


def _place(entry: Mapping) -> tuple[int, str]:
    return -entry["room"], entry["institution"]
