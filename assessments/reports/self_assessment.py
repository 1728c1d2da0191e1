"""The self-assessment report (自评报告) as plain dataclasses: every figure of it comes from one `Assessment` alone.

An assessment that is saved is final: the same report can be drawn from it at any time. One that is not is a draft.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assessments.content import CriterionContent, ItemContent, StandingContent, standing_content
from assessments.models import Assessment
from assessments.reports.basics import Basics, basics
from assessments.reports.figure_tables import Column, FigureTables, figure_tables
from assessments.reports.parts import CriterionPart, EvidenceLine, ItemPart, SectionPart, section_parts
from assessments.reports.register import Register
from assessments.words import NOT_OFFICIAL
from indicators.formula import ElementSpec, aggregates, names, parse
from indicators.queries import element_specs, elements_of
from institutions.period import Period
from tcm_demo.lib.dates import zh_date, zh_datetime

SUBTITLE = "自评报告"
_DEMONSTRATION = re.compile("全国基层中医药工作示范[县区市]")
# which county's and of which year: （临淄区 2023）
_WHOSE = re.compile(r"（[^（）]*）$")


@dataclass(frozen=True)
class SelfAssessment:
    """`as_of`: 数据截至 …, the moment of the last accepted figure; `made`: how and when the report came about."""

    county: str
    period: str
    standard: str
    standard_version: str
    source: str
    as_of: str
    made: str
    is_draft: bool
    standing: StandingContent = field(repr=False)
    basics: Basics = field(repr=False)
    sections: tuple[SectionPart, ...] = field(repr=False)
    figures: FigureTables = field(repr=False)

    @property
    def work(self) -> str:
        """What the report is about: 全国基层中医药工作示范县创建, or the standard's title without whose it is."""
        demonstration = _DEMONSTRATION.match(self.standard)
        return f"{demonstration[0]}创建" if demonstration else _WHOSE.sub("", self.standard)

    @property
    def title(self) -> str:
        return f"{self.county}{self.work}{SUBTITLE}（{self.period}）"

    @property
    def notice(self) -> str:
        """What every page says about its figures."""
        return f"{NOT_OFFICIAL}　{self.as_of}　{self.standing.coverage_text}"

    @property
    def items(self) -> list[ItemPart]:
        return [item for section in self.sections for item in section.items]

    @property
    def long_lists(self) -> list[CriterionPart]:
        """Criteria whose institutions go on in the annex."""
        return [criterion for item in self.items for criterion in item.criteria if criterion.rest]

    @property
    def failing_evidence(self) -> list[tuple[ItemContent, EvidenceLine]]:
        return [(item.content, line) for item in self.items for line in item.failing_evidence]

    @property
    def provisional(self) -> list[CriterionContent]:
        """Criteria that some institutions' figures are missing for."""
        return [c.content for item in self.items for c in item.criteria if c.content.provisional]

    @property
    def evidence_count(self) -> Mapping[str, int]:
        """All pieces of evidence by state, the ones not required too."""
        states = [line.state for item in self.items for line in item.evidence]
        return {state: states.count(state) for state in ("accepted", "failing", "open")} | {"all": len(states)}


def self_assessment(assessment: Assessment) -> SelfAssessment:
    """Everything there is to print. A fixed number of queries (eight)."""
    inputs, result, standard = assessment.inputs, assessment.result, assessment.standard
    register = Register(inputs["institutions"])
    elements = element_specs()
    standing = standing_content(standard, result, elements)
    columns = _columns(elements, standing, assessment.county.code)
    return SelfAssessment(
        county=assessment.county.name,
        period=str(Period.parse(assessment.period)),
        standard=standard.title,
        standard_version=standard.version,
        source=_source(standard),
        as_of=_as_of(inputs["figures_as_of"]),
        made=_made(assessment),
        is_draft=assessment.pk is None,
        standing=standing,
        basics=basics(register, columns),
        sections=section_parts(standing.sections, register, elements, inputs),
        figures=figure_tables(register, columns),
    )


def _columns(elements: Mapping[str, ElementSpec], standing: StandingContent, owner: str) -> list[Column]:
    """Every data element of the county's dictionary, in its order; those that a criterion adds up can be added up in a
    table too."""
    summed = {
        code
        for item in standing.items
        for criterion in item.criteria
        for aggregate in aggregates(parse(criterion.expression))
        if aggregate.function == "sum"
        for code in names(aggregate.operand)
    }
    groups = elements_of(owner).values_list("code", "group")
    return [Column(elements[code], group, code in summed) for code, group in groups]


def _source(standard) -> str:
    details = "，".join(filter(None, [standard.source_number, zh_date(standard.source_date)]))
    return f"{standard.source_document}（{details}）"


def _as_of(moment: str | None) -> str:
    return f"数据截至{zh_date(datetime.fromisoformat(moment))}" if moment else "尚无已接受的数据"


def _made(assessment: Assessment) -> str:
    when = zh_datetime(assessment.computed_at)
    if assessment.pk is None:
        return f"草稿，按 {when} 的数据生成，未存档"
    return f"第 {assessment.pk} 号存档，{when}，结果摘要 {assessment.digest[:16]}"
