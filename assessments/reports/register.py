"""The institutions of an assessment as they were then: what a report calls them, in the county's own order. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.scoring.program import Figures
from indicators.enums import InstitutionType


@dataclass(frozen=True)
class Member:
    """`name` tells it from every other institution of the county; `values` are empty where it has not reported."""

    code: str
    name: str
    type: str
    values: Mapping

    @property
    def reported(self) -> bool:
        return bool(self.values)

    @property
    def figures(self) -> Figures:
        return Figures(self.code, self.type, self.values)


class Register:
    def __init__(self, institutions: Iterable[Mapping]):
        """`institutions`: those of `Assessment.inputs`."""
        rows = list(institutions)
        often = Counter(row["name"] for row in rows)
        self.members = [
            Member(row["code"], _telling_name(row, often[row["name"]] > 1), row["type"], row["values"]) for row in rows
        ]
        self._place = {member.code: place for place, member in enumerate(self.members)}

    def __len__(self) -> int:
        return len(self.members)

    def member(self, code: str) -> Member:
        return self.members[self._place[code]]

    def name(self, code: str) -> str:
        return self.member(code).name

    def in_order(self, codes: Iterable[str]) -> list[str]:
        return sorted(codes, key=self._place.__getitem__)

    def of_types(self, types: Iterable[InstitutionType]) -> list[Member]:
        return [member for member in self.members if member.type in types]

    @property
    def not_reported(self) -> list[str]:
        return [member.name for member in self.members if not member.reported]


def _telling_name(row: Mapping, ambiguous: bool) -> str:
    if not ambiguous:
        return row["name"]
    where = "，".join(filter(None, [row["town"], row["code"]]))
    return f"{row['name']}（{where}）"
