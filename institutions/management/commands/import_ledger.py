"""Imports a county's Excel ledger from the command line; the browser's wizard calls the same functions."""

import json
import time

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from institutions.ledger.as_json import plan_as_json
from institutions.ledger.plan import ImportPlan
from institutions.ledger.planner import plan_import
from institutions.ledger.workbook import LedgerFile, LedgerUnreadable, open_ledger
from institutions.models import County
from institutions.period import Period
from institutions.services import LedgerRefused, create_county, import_ledger

_PROGRESS_SECONDS = 2
# what the fields of a new county are called here
_OPTIONS = {"code": "县（区）代码（--county）", "name": "县（区）名称（--county-name）"}


class Command(BaseCommand):
    help = "导入一个县（区）的 Excel 台账：机构名录、各机构数值和县本级数值。有任何问题就什么也不写，退出码为 1。"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="台账文件（.xlsx、.xls 或 .ods）")
        parser.add_argument("--county", required=True, metavar="CODE", help="县（区）代码")
        parser.add_argument("--county-name", metavar="NAME", help="没有这个县（区）时，以此名称建立")
        parser.add_argument("--period", required=True, help="填报期：2023、2023Q4 或 2023-11")
        parser.add_argument("--dry-run", action="store_true", help="只检查和比对，不写入")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")

    def handle(self, *, file, county, county_name, period, dry_run, format, **options):
        self.as_json = format == "json"
        self.next_progress = time.monotonic() + _PROGRESS_SECONDS
        try:
            plan, written, ledger = self._import(file, county, county_name, period, dry_run)
        except (LedgerUnreadable, ValueError) as error:
            sentence = str(error)
            if self.as_json:
                self.stdout.write(json.dumps(_failure(file, error, sentence), ensure_ascii=False, indent=2))
            raise CommandError(sentence) from error
        if self.as_json:
            answer = plan_as_json(plan, file=ledger.name, written=written)
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
        else:
            self._print(plan, written, dry_run)
        if plan.problems:
            raise CommandError(str(LedgerRefused(plan)))

    def _import(self, file, code, name, period, dry_run) -> tuple[ImportPlan, bool, LedgerFile]:
        """All in one transaction, so that a county made for a ledger with problems goes again with it."""
        period, ledger = Period.parse(period), open_ledger(file)
        with transaction.atomic():
            county = County.objects.filter(code=code).first()
            if county is None and name is None:
                raise ValueError(f"没有代码为“{code}”的县（区）。请核对代码；要新建，请加上 --county-name 名称。")
            county = county or _new_county(code, name)
            if dry_run:
                plan, written = plan_import(county, period, ledger.sheets, progress=self._progress), False
            else:
                try:
                    outcome = import_ledger(county, period, ledger, progress=self._progress)
                    plan, written = outcome.plan, outcome.written
                except LedgerRefused as refused:
                    plan, written = refused.plan, False
            if dry_run or plan.problems:
                transaction.set_rollback(True)
        return plan, written, ledger

    def _progress(self, done: int, total: int, what: str) -> None:
        """Lines on stderr, once an import has been running for a while."""
        now = time.monotonic()
        if now >= self.next_progress:
            self.next_progress = now + _PROGRESS_SECONDS
            self.stderr.write(f"{what}：{done} / {total}", style_func=str)

    def _print(self, plan: ImportPlan, written: bool, dry_run: bool) -> None:
        write = self.stdout.write
        write(f"{plan.county.name}（{plan.county.code}） {plan.period}")
        for reading in plan.recognition.sheets:
            found = ["机构名录" if table.is_registry else "机构数据" for table in reading.tables]
            found += ["指标列表" for _ in reading.lists]
            write(f"工作表“{reading.sheet.name}”：{'、'.join(found) or reading.reason}")
        for notice in plan.notices:
            where = f"{notice.sheet}!{notice.cell} " if notice.cell else ""
            write(f"提示：{where}{notice.text}" + (f"（共 {notice.count} 处）" if notice.count > 1 else ""))
        for problem in plan.problems:
            place = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet or "整个文件"
            value = f"“{problem.value}”" if problem.value else ""
            write(f"问题：{place} {value}{problem.reason}。{problem.mend}")
        if plan.more_problems:
            write(f"另有 {plan.more_problems} 处问题没有列出。")
        if plan.problems:
            return
        if plan.changes_nothing:
            write("没有变化：台账中的数据与系统中的一致。")
            return
        write(summary(plan))
        write("已写入。" if written else "试运行，没有写入。" if dry_run else "")


def summary(plan: ImportPlan) -> str:
    """What the import changes, in one line."""
    counts = plan.counts()
    return (
        f"机构：新增 {counts['institutions_created']} 家，变更 {counts['institutions_changed']} 家，"
        f"停用 {counts['institutions_closed']} 家，恢复 {counts['institutions_reopened']} 家。"
        f"填报：{counts['reports_written']} 家有变化，{counts['reports_unchanged']} 家无变化；"
        f"新增数值 {counts['values_new']} 个，改动数值 {counts['values_overwritten']} 个。"
    )


def _new_county(code: str, name: str) -> County:
    """Raises ValueError, with what is wrong option by option."""
    try:
        return create_county(code, name)
    except ValidationError as error:
        faults = error.message_dict.items()
        raise ValueError(" ".join(f"{_OPTIONS[field]}：{''.join(texts)}" for field, texts in faults)) from error


def _failure(file: str, error: Exception, sentence: str) -> dict:
    """What is printed as JSON where it did not come to reading the ledger."""
    code = getattr(error, "code", "") or "refused"
    problem = {"code": code, "sheet": "", "cell": "", "value": file, "reason": sentence, "mend": ""}
    return {"file": file, "written": False, "error": sentence, "problems": [problem]}
