"""Some institutions' figures change: what everybody comes to then, without the others being read. Pure; stdlib only."""

from collections.abc import Iterable
from typing import NamedTuple

from assessments.scoring.contribution import Contributions
from assessments.scoring.program import CriterionSpec, Figures, Program


class Change(NamedTuple):
    """One active institution's figures; code and type stay the same."""

    before: Figures
    after: Figures

    @property
    def elements(self) -> frozenset[str]:
        """Codes of the elements whose values differ."""
        old, new = self.before.values, self.after.values
        return frozenset(code for code in {*old, *new} if old.get(code) != new.get(code))


def apply(program: Program, total: Contributions, changes: Iterable[Change]) -> tuple[Contributions, set[str]]:
    """The contributions of everybody after the changes, and the codes of the criteria that these touch.

    `total`: of everybody before. A criterion is touched where an element that it reads has changed, also where the
    contribution is the same as before: an institution that still fails may now lack something else.
    """
    new_total, touched = list(total), set()
    for change in changes:
        elements = change.elements
        indexes = [i for i, spec in enumerate(program.criteria) if _is_touched(spec, change.after.type, elements)]
        if not indexes:
            continue
        before, after = program.contribute([change.before]), program.contribute([change.after])
        for i in indexes:
            new_total[i] = new_total[i] - before[i] + after[i]
            touched.add(program.criteria[i].code)
    return tuple(new_total), touched


def _is_touched(spec: CriterionSpec, institution_type: str, elements: frozenset[str]) -> bool:
    if not elements.isdisjoint(spec.target_reads):
        return True
    return spec.covers(institution_type) and not elements.isdisjoint(spec.reads)
