"""PDF: whether it opens, how many pages, and what in it acts by itself."""

import re
from pathlib import Path

import pikepdf

from assessments.files.apart.answers import Refused
from assessments.files.apart.dangers import refuse_two_in_one_pdf

MAX_PAGES = 5000
_STRING = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)
_ACTIVE = [
    (re.compile(rb"/(?:JavaScript|JS)\b"), "带有脚本（JavaScript），预览时不会运行"),
    (re.compile(rb"/S /Launch\b"), "带有启动其他程序的动作，预览时不会运行"),
    (re.compile(rb"/EmbeddedFiles?\b|/EF [<\d]"), "夹带了附件，预览里看不到附件的内容"),
]


def inspect(path: Path) -> dict:
    refuse_two_in_one_pdf(path)
    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
            notes = notes_of(pdf)
    except pikepdf.PasswordError as error:
        raise Refused("设了打开密码。请去掉密码，另存后再上传。") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused("已损坏，打不开。请在电脑上打开看看，另存为新的 PDF 后再上传。") from error
    if not pages:
        raise Refused("一页也没有。请重新导出后再上传。")
    if pages > MAX_PAGES:
        raise Refused(f"有 {pages} 页，超过 {MAX_PAGES} 页。请拆成几个文件再上传。")
    return {"kind": "pdf", "extension": "pdf", "mime": "application/pdf", "pages": pages, "notes": notes}


def notes_of(pdf: pikepdf.Pdf) -> list[str]:
    """What acts by itself or is hidden; names are looked for in the objects as qpdf writes them, without disguise."""
    sought = dict(_ACTIVE)
    found = []
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
        elif not isinstance(thing, pikepdf.Dictionary | pikepdf.Array):
            continue
        text = thing.unparse(resolved=True)
        if any(pattern.search(text) for pattern in sought):
            text = _STRING.sub(b"()", text)  # an address may hold /JS/
            found += [sought.pop(pattern) for pattern in list(sought) if pattern.search(text)]
    return [sentence for _, sentence in _ACTIVE if sentence in found]
