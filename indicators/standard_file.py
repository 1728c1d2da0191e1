"""Reads a standard (fixtures/standards/*.yaml) and names every fault in it."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

from indicators import models
from indicators.contents import (
    CriterionContent,
    EvidenceContent,
    ItemContent,
    PhaseContent,
    SectionContent,
    StandardContent,
)
from indicators.department_lines import Departments
from indicators.dictionary_file import DictionaryFile, formula_faults
from indicators.draft_checks import YEAR
from indicators.enums import Comparator, InstitutionType, Level, SeenAs, StandardState, YearRule
from indicators.formula import ALL, check_criterion
from indicators.head_lines import read_arrangements, read_seats
from indicators.yaml_file import read_yaml
from indicators.yaml_lines import Fault, Fields, Place

# the entries of a file
DEMANDED = ("standard", "departments", "phases", "sections")
OPTIONAL = ("leading_group", "arrangements")


def read_standard(path: Path, dictionary: DictionaryFile, faults: list[Fault]) -> StandardContent | None:
    """The file's standard; faults are added to `faults`. None where the file cannot be read at all."""
    top = read_yaml(path, faults)
    return standard_of(top.fields("文件", DEMANDED, OPTIONAL), dictionary) if top else None


def standard_of(fields: Fields, dictionary: DictionaryFile) -> StandardContent | None:
    """The standard whose file has these entries; None where it does not say which standard it is."""
    return _Reader(dictionary).standard(fields)


class _Reader:
    """Goes through the file once and remembers what may occur only once in a standard."""

    def __init__(self, dictionary: DictionaryFile):
        self.dictionary = dictionary
        self.departments = Departments()
        self.seen: set[tuple[str, str]] = set()

    def standard(self, fields: Fields) -> StandardContent | None:
        self.departments.read(fields.places("departments"))
        phases = [self.phase(number, place) for number, place in enumerate(fields.places("phases"), 1)]
        sections = [self.section(number, place) for number, place in enumerate(fields.places("sections"), 1)]
        place = fields.get("standard")
        if place is None:
            return None
        head = place.fields("标准", ("code", "version", "state", "title", "source", "items"), ("deadline",))
        self.count_items(head, sections)
        source = head.get("source")
        origin = source.fields("依据文件", ("document", "date"), ("number",)) if source else None
        return StandardContent(
            code=head.text("code", _limit(models.Standard, "code"), verbatim=True),
            version=head.text("version", _limit(models.Standard, "version"), verbatim=True),
            state=head.word("state", StandardState.values),
            title=head.text("title", _limit(models.Standard, "title")),
            source_document=origin.text("document", _limit(models.Standard, "source_document")) if origin else "",
            source_number=origin.text("number", _limit(models.Standard, "source_number")) if origin else "",
            source_date=origin.date("date") if origin else None,
            departments=self.departments.contents,
            phases=phases,
            sections=sections,
            deadline=head.date("deadline") if head.get("deadline") else None,
            leading_group=read_seats(fields),
            arrangements=read_arrangements(fields),
        )

    def count_items(self, head: Fields, sections: list[SectionContent]) -> None:
        announced = head.integer("items")
        found = sum(len(section.items) for section in sections)
        if announced is not None and announced != found:
            sentence = f"标准应有 {announced} 个条目，文件里有 {found} 个，请核对有无遗漏或多写。"
            head.fault("item_count", sentence, "items")

    def once(self, kind: str, value, fields: Fields, key: str) -> None:
        """Numbers, codes and names occur once in a standard."""
        if value not in ("", None) and (kind, value) in self.seen:
            fields.fault("duplicate", f"{kind}“{value}”重复。", key)
        self.seen.add((kind, value))

    def phase(self, number: int, place: Place) -> PhaseContent:
        fields = place.fields(place.named("阶段", "name", number), ("name", "start", "end"), ("tasks",))
        name = fields.text("name", _limit(models.Phase, "name"))
        self.once("阶段", name, fields, "name")
        start, end = fields.date("start"), fields.date("end")
        if start and end and start > end:
            fields.fault("bad_date", f"{fields.what}的开始日期晚于结束日期。", "end")
        return PhaseContent(number, name, start, end, fields.texts("tasks"))

    def section(self, position: int, place: Place) -> SectionContent:
        fields = place.fields(place.named("部分", "number", position), ("number", "name", "items"))
        number = fields.integer("number")
        if number is not None and number < 1:
            fields.fault("bad_number", "部分的序号从 1 开始。", "number")
        self.once("部分序号", number, fields, "number")
        items = [self.item(position, place) for position, place in enumerate(fields.places("items"), 1)]
        if "items" in fields.entries and not items:
            fields.fault("blank", f"{fields.what}没有条目。", "items")
        return SectionContent(number, fields.text("name", _limit(models.Section, "name")), items)

    def item(self, position: int, place: Place) -> ItemContent:
        fields = place.fields(
            place.named("条目", "number", position),
            ("number", "title", "requirement"),
            ("lead", "cooperating", "points", "evidence", "criteria", "wording", "source"),
        )
        number = fields.text("number", _limit(models.Item, "number"), verbatim=True)
        self.once("条目编号", number, fields, "number")
        lead, cooperating = self.departments.of_item(fields)
        item = ItemContent(
            number=number,
            title=fields.text("title", _limit(models.Item, "title")),
            requirement=fields.text("requirement"),
            points=_points(fields),
            lead=lead,
            cooperating=cooperating,
            evidence=[
                self.evidence(n, place, lead + cooperating) for n, place in enumerate(fields.places("evidence"), 1)
            ],
            criteria=[self.criterion(n, place) for n, place in enumerate(fields.places("criteria"), 1)],
            wording=fields.text("wording"),
            source=fields.text("source", _limit(models.Item, "source")),
        )
        if not any(e.required for e in item.evidence) and all(c.level != Level.HARD for c in item.criteria):
            fields.fault("nothing_to_judge", f"{fields.what}既没有必达指标，也没有必备的佐证材料，无法判定。")
        return item

    def evidence(self, position: int, place: Place, responsible: list[str]) -> EvidenceContent:
        fields = place.fields(
            place.named("佐证材料", "code", position),
            ("code", "text"),
            ("required", "from", "year", "needed", "seen", "per"),
        )
        code = fields.text("code", _limit(models.EvidenceRequirement, "code"), verbatim=True)
        self.once("佐证编号", code, fields, "code")
        return EvidenceContent(
            code=code,
            text=fields.text("text", _limit(models.EvidenceRequirement, "text")),
            required=fields.boolean("required", default=True),
            departments=self.departments.of_evidence(fields, responsible),
            year=fields.word("year", YearRule.values) or YearRule.PERIOD.value,
            needed=_needed(fields),
            seen_as=fields.word("seen", SeenAs.values) or SeenAs.DOCUMENT.value,
            institution_types=fields.words("per", InstitutionType.values),
        )

    def criterion(self, position: int, place: Place) -> CriterionContent:
        fields = place.fields(
            place.named("指标", "code", position),
            ("code", "name", "level", "scope", "formula", "comparator", "target"),
            ("unit", "note", "source", "targets"),
        )
        code = fields.text("code", _limit(models.Criterion, "code"), verbatim=True)
        self.once("指标编号", code, fields, "code")
        criterion = CriterionContent(
            code=code,
            name=fields.text("name", _limit(models.Criterion, "name")),
            level=fields.word("level", Level.values),
            scope=_scope(fields),
            expression=fields.text("formula"),
            comparator=fields.word("comparator", Comparator.values),
            target=fields.text("target", _limit(models.Criterion, "target"), verbatim=True),
            unit=fields.text("unit", _limit(models.Criterion, "unit")),
            note=fields.text("note", _limit(models.Criterion, "note")),
            source=fields.text("source", _limit(models.Criterion, "source")),
            targets=_targets(fields),
        )
        self.judge(criterion, fields)
        return criterion

    def judge(self, criterion: CriterionContent, fields: Fields) -> None:
        """The faults of formula and target, each at its own line."""
        scope = criterion.scope or [ALL]

        def of_formula(specs):
            return check_criterion(criterion.expression, "1", scope, specs)

        def of_target(target):
            return lambda specs: check_criterion(criterion.expression, target, scope, specs)[len(of_formula(specs)) :]

        for key, text, name, check in (
            ("formula", criterion.expression, "公式", of_formula),
            ("target", criterion.target, "目标", of_target(criterion.target)),
            *(("targets", text, f"{year} 年起的目标", of_target(text)) for year, text in criterion.targets.items()),
        ):
            for error in formula_faults(text, check, self.dictionary) if text else ():
                fields.fault("formula", f"{fields.what}的{name}“{text}”{error}", key)


