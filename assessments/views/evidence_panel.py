"""The evidence on an item's page: each requirement with its pieces, what is missing, and what one may do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from assessments.content import ItemContent
from assessments.evidence.states import RequirementState
from assessments.evidence.words import requirement_light
from assessments.forms import EvidenceForm
from assessments.uploads.area import UploadArea, upload_area
from assessments.views.evidence_uses import UseRow, use_row
from assessments.views.frame import Frame
from assessments.work.queries import LocalDepartment
from indicators.words import requirement_words
from institutions.queries import active_institutions

# so many pieces, and names of institutions that lack one, stand on the page; the rest is in the list of evidence
SHOWN = 12


@dataclass(frozen=True)
class RequirementRow:
    """`lacking`: names of institutions that owe something, `lacking_more` how many beyond those; `area`: where files
    go; where something is asked of each institution, `each_url` is the page that takes them one by one."""

    state: RequirementState
    light: tuple[str, str]
    words: str
    uses: list[UseRow]
    more: int
    lacking: list[str]
    lacking_more: int
    area: UploadArea | None
    url: str
    each_url: str
    change_url: str
    form: EvidenceForm | None
    saved: bool

    @property
    def requirement(self):
        return self.state.requirement


def panel(
    frame: Frame,
    item: ItemContent,
    states: Mapping[str, RequirementState],
    departments: Mapping[str, LocalDepartment],
    forms: Mapping[int, EvidenceForm] | None = None,
    saved: int | None = None,
) -> dict:
    """What templates/evidence/_panel.html draws. One query where institutions are named, none otherwise.

    `forms`: judgements with their faults, by the requirement's pk; `saved`: the requirement just judged.
    """
    named = _names(frame, states)
    may_work = frame.desk.may_work_on(item.number)
    rows = [
        _row(frame, item, state, departments, named, may_work, (forms or {}).get(state.requirement.pk), saved)
        for state in states.values()
    ]
    required = [row for row in rows if row.requirement.required and row.state.applies]
    return {
        "evidence": rows,
        "evidence_required": len(required),
        "evidence_accepted": sum(row.state.state == "accepted" for row in required),
        "may_work": may_work,
        "judging": frame.may_check,
        "demand_url": frame.url("requirement-new", number=item.number) if frame.desk.works_on_all else "",
        "decide_url": reverse("assessments:evidence-decide", args=[frame.county.code]),
        "list_url": reverse("assessments:evidence-list", args=[frame.county.code]),
        "county_code": frame.county.code,
        "panel_url": frame.url("item", number=item.number),
    }


def _row(frame, item, state, departments, named, may_work, form, saved) -> RequirementRow:
    requirement = state.requirement
    of_each = bool(requirement.institution_types)
    placements = () if of_each else state.placements
    uses = [use_row(state, each, frame.user, frame.county, frame.may_check) for each in placements]
    providers = [departments[name].name if name in departments else name for name in requirement.departments]
    judgement = state.judgement
    initial = {"state": judgement.state if judgement else "open", "reason": judgement.reason if judgement else ""}
    if form is None and frame.may_check:
        form = EvidenceForm(initial=initial, auto_id=f"{requirement.code}-%s")
    here = {"number": item.number, "code": requirement.code}
    return RequirementRow(
        state=state,
        light=requirement_light(state),
        words=requirement_words(requirement, providers),
        uses=uses[-SHOWN:][::-1],
        more=max(len(uses) - SHOWN, 0),
        lacking=[named.get(code, code) for code in state.verdict.lacking[:SHOWN]],
        lacking_more=max(len(state.verdict.lacking) - SHOWN, 0),
        area=upload_area(frame.county, requirement=requirement) if may_work and not of_each else None,
        url=frame.url("judge-evidence", **here),
        each_url=frame.url("evidence-each", **here) if of_each else "",
        change_url=frame.url("requirement", **here) if requirement.owner and frame.desk.works_on_all else "",
        form=form,
        saved=requirement.pk == saved,
    )


def _names(frame: Frame, states: Mapping[str, RequirementState]) -> dict[str, str]:
    """Names by code of the active institutions of the types of which something is asked one by one."""
    types = {kind for state in states.values() for kind in state.requirement.institution_types}
    if not types:
        return {}
    found = active_institutions(frame.county, frame.period.text).filter(type__in=types)
    return dict(found.values_list("code", "name"))
