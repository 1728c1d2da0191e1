"""The evidence on an item's page: each requirement with its pieces, what is missing, and what one may do about it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from assessments.content import ItemContent
from assessments.evidence.shares import LACKING, STATES, Share, shares_of
from assessments.evidence.states import RequirementState
from assessments.evidence.words import judged_words, requirement_light
from assessments.forms import EvidenceForm
from assessments.uploads.area import UploadArea, upload_area
from assessments.views.evidence_mends import Mends
from assessments.views.evidence_uses import UseRow, use_row
from assessments.views.frame import Frame
from assessments.work.queries import LocalDepartment
from indicators.words import requirement_words
from institutions.models import Institution
from institutions.queries import active_institutions

# so many pieces, and names of institutions that lack one, stand on the page; the rest is in the list of evidence
SHOWN = 12


@dataclass(frozen=True)
class RequirementRow:
    """`area`: where files go. Where something is asked of each institution, `each_url` is the page that takes them one
    by one, `bar` says how many stand how (light, number, word), `of` of how many, `lacking` names those that have yet
    to bring it, and `lacking_more` how many beyond those. `word`: the office's, in words."""

    state: RequirementState
    light: tuple[str, str]
    words: str
    uses: list[UseRow]
    more: int
    word: str
    bar: list[tuple[str, int, str]]
    of: int
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
    institutions = _institutions(frame, states)
    may_work = frame.desk.may_work_on(item.number)
    mends = Mends(frame, states.values()) if may_work else None
    rows = [
        _row(frame, item, state, departments, institutions, mends, (forms or {}).get(state.requirement.pk), saved)
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


def _row(frame, item, state, departments, institutions, mends: Mends | None, form, saved) -> RequirementRow:
    """`mends`: None for who does not work on the item."""
    requirement = state.requirement
    of_each = bool(requirement.institution_types)
    placements = () if of_each else state.placements
    uses = [use_row(state, each, frame.user, frame.county, frame.may_check) for each in placements]
    shown = uses[-SHOWN:][::-1]
    shares = shares_of(state, [each for each in institutions if each.type in requirement.institution_types])
    names = {each.code: each.name for each in institutions}
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
        uses=[mends.with_area(use) for use in shown] if mends else shown,
        more=max(len(uses) - SHOWN, 0),
        word=judged_words(judgement.state) if judgement else "",
        bar=_bar(shares),
        of=len(shares),
        lacking=[names.get(code, code) for code in state.to_bring[:SHOWN]],
        lacking_more=max(len(state.to_bring) - SHOWN, 0),
        area=upload_area(frame.county, requirement=requirement) if mends and not of_each else None,
        url=frame.url("judge-evidence", **here),
        each_url=frame.url("evidence-each", **here) if of_each else "",
        change_url=frame.url("requirement", **here) if requirement.owner and frame.desk.works_on_all else "",
        form=form,
        saved=requirement.pk == saved,
    )


def _bar(shares: Iterable[Share]) -> list[tuple[str, int, str]]:
    """(light, number, word), what is done first."""
    counts, lights = Counter(), {}
    for share in shares:
        counts[share.state] += 1
        lights[share.state] = share.light[0]
    words = STATES | {LACKING: "未交"}
    return [(lights[state], counts[state], words[state]) for state in reversed(STATES) if counts[state]]


def _institutions(frame: Frame, states: Mapping[str, RequirementState]) -> list[Institution]:
    """The active institutions of the types of which something is asked one by one."""
    types = {kind for state in states.values() for kind in state.requirement.institution_types}
    if not types:
        return []
    found = active_institutions(frame.county, frame.period.text).filter(type__in=types)
    return list(found.only("code", "name", "type"))
