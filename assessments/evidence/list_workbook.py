"""The list of evidence as a workbook: a line for each use, so that every state has its own."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from assessments.evidence.list_rows import ListedUse, Lister
from assessments.evidence.words import size_words
from assessments.models import Piece
from tcm_demo.lib.spreadsheets import table_workbook

HEADINGS = [
    *("序号", "材料名称", "文号", "发文单位", "文件日期", "适用年度起", "适用年度止", "有效期至"),
    *("条目", "佐证要求", "机构编码", "机构名称", "状态", "退回理由或不计入的原因", "审核人", "审核时间"),
    *("文件名", "类型", "页数", "大小", "版本", "上传人", "上传时间", "撤回时间", "提醒", "SHA-256"),
]


def evidence_workbook(pieces: Iterable[Piece], lister: Lister) -> tuple[bytes, int]:
    """(the workbook, how many lines it has) of pieces that `listing.listed` gave: all uses that were asked for."""
    lines = [line for number, piece in enumerate(pieces, start=1) for line in _lines(number, piece, lister)]
    return table_workbook("佐证材料清单", HEADINGS, lines), len(lines)


def _lines(number: int, piece: Piece, lister: Lister) -> Iterator[list]:
    asked = [use for use in piece.uses if use.asked]
    for use in asked:
        use.piece = piece
        yield [number, *_described(piece), *_used(lister.use(use)), *_file(piece)]
    if not asked:
        yield [number, *_described(piece), *[""] * 4, "未使用", *[""] * 3, *_file(piece)]


def _described(piece: Piece) -> list:
    years = (piece.first_year, piece.last_year, piece.valid_until)
    return [piece.title, piece.document_number, piece.issuer, piece.document_date, *years]


def _used(use: ListedUse) -> list:
    placement = use.placement
    institution = placement.institution
    return [
        placement.requirement.item.number,
        placement.requirement.text,
        institution.code if institution else "",
        institution.name if institution else "",
        use.light[1],
        use.why_not,
        str(placement.decided_by or ""),
        _moment(placement.decided_at),
    ]


def _file(piece: Piece) -> list:
    version = piece.version
    return [
        version.file_name,
        version.get_kind_display(),
        version.pages,
        size_words(version.size),
        version.number,
        str(version.uploaded_by or "已删除的账号"),
        _moment(version.uploaded_at),
        _moment(piece.withdrawn_at),
        "；".join(version.notes),
        version.sha256,
    ]


def _moment(value):
    """As the office's clock shows it: a workbook knows no time zones."""
    return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if value else None
