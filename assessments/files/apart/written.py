"""The text of a plan, whatever it was written in: plain text, .docx, or a PDF that has text."""

import re
from collections import Counter
from pathlib import Path

from assessments.files.apart.answers import Refused

MAX_BYTES = 30 * 1024 * 1024
MAX_PLAIN = 5 * 1024 * 1024
MAX_TEXT = 1_000_000  # characters
MAX_PAGES = 300
FEWEST_CHARACTERS = 20  # Chinese ones; a scan may have a few from a stamp
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_OLE = b"\xd0\xcf\x11\xe0"
_KINDS = "请改用 .docx、.txt 或有文字的 PDF，或者把正文粘贴进来。"
_BLANK = "里没有文字。请打开看看，选对文件再上传，或者把正文粘贴进来。"
_DECORATED = re.compile(r"[-—–―－~·]\s*\d{1,4}\s*[-—–―－~·]")
_PAGE_NUMBER = re.compile(r"[-—–―－~·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–―－~·\s]*")


def text_of_plan(path: Path) -> str:
    """Paragraphs on lines of their own (a PDF's lines as printed), a table's cells between tabs. Raises Refused."""
    if path.stat().st_size > MAX_BYTES:
        raise Refused(f"超过 {MAX_BYTES >> 20} MB，不能读。{_KINDS}")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("是空文件（0 字节）。请重新选择文件。")
    text = _reader(head)(path)
    if len(_CHINESE.findall(text[:MAX_TEXT])) < FEWEST_CHARACTERS:
        raise Refused("是扫描件，没有文字。请先做文字识别，或者粘贴文字。" if head.startswith(b"%PDF-") else _BLANK)
    if len(text) > MAX_TEXT:
        raise Refused(f"有 {len(text)} 个字，超过 {MAX_TEXT} 个字，不像一份方案。请只留下方案正文和附件再上传。")
    return text


def _reader(head: bytes):
    if head.startswith(b"%PDF-"):
        return _of_pdf
    if head.startswith(b"PK\x03\x04"):
        return _of_word
    if head.startswith(_OLE):
        raise Refused("是旧格式的 Office 文件（如 .doc、.wps）。请在 WPS 或 Word 中打开，另存为 .docx 后再上传。")
    return _of_plain


def _of_word(path: Path) -> str:
    from assessments.files.apart import word, zipped

    if zipped.inspect(path)["extension"] != "docx":
        raise Refused(f"不是 Word 文件。{_KINDS}")
    return word.text_of(path)


def _of_pdf(path: Path) -> str:
    import pypdfium2

    from assessments.files.apart import pdf, ruled
    from assessments.files.apart.draw import opened

    pages = pdf.inspect(path)["pages"]
    if pages > MAX_PAGES:
        raise Refused(f"有 {pages} 页，超过 {MAX_PAGES} 页，不像一份方案。请只留下方案的页再上传。")
    document = opened(path)
    texts = []
    for number in range(len(document)):
        try:
            page = document[number]
            texts.append(ruled.lines_of(page))
            page.close()
        except pypdfium2.PdfiumError as error:
            raise Refused(f"的第 {number + 1} 页读不出来。{_KINDS}") from error
    return "\n".join(line for page in without_running_heads(texts) for line in page)


def without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Lines of each page, without page numbers at its edges and without what most pages repeat there."""
    pages = [_trimmed(page, set()) for page in pages]
    edges = Counter(line for page in pages for line in {*page[:1], *page[-1:]})
    repeated = {line for line, times in edges.items() if times >= 3 and times * 2 > len(pages)}
    return [_trimmed(page, repeated) for page in pages]


def _trimmed(page: list[str], repeated: set[str]) -> list[str]:
    page = [line for line in page if not _DECORATED.fullmatch(line)]
    while page and (page[0] in repeated or _PAGE_NUMBER.fullmatch(page[0])):
        page = page[1:]
    while page and (page[-1] in repeated or _PAGE_NUMBER.fullmatch(page[-1])):
        page = page[:-1]
    return page


def _of_plain(path: Path) -> str:
    if path.stat().st_size > MAX_PLAIN:
        raise Refused(f"超过 {MAX_PLAIN >> 20} MB，不像一份方案的文字。请只留下方案正文和附件再上传。")
    text = decoded(path.read_bytes())
    if text is None or re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        raise Refused(f"读不出文字，不是文本文件，或者已经损坏。{_KINDS}")
    if re.match(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", text, re.IGNORECASE):
        raise Refused("是网页。请在浏览器里打开，把方案正文复制粘贴进来。")
    return text


def decoded(data: bytes) -> str | None:
    """As UTF-8, UTF-16 or GB 18030, by its mark or by what it can be; None where it is none of them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ["utf-16"]
    elif 0 in data:  # at the least its line breaks have zeros beside them
        tries = ["utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"]
    else:
        tries = ["utf-8-sig", "gb18030"]
    for encoding in tries:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
