"""What a draft still lacks: nothing undefined, everything with a department and a source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.contents import CriterionContent, ItemContent, StandardContent
from indicators.enums import Comparator, InstitutionType, Level
from indicators.formula import ALL, check_criterion
from indicators.formula.checks import Elements

# of a target from that year on
YEAR = re.compile(r"20[0-9]{2}")


@dataclass(frozen=True)
class DraftFault:
    """`item`: the number of the item that it is about, "" for the standard as a whole. `part`: what to open to mend it
    (head, sections, departments, phases, item, evidence, plan; for a criterion its code); departments are those of the
    item where there is one."""

    item: str
    part: str
    sentence: str


def faults_of(content: StandardContent, elements: Elements) -> list[DraftFault]:
    """All that has to be mended, in the order of the standard."""
    return [*_of_head(content), *_of_departments(content), *_of_phases(content), *_of_items(content, elements)]


def _of_head(content: StandardContent) -> Iterator[DraftFault]:
    if not content.title.strip():
        yield DraftFault("", "head", "标准没有名称，请填写。")
    if not content.source_document.strip():
        yield DraftFault("", "head", "没有写明依据哪个文件，请填写依据文件的名称。")
    if not content.items:
        yield DraftFault("", "sections", "还没有条目，请添加部分和条目。")
    for section in content.sections:
        if not section.name.strip():
            yield DraftFault("", "sections", f"第 {section.number} 部分没有名称。")
        if not section.items:
            yield DraftFault("", "sections", f"“{section.name}”没有条目，请添加条目或删去这一部分。")


def _of_departments(content: StandardContent) -> Iterator[DraftFault]:
    taken: dict[str, str] = {}
    plain = {each.name for each in content.departments if not each.members}
    for department in content.departments:
        for spelling in (department.name, *department.aliases):
            owner = taken.setdefault(spelling, department.name)
            if owner != department.name:
                yield DraftFault(
                    "", "departments", f"部门名称或别称“{spelling}”用了两次（{owner}、{department.name}）。"
                )
        for member in department.members:
            if member not in plain:
                sentence = f"“{department.name}”的成员“{member}”不在责任部门里，或本身也是一组单位。"
                yield DraftFault("", "departments", sentence)


def _of_phases(content: StandardContent) -> Iterator[DraftFault]:
    for phase in content.phases:
        if not phase.start or not phase.end:
            yield DraftFault("", "phases", f"阶段“{phase.name}”没有写全开始和结束日期。")
        elif phase.start > phase.end:
            yield DraftFault("", "phases", f"阶段“{phase.name}”的开始日期晚于结束日期。")


def _of_items(content: StandardContent, elements: Elements) -> Iterator[DraftFault]:
    members = {department.name: department.members for department in content.departments}
    for item in content.items:
        yield from _of_item(item, members)
        for criterion in item.criteria:
            for sentence in (*_word_faults(criterion), *criterion_faults(criterion, elements)):
                yield DraftFault(item.number, criterion.code, f"指标 {criterion.code} {sentence}")


def _of_item(item: ItemContent, members: dict[str, list[str]]) -> Iterator[DraftFault]:
    def fault(part: str, sentence: str) -> DraftFault:
        return DraftFault(item.number, part, f"条目 {item.number} {sentence}")

    if not item.title.strip():
        yield fault("item", "没有标题。")
    if not item.requirement.strip():
        yield fault("item", "没有写要求。")
    if item.points is not None and item.points < 0:
        yield fault("item", "的分值不能是负数。")
    if not item.lead:
        yield fault("departments", "没有牵头部门，请写明由谁负责。")
    if not item.source.strip():
        yield fault("item", "没有写出处，请写明在文件的什么地方，如“第三部分（二）4”。")
    for name in (*item.lead, *item.cooperating):
        if name not in members:
            yield fault("departments", f"的部门“{name}”不在责任部门里，请先添加。")
    if len({*item.lead, *item.cooperating}) < len(item.lead) + len(item.cooperating):
        yield fault("departments", "的部门写重了，每个部门只能写一次。")
    responsible = {*item.lead, *item.cooperating}
    responsible |= {member for name in responsible for member in members.get(name, ())}
    for evidence in item.evidence:
        for name in evidence.departments:
            if name not in responsible:
                yield fault("evidence", f"的佐证 {evidence.code} 由“{name}”提供，但它不是这一条的责任部门。")
    if not any(e.required for e in item.evidence) and all(c.level != Level.HARD for c in item.criteria):
        yield fault("evidence", "既没有必达指标，也没有必备的佐证材料，无法判定。请添加其中一种。")


def _word_faults(criterion: CriterionContent) -> Iterator[str]:
    """Forms and files let no other words in; what is published with one could not be computed."""
    if not criterion.name.strip():
        yield "没有名称，请填写。"
    if not criterion.scope or not set(criterion.scope) <= {ALL, *InstitutionType.values}:
        yield "没有写明适用哪些机构，请选择。"
    if criterion.level not in Level.values:
        yield f"的级别“{criterion.level}”不对，请选择{'、'.join(Level.labels)}。"
    if criterion.comparator not in Comparator.values:
        yield f"的比较“{criterion.comparator}”不对，请选择{'、'.join(Comparator.labels)}。"
    for year in criterion.targets:
        if not YEAR.fullmatch(year):
            yield f"的分年目标里，年份“{year}”应是四位数，如 2024。"


def criterion_faults(criterion: CriterionContent, elements: Elements) -> list[str]:
    """What is wrong with its formula and targets; empty where it can be computed."""
    scope = criterion.scope or [ALL]
    faults = check_criterion(criterion.expression, criterion.target, scope, elements)
    sentences = [fault.message for fault in faults]
    for year, target in criterion.targets.items():
        both = check_criterion(criterion.expression, target, scope, elements)
        sentences += [f"{year} 年起的{fault.message}" for fault in both[len(faults) :]]
    return sentences
