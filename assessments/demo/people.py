"""One account for each role, with a password in var/demo-accounts.txt, and a clerk for each centre and hospital."""

import os
from dataclasses import dataclass
from pathlib import Path

from indicators.enums import InstitutionType
from institutions.enums import Role
from institutions.models import County, Grant, Institution
from institutions.registry import save_grant
from tcm_demo.accounts.models import User
from tcm_demo.accounts.passwords import one_time_password
from tcm_demo.accounts.services import create_account

# institutions that have a clerk of their own; the others report through these
STAFFED = (
    InstitutionType.COUNTY,
    InstitutionType.TCM_HOSPITAL,
    InstitutionType.GENERAL_HOSPITAL,
    InstitutionType.MCH_HOSPITAL,
    InstitutionType.TOWNSHIP_CENTRE,
    InstitutionType.COMMUNITY_CENTRE,
)


@dataclass(frozen=True)
class Account:
    """`role` None: the superuser. `institution`: code, for a clerk."""

    username: str
    name: str
    may: str
    role: Role | None
    institution: str = ""
    department: str = ""


ACCOUNTS = [
    Account("chuangjianban", "演示创建办", "创建办管理员：任务、审核、账号、导入", Role.COUNTY_OFFICE),
    Account("shenhe", "演示审核员", "创建办审核员：接受、退回、催报", Role.REVIEWER),
    Account("tianbao", "东岭填报员", "东岭镇卫生院填报员，并代报村卫生室", Role.DATA_CLERK, institution="DEMO-T01"),
    Account("cunyi", "清河村医", "一家村卫生室的填报员（手机）", Role.DATA_CLERK, institution="DEMO-V00001"),
    Account("lianluo", "演示联络员", "部门联络员（区财政局）：佐证、进展", Role.LIAISON, department="区财政局"),
    Account("weijian", "卫健联络员", "部门联络员（区卫生健康局）：同上", Role.LIAISON, department="区卫生健康局"),
    Account("lingdao", "演示领导", "领导，查看", Role.LEADERSHIP),
    Account("zhuanjia", "演示专家", "评审专家，查看", Role.EXPERT),
    Account("shiji", "演示市级", "市级，查看所辖县（区）", Role.PREFECTURE),
    Account("xitong", "演示系统管理", "系统管理员：账号与授权", Role.SYSTEM_ADMIN),
    Account("shenji", "演示审计", "审计员：操作记录", Role.AUDITOR),
    Account("admin", "超级管理员", "超级管理员：后台", None),
]


def make_people(county: County, prefecture: County, passwords: dict[str, str]) -> None:
    """Accounts that are there already stay as they are."""
    for account in ACCOUNTS:
        _make_account(account, passwords[account.username], county, prefecture)
    for number, institution in enumerate(county.institutions.filter(type__in=STAFFED).order_by("position"), 1):
        _make_clerk(institution, number)


def _make_account(account: Account, password: str, county: County, prefecture: County) -> None:
    user = User.objects.filter(username=account.username).first()
    if user is None:
        is_admin = account.role is None
        user = create_account(account.username, password, name=account.name, superuser=is_admin, by=None)
    if account.role is None or user.grants.exists():
        return
    institution = county.institutions.get(code=account.institution) if account.institution else None
    where = prefecture if account.role == Role.PREFECTURE else county
    grant = Grant(user=user, county=where, role=account.role, institution=institution, department=account.department)
    save_grant(grant, by=None)


def _make_clerk(institution: Institution, number: int) -> None:
    """Somebody to phone; without a password, so that nobody signs in by it."""
    if institution.grants.filter(role=Role.DATA_CLERK).exists():
        return
    username = institution.code.lower()
    user = User.objects.filter(username=username).first()
    if user is None:
        phone = f"1380000{number:04d}"
        user = create_account(username, None, name=f"{institution.name[:20]}填报员", phone=phone, by=None)
    save_grant(Grant(user=user, county=institution.county, role=Role.DATA_CLERK, institution=institution), by=None)


def demo_passwords(path: Path) -> dict[str, str]:
    """By user name: those in the file at `path`, or new ones, which are then written there for the owner alone."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = {words[1]: words[3] for words in map(str.split, lines) if words[:1] == ["账号"]}
    passwords = {account.username: known.get(account.username) or one_time_password() for account in ACCOUNTS}
    if passwords != known:
        lines = [f"账号 {a.username:<14} 密码 {passwords[a.username]}   {a.may}" for a in ACCOUNTS]
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(["演示账号，只供试用：", *lines]) + "\n")
    return passwords
