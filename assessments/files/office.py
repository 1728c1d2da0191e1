"""Office files as PDF, by LibreOffice where it is installed."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

from assessments.files.refusals import CannotConvert

SECONDS = 120
MEMORY = 4 * 1024 * 1024 * 1024  # it reserves far more than it uses
MAX_PDF = 500 * 1024 * 1024
_ABSENT = "服务器上没有装 LibreOffice，不能把 Office 文件转成 PDF。请下载后查看，或另存为 PDF 后上传。"
_BROKEN = (
    "LibreOffice 没能把这份文件转成 PDF：文件可能已损坏、设了密码，或服务器上缺少 LibreOffice 的相应组件。"
    "请另存为 PDF 后上传。"
)
_OFFICE = "/org.openoffice.Office.Common"
_NO_NETWORK = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
# What a document may do while it is converted: nothing. No macros, nothing fetched that it links to (of the network or
# of this machine), no questions.
_SETTINGS = [
    (f"{_OFFICE}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_OFFICE}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_OFFICE}/Security/Scripting", "DisableActiveContent", "true"),
    (f"{_OFFICE}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("/org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
]
_log = logging.getLogger(__name__)
# One at a time in each process: a second one would only slow the first.
_turn = threading.Lock()


def has_office() -> bool:
    return shutil.which(settings.SOFFICE) is not None


def to_pdf(source: Path, target: Path) -> None:
    """Write `source` as PDF to `target`, whole or not at all. A second at the least. Raises CannotConvert."""
    if not has_office():
        raise CannotConvert(_ABSENT)
    with tempfile.TemporaryDirectory(prefix="office-") as name, _turn:
        room = Path(name)
        _write_profile(room / "profile" / "user")
        # under a name without an extension: LibreOffice looks at the content, as kind_of did
        shutil.copyfile(source, room / "source")
        _run(_command(room), room)
        made = room / "out" / "source.pdf"
        if not made.is_file() or not made.stat().st_size:
            raise CannotConvert(_BROKEN)
        beside = target.with_name(f"{target.name}.part")
        try:
            shutil.copyfile(made, beside)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)


def _command(room: Path) -> list[str]:
    limited = Path(__file__).with_name("apart") / "limited.py"
    return [
        *[sys.executable, "-I", "-S", str(limited), str(MEMORY), str(MAX_PDF)],
        settings.SOFFICE,
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        *["--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck"],
        *["--convert-to", "pdf", "--outdir", str(room / "out"), str(room / "source")],
    ]


def _run(command: list[str], room: Path) -> None:
    """Until it ends, or its whole process group is ended."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(room),
        "TMPDIR": str(room),
        "LANG": "C.UTF-8",
        **_NO_NETWORK,
    }
    process = subprocess.Popen(
        command,
        cwd=room,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CannotConvert(
            f"LibreOffice 转换这份文件超过 {SECONDS} 秒，已停止。请删去多余的空行、空列，或另存为 PDF 后上传。"
        ) from error
    finally:
        # soffice is a script that starts others; what is left of them must not live on
        _end_group(process)
    if process.returncode != 0:
        _log.warning("LibreOffice ended with %s: %s", process.returncode, said[-300:].decode("utf-8", "replace"))
        raise CannotConvert(_BROKEN)


def _end_group(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _write_profile(user: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user.mkdir(parents=True)
    user.joinpath("registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        encoding="utf-8",
    )