def _scope(fields: Fields) -> list[str]:
    scope = fields.words("scope", [ALL, *InstitutionType.values])
    if ALL in scope and len(scope) > 1:
        fields.fault("bad_scope", f"{fields.what}的“scope”写了 all，就不能再列机构类型。", "scope")
    return scope


def _targets(fields: Fields) -> dict[str, str]:
    """Year -> target from that year on, the earliest year first."""
    place = fields.get("targets")
    targets: dict[str, str] = {}
    for key, value in place.pairs(f"{fields.what}的“targets”") if place else ():
        year = key.text(f"{fields.what}的年份", verbatim=True)
        target = value.text(f"{fields.what} {year} 年起的目标", _limit(models.Criterion, "target"), verbatim=True)
        if not YEAR.fullmatch(year):
            key.fault("bad_year", f"{fields.what}的“targets”里，年份“{year}”应是四位数，如 2024。")
        elif year in targets:
            key.fault("duplicate", f"{fields.what}的“targets”里，{year} 年写了两次。")
        elif target:
            targets[year] = target
    return dict(sorted(targets.items()))


def _needed(fields: Fields) -> int:
    needed = fields.integer("needed")
    if needed is not None and needed < 1:
        fields.fault("bad_number", f"{fields.what}的份数（needed）至少是 1。", "needed")
    return 1 if needed is None else needed


def _points(fields: Fields) -> Decimal | None:
    """Points with at most two decimals; None where the file gives none."""
    text = fields.text("points", verbatim=True)
    if not text:
        return None
    try:
        points = Decimal(text)
        exact = points.quantize(Decimal("0.01"))
    except InvalidOperation:
        points = exact = None
    if points is None or points != exact or not 0 <= points < 10_000:
        fields.fault("wrong_type", f"{fields.what}的分值“{text}”应是 0 至 9999.99 的数，最多两位小数。", "points")
        return None
    return exact


def _limit(model: type, field_name: str) -> int:
    return model._meta.get_field(field_name).max_length
