"""What a workbook of accounts would do: new people, changes of known ones, and every fault with its cell."""

from dataclasses import dataclass, field
from datetime import date

from institutions.enums import Role
from institutions.people.rows import Row
from institutions.people.services import NewPerson, RoleGiven
from tcm_demo.accounts.models import User
from tcm_demo.lib.dates import zh_date

# field of NewPerson -> (of an account, heading)
FIELDS = {
    "name": ("display_name", "姓名"),
    "phone": ("phone", "电话"),
    "email": ("email", "邮箱"),
    "expires_on": ("expires_on", "有效期至"),
}


@dataclass(frozen=True)
class Problem:
    """`place`: the cell as a spreadsheet names it ("E3")."""

    row: int
    heading: str
    place: str
    sentence: str


@dataclass
class PersonPlan:
    """The rows of one user name, of which `row` is the first. `person` is None for a new one.

    `said`: by field of NewPerson what the rows say; `facts` and `roles`: what of it is new.
    """

    row: Row
    username: str
    person: User | None
    said: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    roles: list[RoleGiven] = field(default_factory=list)
    # every role that a row names -> that row
    rows: dict[RoleGiven, Row] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """new, changed or same."""
        if self.person is None:
            return "new"
        return "changed" if self.facts or self.roles else "same"

    @property
    def name(self) -> str:
        return self.person.display_name if self.person else self.facts.get("name", "")

    def known(self, name: str):
        """What is stored of this field now."""
        return getattr(self.person, FIELDS[name][0]) if self.person else None

    def has(self, county_id: int, role: RoleGiven) -> bool:
        grants = self.person.grants.all() if self.person else []
        scope = (county_id, role.role, role.institution and role.institution.pk, role.department)
        return any((g.county_id, g.role, g.institution_id, g.department) == scope for g in grants)

    def held_roles(self) -> set[str]:
        """Codes of all roles that the person will have, anywhere."""
        stored = {grant.role for grant in self.person.grants.all()} if self.person else set()
        return stored | {each.role for each in self.roles}

    def words(self) -> list[str]:
        """What changes, one phrase each."""
        facts = [f"{FIELDS[name][1]} {self._change(name, value)}" for name, value in self.facts.items()]
        return facts + [f"授权 {role_words(each)}" for each in self.roles]

    def _change(self, name: str, value) -> str:
        return f"{_shown(self.known(name))} → {_shown(value)}" if self.person else _shown(value)

    def new_person(self) -> NewPerson:
        return NewPerson(self.username, roles=tuple(self.roles), **self.facts)


@dataclass
class Plan:
    people: list[PersonPlan]
    problems: list[Problem]

    def count(self, kind: str) -> int:
        return sum(person.kind == kind for person in self.people)

    @property
    def changes_nothing(self) -> bool:
        return self.count("same") == len(self.people)


def role_words(role: RoleGiven) -> str:
    scope = role.institution.name if role.institution else role.department
    return f"{scope}{Role(role.role).label}"


def _shown(value) -> str:
    return (zh_date(value) if isinstance(value, date) else value) or "（空）"
