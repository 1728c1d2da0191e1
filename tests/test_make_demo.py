"""`manage.py make_demo`: the county that `make run` shows."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.demo.people import ACCOUNTS
from institutions.enums import ReportState, Role
from institutions.models import County, Report
from institutions.rounds.queries import asked_institutions
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event

PERIOD = "2023"
STANDARD = "fixtures/standards/linzi-2023.yaml"


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def demo(db, var, settings, capsys) -> County:
    call_command("load_standard", settings.BASE_DIR / STANDARD)
    call_command("make_demo")
    capsys.readouterr()
    return County.objects.get(code="DEMO")


def passwords(var) -> dict[str, str]:
    return dict(re.findall(r"^账号 (\w+) +密码 ([\w-]+) ", (var / "demo-accounts.txt").read_text(), re.MULTILINE))


def signs_in(name: str, password: str) -> bool:
    """Into the program itself: nobody has to change the password first."""
    client = Client()
    client.post(reverse("accounts:sign-in"), {"username": name, "password": password})
    return client.get(reverse("indicators:standards")).status_code == 200


def test_the_county_has_its_ledger_and_ninety_days(demo):
    assert demo.name == "演示区"
    assert Report.objects.filter(institution__county=demo, period="2023", state="accepted").count() > 300
    campaign = demo.campaigns.get()
    assert (campaign.standard.code, campaign.period) == ("linzi-2023", "2023")
    assert campaign.inspection_on == timezone.localdate() + timedelta(days=90)
    assert demo.standings.get(period=PERIOD).result["summary"]["items"] == 42


def test_the_accounts_in_the_file_can_sign_in_and_nobody_else_can_read_it(demo, var):
    drawn = passwords(var)
    assert set(drawn) == {account.username for account in ACCOUNTS}
    assert len(set(drawn.values())) == len(ACCOUNTS)
    assert all(signs_in(name, password) for name, password in drawn.items())
    assert (var / "demo-accounts.txt").stat().st_mode & 0o777 == 0o600


def test_the_passwords_keep_the_rules(demo, var):
    for name, password in passwords(var).items():
        validate_password(password, User(username=name))


def test_there_is_an_account_for_each_role(demo):
    roles = {user.username: {grant.role for grant in user.grants.all()} for user in User.objects.exclude(password="")}
    accounts = {account.username: {account.role} - {None} for account in ACCOUNTS}
    assert {name: roles[name] for name in accounts} == accounts
    assert set().union(*accounts.values()) == set(Role.values)
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]


def test_the_clerks_of_the_centres_cannot_sign_in_before_somebody_gives_them_a_password(demo, var):
    clerk = User.objects.get(username="demo-t02")
    assert clerk.grants.get().institution.code == "DEMO-T02"
    assert not clerk.has_usable_password()


def test_the_round_is_half_done_and_shows_every_state(demo):
    round = demo.rounds.get(period="2024")
    reports = Report.objects.filter(institution__county=demo, period="2024")
    states = Counter(reports.values_list("state", flat=True))
    assert set(states) == set(ReportState.values)
    assert asked_institutions(round).count() > reports.count() > 200
    assert reports.filter(state="submitted", warning_count__gt=0).exists()
    standing = demo.standings.get(period="2024").result
    assert standing["coverage"]["reported"] == states["accepted"]


def test_a_second_run_changes_nothing(demo, var, capsys):
    before = (passwords(var), Event.objects.count(), demo.campaigns.get().inspection_on)
    call_command("make_demo")
    assert capsys.readouterr().out == ""
    assert (passwords(var), Event.objects.count(), demo.campaigns.get().inspection_on) == before


def test_a_new_database_gets_the_passwords_that_were_drawn(db, var, settings):
    line = "账号 admin          密码 abcd-efgh-jkmn   系统管理员\n"
    (var / "demo-accounts.txt").write_text(line)
    call_command("load_standard", settings.BASE_DIR / STANDARD, verbosity=0)
    call_command("make_demo")
    assert signs_in("admin", "abcd-efgh-jkmn")
    assert set(passwords(var)) == {account.username for account in ACCOUNTS}


def test_without_the_standard_it_says_what_to_do(db, var):
    with pytest.raises(CommandError, match=r"load_standard fixtures/standards/linzi-2023\.yaml"):
        call_command("make_demo")
    assert list(var.iterdir()) == []
