"""The county's institutions while a ledger is read: what is stored, overlaid with the ledger's registry. Pure."""

import difflib
from dataclasses import dataclass, field
from datetime import date

from institutions.ledger.headings import fold
from institutions.period import Period

_MAX_HINTS = 20
# The fields that a registry can set; `manager` is the manager's code.
FIELDS = ("name", "type", "town", "manager", "opened_on", "closed_on", "credit_code", "remark")


@dataclass(slots=True)
class Entry:
    """One institution as it will be. `stored` holds its fields as the database has them; None for a new one."""

    code: str
    name: str = ""
    type: str = ""
    town: str = ""
    manager: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    credit_code: str = ""
    remark: str = ""
    pk: int | None = None
    stored: dict | None = None

    def is_active_on(self, day: date) -> bool:
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or self.closed_on > day)

    @property
    def identity(self) -> tuple[str, str, str]:
        """What people tell institutions by; two of a county that agree in it are one."""
        return fold(self.name), self.type, fold(self.town)

    def was_so_on(self, day: date) -> bool:
        """Whether it is stored under this identity, and in use on that day."""
        if self.stored is None:
            return False
        before = Entry(self.code, **self.stored)
        return before.identity == self.identity and before.is_active_on(day)

    def changed_fields(self) -> dict[str, tuple]:
        """field -> (old, new); for a new institution all that is filled, from None."""
        if self.stored is None:
            return {name: (None, value) for name in FIELDS if (value := getattr(self, name)) not in ("", None)}
        return {name: (old, new) for name in FIELDS if (old := self.stored[name]) != (new := getattr(self, name))}


@dataclass
class InstitutionChange:
    """One institution that an import creates or changes. `kind`: created, changed, closed, reopened."""

    kind: str
    entry: Entry
    # field -> (old, new)
    fields: dict[str, tuple] = field(default_factory=dict)

    def counts_since(self) -> date | None:
        """The first day for which other institutions count because of this; None: from the beginning."""
        if not self.fields.keys() & {"type", "opened_on", "closed_on"}:
            return date.max
        days = self.fields.get("opened_on", (self.entry.opened_on,))
        if self.kind != "created" and not self.fields.keys() & {"type", "opened_on"}:
            return min(day for day in self.fields["closed_on"] if day)
        return None if None in days else min(days)


class Roster:
    """Finds institutions by code, else by name; spellings that look alike are one (headings.fold)."""

    def __init__(self, entries: list[Entry]):
        self._hints = 0
        self.by_code = {entry.code: entry for entry in entries}
        self._by_folded: dict[str, list[Entry]] = {}
        self._by_name: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_folded.setdefault(fold(entry.code), []).append(entry)
        self.index_names()

    def index_names(self) -> None:
        """To be called after names were set."""
        self._by_name = {}
        for entry in self.by_code.values():
            self._by_name.setdefault(fold(entry.name), []).append(entry)

    def add(self, entry: Entry) -> Entry:
        self.by_code[entry.code] = entry
        self._by_folded.setdefault(fold(entry.code), []).append(entry)
        self._by_name.setdefault(fold(entry.name), []).append(entry)
        return entry

    def with_code(self, code: str) -> Entry | None:
        if code in self.by_code:
            return self.by_code[code]
        alike = self._by_folded.get(fold(code), ())
        return alike[0] if len(alike) == 1 else None

    def named(self, name: str) -> list[Entry]:
        return self._by_name.get(fold(name), [])

    def find(self, text: str) -> list[Entry]:
        """Those that a code or a name may mean."""
        entry = self.with_code(text)
        return [entry] if entry else self.named(text)

    def find_named(self, text: str) -> list[Entry]:
        """The same for a heading, which may also hold code and name (T1 东镇卫生院)."""
        text = " ".join(text.split())
        code, _, name = text.partition(" ")
        entry = self.with_code(code)
        return [entry] if entry and name and fold(entry.name) == fold(name) else self.find(text)

    def of_type(self, kind: str) -> list[Entry]:
        return [entry for entry in self.by_code.values() if entry.type == kind]

    def hint(self, text: str) -> str:
        """A word on the nearest known institution, or "". Slow, so only for the first few that are asked for."""
        self._hints += 1
        if self._hints > _MAX_HINTS:
            return ""
        key = fold(text)
        near = difflib.get_close_matches(key, [*self._by_name, *self._by_folded], n=1, cutoff=0.8)
        if not near:
            return ""
        entry = (self._by_name.get(near[0]) or self._by_folded[near[0]])[0]
        return f"是否为“{entry.name}”（{entry.code}）？"

    def changes(self, period: Period) -> list[InstitutionChange]:
        """What is to be created or changed, in the order of the ledger."""
        found = []
        for entry in self.by_code.values():
            fields = entry.changed_fields()
            if entry.stored is None:
                found.append(InstitutionChange("created", entry, fields))
            elif fields:
                before = Entry(entry.code, opened_on=entry.stored["opened_on"], closed_on=entry.stored["closed_on"])
                was, now = before.is_active_on(period.last_day), entry.is_active_on(period.last_day)
                kind = "changed" if was == now else ("reopened" if now else "closed")
                found.append(InstitutionChange(kind, entry, fields))
        return found
