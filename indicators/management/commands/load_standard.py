"""manage.py load_standard FILE... [--elements FILE]"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from indicators.loader import ELEMENTS_FILE, BrokenFiles, load_files
from indicators.models import Criterion, EvidenceRequirement
from indicators.services import Loaded, Refused


class Command(BaseCommand):
    help = "载入建设标准和数据元字典（YAML）；有错就全部列出、什么都不写。可以重复执行。"

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, help="标准文件，如 fixtures/standards/linzi-2023.yaml")
        parser.add_argument(
            "--elements", type=Path, default=ELEMENTS_FILE, help="数据元字典，默认 fixtures/elements.yaml"
        )

    @transaction.atomic
    def handle(self, *args, files: list[Path], elements: Path, **options):
        said = []
        for file in files:
            try:
                said.append(_say(load_files(file, elements)))
            except BrokenFiles as error:
                raise CommandError(f"文件有 {len(error.faults)} 处错误，什么都没有写入：\n{error}") from error
            except Refused as error:
                raise CommandError(f"什么都没有写入：\n{error}") from error
        self.stdout.write("\n".join(said))


def _say(loaded: Loaded) -> str:
    if loaded.changed_nothing:
        return f"{loaded.standard}：没有变化。"
    standard = loaded.standard
    if loaded.created or loaded.replaced:
        counts = (
            f"{standard.sections.count()} 个部分、{standard.items.count()} 个条目、"
            f"{Criterion.objects.filter(item__standard=standard).count()} 项指标、"
            f"{EvidenceRequirement.objects.filter(item__standard=standard).count()} 项佐证要求"
        )
        lines = [f"{standard}：{'已载入' if loaded.created else '已更新'}，{counts}。"]
    else:
        lines = [f"{standard}：没有变化。"]
    words = {"added": "新增", "changed": "更新", "moved": "调整顺序", "removed": "删去"}
    changes = [f"{words[kind]} {len(codes)} 项" for kind, codes in loaded.elements.items() if codes]
    if loaded.checks_changed:
        changes.append("校验已更新")
    if changes:
        lines.append(f"数据元字典：{'、'.join(changes)}。")
    return "\n".join(lines)
