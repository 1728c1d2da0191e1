"""For the auditor, and for a timer: is the trail whole? See tcm_demo/audit/verification.py for what that means."""

from django.core.management.base import BaseCommand, CommandError

from tcm_demo.audit import kept_head
from tcm_demo.audit.kept_head import Mark
from tcm_demo.audit.sealing import seal_waiting
from tcm_demo.audit.services import record
from tcm_demo.audit.verification import Verification, verify


class Command(BaseCommand):
    help = "核对操作留痕：有没有记录被改动、删去、添加、调换或截去。有问题时退出码为 1。"

    def add_arguments(self, parser):
        parser.add_argument("--noted", metavar="“封存号 指纹”", help="另外记下的末号（上次核对时打印的），一并核对")
        parser.add_argument(
            "--keep-head",
            action="store_true",
            help="从备份恢复数据库之后：核对完，以数据库现在的末尾为准重新存放末号，并留痕",
        )

    def handle(self, *, noted: str | None, keep_head: bool, **options):
        try:
            mark = kept_head.parse(noted) if noted else None
        except ValueError as error:
            raise CommandError(f"--noted 写得不对：{error}") from None
        seal_waiting()  # what a process that was killed has left
        result = verify(mark)
        for sentence in result.sentences:
            self.stderr.write(sentence)
        if result.more:
            self.stderr.write(f"……另有 {result.more} 处。")
        if keep_head:
            self._keep(result)
        if result.counts:
            raise CommandError(f"操作留痕有 {result.counts.total()} 处问题，见上。请保留现场，核实是谁、怎样改动的。")
        self.stdout.write(f"操作留痕完整：{result.events} 条操作记录，无一改动。")
        self.stdout.write(f"末号（请另外记下，下次用 --noted 核对）：{result.last.number} {result.last.digest}")

    def _keep(self, result: Verification) -> None:
        try:
            before = kept_head.read()
        except ValueError:
            before = Mark(0, "损坏")
        kept_head.keep(result.last, instead=True)
        before, after = ({"head": f"{mark.number} {mark.digest}"} if mark else None for mark in (before, result.last))
        record("keep_audit_head", "操作留痕的末号", before=before, after=after)
        self.stdout.write("已按数据库现在的末尾重新存放末号。")
