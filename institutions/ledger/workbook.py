"""Reads a workbook safely into plain rows: .xlsx, .xls and .ods, known by their content and not by their name."""

import codecs
import hashlib
import marshal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine
from django.conf import settings

_TIMEOUT_SECONDS = 90
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
_SENTENCES = {
    "missing": "找不到这个文件。请核对文件的路径。",
    "empty": "文件是空的（0 字节）。请重新选择台账文件。",
    "too_big": "文件有 {detail} MB，超过 {limit} MB 的上限。请删去图片等与台账无关的内容后再上传。",
    "program": "这是一个可执行程序，不是台账。请选择 .xlsx、.xls 或 .ods 工作簿。",
    "web_page": "这其实是网页（HTML 或 XML）文件，只是扩展名像表格。" + _SAVE_AS,
    "text": "这是纯文本文件（例如 CSV），不是工作簿。" + _SAVE_AS,
    "xlsb": "这是 .xlsb（二进制）工作簿，不能读取。" + _SAVE_AS,
    "not_a_workbook": "这不是 Excel 工作簿（.xlsx、.xls）或 .ods 表格。请选择台账文件；若确是台账，" + _SAVE_AS,
    "encrypted": "工作簿设了打开密码，不能读取。请在 Excel 或 WPS 中去掉密码、保存后再上传。",
    "damaged": "文件已损坏，不能读取。请在电脑上打开检查，另存为新的 .xlsx 后再上传。",
    "too_large_unpacked": "文件展开后的内容过大，已停止读取。请删去与台账无关的内容，或拆成几个文件上传。",
    "too_far": "工作表的内容一直到 {detail}，范围过大。请删去远离表格的多余单元格（整行、整列删除）后再上传。",
    "too_many_sheets": "工作表超过 {detail} 张，没有读取。请删去与台账无关的工作表，或拆成几个文件上传。",
    "too_slow": "读取文件用时过长，已停止。请删去与台账无关的内容，或拆成几个文件上传。",
}


class LedgerUnreadable(ValueError):
    """The file cannot be read as a ledger. `code` says why; the text is a sentence for people."""

    def __init__(self, code: str, detail: str = ""):
        self.code = code
        limit = settings.LEDGER_MAX_BYTES // (1024 * 1024)
        super().__init__(_SENTENCES[code].format(detail=detail, limit=limit))


@dataclass
class SheetRows:
    """One sheet. Row and column numbers count from 0 and are the sheet's own.

    A cell is a float, a text ("" where empty), a bool, or a tuple of kind and content: ("error", "#N/A"),
    ("formula", "") for a formula saved without a result, ("percent", 0.18), ("date", "2023-01-05"), ("time", text).
    """

    name: str
    rows: list[list]
    hidden: bool = False
    # (first row, first column), (last row, last column); none are known for .ods
    merges: list = field(default_factory=list)


@dataclass
class LedgerFile:
    """A ledger as it was handed in, read."""

    name: str
    data: bytes
    sheets: list[SheetRows]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def open_ledger(source, name: str = "") -> LedgerFile:
    """Read a ledger from bytes, a path, or an open file (an upload). Raises LedgerUnreadable."""
    if isinstance(source, bytes):
        data = source
    elif hasattr(source, "read"):
        source.seek(0)
        data, name = source.read(settings.LEDGER_MAX_BYTES + 1), name or source.name
    else:
        data, name = _load(Path(source)), name or str(source)
    return LedgerFile(Path(name).name, data, read_workbook(data))


def read_workbook(source: bytes | str | Path) -> list[SheetRows]:
    """All worksheets of a file (its bytes, or its path). Raises LedgerUnreadable.

    Calamine runs in a process of its own with bounded memory and time (see worker.py).
    """
    data = source if isinstance(source, bytes) else _load(Path(source))
    refuse_by_look(data)
    here = Path(__file__).resolve().parent
    packages = Path(python_calamine.__file__).resolve().parent.parent
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(here / "worker.py"), str(packages), str(here)],
            input=data,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise LedgerUnreadable("too_slow") from error
    if done.returncode != 0 or not done.stdout:  # killed by its limits
        raise LedgerUnreadable("too_large_unpacked")
    answer = marshal.loads(done.stdout)
    if "error" in answer:
        raise LedgerUnreadable(answer["error"], answer.get("detail", ""))
    return [SheetRows(**sheet) for sheet in answer["sheets"]]


def refuse_by_look(data: bytes) -> None:
    """Raise LedgerUnreadable where the first bytes already show that this is no workbook. Cheap."""
    if not data:
        raise LedgerUnreadable("empty")
    if len(data) > settings.LEDGER_MAX_BYTES:
        raise LedgerUnreadable("too_big", f"{len(data) / 1024 / 1024:.1f}")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise LedgerUnreadable("encrypted")
        if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
            raise LedgerUnreadable("damaged" if _lacks_directory(data) else "not_a_workbook")
    elif not data.startswith(b"PK"):
        raise LedgerUnreadable(_look(data))


def _lacks_directory(data: bytes) -> bool:
    """An OLE file that was cut off before the list of what it holds."""
    if len(data) < 512:
        return True
    size, directory = 1 << min(data[30], 16), int.from_bytes(data[48:52], "little")
    return (directory + 1) * size >= len(data)


def _look(data: bytes) -> str:
    if data.startswith((b"MZ", b"\x7fELF")):
        return "program"
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"mime-version")):
        return "web_page"
    for encoding in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:4096])
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in "\r\n\t" for c in text):
            return "text"
    return "not_a_workbook"


def _load(path: Path) -> bytes:
    if not path.is_file():
        raise LedgerUnreadable("missing")
    size = path.stat().st_size
    if size > settings.LEDGER_MAX_BYTES:
        raise LedgerUnreadable("too_big", f"{size / 1024 / 1024:.1f}")
    return path.read_bytes()
