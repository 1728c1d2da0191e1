"""Who hands out which roles, and whose account they may touch.

The county office hands out the roles of its county's work; those above it (system administrator, prefecture) the system
administrator of the county; the auditor a superuser alone, since whoever opens an account knows its first password and
could be its auditor. An account is touched only by somebody who could have handed out all that it may do, anywhere: a
reset password opens all of it. Nobody changes what they themselves may do.
"""

from functools import cached_property

from institutions.access import PEOPLE_ROLES
from institutions.enums import CountyLevel, Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User

HANDED_OUT_BY = {
    Role.COUNTY_OFFICE: set(Role) - {Role.SYSTEM_ADMIN, Role.PREFECTURE, Role.AUDITOR},
    Role.SYSTEM_ADMIN: set(Role) - {Role.AUDITOR},
}

OWN_ACCOUNT = "这是您自己的账号：密码在右上角“修改密码”里改，其他事项请由另一位管理员办理。"
OWN_GRANTS = "自己的授权不能由自己改动，请由另一位管理员办理。"
BACK_OFFICE = "这是后台管理账号，请平台管理员在后台办理。"
ELSEWHERE = "此人在其他地区也有授权，账号由平台管理员在后台维护；这里可以添加、移除本县（区）的授权。"
ABOVE = "此人是{role}，账号和授权不能由您改动，请联系{whom}。"
NOT_YOURS = "您不能给出或收回“{role}”的授权，请联系{whom}。"


class Authority:
    """What one person may do with the accounts of others. Asks for that person's own grants once.

    `by` None is the command line, which may do everything.
    """

    def __init__(self, by: User | None):
        self.by = by

    @property
    def is_unlimited(self) -> bool:
        return self.by is None or self.by.is_superuser

    @cached_property
    def _roles_by_county(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for county, role in self.by.grants.filter(role__in=PEOPLE_ROLES).values_list("county_id", "role"):
            found.setdefault(county, set()).update(HANDED_OUT_BY[Role(role)])
        return found

    def reach(self, county_id: int) -> set[str]:
        """Codes of the roles that this person hands out and takes back there."""
        return set(Role) if self.is_unlimited else self._roles_by_county.get(county_id, set())

    def roles_to_give(self, county: County) -> list[Role]:
        """The roles to choose from for a new grant, in their order."""
        is_prefecture = county.level == CountyLevel.PREFECTURE
        return [role for role in Role if role in self.reach(county.pk) and (role != Role.PREFECTURE or is_prefecture)]

    def fault_of_account(self, person: User) -> str | None:
        """Why the account itself (password, state, facts) is not to be touched. Uses `person.grants.all()`."""
        if self.by is not None and person.pk == self.by.pk:
            return OWN_ACCOUNT
        if self.is_unlimited:
            return None
        if person.is_superuser or person.is_staff:
            return BACK_OFFICE
        grants = list(person.grants.all())
        if above := next((grant for grant in grants if self._is_above(grant)), None):
            return _sentence(ABOVE, above.role)
        if any(grant.role not in self.reach(grant.county_id) for grant in grants):
            return ELSEWHERE
        return None

    def fault_of_role(self, role: str, county_id: int) -> str | None:
        """Why this role is not to be given or taken back there, whosever it is."""
        return None if role in self.reach(county_id) else _sentence(NOT_YOURS, role)

    def fault_of_grant(self, grant: Grant) -> str | None:
        """Why this grant is not to be given or taken back. Uses `grant.user.grants.all()`."""
        if self.is_unlimited:
            return None
        if grant.user_id == self.by.pk:
            return OWN_GRANTS
        if fault := self.fault_of_role(grant.role, grant.county_id):
            return fault
        here = [each for each in grant.user.grants.all() if each.county_id == grant.county_id]
        if above := next((each for each in here if self._is_above(each)), None):
            return _sentence(ABOVE, above.role)
        return None

    def _is_above(self, grant: Grant) -> bool:
        """Whether it is for a county of this person's own, and more than this person hands out."""
        reach = self.reach(grant.county_id)
        return bool(reach) and grant.role not in reach


def _sentence(text: str, role: str) -> str:
    whom = "平台管理员" if role not in HANDED_OUT_BY[Role.SYSTEM_ADMIN] else "本地区的系统管理员或平台管理员"
    return text.format(role=Role(role).label, whom=whom)
