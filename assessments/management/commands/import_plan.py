"""Reads a published plan and prints what it is taken to demand. Writes nothing."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.files.plan_text import text_of_plan
from assessments.files.refusals import BadFile
from indicators.plans import read_plan
from indicators.plans.fitting import as_text
from indicators.plans.proposal import Plan, PlanItem, Threshold, as_json

SURENESS = {"high": "", "medium": "（请核对）", "low": "（没有把握）"}


class Command(BaseCommand):
    help = "读一份方案（txt、docx、有文字的 PDF），印出识别的条目、部门、数和阶段；什么都不写入。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="方案文件")
        parser.add_argument("--format", choices=["json", "text"], default="text", help="json 供程序读，text 给人看")

    def handle(self, *, file, format, **_):
        path = Path(file)
        if not path.is_file():
            raise CommandError(f"找不到文件“{file}”。请核对路径。")
        try:
            text = text_of_plan(path, path.name)
        except BadFile as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"打不开“{file}”：{error.strerror}。") from error
        plan = read_plan(text)
        if not plan.items:
            raise CommandError(f"“{path.name}”里{'；'.join(plan.remarks)}请核对是不是方案的正文。")
        self.stdout.write(
            json.dumps(as_json(plan), ensure_ascii=False, indent=1) if format == "json" else in_words(plan)
        )


def in_words(plan: Plan) -> str:
    """For people at a terminal: a line for each item and figure."""
    head = [each.value for each in (plan.title, plan.source_number, plan.issued_on) if each]
    lines = ["  ".join(head)] if head else []
    section = None
    for item in plan.items:
        if item.section != section:
            section = item.section
            lines += ["", section]
        lines += _item(item)
    if plan.phases:
        lines += ["", "阶段"]
        lines += [
            f"  {each.name}  {each.start or '?'} 至 {each.end or '?'}{SURENESS[each.sureness]}" for each in plan.phases
        ]
    figures = sum(len(item.thresholds) for item in plan.items)
    lines += ["", f"共 {len(plan.items)} 个条目、{len(plan.departments)} 个部门、{figures} 个数。", *plan.remarks]
    return "\n".join(lines)


def _item(item: PlanItem) -> list[str]:
    lead = "、".join(each.name + SURENESS[each.sureness] for each in item.lead)
    others = "、".join(each.name + SURENESS[each.sureness] for each in item.cooperating)
    lines = [f"  {item.number}  {item.title}{SURENESS[item.sureness]}"]
    if lead or others:
        lines.append(f"      牵头 {lead or '—'}" + (f"；配合 {others}" if others else ""))
    return lines + [f"      {_figure(each)}" for each in item.thresholds]


def _figure(threshold: Threshold) -> str:
    shown = as_text(threshold.value, threshold.unit)
    if threshold.upper is not None:
        shown += f"—{as_text(threshold.upper, threshold.unit)}"
    unit = "" if threshold.unit == "%" else f" {threshold.unit}"
    return f"{threshold.subject} {threshold.comparator} {shown}{unit}{SURENESS[threshold.sureness]}"
