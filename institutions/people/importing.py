"""Accounts from a workbook. One row is one role of one person, known by the user name.

An unknown user name is a new person; of a known one of this county blank cells leave what is there, and what the
workbook does not list stays. Written is all or nothing.
"""

from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from institutions.enums import Role
from institutions.models import County, Grant, Institution
from institutions.people.authority import Authority
from institutions.people.listing import departments_of
from institutions.people.plan import FIELDS, PersonPlan, Plan, Problem
from institutions.people.rows import HEADINGS, Row, Table
from institutions.people.services import RoleGiven, Slip, change_account, give_role, slip_for, store_people
from institutions.refusals import Refused
from institutions.registry_columns import Day
from tcm_demo.accounts import facts
from tcm_demo.accounts.models import User
from tcm_demo.lib.text import plain

USERNAME, NAME, PHONE, EMAIL, ROLE, INSTITUTION, DEPARTMENT, EXPIRY = HEADINGS
_CLEAN = {"name": facts.clean_name, "phone": facts.clean_phone, "email": facts.clean_email, "expires_on": Day().clean}
_COLUMNS = {"institution": INSTITUTION, "department": DEPARTMENT, "role": ROLE}


def plan_import(county: County, table: Table, *, by: User) -> Plan:
    """What the table would do now, if `by` wrote it. A fixed number of queries."""
    planner = _Planner(county, table, by)
    for row in table.rows:
        planner.read(row)
    problems = sorted(planner.problems, key=lambda each: (each.row, HEADINGS.index(each.heading)))
    return Plan(list(planner.people.values()), problems)


def write_import(county: County, plan: Plan, *, by: User) -> list[Slip]:
    """All of it or nothing; the slips of the new people. Raises Refused where something is in the way by now."""
    new = [(slip_for(each.new_person()), each.roles) for each in plan.people if each.kind == "new"]
    try:
        with transaction.atomic():
            store_people(county, new, by=by)
            for each in plan.people:
                if each.kind == "changed":
                    _change(county, each, by)
    except ValidationError as error:
        raise Refused("".join(error.messages)) from error
    except PermissionDenied as error:
        raise Refused(str(error)) from error
    except IntegrityError as error:
        raise Refused("其中的账号刚刚由别人改动过，请重新上传核对。") from error
    return [slip for slip, _ in new]


def _change(county: County, plan: PersonPlan, by: User) -> None:
    if plan.facts:
        change_account(plan.person, by=by, **{FIELDS[name][0]: value for name, value in plan.facts.items()})
    for role in plan.roles:
        give_role(county, plan.person, role, by=by)


def _username_in(row: Row) -> str | None:
    """None where there is none that could be looked up."""
    try:
        return facts.clean_username(row.cells[USERNAME])
    except ValidationError:
        return None


class _Faulty(Exception):
    """A cell cannot be taken; its problem has been noted."""


