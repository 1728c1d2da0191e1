"""What a file is, by its content: the first bytes say which library is asked."""

from collections.abc import Callable
from pathlib import Path

from assessments.files.apart.answers import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTEAD = "请改传 PDF、图片（JPG、PNG 等）或 Word、Excel、PowerPoint、WPS 文件。"
_SAVE_AS = "请在 WPS 或 Office 中打开，另存为 {} 后再上传。"
# (where, what stands there, what the file is and how to mend it); the first that fits
_KNOWN = [
    (0, b"MZ", "是可执行程序，不能作佐证材料。请重新选择文件。"),
    (0, b"\x7fELF", "是可执行程序，不能作佐证材料。请重新选择文件。"),
    (0, b"\xca\xfe\xba\xbe", "是可执行程序，不能作佐证材料。请重新选择文件。"),
    (0, b"{\\rtf", "是 RTF 文件，不能接收。" + _SAVE_AS.format(".docx")),
    (0, b"Rar!", "是压缩包，不能接收。请解压后逐个上传其中的文件。"),
    (0, b"7z\xbc\xaf", "是压缩包，不能接收。请解压后逐个上传其中的文件。"),
    (0, b"\x1f\x8b", "是压缩包，不能接收。请解压后逐个上传其中的文件。"),
    (
        4,
        b"ftyphei",
        "是 HEIC 照片，多数电脑打不开。请在苹果手机“设置—相机—格式”中选“兼容性最佳”，或另存为 JPG 后再上传。",
    ),
    (4, b"ftypmif1", "是 HEIC 照片，多数电脑打不开。请另存为 JPG 后再上传。"),
    (4, b"ftypavif", "是 AVIF 图片，多数电脑打不开。请另存为 JPG 后再上传。"),
    (4, b"ftyp", f"是视频，不能接收。{_INSTEAD}"),
    (8, b"AVI ", f"是视频，不能接收。{_INSTEAD}"),
]
# anywhere near the beginning; an XML declaration says less than what follows it
_MARKUP = [
    (b"<!doctype html", "是网页（HTML），不能作佐证材料。请打印或另存为 PDF 后再上传。"),
    (b"<html", "是网页（HTML），不能作佐证材料。请打印或另存为 PDF 后再上传。"),
    (b"<svg", "是 SVG 图，里面可以带脚本，不能接收。请另存为 PNG 后再上传。"),
    (b"<script", "是网页（HTML），不能作佐证材料。请打印或另存为 PDF 后再上传。"),
    (b"<?php", "是脚本程序，不能作佐证材料。请重新选择文件。"),
    (b"<?xml", "是 XML 文件，不能作佐证材料。" + _SAVE_AS.format("PDF")),
]


def inspect(path: Path) -> dict:
    """{"kind", "extension", "mime", "pages", "notes"}; raises Refused."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("是空文件（0 字节）。请在电脑上打开看看，重新导出后再上传。")
    reader = _reader(head)
    if reader is None:
        raise Refused(what_it_is(head))
    return {"notes": [], **reader(path)}


def _reader(head: bytes) -> Callable[[Path], dict] | None:
    """The library for it is loaded only now."""
    if head.startswith(b"%PDF-"):
        from assessments.files.apart import pdf

        return pdf.inspect
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        from assessments.files.apart import zipped

        return zipped.inspect
    if head.startswith(OLE):
        from assessments.files.apart import ole

        return ole.inspect
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")) or (
        head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    ):
        from assessments.files.apart import pictures

        return pictures.inspect
    return None


def what_it_is(head: bytes) -> str:
    """Why a file that begins so is not taken."""
    for place, mark, sentence in _KNOWN:
        if head.startswith(mark, place):
            return sentence
    plain = head.replace(b"\0", b"").lower()  # also in UTF-16
    for mark, sentence in _MARKUP:
        if mark in plain:
            return sentence
    if b"%pdf-" in plain:
        return "在 PDF 内容之前还有别的内容，不能接收。请用 PDF 阅读器打开，另存为新的 PDF 后再上传。"
    if head.startswith(b"#!") or plain.lstrip().startswith((b"@echo", b"powershell")):
        return "是脚本程序，不能作佐证材料。请重新选择文件。"
    if not any(byte < 9 for byte in head):
        return "是纯文本文件，不能接收。" + _SAVE_AS.format("PDF 或 .docx")
    return f"不是可以接收的文件，或者已经损坏。{_INSTEAD}"
