"""Scores a county against a standard and prints the result."""

import json

from django.core.management.base import BaseCommand, CommandError

from assessments import services
from assessments.prefecture import together
from assessments.prefecture.queries import campaigns_of, counties_of, version_in_use
from assessments.scoring.display import figure
from assessments.words import NOT_OFFICIAL_POINTS, STATUS, coverage_words, exact
from indicators.models import Item, Standard
from indicators.queries import current_standard
from institutions.enums import CountyLevel
from institutions.models import County
from institutions.period import Period


class Command(BaseCommand):
    help = "按建设标准计算一个县（区）的达标情况；市的由所辖县（区）合并得出。"

    def add_arguments(self, parser):
        parser.add_argument("--county", required=True, metavar="代码", help="县（区）或市的代码")
        parser.add_argument("--standard", required=True, metavar="代码", help="建设标准代码，如 linzi-2023")
        parser.add_argument("--period", required=True, metavar="填报期", help="2023、2023Q4 或 2023-11")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")
        parser.add_argument("--save", action="store_true", help="存档（自评快照）")

    def handle(self, *, county, standard, period, format, save, **options):
        found = find(county, standard, period)
        if found[0].level == CountyLevel.PREFECTURE:
            if save:
                raise CommandError("市级的结果由所辖县（区）合并得出，不存档；请逐个县（区）存档。")
            result = together.assess(*found)
        elif save:
            assessment = services.save_assessment(*found)
            self.stderr.write(f"已存档，编号 {assessment.pk}。")
            result = assessment.result
        else:
            result = services.score(*found).result
        if not result["coverage"]["reported"]:
            self.stderr.write(f"{found[0]}在 {period} 还没有已接受的填报，结果都是数据不全。")
        if format == "json":
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
        else:
            if found[0].level == CountyLevel.PREFECTURE:
                self.stdout.write(f"{found[0]}：由所辖 {len(counties_of(found[0]))} 个县（区）的数合并得出。")
            self.stdout.write(in_words(result, found[1]))


def find(county: str, standard: str, period: str) -> tuple[County, Standard, str]:
    """What the codes on the command line stand for. Raises CommandError with a Chinese sentence.

    Of several versions of a standard the one that the county works towards, the last it took up, of a prefecture the
    one that most of its counties do; else the current one.
    """
    try:
        Period.parse(period)
    except ValueError as error:
        raise CommandError(str(error)) from error
    place = County.objects.filter(code=county).first()
    if place is None:
        raise CommandError(f"没有代码为“{county}”的县（区）。请核对代码，或先用 import_ledger --county-name 建立。")
    demanded = _taken_up(place, standard) or current_standard(standard)
    if demanded is None:
        raise CommandError(f"没有代码为“{standard}”的建设标准。请先用 load_standard 载入。")
    return place, demanded, period


def _taken_up(place: County, standard: str) -> Standard | None:
    counties = counties_of(place) if place.level == CountyLevel.PREFECTURE else [place]
    return version_in_use(campaigns_of(counties, standard).values())


def in_words(result: dict, standard: Standard) -> str:
    """A short table for people at a terminal."""
    summary, coverage = result["summary"], result["coverage"]
    titles = dict(Item.objects.filter(standard=standard).values_list("number", "title"))
    lines = [
        f"达标 {summary['met']}/{summary['items']}，基本达标 {summary['nearly']}，未达标 {summary['unmet']}，"
        f"数据不全 {summary['incomplete']}；{coverage_words(coverage['reported'], coverage['due'])}；"
        f"{NOT_OFFICIAL_POINTS} {figure(exact(summary['points']))}"
    ]
    for item in result["items"]:
        hard = [c for c in item["criteria"] if c["level"] == "hard" and c["status"] != "not_applicable"]
        met = sum(c["status"] == "met" for c in hard)
        evidence = item["evidence"]
        lines.append(
            f"{item['number']:>3} {STATUS[item['status']]} {titles[item['number']]}"
            f"（指标 {met}/{len(hard)}，佐证 {evidence['accepted']}/{evidence['required']}）"
        )
    return "\n".join(lines)