class _Planner:
    def __init__(self, county: County, table: Table, by: User):
        self.county, self.table, self.authority = county, table, Authority(by)
        self.offered = {role.label: role for role in self.authority.roles_to_give(county)}
        self.institutions = {each.code: each for each in county.institutions.all()}
        offered = departments_of(county)
        self.department_names = list(offered)
        # as it is written, so that a workbook that is sent again gives nobody the same department twice
        spelled = [*offered, *(other for others in offered.values() for other in others)]
        self.departments = {plain(name): name for name in reversed(spelled)}
        names = {name.lower() for name in map(_username_in, table.rows) if name}
        known = User.objects.annotate(lower=Lower("username")).filter(lower__in=names).prefetch_related("grants")
        self.known = {user.lower: user for user in known}
        self.people: dict[str, PersonPlan] = {}
        self.problems: list[Problem] = []

    def read(self, row: Row) -> None:
        plan, role = self._try(self._person, row), self._try(self._role, row)
        # whoever it is, the rest of the row is looked at
        self._note_facts(row, plan or PersonPlan(row, "", None))
        if plan is not None and role is not None:
            self._note_role(row, plan, role)

    @staticmethod
    def _try(read, row: Row):
        """What `read` makes of the row; None where a cell is faulty, so that the others are read all the same."""
        with suppress(_Faulty):
            return read(row)

    def _note(self, row: Row, heading: str, sentence: str) -> None:
        self.problems.append(Problem(row.number, heading, self.table.place(row, heading), sentence))

    def _refuse(self, row: Row, heading: str, sentence: str):
        self._note(row, heading, sentence)
        raise _Faulty

    def _clean(self, row: Row, heading: str, clean):
        try:
            return clean(row.cells.get(heading, ""))
        except ValidationError as error:
            self._refuse(row, heading, "".join(error.messages))
        except ValueError as error:
            self._refuse(row, heading, str(error))

    # ---- who ----

    def _person(self, row: Row) -> PersonPlan:
        username = self._clean(row, USERNAME, facts.clean_username)
        key = username.lower()
        if earlier := self.people.get(key):
            if earlier.username != username:
                told = f"与第 {earlier.row.number} 行的“{earlier.username}”只差大小写"
                self._refuse(row, USERNAME, f"{told}。同一个人请写成一样，不是同一个人请换一个用户名。")
            return earlier
        user = self.known.get(key)
        if user and not any(grant.county_id == self.county.pk for grant in user.grants.all()):
            self._refuse(row, USERNAME, f"用户名“{username}”已被使用，请换一个用户名。")
        if user and user.username != username:
            told = f"已有用户名“{user.username}”，只差大小写"
            self._refuse(row, USERNAME, f"{told}。同一个人请照样写，不是同一个人请换一个用户名。")
        self.people[key] = PersonPlan(row, username, user)
        return self.people[key]

    def _note_facts(self, row: Row, plan: PersonPlan) -> None:
        earlier = len(plan.facts)
        for name, clean in _CLEAN.items():
            heading = FIELDS[name][1]
            is_due = name == "name" and plan.person is None and plan.row is row
            if row.cells.get(heading) or is_due:
                with suppress(_Faulty):
                    self._note_fact(row, plan, name, self._clean(row, heading, clean))
        if plan.person and len(plan.facts) > earlier and (fault := self.authority.fault_of_account(plan.person)):
            self._note(row, USERNAME, fault)

    def _note_fact(self, row: Row, plan: PersonPlan, name: str, value) -> None:
        heading = FIELDS[name][1]
        if plan.said.setdefault(name, value) != value:
            told = f"第 {plan.row.number} 行同一用户名“{plan.username}”的{heading}是“{plan.said[name]}”"
            self._refuse(row, heading, f"{told}。同一个人请写成一样，不是同一个人请换一个用户名。")
        if plan.person is None or plan.known(name) != value:
            if name == "expires_on":
                self._clean(row, heading, lambda _: facts.check_expiry(value))
            plan.facts[name] = value

    # ---- what the person may do ----

    def _role(self, row: Row) -> RoleGiven:
        earlier = len(self.problems)
        given = RoleGiven(*(self._try(read, row) for read in (self._offered, self._institution, self._department)))
        if len(self.problems) > earlier:
            raise _Faulty
        try:
            Grant(county=self.county, **vars(given)).clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                self._note(row, _COLUMNS.get(name, ROLE), "".join(sentences))
            raise _Faulty from None
        return given

    def _offered(self, row: Row) -> Role:
        text = plain(row.cells[ROLE])
        if text not in self.offered:
            wrong = f"没有“{text}”这种角色" if text else "请填写角色"
            wrong = f"您不能给出“{text}”的授权" if text in Role.labels else wrong
            self._refuse(row, ROLE, f"{wrong}。可以填：{'、'.join(self.offered)}。")
        return self.offered[text]

    def _institution(self, row: Row) -> Institution | None:
        code = plain(row.cells.get(INSTITUTION, ""))
        if code and code not in self.institutions:
            self._refuse(row, INSTITUTION, f"本县（区）没有编码为“{code}”的机构，请在模板的“机构”表里查找编码。")
        return self.institutions.get(code)

    def _department(self, row: Row) -> str:
        name = plain(row.cells.get(DEPARTMENT, ""))
        if name and name not in self.departments:
            choices = f"可以填：{'、'.join(self.department_names)}。" if self.departments else "请先选定建设标准。"
            self._refuse(row, DEPARTMENT, f"建设标准里没有责任部门“{name}”。{choices}")
        return self.departments.get(name, "")

    def _note_role(self, row: Row, plan: PersonPlan, role: RoleGiven) -> None:
        first = plan.rows.setdefault(role, row)
        if first is not row:
            self._note(row, USERNAME, f"与第 {first.number} 行重复：同一个人的同一项授权，请只留一行。")
            return
        if plan.has(self.county.pk, role):
            return
        if plan.person and (fault := self._fault_of_grant(plan.person, role)):
            self._note(row, ROLE, fault)
        plan.roles.append(role)
        if {Role.SYSTEM_ADMIN, Role.AUDITOR} <= plan.held_roles():
            self._note(row, ROLE, "系统管理员和审计员须是两个人，请另选一人。")

    def _fault_of_grant(self, person: User, role: RoleGiven) -> str | None:
        return self.authority.fault_of_grant(Grant(user=person, county=self.county, **vars(role)))
