"""Scoring a snapshot again from what it kept itself (scoring.md rule 13): the same, to the last digit."""

from dataclasses import dataclass, replace

from assessments.models import Assessment
from assessments.queries import NOT_APPLICABLE, item_specs, program_of
from assessments.scoring.as_json import CriterionWriter, result_as_json
from assessments.scoring.finish import finish
from assessments.scoring.items import ItemSpec, score_items, summarise
from assessments.scoring.program import Figures
from assessments.services import digest_of
from indicators.queries import requirements_of


@dataclass(frozen=True)
class Recomputed:
    """`digest`: of what comes out now. `intact`: the stored result is still the one that its digest was made of.
    `standard_changed`: the standard is not as it was loaded then."""

    result: dict
    digest: str
    intact: bool
    standard_changed: bool
    same: bool


def recompute(snapshot: Assessment) -> Recomputed:
    """From the institutions' figures, the evidence and the requirements in `snapshot.inputs`; what is not in there, the
    criteria and the dictionary, is the standard's own. Seven queries; writes nothing."""
    inputs, standard = snapshot.inputs, snapshot.standard
    program = program_of(standard, snapshot.period)
    institutions = [Figures(row["code"], row["type"], row["values"] or {}) for row in inputs["institutions"]]
    criteria = finish(program, program.contribute(institutions))
    items = score_items(_items(snapshot), criteria, inputs["evidence"])
    head = {"county": snapshot.county.code, "standard": standard.code, "period": snapshot.period}
    reported = sum(bool(figures.values) for figures in institutions)
    writer = CriterionWriter(program, lambda scope: institutions)
    result = head | result_as_json(items, summarise(items), reported, len(institutions), writer.criterion)
    digest = digest_of(result)
    return Recomputed(
        result=result,
        digest=digest,
        intact=digest_of(snapshot.result) == snapshot.digest,
        standard_changed=inputs["standard"]["digest"] != standard.digest,
        same=digest == snapshot.digest,
    )


def _items(snapshot: Assessment) -> list[ItemSpec]:
    """With the evidence that was asked for then; earlier versions of the program knew the standard's own alone."""
    inputs, required = snapshot.inputs, {}
    kept = inputs.get("requirements")
    if kept is None:
        rows = requirements_of(snapshot.standard, owner="").filter(required=True).values_list("item__number", "code")
    else:
        rows = [
            (each["item"], code) for code, each in kept.items() if each["required"] and each["state"] != NOT_APPLICABLE
        ]
    for number, code in rows:
        required.setdefault(number, []).append(code)
    specs = item_specs(snapshot.county, snapshot.standard, inputs["evidence"])
    return [replace(spec, required_evidence=tuple(required.get(spec.number, ()))) for spec in specs]
