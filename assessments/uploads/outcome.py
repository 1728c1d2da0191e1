"""What the person is told of an upload, now and whenever they ask again."""

from dataclasses import asdict, dataclass

from django.urls import reverse

from assessments.evidence.access import pieces_for
from assessments.evidence.services import twins_of
from assessments.models import Piece, Upload
from assessments.uploads.parts import length_of
from indicators.enums import YearRule
from indicators.naming import item_name

_NAMED = 3  # pieces that are the same file


@dataclass(frozen=True)
class Outcome:
    """`state`: receiving, whole (all there, not taken in yet), taken or refused. `sentence` says what came of it; with
    `url`, the page of the piece, or of the one that was there already. `notes` are sentences to heed; `twins`, of
    pieces that are the same file."""

    state: str
    name: str
    size: int
    received: int
    sentence: str = ""
    url: str = ""
    notes: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


def outcome_of(upload: Upload, user) -> Outcome:
    """`upload` as access.upload_for gives it: then seven queries at most where it was taken in, else none."""
    if upload.fault:
        return Outcome("refused", upload.file_name, upload.size, upload.size, upload.fault, _page_of(upload))
    if upload.piece_id is None:
        received = length_of(upload.pk)
        state = "whole" if received == upload.size else "receiving"
        return Outcome(state, upload.file_name, upload.size, received)
    piece = upload.piece
    return Outcome(
        "taken",
        upload.file_name,
        upload.size,
        upload.size,
        f"已更换为第 {piece.version.number} 版，待审核" if upload.replaces_id else "已上传，待审核",
        _page_of(upload),
        (*piece.version.notes, *_owed(upload)),
        _twin_sentences(piece, user),
    )


def _page_of(upload: Upload) -> str:
    """Of the piece that it became, or that was there already; "" where there is none."""
    return reverse("assessments:piece", args=[upload.county.code, upload.piece_id]) if upload.piece_id else ""


def as_json(outcome: Outcome) -> dict:
    return asdict(outcome)


def _owed(upload: Upload) -> tuple[str, ...]:
    """What the person has yet to say of the document, or it will not count."""
    asked, piece = upload.requirement, upload.piece
    dated = (piece.document_date, piece.first_year, piece.last_year)
    if asked is None or asked.year == YearRule.ANY or any(dated):
        return ()
    return ("还没有填写文件日期，不能确认年度，暂不计入。请打开填写。",)


def _twin_sentences(piece: Piece, user) -> tuple[str, ...]:
    """Names only what this person may see, and of that a few."""
    twins = twins_of(piece.version)
    seen = pieces_for(user).filter(pk__in=[twin.pk for twin in twins]).order_by("pk")
    named = seen.prefetch_related("placements__requirement__item", "placements__institution")[:_NAMED]
    sentences = [f"与“{twin.title}”{_used_for(twin)}是同一个文件，请核对是否传重。" for twin in named]
    rest = len(twins) - len(sentences)
    if rest and sentences:
        sentences.append(f"本县（区）另有 {rest} 份材料也是同一个文件。")
    elif rest:
        sentences.append("本县（区）别处已有同一个文件，请核对是否用错。")
    return tuple(dict.fromkeys(sentences))


def _used_for(piece: Piece) -> str:
    """（第 24 条，东镇卫生院）; "" where it is used for nothing."""
    uses = []
    for use in piece.placements.all():
        of = f"，{use.institution.name}" if use.institution else ""
        uses.append(f"{item_name(use.requirement.item.number)}{of}")
    return f"（{'；'.join(dict.fromkeys(uses))}）" if uses else ""
