"""The binders of a campaign as they are now, read from the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.binders.content import BinderContent, CriterionRow, EvidencePiece, StatementText
from assessments.binders.missing import (
    lacking_codes,
    missing_sentences,
    not_counted_sentences,
    unbound_sentences,
)
from assessments.binders.numbers import Candidate, shown
from assessments.binders.services import number_pieces
from assessments.binders.sources_of_figures import SourceReport, source_reports, sources_words
from assessments.binders.stored_files import opener
from assessments.content import CriterionContent, ItemContent, SectionContent, StandingContent, standing_content
from assessments.evidence.states import RequirementState, requirement_states
from assessments.models import Campaign, Placement, Statement
from assessments.queries import standing_of
from assessments.reports.numerals import chinese
from assessments.work.queries import LocalDepartment, local_departments
from indicators.models import Item
from indicators.queries import element_specs
from institutions.models import Institution
from institutions.period import Period
from institutions.refusals import Refused
from tcm_demo.lib.dates import zh_date

NO_STANDING = "这一期还没有达标结果，不能编印迎检资料。"
NO_ITEM = "没有可编印的条目。"


@dataclass(frozen=True)
class _Read:
    """What all binders are made from."""

    campaign: Campaign
    period: str
    standing: StandingContent
    items: Mapping[str, Item]
    states: Mapping[str, list[RequirementState]]
    numbers: Mapping[tuple[int, int], int]
    statements: Mapping[int, Statement]
    departments: Mapping[str, LocalDepartment]
    institutions: Mapping[str, str]
    reports: Collection[SourceReport]
    tells_missing: bool


def assemble(
    campaign: Campaign, period: str, items: Collection[str], *, by, tells_missing: bool = True
) -> list[BinderContent]:
    """The binders of these items (by number), in the standard's order.

    Evidence that is printed for the first time is numbered where `by` is of the county office, in a transaction of its
    own, which is recorded. A fixed number of queries. Raises Refused where there is nothing to make binders of.
    """
    read = _read(campaign, period, set(items), by, tells_missing)
    return [
        _binder(read, section, item)
        for section in read.standing.sections
        for item in section.items
        if item.number in read.items
    ]


def _read(campaign: Campaign, period: str, wanted: set[str], by, tells_missing: bool) -> _Read:
    county, standard = campaign.county, campaign.standard
    standing = standing_of(county, standard, period)
    if standing is None:
        raise Refused(NO_STANDING)
    items = {item.number: item for item in Item.objects.filter(standard=standard, number__in=wanted)}
    if not items:
        raise Refused(NO_ITEM)
    states: dict[str, list[RequirementState]] = {number: [] for number in items}
    for state in requirement_states(county, standard, period).values():
        if state.requirement.item.number in items:
            states[state.requirement.item.number].append(state)
    candidates = {item: list(_candidates(states[number])) for number, item in items.items()}
    codes = {code for own in states.values() for code in lacking_codes(own)}
    rows = Statement.objects.filter(campaign=campaign, period=period, item__in=list(items.values()))
    return _Read(
        campaign,
        period,
        standing_content(standard, standing.result, element_specs()),
        items,
        states,
        number_pieces(campaign, candidates, by=by),
        {row.item_id: row for row in rows.order_by("number")},
        local_departments(campaign),
        dict(Institution.objects.filter(county=county, code__in=codes).values_list("code", "name")),
        source_reports(county, period),
        tells_missing,
    )


def _candidates(states: Iterable[RequirementState]) -> Iterable[Candidate]:
    """Each piece once, at the first requirement that it counts for."""
    seen = set()
    for place, state in enumerate(states):
        for placement in state.counting:
            if placement.piece_id not in seen:
                seen.add(placement.piece_id)
                yield Candidate(placement.piece_id, place, placement.piece.document_date)


def _binder(read: _Read, section: SectionContent, item: ItemContent) -> BinderContent:
    states = read.states[item.number]
    lead = _local(item.lead, read.departments)
    return BinderContent(
        county=read.campaign.county.name,
        standard=read.campaign.standard.title,
        period=str(Period.parse(read.period)),
        section_number=chinese(section.number),
        section_name=section.name,
        item_number=item.number,
        item_title=item.title,
        requirement=item.requirement,
        lead=lead,
        cooperating=_local(item.cooperating, read.departments),
        status_label=item.status_label,
        still_open=tuple(f"{what} {lack}" for what, lack in item.lacks) if read.tells_missing else (),
        criteria=tuple(_criterion(criterion, read.reports) for criterion in item.criteria),
        statement=_statement(read.statements.get(read.items[item.number].pk), lead),
        pieces=_pieces(read, item, states),
        **_missing(read, states),
        printed_on=zh_date(timezone.localdate()),
    )


def _missing(read: _Read, states: Collection[RequirementState]) -> dict:
    if not read.tells_missing:
        return {"tells_missing": False}
    return {
        "missing": missing_sentences(states, read.institutions),
        "not_counted": not_counted_sentences(states),
        "unbound": unbound_sentences(states),
    }


def _local(names: Iterable[str], departments: Mapping[str, LocalDepartment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(departments[name].name if name in departments else name for name in names))


def _criterion(criterion: CriterionContent, reports: Collection[SourceReport]) -> CriterionRow:
    sources, counted = sources_words(criterion, reports)
    return CriterionRow(
        code=criterion.code,
        name=criterion.name,
        level=criterion.level_label,
        value=criterion.value_text,
        target=criterion.target_text,
        status=criterion.status_label,
        coverage=criterion.coverage_text if criterion.due else "",
        sources=sources,
        counted=counted,
    )


def _statement(row: Statement | None, lead: Sequence[str]) -> StatementText | None:
    """Signed by the department that leads: the county's word, not that of whoever typed it."""
    return StatementText(row.text, "、".join(lead), zh_date(row.saved_at)) if row else None


