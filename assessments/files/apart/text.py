"""The text of a file, for looking whether it holds personal data. Bounded: what lies beyond is not looked at."""

import re
import zipfile
import zlib
from pathlib import Path

from assessments.files.apart.answers import Refused

MAX_TEXT = 5_000_000  # characters
MAX_XML = 30 * 1024 * 1024  # bytes, of all parts together
_PARTS = re.compile(r"(?:word/[^/]+|xl/sharedStrings|xl/worksheets/[^/]+|ppt/slides/[^/]+|ppt/notesSlides/[^/]+)\.xml")
# Where one text ends and the next begins; within these, formatting may split a number into several runs.
_BETWEEN = re.compile(r"</(?:\w+:)?(?:p|si|is|v|c|tc|row)>")
_TAG = re.compile(r"<[^>]*>")


def text_of(path: Path, pages: int) -> str:
    """Of a PDF its first `pages` pages, of .docx, .xlsx and .pptx their parts; "" of anything else."""
    with path.open("rb") as file:
        head = file.read(5)
    if head == b"%PDF-":
        return _of_pdf(path, pages)
    return _of_zip(path) if head.startswith(b"PK\x03\x04") else ""


def _of_pdf(path: Path, pages: int) -> str:
    import pypdfium2

    from assessments.files.apart.draw import opened

    pdf = opened(path)
    texts, length = [], 0
    for number in range(min(len(pdf), pages)):
        try:
            page = pdf[number]
            texts.append(page.get_textpage().get_text_bounded())
            page.close()
        except pypdfium2.PdfiumError:
            continue  # one page that cannot be read does not hide the others
        length += len(texts[-1])
        if length > MAX_TEXT:
            break
    return "\n".join(texts)[:MAX_TEXT]


def _of_zip(path: Path) -> str:
    texts, left = [], MAX_XML
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if _PARTS.fullmatch(entry.filename) and left > 0:
                    with archive.open(entry) as part:
                        xml = part.read(left)
                    left -= len(xml)
                    texts.append(_TAG.sub("", _BETWEEN.sub("\n", xml.decode("utf-8", "replace"))))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Refused("打不开。") from error
    return "\n".join(texts)[:MAX_TEXT]
