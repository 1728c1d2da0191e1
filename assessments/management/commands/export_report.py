"""Writes a county's self-assessment report as a PDF file."""

import errno
import sys
from pathlib import Path
from tempfile import TemporaryFile

from django.core.management.base import BaseCommand, CommandError

from assessments.management.commands.assess import find
from assessments.report_services import ReportUnavailable, prepare_report, record_export, report_pdf
from institutions.refusals import Refused
from tcm_demo.lib.pdf import WRITING

REASONS = {
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘空间不足",
    errno.ENOENT: "这个位置不能建立文件",
}


class Command(BaseCommand):
    help = "导出一个县（区）的创建自评报告（PDF）。"

    def add_arguments(self, parser):
        parser.add_argument("--county", required=True, metavar="代码", help="县（区）代码")
        parser.add_argument("--standard", required=True, metavar="代码", help="建设标准代码，如 linzi-2023")
        parser.add_argument("--period", required=True, metavar="填报期", help="2023、2023Q4 或 2023-11")
        parser.add_argument("--out", required=True, metavar="文件", help="写到哪个 PDF 文件；已有的会被替换")
        parser.add_argument(
            "--final", action="store_true", help="先存档，再按存档出正式报告；不加则出带“草稿”字样的草稿"
        )

    def handle(self, *, county, standard, period, out, final, **options):
        found = find(county, standard, period)
        path = Path(out)
        check_writable(path)
        try:
            assessment = prepare_report(*found, final=final)
            content = report_pdf(assessment, self.show_progress if sys.stderr.isatty() else None)
        except (Refused, ReportUnavailable) as error:
            raise CommandError(str(error)) from error
        write(path, content)
        record_export(assessment, path.name, content)
        kept = f"正式报告，第 {assessment.pk} 号存档" if final else "草稿，未存档"
        self.stdout.write(f"已写入 {path}（{len(content) / 1024:,.0f} KB；{kept}）。")

    def show_progress(self, done: int, total: int, what: str) -> None:
        self.stderr.write(f"\r{what} {done}/{total} 页 ", ending="\n" if what == WRITING else "")


def check_writable(path: Path) -> None:
    """Before anything is computed or kept. Raises CommandError."""
    if path.is_dir():
        raise CommandError(f"“{path}”是目录。--out 请写到文件，如 {path / '自评报告.pdf'}。")
    if not path.parent.is_dir():
        raise CommandError(f"目录“{path.parent}”不存在。请先建立，或把 --out 改到已有的目录。")
    try:
        with TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CommandError(f"不能写入“{path}”：{reason(error)}。请换一个能写入的位置。") from error


def write(path: Path, content: bytes) -> None:
    """A report is written whole or not at all: beside its place first. Raises CommandError."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CommandError(f"写入“{path}”失败：{reason(error)}。请检查磁盘空间和权限。") from error


def reason(error: OSError) -> str:
    return REASONS.get(error.errno, f"系统提示 {error.strerror}")
