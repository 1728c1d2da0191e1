"""What tests of binders are made of: small PDF files and pictures of every sort, and binders of them."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image
from pypdf import PdfReader

from assessments.binders.content import BinderContent, CriterionRow, EvidencePiece, StatementText
from assessments.binders.write import Shape, Written, write_binder

A4 = (0, 0, 595, 842)


def pdf(*words: str, box: Sequence[float] = A4, rotate: int = 0, content: bytes = b"%s", **saving) -> bytes:
    """A page for each of the words (Latin letters), which stand in `content` at %s as text at (100, 400)."""
    file = pikepdf.new()
    font = file.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for word in words:
        page = file.add_blank_page(page_size=(10, 10))
        page.MediaBox = pikepdf.Array(list(box))
        if rotate:
            page.Rotate = rotate
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = file.make_stream(content.replace(b"%s", b"BT /F1 24 Tf 100 400 Td (%s) Tj ET" % word.encode()))
    return saved(file, **saving)


def saved(file: pikepdf.Pdf, **saving) -> bytes:
    stream = BytesIO()
    file.save(stream, **saving)
    return stream.getvalue()


def picture(kind: str, size: tuple[int, int] = (400, 300), mode: str = "RGB", **saving) -> bytes:
    """A picture whose left half is red and right half blue."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    stream = BytesIO()
    drawn.convert(mode).save(stream, kind, **saving)
    return stream.getvalue()


def piece(number: str, data: bytes | None, extension: str = "pdf", kind: str = "", **more) -> EvidencePiece:
    """A piece whose file holds `data`; None: it is gone."""
    kinds = {"pdf": "pdf", "docx": "word", "xlsx": "sheet"}

    def opened():
        if data is None:
            raise FileNotFoundError(number)
        return BytesIO(data)

    facts = {
        "number": number,
        "title": f"材料{number}",
        "requirement": "中医馆照片",
        "file_name": f"原件.{extension}",
        "extension": extension,
        "kind": kind or kinds.get(extension, "picture"),
        "size": len(data or b""),
        "sha256": sha256(data or number.encode()).hexdigest(),
        "issuer": "区卫生健康局",
        "file": opened,
    }
    return EvidencePiece(**facts | more)


def binder(number: str = "24", *pieces: EvidencePiece, **more) -> BinderContent:
    """The binder of an item with these pieces."""
    content = BinderContent(
        county="演示区",
        standard="示范县建设标准",
        period="2023年",
        section_number="三",
        section_name="服务体系",
        item_number=number,
        item_title="中医馆建设",
        requirement="全部镇卫生院和社区卫生服务中心建成中医馆。",
        lead=("区卫生健康局",),
        cooperating=("区财政局",),
        status_label="基本达标",
        criteria=(CriterionRow("24.4", "建成中医馆的机构占比", "必达", "92.31%", "≥ 100%", "未达标", "已报 13/13"),),
        statement=StatementText("全区 13 家机构建成中医馆。", "某某", "2024年2月1日"),
        pieces=pieces,
        missing=("缺凤凰镇卫生院的照片。",),
        printed_on="2024年3月5日",
    )
    return replace(content, **more)


def write(contents: Sequence[BinderContent], target: Path, shape: Shape = Shape.PDF, progress=None) -> Written:
    return write_binder(contents, target, shape=shape, progress=progress or (lambda done, total, words: None))


def merged(tmp_path: Path, *pieces: EvidencePiece) -> tuple[PdfReader, Written]:
    """The PDF of one binder with these pieces."""
    target = tmp_path / "卷.pdf"
    written = write([binder("24", *pieces)], target)
    return PdfReader(BytesIO(target.read_bytes())), written


def evidence_pages(reader: PdfReader) -> list:
    """The pages behind cover, labels, contents and the (one-page) body."""
    return reader.pages[reader.page_labels.index("2") :]
