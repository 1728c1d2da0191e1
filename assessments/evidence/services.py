"""Handing evidence in: new pieces and versions, what is known of them, what they are used for. Written nowhere else.

Accepting, returning and judging is in review_services, the county's own requirements in demand_services.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ItemStepKind, PlacementState
from assessments.evidence.access import campaign_of
from assessments.evidence.prepare import prepare_later
from assessments.evidence.reasons import checked_reason, plain
from assessments.evidence.storage import drop, keep
from assessments.files.digest import sha256_of
from assessments.files.identity import name_looks_personal, without_identity_numbers
from assessments.files.kinds import Kind, kind_of
from assessments.files.names import clean_name
from assessments.files.virus import scan
from assessments.models import Campaign, Piece, Placement, Version
from assessments.standing_services import lock, refresh_evidence
from assessments.work.steps import happened
from indicators.models import EvidenceRequirement, Standard
from institutions.models import County, Institution
from institutions.refusals import Refused
from tcm_demo.audit.services import record
from tcm_demo.notices.services import notify

# What decides whether a piece counts: where it changes, what was accepted has to be looked at again.
COUNTING = ("document_date", "first_year", "last_year", "valid_until")
DESCRIBED = ("title", "document_number", "issuer", *COUNTING)
_YEARS = range(1949, 2100)


class AlreadyThere(Refused):
    """The very file is at the requirement already, as `piece`."""

    def __init__(self, sentence: str, piece: Piece):
        super().__init__(sentence)
        self.piece = piece


@dataclass(frozen=True)
class Description:
    """What is known of a document apart from its file; see Piece for what the fields mean."""

    title: str = ""
    document_date: date | None = None
    document_number: str = ""
    issuer: str = ""
    first_year: int | None = None
    last_year: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class TakenIn:
    """`twins`: other pieces of the county of which this very file is the current version, too."""

    piece: Piece
    version: Version
    twins: tuple[Piece, ...]


def take_in(
    source: Path,
    *,
    name: str,
    county: County,
    by,
    requirement: EvidenceRequirement | None = None,
    institution: Institution | None = None,
    replaces: Piece | None = None,
    described: Description | None = None,
    then: Callable[[TakenIn], object] | None = None,
) -> TakenIn:
    """Make a whole file on this machine a piece of evidence, or the next version of one (`replaces`).

    The file at `source` is moved away. A new version has to be accepted again wherever the piece is used. Raises
    BadFile, Infected, ScannerAway, Refused (all with a sentence for people) and OSError where there is no room;
    nothing is written then. `then` is called in the same transaction, for what has to be written with it or not at all.
    """
    name = clean_name(name)
    kind = kind_of(source, name)
    scan(source)
    digest = sha256_of(source)
    size = source.stat().st_size
    stored = keep(source, kind.extension)
    try:
        with transaction.atomic():
            taken = _take_in(
                stored, name, kind, digest, size, county, by, requirement, institution, replaces, described
            )
            if then is not None:
                then(taken)
            return taken
    except BaseException:
        drop(stored)
        raise


def _take_in(
    stored, name, kind: Kind, digest, size, county, by, requirement, institution, replaces, described
) -> TakenIn:
    lock(county)
    now = timezone.now()
    if replaces is None:
        described = described or Description()
        piece = Piece(county=county, made_by=by, made_at=now)
        _write_description(piece, described, default_title=Path(name).stem)
        piece.save()
    else:
        piece = Piece.objects.select_for_update(of=("self",)).select_related("version").get(pk=replaces.pk)
        _check_replacement(piece, digest)
    number = piece.versions.count() + 1
    version = Version.objects.create(
        piece=piece,
        number=number,
        file=stored,
        file_name=name,
        size=size,
        sha256=digest,
        kind=kind.kind,
        extension=kind.extension,
        mime=kind.mime,
        pages=kind.pages,
        notes=[*kind.notes, *name_looks_personal(name)],
        uploaded_by=by,
        uploaded_at=now,
    )
    piece.version = version
    piece.save(update_fields=["version"])
    after = {"file_name": without_identity_numbers(name), "sha256": digest, "version": number, "title": piece.title}
    record("upload_evidence" if number == 1 else "replace_evidence", piece, by=by, place=county.code, after=after)
    if requirement is not None and replaces is None:
        _place(piece, requirement, institution, by=by, kind=ItemStepKind.UPLOADED)
    if number > 1:
        _look_again(piece, by=by, kind=ItemStepKind.REPLACED, text=f"第 {number} 版：{name}")
    prepare_later(version)
    return TakenIn(piece, version, twins_of(version))


def twins_of(version: Version) -> tuple[Piece, ...]:
    """Other pieces of the county whose current version is this very file. One query."""
    same = Piece.objects.filter(county=version.piece.county_id, version__sha256=version.sha256, withdrawn_at=None)
    return tuple(same.exclude(pk=version.piece_id).order_by("pk"))


@transaction.atomic
def describe(piece: Piece, described: Description, *, by, seen: str | None = None) -> Piece:
    """Change what is known of a piece. Where that decides whether it counts, it has to be accepted again.

    `seen`: stamp_of the description that was changed. Raises Refused, also where somebody else changed it since.
    """
    lock(piece.county)
    piece = _now(piece)
    _check_there(piece)
    if seen is not None and seen != stamp_of(description_of(piece)):
        raise Refused("您打开以后，别人改过这份材料的文件信息。请在另一个窗口核对后，再按一次“保存”，就以这里的为准。")
    before = {field: getattr(piece, field) for field in DESCRIBED}
    _write_description(piece, described, default_title=piece.title)
    after = {field: getattr(piece, field) for field in DESCRIBED}
    changed = {field for field in DESCRIBED if before[field] != after[field]}
    if not changed:
        return piece
    piece.save(update_fields=DESCRIBED)
    before, after = ({field: facts[field] for field in changed} for facts in (before, after))
    record("describe_evidence", piece, by=by, place=piece.county.code, before=before, after=after)
    if changed & set(COUNTING):
        _look_again(piece, by=by, kind=ItemStepKind.DESCRIBED, text="文件日期、适用年度或有效期改动，需重新审核")
    return piece


def description_of(piece: Piece) -> Description:
    """What is known of the piece now."""
    return Description(**{field: getattr(piece, field) for field in DESCRIBED})


def stamp_of(described: Description) -> str:
    """Equal stamps, equal descriptions."""
    return hashlib.sha256(repr(described).encode()).hexdigest()[:16]


@transaction.atomic
def place(piece: Piece, requirement: EvidenceRequirement, institution: Institution | None = None, *, by) -> Placement:
    """Use a piece for one more requirement (of an institution). Raises Refused."""
    lock(piece.county)
    piece = _now(piece)
    _check_there(piece)
    requirement = EvidenceRequirement.everyone.select_related("item__standard").get(pk=requirement.pk)
    return _place(piece, requirement, institution, by=by, kind=ItemStepKind.PLACED)


@transaction.atomic
def displace(placement: Placement, *, by) -> None:
    """Use a piece no longer for a requirement; the piece itself stays. Raises Refused."""
    lock(placement.piece.county)
    rows = Placement.objects.select_related("piece__county", "requirement__item__standard")
    placement = rows.filter(pk=placement.pk).first()
    if placement is None:
        raise Refused("这份材料已经不再用于这项要求。请刷新页面。")
    piece, requirement = placement.piece, placement.requirement
    before = {"requirement": str(requirement), "state": placement.get_state_display()}
    placement.delete()
    record("displace_evidence", piece, by=by, place=piece.county.code, before=before)
    _note(piece, requirement, by=by, kind=ItemStepKind.DISPLACED, text=requirement.text)
    refresh_evidence(piece.county, [requirement.item.standard])


@transaction.atomic
def withdraw(piece: Piece, *, reason: str, by) -> None:
    """Take a piece back: it counts nowhere any more; its files and its history stay. Raises Refused."""
    reason = checked_reason(reason, "请写明撤回的理由，例如“上传错了文件”。")
    lock(piece.county)
    piece = _now(piece)
    _check_there(piece)
    piece.withdrawn_at = timezone.now()
    piece.save(update_fields=["withdrawn_at"])
    record("withdraw_evidence", piece, by=by, place=piece.county.code, after={"reason": reason})
    uses = _uses(piece)
    for use in uses:
        _note(piece, use.requirement, by=by, kind=ItemStepKind.WITHDRAWN, text=reason)
    _tell_withdrawn(piece, uses, reason, by)
    refresh_evidence(piece.county, _standards(uses))


def _write_description(piece: Piece, described: Description, *, default_title: str) -> None:
    title = (plain(described.title) or default_title)[:120]
    for year in (described.first_year, described.last_year):
        if year is not None and year not in _YEARS:
            raise Refused(f"适用年度“{year}”不对，请写四位年份，例如 2024。")
    if described.first_year and described.last_year and described.first_year > described.last_year:
        raise Refused(f"适用年度的起（{described.first_year}）晚于止（{described.last_year}），请对调或改正。")
    for day in (described.document_date, described.valid_until):
        if day and day.year not in _YEARS:
            raise Refused(f"日期的年份是 {day.year} 年，请核对后改正。")
    if described.document_date and described.document_date > timezone.localdate():
        raise Refused("文件日期晚于今天，请核对后填写文件落款的日期。")
    if described.document_date and described.valid_until and described.valid_until < described.document_date:
        raise Refused("有效期早于文件日期，请核对后改正。")
    for field in DESCRIBED:
        value = getattr(described, field)
        setattr(piece, field, title if field == "title" else plain(value) if isinstance(value, str) else value)


def _now(piece: Piece) -> Piece:
    """As it is under the lock."""
    return Piece.objects.select_for_update(of=("self",)).select_related("county", "version").get(pk=piece.pk)


def _tell_withdrawn(piece: Piece, uses: list[Placement], reason: str, by) -> None:
    """Who uploaded it, and who accepted it, learn that it counts no more."""
    people = {piece.made_by, piece.version.uploaded_by, *(use.decided_by for use in uses)} - {None, by}
    page = reverse("assessments:piece", kwargs={"county": piece.county.code, "piece": piece.pk})
    sentence = f"佐证材料“{piece.title}”被撤回，不再计入：{reason}"
    notify(people, sentence, page, by=by, mail_subject="佐证材料被撤回")


def _check_there(piece: Piece) -> None:
    if piece.withdrawn_at:
        raise Refused(f"“{piece.title}”已经撤回，不能再修改。需要时请重新上传。")


def _check_replacement(piece: Piece, digest: str) -> None:
    _check_there(piece)
    if piece.version.sha256 == digest:
        raise Refused(f"这个文件与“{piece.title}”现在的版本完全相同，没有更换。")


def _place(piece: Piece, requirement: EvidenceRequirement, institution, *, by, kind: ItemStepKind) -> Placement:
    campaign = campaign_of(piece.county, requirement)
    if campaign is None or requirement.withdrawn_at:
        raise Refused("本县（区）没有这项佐证要求，或它已经取消。请刷新页面后再选。")
    _check_institution(piece.county, requirement, institution)
    _check_no_twin(piece, requirement, institution)
    placement, made = Placement.objects.get_or_create(
        piece=piece,
        requirement=requirement,
        institution=institution,
        defaults={"placed_by": by, "placed_at": timezone.now()},
    )
    if not made:
        raise Refused(f"“{piece.title}”已经用于这项要求，不用再选。")
    of = f"（{institution.name}）" if institution else ""
    after = {"requirement": str(requirement), "institution": institution.name if institution else ""}
    record("place_evidence", piece, by=by, place=piece.county.code, after=after)
    happened(campaign, requirement.item, kind, by=by, text=f"{piece.title}{of}：{requirement.text}", piece=piece)
    refresh_evidence(piece.county, [campaign.standard])
    return placement


def _check_institution(county: County, requirement: EvidenceRequirement, institution: Institution | None) -> None:
    if requirement.institution_types and institution is None:
        raise Refused(f"“{requirement.text}”要逐家机构提供，请选择这份材料属于哪家机构。")
    if not requirement.institution_types and institution is not None:
        raise Refused(f"“{requirement.text}”不按机构提供，请不要选机构。")
    if institution is None:
        return
    if institution.county_id != county.pk or institution.type not in requirement.institution_types:
        raise Refused(f"“{requirement.text}”不要求{institution.name}提供，请核对机构。")


def _check_no_twin(piece: Piece, requirement: EvidenceRequirement, institution: Institution | None) -> None:
    """One file is one piece at a requirement, however often it is sent; elsewhere it is pointed out (twins_of)."""
    same = Placement.objects.filter(
        requirement=requirement,
        institution=institution,
        piece__county=piece.county,
        piece__withdrawn_at=None,
        piece__version__sha256=piece.version.sha256,
    ).exclude(piece=piece)
    first = same.select_related("piece").first()
    if first is None:
        return
    mend = "，请补正后更换新版本" if first.state == PlacementState.RETURNED else ""
    sentence = f"同一个文件已经作为“{first.piece.title}”交过（{first.get_state_display()}），没有再收一份{mend}。"
    raise AlreadyThere(sentence, first.piece)


def _look_again(piece: Piece, *, by, kind: ItemStepKind, text: str) -> None:
    """Whatever was decided about the piece's uses has to be decided again."""
    uses = _uses(piece)
    Placement.objects.filter(pk__in=[use.pk for use in uses]).update(
        state=PlacementState.UPLOADED, reason="", decided_by=None, decided_at=None
    )
    for use in uses:
        _note(piece, use.requirement, by=by, kind=kind, text=text)
    refresh_evidence(piece.county, _standards(uses))


def _uses(piece: Piece) -> list[Placement]:
    return list(piece.placements.select_related("requirement__item__standard"))


def _standards(uses: list[Placement]) -> set[Standard]:
    return {use.requirement.item.standard for use in uses}


def _note(piece: Piece, requirement: EvidenceRequirement, *, by, kind: ItemStepKind, text: str) -> None:
    campaign: Campaign | None = campaign_of(piece.county, requirement)
    if campaign is not None:
        happened(campaign, requirement.item, kind, by=by, text=text, piece=piece)
