"""The sheets of a standard's workbook: which columns they have, and what a cell of each holds."""

from dataclasses import dataclass, field
from enum import Enum, auto

from indicators.enums import (
    ArrangementKind,
    CheckLevel,
    Comparator,
    Every,
    InstitutionType,
    LeadingPart,
    Level,
    SeenAs,
    StandardState,
    ValueType,
    YearRule,
)
from indicators.formula import ALL


class Kind(Enum):
    TEXT = auto()
    DAY = auto()
    WHOLE = auto()
    YES_NO = auto()
    # one of `words`, some of them
    WORD = auto()
    WORDS = auto()
    # a list in one cell: parted by 、; one a line; lines of 名：值
    NAMES = auto()
    LINES = auto()
    PAIRS = auto()


@dataclass(frozen=True)
class Column:
    """`key`: what the YAML file calls it; `words`: its closed list, word of the file -> word for people."""

    heading: str
    key: str
    kind: Kind = Kind.TEXT
    words: dict[str, str] = field(default_factory=dict)
    width: int = 16
    demanded: bool = False


def _words(choices) -> dict[str, str]:
    return {value: label for value, label in choices.choices if value}


_TYPES = _words(InstitutionType)
ITEM_NUMBER = Column("条目编号", "item", width=10, demanded=True)
SECTION_NUMBER = Column("部分序号", "section_number", Kind.WHOLE, width=10, demanded=True)
SECTION_NAME = Column("部分", "section_name", width=18, demanded=True)

HEAD = [
    Column("代码", "code", demanded=True),
    Column("版本", "version", demanded=True),
    Column("状态", "state", Kind.WORD, _words(StandardState), demanded=True),
    Column("名称", "title", demanded=True),
    Column("依据文件", "document", demanded=True),
    Column("文号", "number"),
    Column("发文日期", "date", Kind.DAY, demanded=True),
    Column("完成时限", "deadline", Kind.DAY),
]
# of HEAD, what the YAML file has under `source`
SOURCE = ("document", "number", "date")
DEPARTMENTS = [
    Column("部门", "name", width=24, demanded=True),
    Column("别称", "aliases", Kind.NAMES, width=36),
    Column("成员单位", "members", Kind.NAMES, width=36),
    Column("职责", "duties", Kind.LINES, width=60),
]
PHASES = [
    Column("阶段", "name", demanded=True),
    Column("开始", "start", Kind.DAY, width=12, demanded=True),
    Column("结束", "end", Kind.DAY, width=12, demanded=True),
    Column("任务", "tasks", Kind.LINES, width=70),
]
SEATS = [
    Column("职务", "part", Kind.WORD, _words(LeadingPart), width=10, demanded=True),
    Column("由谁担任", "office", width=40, demanded=True),
]
ARRANGEMENTS = [
    Column("类别", "kind", Kind.WORD, _words(ArrangementKind), width=12, demanded=True),
    Column("名称", "name", width=28, demanded=True),
    Column("多久一次", "every", Kind.WORD, _words(Every), width=10),
    Column("召集", "called_by", width=20),
    Column("记录", "recorded_by", width=20),
    Column("事项", "matters", Kind.LINES, width=44),
    Column("说明", "note", width=44),
]
ITEMS = [
    SECTION_NUMBER,
    SECTION_NAME,
    Column("编号", "number", width=8, demanded=True),
    Column("标题", "title", width=24, demanded=True),
    Column("要求", "requirement", width=70, demanded=True),
    Column("牵头部门", "lead", Kind.NAMES, width=24, demanded=True),
    Column("配合部门", "cooperating", Kind.NAMES, width=30),
    Column("分值", "points", width=8),
    Column("出处", "source", width=18),
    Column("官方原文", "wording", width=60),
]
CRITERIA = [
    ITEM_NUMBER,
    Column("编号", "code", width=8, demanded=True),
    Column("指标", "name", width=30, demanded=True),
    Column("级别", "level", Kind.WORD, _words(Level), width=8, demanded=True),
    Column("适用机构", "scope", Kind.WORDS, {ALL: "全部机构"} | _TYPES, width=24, demanded=True),
    Column("公式", "formula", width=48, demanded=True),
    Column("比较", "comparator", Kind.WORD, _words(Comparator), width=9, demanded=True),
    Column("目标", "target", width=10, demanded=True),
    Column("分年目标", "targets", Kind.PAIRS, width=16),
    Column("单位", "unit", width=8),
    Column("说明", "note", width=36),
    Column("出处", "source", width=30),
]
EVIDENCE = [
    ITEM_NUMBER,
    Column("编号", "code", width=8, demanded=True),
    Column("佐证材料", "text", width=60, demanded=True),
    Column("必备", "required", Kind.YES_NO, width=7),
    Column("提供部门", "from", Kind.NAMES, width=28),
    Column("年度", "year", Kind.WORD, _words(YearRule), width=10),
    Column("份数", "needed", Kind.WHOLE, width=7),
    Column("查看方式", "seen", Kind.WORD, _words(SeenAs), width=10),
    Column("逐家提供的机构类型", "per", Kind.WORDS, _TYPES, width=28),
]
ELEMENTS = [
    Column("代码", "code", width=22, demanded=True),
    Column("名称", "name", width=28, demanded=True),
    Column("分组", "group", width=14, demanded=True),
    Column("类型", "type", Kind.WORD, _words(ValueType), width=8, demanded=True),
    Column("单位", "unit", width=8),
    Column("口径", "definition", width=50),
    Column("填报机构", "reported_by", Kind.WORDS, _TYPES, width=28, demanded=True),
    Column("别名", "aliases", Kind.NAMES, width=24),
    Column("选项", "choices", Kind.PAIRS, width=20),
    Column("最小值", "minimum", Kind.WHOLE, width=9),
    Column("最大值", "maximum", Kind.WHOLE, width=9),
]
CHECKS = [
    Column("规则", "rule", width=48, demanded=True),
    Column("说明", "message", width=48, demanded=True),
    Column("级别", "level", Kind.WORD, _words(CheckLevel), width=8),
    Column("机构类型", "types", Kind.WORDS, _TYPES, width=28),
]

STANDARD_SHEET = "标准"
ITEM_SHEET, CRITERION_SHEET, EVIDENCE_SHEET = "条目", "指标", "佐证"
# key of the YAML file -> the sheet of one row a thing, its columns; what hangs on items follows below
PLAIN_SHEETS = {
    "departments": ("部门", DEPARTMENTS),
    "phases": ("阶段", PHASES),
    "leading_group": ("领导小组", SEATS),
    "arrangements": ("工作机制", ARRANGEMENTS),
    "elements": ("数据元", ELEMENTS),
    "checks": ("校验", CHECKS),
}
# key of an item -> the sheet of what hangs on it
ITEM_SHEETS = {"criteria": (CRITERION_SHEET, CRITERIA), "evidence": (EVIDENCE_SHEET, EVIDENCE)}
NO_LIMIT = "不限"
