"""Values of a YAML file that know their line. Reading one as what it is not names a fault and goes on."""

import datetime
from dataclasses import dataclass

import yaml

# of every date of a standard: a slip of the pen in the year is not to end what counts days
YEARS = range(1950, 2101)
FORBIDDEN_CHARACTERS = yaml.reader.Reader.NON_PRINTABLE
_TAG = "tag:yaml.org,2002:"
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Fault:
    """One fault of a file: `code` for programs, `sentence` for people; lines count from 1, 0 is the file as such.

    `key`: the entry that it is about, as the file calls it. `column`: of a workbook, whose `file` is the sheet.
    """

    code: str
    file: str
    line: int
    sentence: str
    key: str = ""
    column: str = ""

    @property
    def place(self) -> str:
        """第 7 行; of a workbook the cell: “条目”表 D7."""
        if self.column:
            return f"“{self.file}”表 {self.column}{self.line}"
        return f"第 {self.line} 行" if self.line else ""

    def __str__(self) -> str:
        place = self.place if self.column else f"{self.file} {self.place}".strip()
        return f"{place}：{self.sentence}"


class Place:
    """One value of the file. Reading it as what it is not adds a fault and gives the empty value."""

    def __init__(self, node: yaml.Node, file: str, faults: list[Fault], key: str = ""):
        self.node = node
        self.file = file
        self.faults = faults
        self.key = key

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    def fault(self, code: str, sentence: str) -> None:
        self.faults.append(Fault(code, self.file, self.line, sentence, self.key))

    def at(self, node: yaml.Node, key: str = "") -> "Place":
        """A value inside this one."""
        return type(self)(node, self.file, self.faults, key)

    def fields(self, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> "Fields":
        """The entries of a mapping; `what` names it in sentences. Missing, unknown and repeated keys are faults."""
        entries: dict[str, Place] = {}
        if not isinstance(self.node, yaml.MappingNode):
            self.fault("not_a_mapping", f"{what}应由“项: 值”组成。")
            return Fields(self, what, entries)
        for key_node, value_node in self.node.value:
            key = self.at(key_node)
            name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if name in entries:
                key.fault("duplicate_key", f"{what}里“{name}”写了两次，请删去一个。")
            elif name not in required + optional:
                key.fault("unknown_key", f"{what}里有不认识的项“{name}”，可用：{'、'.join(required + optional)}。")
            else:
                entries[name] = self.at(value_node, name)
        for name in required:
            if name not in entries:
                self.fault("missing_key", f"{what}缺少“{name}”，请补上。")
        return Fields(self, what, entries)

    def places(self, what: str) -> list["Place"]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fault("wrong_type", f"{what}应是一个列表。")
            return []
        return [self.at(node, self.key) for node in self.node.value]

    def pairs(self, what: str) -> list[tuple["Place", "Place"]]:
        """Keys and values of a mapping whose keys are free."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fault("not_a_mapping", f"{what}应由“项: 值”组成。")
            return []
        return [tuple(self.at(node, self.key) for node in pair) for pair in self.node.value]

    def text(self, what: str, limit: int | None = None, *, verbatim: bool = False) -> str:
        """One text. `verbatim` also takes what YAML reads as a number (codes, targets), as it is written."""
        wanted = ("str", "int", "float", "timestamp", "value") if verbatim else ("str",)
        value = self.node.value.strip() if isinstance(self.node, yaml.ScalarNode) else ""
        if not self._is(*wanted) and not self._is("null"):
            self.fault("wrong_type", f"{what}应是文字；若是数字或“是否”，请加引号。")
            return ""
        if not value or self._is("null"):
            self.fault("blank", f"{what}是空的，请填写或删去这一行。")
            return ""
        if FORBIDDEN_CHARACTERS.search(value):  # an escape in quotes can bring one in
            self.fault("control_character", f"{what}里有看不见的控制字符，请删去。")
            return ""
        if limit and len(value) > limit:
            self.fault("too_long", f"{what}有 {len(value)} 字，最多 {limit} 字。")
        return value

    def texts(self, what: str, limit: int | None = None) -> list[str]:
        return [text for place in self.places(what) if (text := place.text(what, limit))]

    def integer(self, what: str) -> int | None:
        if self._is("int"):
            try:
                value = int(self.node.value)
            except ValueError:  # 0x10, 1_000 and other notations that nobody means
                value = None
            if value is not None and abs(value) < 2**31:
                return value
        return self.fault("wrong_type", f"{what}应是一个整数。")

    def boolean(self, what: str) -> bool:
        if self._is("bool") and self.node.value.lower() in _BOOLEANS:
            return _BOOLEANS[self.node.value.lower()]
        self.fault("wrong_type", f"{what}应是 true 或 false。")
        return False

    def date(self, what: str) -> datetime.date | None:
        if self._is("timestamp", "str"):
            try:
                day = datetime.date.fromisoformat(self.node.value.strip())
            except ValueError:
                day = None
            if day and day.year not in YEARS:
                return self.fault("bad_date", f"{what} {day} 的年份不对，请核对。")
            if day:
                return day
        return self.fault("bad_date", f"{what}不是有效的日期，请写成 2023-09-01 这样。")

    def named(self, kind: str, key: str, position: int) -> str:
        """How sentences call this entry: `条目“24”`, or `第 3 个条目` where it gives no name at `key`."""
        entries = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        for key_node, value_node in entries:
            if key_node.value == key and isinstance(value_node, yaml.ScalarNode) and value_node.value.strip():
                return f"{kind}“{value_node.value.strip()}”"
        return f"第 {position} 个{kind}"

    def is_null(self) -> bool:
        return self._is("null")

    def is_empty(self) -> bool:
        return self.is_null() or self.node.value == []

    def _is(self, *names: str) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag in [_TAG + name for name in names]


class Fields:
    """The entries of one mapping, read by name. An absent key gives the empty value: that it is absent is said."""

    def __init__(self, place: Place, what: str, entries: dict[str, Place]):
        self.place = place
        self.what = what
        self.entries = entries

    def get(self, key: str) -> Place | None:
        return self.entries.get(key)

    def fault(self, code: str, sentence: str, key: str = "") -> None:
        """A fault at the line of `key`, or of the whole mapping."""
        self.entries.get(key, self.place).fault(code, sentence)

    def text(self, key: str, limit: int | None = None, *, verbatim: bool = False) -> str:
        place = self.get(key)
        return place.text(self._name(key), limit, verbatim=verbatim) if place else ""

    def texts(self, key: str, limit: int | None = None) -> list[str]:
        place = self.get(key)
        return place.texts(self._name(key), limit) if place else []

    def places(self, key: str) -> list[Place]:
        place = self.get(key)
        return place.places(self._name(key)) if place else []

    def integer(self, key: str) -> int | None:
        place = self.get(key)
        return place.integer(self._name(key)) if place else None

    def boolean(self, key: str, default: bool) -> bool:
        place = self.get(key)
        return place.boolean(self._name(key)) if place else default

    def date(self, key: str) -> datetime.date | None:
        place = self.get(key)
        return place.date(self._name(key)) if place else None

    def word(self, key: str, allowed: list[str]) -> str:
        """One of a closed list of words."""
        value = self.text(key, verbatim=True)
        if value and value not in allowed:
            self.fault("unknown_word", f"{self._name(key)}“{value}”不对，可用：{'、'.join(allowed)}。", key)
            return ""
        return value

    def words(self, key: str, allowed: list[str]) -> list[str]:
        """Some of a closed list of words, at least one, each once."""
        values = self.texts(key)
        for value in dict.fromkeys(values):
            if value not in allowed:
                self.fault("unknown_word", f"{self._name(key)}“{value}”不对，可用：{'、'.join(allowed)}。", key)
            elif values.count(value) > 1:
                self.fault("duplicate", f"{self._name(key)}里“{value}”写了两次。", key)
        if key in self.entries and not values:
            self.fault("blank", f"{self._name(key)}是空的，至少要有一个。", key)
        return [value for value in values if value in allowed]

    def _name(self, key: str) -> str:
        return f"{self.what}的“{key}”"
