"""Files that are ZIP archives: .docx, .xlsx, .pptx and .ofd (GB/T 33190).

No size that the archive states is believed.
"""

import re
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from assessments.files.apart.answers import Refused
from assessments.files.apart.dangers import refuse_two_in_one_archive

MAX_ENTRIES = 10_000
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 100
RATIO_COUNTS_FROM = 50 * 1024 * 1024  # a small file may be mostly blanks
MAX_XML = 4 * 1024 * 1024
_PIECE = 1 << 18
_CONTENT_TYPE = re.compile(rb"ContentType\s*=\s*[\"']([^\"']+)[\"']")
_OFFICE = "application/vnd.openxmlformats-officedocument"
# the content type of the main part -> kind, extension, mime
_MAIN_PARTS = {
    f"{_OFFICE}.wordprocessingml.{part}.main+xml": ("word", "docx", f"{_OFFICE}.wordprocessingml.document")
    for part in ("document", "template")
}
_MAIN_PARTS |= {
    f"{_OFFICE}.spreadsheetml.{part}.main+xml": ("sheet", "xlsx", f"{_OFFICE}.spreadsheetml.sheet")
    for part in ("sheet", "template")
}
_MAIN_PARTS |= {
    f"{_OFFICE}.presentationml.{part}.main+xml": ("slides", "pptx", f"{_OFFICE}.presentationml.presentation")
    for part in ("presentation", "slideshow", "template")
}
_PROGRAMS = {"exe", "dll", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "class", "jar", "msi"}
_PROGRAMS |= {"swf", "lnk", "sh", "py", "php"}
_BROKEN = "已损坏或不完整，打不开。请在 WPS 或 Office 中打开看看，另存后再上传。"
_MACROS = "带有宏，不能接收。请在 WPS 或 Office 中另存为不带宏的 {}，或另存为 PDF 后再上传。"
_BOMB = "展开后的内容大得不正常，不能接收。请删去多余的空行、空列和内容，另存后再上传。"
_ARCHIVE = "是压缩包，不能接收。请解压后逐个上传其中的文件。"
_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)


def inspect(path: Path) -> dict:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            refuse_large_directory(entries, path.stat().st_size)
            refuse_paths(entries)
            refuse_two_in_one_archive(path)
            unpack_and_count(archive, entries, path.stat().st_size)
            # some programs write names in small letters, or as Windows does
            names = {entry.filename.replace("\\", "/").lower(): entry.filename for entry in entries}
            kind, extension, mime = what_it_holds(archive, names)
    except _ERRORS as error:
        raise Refused(_BROKEN) from error
    return {"kind": kind, "extension": extension, "mime": mime, "pages": None}


def refuse_large_directory(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """By what the archive states, which is cheap; unpack_and_count() looks whether that is true."""
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"里有 {len(entries)} 个部件，多得不正常，不能接收。请在 WPS 或 Office 中打开，另存后再上传。")
    refuse_bomb(sum(entry.file_size for entry in entries), packed)


def refuse_bomb(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * packed):
        raise Refused(_BOMB)


def refuse_paths(entries: list[zipfile.ZipInfo]) -> None:
    """Names that lead out of the archive when somebody unpacks it."""
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name):
            raise Refused("里有指向文件之外的路径，不能接收。请在 WPS 或 Office 中打开，另存后再上传。")
        if entry.flag_bits & 1:
            raise Refused("设了密码。请去掉密码，另存后再上传。")


def unpack_and_count(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Really unpack every part, piece by piece, keeping nothing. Also shows that all parts are whole."""
    total = 0
    for entry in entries:
        # the library would stop at the stated size and not see what is behind it
        entry.file_size = MAX_UNPACKED + 1
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                total += len(piece)
                refuse_bomb(total, packed)


def what_it_holds(archive: zipfile.ZipFile, names: dict[str, str]) -> tuple[str, str, str]:
    """Kind, extension, mime; anything that is no Office document is refused by what it looks like.

    `names`: as they are compared -> as the archive has them.
    """
    if "ofd.xml" in names:
        return ofd(text_in(archive, names["ofd.xml"]))
    if "[content_types].xml" not in names:
        if "mimetype" in names and text_in(archive, names["mimetype"]).startswith(b"application/vnd.oasis"):
            raise Refused("是 OpenDocument 文件，不能接收。请另存为 .docx、.xlsx、.pptx 或 PDF 后再上传。")
        raise Refused(_ARCHIVE)
    stated = _CONTENT_TYPE.findall(text_in(archive, names["[content_types].xml"]))
    types = {kind.decode("latin-1").strip() for kind in stated}
    main = next((_MAIN_PARTS[kind] for kind in types if kind in _MAIN_PARTS), None)
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types) or any(
        "vbaproject" in name or name.startswith("xl/macrosheets/") for name in names
    ):
        raise Refused(_MACROS.format(f".{main[1]}" if main else ".docx、.xlsx 或 .pptx"))
    if main is None:
        raise Refused(_ARCHIVE)
    if any(PurePosixPath(name).suffix.lstrip(".") in _PROGRAMS for name in names):
        raise Refused("里夹带了程序，不能接收。请在 WPS 或 Office 中删去这些附件，另存后再上传。")
    return main


def ofd(entry: bytes) -> tuple[str, str, str]:
    """The layout document of Chinese offices: its entry file names the standard."""
    if b"http://www.ofdspec.org" not in entry:
        raise Refused(_ARCHIVE)
    return "word", "ofd", "application/ofd"


def text_in(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        xml = part.read(MAX_XML)
    return xml.replace(b"\0", b"")  # as good as read, where it is UTF-16
