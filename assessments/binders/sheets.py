"""The sheet in place of a file that cannot be merged: it names the file and says where it is."""

from collections.abc import Callable

from assessments.binders.content import EvidencePiece
from assessments.binders.page import HEIGHT, LEFT, MM, RIGHT, WIDTH, Flow, Paper
from assessments.binders.table import Column, Row, Table
from assessments.evidence.words import size_words

_COLUMNS = (Column("项目", 0.24), Column("内容", 0.76))


def draw_sheet(paper: Paper, piece: EvidencePiece, reason: str, where: str, stamp: Callable[[int], str]) -> None:
    """`reason`: why it is not merged; `where`: its name in the ZIP; `stamp`: as on pages of evidence, by page."""
    flow = Flow(paper, lambda page: _stamp(paper, stamp(page)), left=LEFT, right=RIGHT)
    flow.title("佐证材料另附")
    flow.paragraph(f"本件未能并入合订本：{reason}原件随电子档案提供。", size=14, leading=24)
    flow.space(10)
    Table(flow, _COLUMNS, size=11).draw([Row(cells) for cells in _facts(piece, where) if cells[1]])
    flow.end()


def _facts(piece: EvidencePiece, where: str) -> list[tuple[str, str]]:
    return [
        ("档案号", piece.number),
        ("题名", piece.title),
        ("机构", piece.institution),
        ("文号", piece.document_number),
        ("责任者", piece.issuer),
        ("日期", piece.document_date),
        ("佐证要求", piece.requirement),
        ("文件名", piece.file_name),
        ("类型", piece.kind_label),
        ("大小", size_words(piece.size)),
        ("接受", f"{piece.accepted_on}　{piece.accepted_by}".strip("　")),
        ("SHA-256", piece.sha256),
        ("电子档案中的位置", where),
    ]


def _stamp(paper: Paper, words: str) -> None:
    paper.text(WIDTH - 8 * MM, HEIGHT - 9 * MM, words, "song", 9, align="right")
