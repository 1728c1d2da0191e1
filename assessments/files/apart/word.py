"""The text of a .docx: paragraphs with the numbers that Word itself counts, tables with tabs between the cells."""

import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from assessments.files.apart.answers import Refused
from assessments.files.apart.numbering import Numbering

FEWEST_TABS = 2
MAX_XML = 30 * 1024 * 1024  # bytes of one part
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
# what stands beside the running text or is not to be seen
_SKIPPED = {f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "footnoteReference", "instrText", "pict")}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_BROKEN = "已损坏，读不出文字。请在 WPS 或 Word 中打开，另存后再上传。"


def text_of(path: Path) -> str:
    """A paragraph to a line. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            body = _part(archive, "word/document.xml")
            numbering = Numbering(_part(archive, "word/numbering.xml"), _part(archive, "word/styles.xml"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError) as error:
        raise Refused(_BROKEN) from error
    if body is None:
        raise Refused(_BROKEN)
    return "\n".join(_lines(body, numbering))


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    names = {entry.filename.replace("\\", "/").lower(): entry.filename for entry in archive.infolist()}
    if name not in names:
        return None
    with archive.open(names[name]) as part:
        xml = part.read(MAX_XML + 1)
    if len(xml) > MAX_XML:
        raise Refused(f"的正文超过 {MAX_XML >> 20} MB，不像一份方案。请只留下方案正文和附件再上传。")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:  # Word writes neither
        raise Refused(_BROKEN)
    try:
        return ElementTree.fromstring(xml.replace(_STRICT[1:-1].encode(), W[1:-1].encode()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused(_BROKEN) from error


def _lines(body: ElementTree.Element, numbering: Numbering) -> list[str]:
    lines: list[str] = []
    waiting = [iter(body)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag == f"{W}p":
            lines += _paragraph(element, numbering).split("\n")
        elif element.tag == f"{W}tbl":
            lines += ["", *_table(element, numbering), ""]
        elif element.tag not in _SKIPPED:  # body, sdt, sdtContent, smartTag …
            waiting.append(iter(element))
    return lines


def _paragraph(paragraph: ElementTree.Element, numbering: Numbering) -> str:
    text = _text(paragraph)
    # a tab or two set a line in; more are a table made by hand
    text = text if text.strip().count("\t") >= FEWEST_TABS else text.replace("\t", " ")
    return numbering.mark(paragraph) + text if text.strip() else text


def _text(element: ElementTree.Element) -> str:
    parts: list[str] = []
    waiting = [iter(element)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag == f"{W}tab":
            parts.append("\t")
        elif child.tag in (f"{W}br", f"{W}cr") and child.get(f"{W}type") in (None, "textWrapping"):
            parts.append("\n")
        elif child.tag not in _SKIPPED and child.tag != f"{W}pPr":
            waiting.append(iter(child))
    return "".join(parts)


def _table(table: ElementTree.Element, numbering: Numbering) -> list[str]:
    """A row to a line; of merged cells the first has the text, the others are empty, so that columns stay columns."""
    rows = []
    for row in table.iter(f"{W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{W}tc") + row.findall(f"{W}sdt/{W}sdtContent/{W}tc"):
            paragraphs = [_paragraph(each, numbering) for each in cell.iter(f"{W}p")]
            text = " ".join(part.strip() for each in paragraphs for part in each.split("\n") if part.strip())
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            cells.append("" if goes_on else text.replace("\t", " "))
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            cells += [""] * (_count(span) - 1)
        rows.append("\t".join(cells) if len(cells) > 1 else "".join(cells))
    return rows


def _count(span: ElementTree.Element | None) -> int:
    written = span.get(f"{W}val", "1") if span is not None else "1"
    return min(int(written), 60) if written.isdecimal() and len(written) < 4 else 1
