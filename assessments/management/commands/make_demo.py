"""Makes the demo county, once: a second run finds it and leaves it alone."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assessments.services import start_campaign
from indicators.models import Standard
from indicators.queries import current_standard
from institutions.enums import Role
from institutions.models import County
from institutions.services import create_county, grant, import_ledger
from tcm_demo.accounts.models import User
from tcm_demo.accounts.passwords import one_time_password
from tcm_demo.accounts.services import create_account

COUNTY, COUNTY_NAME = "DEMO", "演示区"
STANDARD, PERIOD = "linzi-2023", "2023"
LEDGER = settings.BASE_DIR / "fixtures/demo/ledger-2023.xlsx"
# The inspection lies this far behind the day on which the county was made.
DAYS_LEFT = 90


@dataclass(frozen=True)
class Account:
    """`role` None: the superuser."""

    username: str
    name: str
    may: str
    role: Role | None


ACCOUNTS = [
    Account("chuangjianban", "演示创建办", "创建办，可修改", Role.COUNTY_OFFICE),
    Account("lingdao", "演示领导", "领导，只查看", Role.LEADERSHIP),
    Account("admin", "系统管理员", "系统管理员", None),
]


class Command(BaseCommand):
    help = "建立演示区：账号、2023 年台账和创建工作。已有演示区时什么也不做。"

    def handle(self, **options):
        if County.objects.filter(code=COUNTY).exists():
            return
        standard = current_standard(STANDARD)
        if standard is None:
            raise CommandError(f"没有建设标准 {STANDARD}。请先运行 load_standard fixtures/standards/{STANDARD}.yaml")
        # Passwords first: should this end halfway, the next run takes those.
        passwords = demo_passwords(settings.VAR_DIR / "demo-accounts.txt")
        with transaction.atomic():
            county = make_county(standard)
            for account in ACCOUNTS:
                make_account(account, passwords[account.username], county)
        self.stdout.write(f"已建立{county}（{COUNTY}），导入台账 {LEDGER.name}。")


def make_county(standard: Standard) -> County:
    """The county with its ledger's figures, on its way to the inspection."""
    county = create_county(COUNTY, COUNTY_NAME, by=None)
    import_ledger(county, PERIOD, LEDGER, by=None)
    inspection_on = timezone.localdate() + timedelta(days=DAYS_LEFT)
    start_campaign(county, standard, period=PERIOD, inspection_on=inspection_on, by=None)
    return county


def make_account(account: Account, password: str, county: County) -> None:
    """An account that is there already keeps its password."""
    user = User.objects.filter(username=account.username).first()
    if user is None:
        is_admin = account.role is None
        user = create_account(account.username, password, name=account.name, superuser=is_admin, by=None)
    if account.role:
        grant(user, county, account.role, by=None)


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
