"""Asks ClamAV's daemon, where one is set, whether a file is infected."""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from assessments.files.refusals import Infected, ScannerAway

CONNECT_SECONDS = 5
ANSWER_SECONDS = 120
PORT = 3310
_PIECE = 1 << 18
_MAX_ANSWER = 4096
_AWAY = "病毒扫描服务（ClamAV）没有应答，所以暂时不能上传。请稍后再试；若一直如此，请告诉系统管理员。"


def scan(path: Path) -> None:
    """Returns where the scanner finds nothing, or none is set (settings.CLAMD is "").

    Raises Infected, or ScannerAway where it cannot be asked or answers anything else: then nothing is known.
    """
    if not settings.CLAMD:
        return
    try:
        with _connected(settings.CLAMD) as line:
            answer = _asked(line, path)
    except (OSError, ValueError) as error:
        raise ScannerAway(_AWAY) from error
    if answer.endswith(" FOUND"):
        virus = answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise Infected(f"病毒扫描在这份文件里发现了 {virus}，没有保存。请先在电脑上杀毒，再重新上传。")
    if "size limit exceeded" in answer:
        raise ScannerAway(
            "这份文件超过病毒扫描服务（ClamAV）能扫描的大小，没有保存。"
            "请拆小后再上传，或请系统管理员调大它的 StreamMaxLength。"
        )
    if answer != "stream: OK":
        raise ScannerAway(_AWAY)


def _connected(address: str) -> socket.socket:
    """tcp://host:3310, or unix:///run/clamav/clamd.ctl. Raises OSError, ValueError."""
    parts = urlsplit(address)
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or PORT), timeout=CONNECT_SECONDS)
    if parts.scheme == "unix" and parts.path:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    raise ValueError(f"CLAMD is neither tcp://host:port nor unix:///path: {address}")


def _asked(line: socket.socket, path: Path) -> str:
    """clamd's INSTREAM: pieces with their length before them, a piece of none at the end, then one answer."""
    line.settimeout(ANSWER_SECONDS)
    try:
        line.sendall(b"zINSTREAM\0")
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has seen enough, and says why
    answer = b""
    while b"\0" not in answer and len(answer) < _MAX_ANSWER and (piece := line.recv(_MAX_ANSWER)):
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