def _pieces(read: _Read, item: ItemContent, states: Collection[RequirementState]) -> tuple[EvidencePiece, ...]:
    uses: dict[int, list[Placement]] = {}
    texts: dict[int, list[str]] = {}
    for state in states:
        for placement in state.counting:
            uses.setdefault(placement.piece_id, []).append(placement)
            texts.setdefault(placement.piece_id, []).append(state.requirement.text)
    item_pk = read.items[item.number].pk
    given = {piece: read.numbers.get((item_pk, piece)) for piece in uses}
    # those without a number as they would be numbered
    waiting = sorted((each for each in _candidates(states) if given[each.piece] is None), key=lambda each: each.order)
    order = [*sorted(filter(given.get, given), key=given.get), *(each.piece for each in waiting)]
    return tuple(_piece(item.number, given[piece], uses[piece], texts[piece]) for piece in order)


def _piece(item: str, number: int | None, uses: list[Placement], texts: list[str]) -> EvidencePiece:
    """One piece, with all requirements and institutions of this item that it counts for."""
    first, piece = uses[0], uses[0].piece
    version = piece.version
    return EvidencePiece(
        number=shown(item, number),
        is_numbered=number is not None,
        title=piece.title,
        requirement="；".join(dict.fromkeys(texts)),
        file_name=version.file_name,
        extension=version.extension,
        kind=version.kind,
        size=version.size,
        sha256=version.sha256,
        pages=version.pages or 0,
        kind_label=version.get_kind_display(),
        document_number=piece.document_number,
        issuer=piece.issuer,
        document_date=_day(piece.document_date),
        institution="、".join(dict.fromkeys(str(use.institution) for use in uses if use.institution_id)),
        accepted_by=str(first.decided_by) if first.decided_by else "",
        accepted_on=_day(first.decided_at and timezone.localtime(first.decided_at)),
        file=opener(version.file),
        pdf_form=opener(version.shown) if version.shown else None,
    )


def _day(day: date | None) -> str:
    """As tables have it: 2023-12-28."""
    return f"{day:%Y-%m-%d}" if day else ""
