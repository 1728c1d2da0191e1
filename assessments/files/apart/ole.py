"""Office files of the older kind (OLE): .doc, .xls, .ppt, and WPS's .wps, .et, .dps, which are the same inside.

Told apart by their streams. Macros are found in .doc and .xls; those of a .ppt lie compressed in its one stream and are
not looked for (nothing here runs any).
"""

import struct
from pathlib import Path

import olefile

from assessments.files.apart.answers import Refused
from assessments.files.apart.dangers import refuse_pdf_inside

# stream -> kind, extension, mime
_TYPES = {
    "worddocument": ("word", "doc", "application/msword"),
    "workbook": ("sheet", "xls", "application/vnd.ms-excel"),
    "book": ("sheet", "xls", "application/vnd.ms-excel"),
    "powerpoint document": ("slides", "ppt", "application/vnd.ms-powerpoint"),
}
_MACRO_STORAGES = {"macros", "_vba_project_cur", "vba"}
_LOCKED = "设了打开密码。请去掉密码，另存后再上传。"
_MACROS = "带有宏，不能接收。请在 WPS 或 Office 中另存为不带宏的 .docx、.xlsx，或另存为 PDF 后再上传。"
_BROKEN = "已损坏或不完整，打不开。请在 WPS 或 Office 中打开看看，另存后再上传。"
_BOUNDSHEET, _FILEPASS = 0x85, 0x2F
_MACRO_SHEETS = (1, 6)
_MAX_RECORDS = 20_000


def inspect(path: Path) -> dict:
    refuse_pdf_inside(path)
    try:
        with olefile.OleFileIO(str(path)) as ole:
            paths = ole.listdir(streams=True, storages=True)
            roots = {parts[0].lower() for parts in paths}
            if "encryptedpackage" in roots:
                raise Refused(_LOCKED)
            found = next((stream for stream in _TYPES if stream in roots), None)
            if found is None:
                raise Refused(
                    "不是 Word、Excel、PowerPoint 或 WPS 文件，不能接收。请在原来的软件中打开，另存为 PDF 后再上传。"
                )
            if any(part.lower() in _MACRO_STORAGES for parts in paths for part in parts):
                raise Refused(_MACROS)
            notes = _LOOKS[found](ole) if found in _LOOKS else []
            refuse_truncated(ole)
    except (OSError, ValueError, TypeError, IndexError, KeyError, RecursionError, struct.error) as error:
        raise Refused(_BROKEN) from error
    kind, extension, mime = _TYPES[found]
    return {"kind": kind, "extension": extension, "mime": mime, "pages": None, "notes": notes}


def refuse_truncated(ole: olefile.OleFileIO) -> None:
    """The library gives a stream that is cut off as far as it goes, and says nothing."""
    for parts in ole.listdir():
        if len(ole.openstream(parts).read()) < ole.get_size(parts):
            raise Refused(_BROKEN)


def _look_at_word(ole: olefile.OleFileIO) -> list[str]:
    flags = struct.unpack("<H", ole.openstream("WordDocument").read(12)[10:12])[0]
    if flags & 0x0100:
        raise Refused(_LOCKED)
    return []


def _look_at_sheets(ole: olefile.OleFileIO) -> list[str]:
    """The records before the first sheet: is it locked, and are there sheets that hold macros of the oldest kind?"""
    stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    position, notes = 0, []
    for _ in range(_MAX_RECORDS):
        if position + 4 > len(stream):
            break
        record, length = struct.unpack("<HH", stream[position : position + 4])
        body = stream[position + 4 : position + 4 + length]
        if record == _FILEPASS:
            # Excel locks so for a mere protection of sheets too, with a password that it knows itself
            notes.append("加了密，可能要密码才打得开；若要密码，请去掉密码后重新上传")
        if record == _BOUNDSHEET and length > 5 and body[5] in _MACRO_SHEETS:
            raise Refused(_MACROS)
        if record == 0x0A:  # the end of the part that lists the sheets
            break
        position += 4 + length
    return notes


def _look_at_slides(ole: olefile.OleFileIO) -> list[str]:
    if ole.exists("EncryptedSummary"):
        raise Refused(_LOCKED)
    return []


_LOOKS = {
    "worddocument": _look_at_word,
    "workbook": _look_at_sheets,
    "book": _look_at_sheets,
    "powerpoint document": _look_at_slides,
}
