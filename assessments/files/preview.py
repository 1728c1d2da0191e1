"""Pages and pictures as the browser can show them, drawn small.

Drawn in a process of its own (apart/): PDFium is not safe between threads, a PDF of 2 KB can keep it busy for hours,
and a crash in it would end the server's process with all its requests.
"""

from pathlib import Path

from assessments.files.apart.answers import Refused
from assessments.files.apart.process import Busy, Stopped, ask
from assessments.files.refusals import CannotShow

DRAW_SECONDS = 20
MAX_WIDTH = 2000


def page_count(path: Path) -> int:
    """Of a PDF. Raises CannotShow."""
    facts, _ = _drawn("count_pages", path)
    return facts["pages"]


def page_png(path: Path, page: int, width: int) -> bytes:
    """Page `page` (from 1) of a PDF, `width` pixels wide, or less where it is extremely high. Raises CannotShow."""
    return _drawn("draw_page", path, page=page, width=_bounded(width))[1]


def picture_png(path: Path, width: int, page: int = 1) -> bytes:
    """A picture upright, at most `width` pixels wide and never larger than it is; `page` of a scan (TIFF), from 1.

    Raises CannotShow.
    """
    return _drawn("draw_picture", path, page=page, width=_bounded(width), form="PNG")[1]


def picture_jpeg(path: Path, width: int, page: int = 1) -> bytes:
    """As picture_png, and what shows through on white: a tenth of the bytes for a photo."""
    return _drawn("draw_picture", path, page=page, width=_bounded(width), form="JPEG")[1]


def _bounded(width: int) -> int:
    return min(max(width, 1), MAX_WIDTH)


def _drawn(task: str, path: Path, **arguments) -> tuple[dict, bytes]:
    try:
        return ask(task, path, DRAW_SECONDS, **arguments)
    except Refused as refused:
        raise CannotShow(f"这份文件{refused}") from refused
    except Busy as busy:
        raise CannotShow("服务器正忙，还没有画出来。请稍后再试。") from busy
    except Stopped as stopped:
        raise CannotShow("这份文件太复杂，画预览用时过长或占用过多，已停止。请下载后查看。") from stopped
