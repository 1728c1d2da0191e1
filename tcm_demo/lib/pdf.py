"""From HTML to PDF with WeasyPrint, which is loaded at the first paper: without Pango all else goes on working."""

import gc
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int, str], None]

APT_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_PAGE = re.compile(r"Creating layout - Page (\d+)")
_LAST_STEP = "Step 6"
LAYING_OUT = "排版"
WRITING = "写入 PDF"
_renders_one_at_a_time = threading.Lock()


class ReportUnavailable(RuntimeError):
    """This machine cannot make PDF files now; the text is a Chinese sentence with the line to type."""


def require() -> None:
    """Raise ReportUnavailable where this machine lacks what a PDF needs."""
    _weasyprint()


def render(html: str, *, progress: Progress | None = None, expected_pages: int = 0) -> bytes:
    """The PDF of `html`, whose styles and fonts are inside it; only files and data: addresses are read.

    `progress(page, pages, what)` is called at each page laid out; `pages` is expected until it is known. Raises
    ReportUnavailable.
    """
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=("file", "data"))
    with _renders_one_at_a_time, _without_collecting(), _telling(progress, expected_pages):
        return weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(font_config=FontConfiguration())


def _weasyprint():
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No fonts configured")  # papers bring theirs
            import weasyprint
    except OSError as error:
        line = f"sudo apt-get update && sudo apt-get install -y {APT_PACKAGES}"
        raise ReportUnavailable(
            f"本机缺少 Pango，不能生成 PDF，其余功能不受影响。请管理员在服务器上输入：{line}，然后重新启动本系统。"
        ) from error
    return weasyprint


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A layout makes millions of objects that live to its end: looking for garbage among them takes 30% of the time.

    They are freed when the collector is on again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _telling(progress: Progress | None, expected_pages: int) -> Iterator[None]:
    """WeasyPrint says in its log where it is; for the time of a layout that log comes here and nowhere else."""
    if progress is None:
        yield
        return
    logger = logging.getLogger("weasyprint.progress")
    before = (logger.level, logger.propagate)
    handler = _Steps(progress, expected_pages)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]


class _Steps(logging.Handler):
    def __init__(self, progress: Progress, expected_pages: int):
        super().__init__(logging.INFO)
        self.progress = progress
        self.page, self.pages = 0, expected_pages

    def emit(self, record: logging.LogRecord) -> None:
        step = record.getMessage()
        if (found := _PAGE.search(step)) and int(found[1]) > self.page:  # some pages are laid out again
            self.page = int(found[1])
            self.pages = max(self.page, self.pages)
            self.progress(self.page, self.pages, LAYING_OUT)
        elif step.startswith(_LAST_STEP):
            self.progress(self.page, self.page, WRITING)
