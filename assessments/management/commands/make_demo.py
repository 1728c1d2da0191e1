"""Makes the demo county; what is there already stays as it is, so that a second run changes nothing."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assessments.demo.campaign import make_campaign
from assessments.demo.evidence import make_evidence
from assessments.demo.people import ACCOUNTS, demo_passwords, make_people
from assessments.demo.prefecture import make_neighbours
from assessments.demo.round import make_round
from assessments.services import start_campaign
from indicators.models import Standard
from indicators.queries import current_standard
from institutions import registry
from institutions.enums import CountyLevel
from institutions.models import County
from institutions.services import create_county, import_ledger
from tcm_demo.accounts.models import User

COUNTY, COUNTY_NAME = "DEMO", "演示区"
PREFECTURE, PREFECTURE_NAME = "DEMO-CITY", "演示市"
STANDARD, PERIOD = "linzi-2023", "2023"
# taken up beside it, where they are loaded
MORE_STANDARDS = ("yuexiu-2025", "liaocheng-2025")
LEDGER = settings.BASE_DIR / "fixtures/demo/ledger-2023.xlsx"
# The inspection lies this far behind the day on which the county was made.
DAYS_LEFT = 90


class Command(BaseCommand):
    help = "建立演示区：每种角色一个账号、2023 年台账、进行到一半的 2024 年填报。已有的不动。"

    def handle(self, **options):
        standard = current_standard(STANDARD)
        if standard is None:
            raise CommandError(f"没有建设标准 {STANDARD}。请先运行 load_standard fixtures/standards/{STANDARD}.yaml")
        # Passwords first: should this end halfway, the next run takes those.
        passwords = demo_passwords(settings.VAR_DIR / "demo-accounts.txt")
        with transaction.atomic():
            county = County.objects.filter(code=COUNTY).first() or self._make_county(standard)
            make_people(county, prefecture_of(county), passwords)
            people = {user.username: user for user in User.objects.filter(username__in=[a.username for a in ACCOUNTS])}
            if make_round(county, office=people["chuangjianban"], reviewer=people["shenhe"]):
                self.stdout.write(f"{county}有了进行到一半的 2024 年填报。")
            campaign = county.campaigns.select_related("county", "standard").filter(standard=standard).first()
            if campaign and make_campaign(campaign, office=people["chuangjianban"]):
                self.stdout.write(f"{county}有了创建阶段、领导小组和联络员。")
            if campaign and make_evidence(campaign, people):
                self.stdout.write(f"{county}有了佐证材料、自评说明和讨论。")
            if make_neighbours(county.parent, standard, PERIOD, office=people["chuangjianban"]):
                self.stdout.write(f"{county.parent}有了另外两个县（区），一个还没有数据。")
            for more in filter(None, map(current_standard, MORE_STANDARDS)):
                if not county.campaigns.filter(standard__code=more.code).exists():
                    start_campaign(county, more, period=PERIOD, by=None)
                    self.stdout.write(f"{county}也按“{more.title}”自评。")

    def _make_county(self, standard: Standard) -> County:
        """The county with its ledger's figures, on its way to the inspection."""
        county = create_county(COUNTY, COUNTY_NAME, by=None)
        import_ledger(county, PERIOD, LEDGER, by=None)
        inspection_on = timezone.localdate() + timedelta(days=DAYS_LEFT)
        start_campaign(county, standard, period=PERIOD, inspection_on=inspection_on, by=None)
        self.stdout.write(f"已建立{county}（{COUNTY}），导入台账 {LEDGER.name}。")
        return county


def prefecture_of(county: County) -> County:
    if county.parent is None:
        county.parent = County.objects.filter(code=PREFECTURE).first()
        if county.parent is None:
            county.parent = County(code=PREFECTURE, name=PREFECTURE_NAME, level=CountyLevel.PREFECTURE)
            registry.save_county(county.parent, by=None)
        registry.save_county(county, by=None)
    return county.parent
