"""Codes of a phone as second factor: set up, asked for, never usable twice, demanded of some."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts import factor_services
from tcm_demo.accounts.models import User
from tcm_demo.accounts.sign_in_services import PATIENCE
from tcm_demo.audit.models import Event

pytestmark = pytest.mark.django_db

PASSWORD = "Needles-and-moxa-1"
SIGN_IN, CODE, SETUP = (reverse(f"accounts:{name}") for name in ("sign-in", "sign-in-code", "second-factor"))


@pytest.fixture
def user():
    return User.objects.create_user("wang", password=PASSWORD)


def code_of(key: str, steps: int = 0) -> str:
    """What the phone shows `steps` half minutes from now."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def set_up(user) -> tuple[str, list[str]]:
    """Key and recovery codes of a phone that was confirmed by the code of a minute ago."""
    key = factor_services.new_key()
    return key, factor_services.turn_on(user, key, code_of(key, -1), session=None)


def first_step(client=None, **more) -> Client:
    client = client or Client()
    client.post(SIGN_IN, {"username": "wang", "password": PASSWORD, **more})
    return client


def is_in(client) -> bool:
    return client.get(reverse("accounts:sessions")).status_code == 200


class TestSettingUp:
    def test_the_page_shows_a_code_to_scan_and_a_key_to_type_and_takes_the_first_code(self, client, user):
        client.force_login(user)
        page = client.get(SETUP).content.decode()
        assert "<svg" in page
        key = client.session["second_factor_key"]
        assert factor_services.key_to_type(key) in page
        assert not TOTPDevice.objects.exists()
        codes = client.post(SETUP, {"code": code_of(key)}).content.decode()
        assert codes.count('<li class="to-type">') == factor_services.CODES
        assert TOTPDevice.objects.get(user=user).key == key
        assert "second_factor_key" not in client.session
        page = client.get(SETUP).content.decode()
        assert "已启用" in page
        assert factor_services.key_to_type(key) not in page
        assert [event.action for event in Event.objects.all()] == ["turn_on_second_factor"]

    def test_a_wrong_code_sets_nothing_up(self, client, user):
        client.force_login(user)
        client.get(SETUP)
        wrong = f"{(int(code_of(client.session['second_factor_key'])) + 500_000) % 1_000_000:06d}"
        assert "口令不正确" in client.post(SETUP, {"code": wrong}).content.decode()
        assert not TOTPDevice.objects.exists()
        assert not Event.objects.exists()

    def test_it_ends_sessions_that_began_with_the_password_alone(self, client, user):
        elsewhere = first_step()
        client.force_login(user)
        client.get(SETUP)
        client.post(SETUP, {"code": code_of(client.session["second_factor_key"])})
        assert (is_in(client), is_in(elsewhere)) == (True, False)


class TestTheSecondStep:
    def test_the_password_alone_opens_nothing(self, user):
        set_up(user)
        client = first_step()
        assert not is_in(client)
        assert client.get(CODE).status_code == 200

    def test_the_code_completes_it_and_leads_where_one_wanted_to_go(self, user):
        key, _ = set_up(user)
        client = Client()
        target = reverse("accounts:sessions")
        step = client.post(SIGN_IN, {"username": "wang", "password": PASSWORD, "next": target})
        assert client.post(step.url, {"code": code_of(key)}).url == target
        assert is_in(client)
        assert Event.objects.get(action="sign_in").after["second_factor"] is True

    def test_the_second_step_leads_nobody_elsewhere(self, user):
        key, _ = set_up(user)
        client = first_step()
        answer = client.post(CODE + "?next=https://elsewhere.example/", {"code": code_of(key)})
        assert answer.url == "/"

    def test_a_code_works_once(self, user):
        key, _ = set_up(user)
        code = code_of(key)
        first, second = first_step(), first_step()
        first.post(CODE, {"code": code})
        assert "已经用过" in second.post(CODE, {"code": code}).content.decode()
        assert (is_in(first), is_in(second)) == (True, False)

    def test_a_recovery_code_works_once_however_it_is_typed(self, user):
        _, codes = set_up(user)
        client = first_step()
        client.post(CODE, {"code": f" {codes[0].upper().replace('-', ' ')} "})
        assert is_in(client)
        again = first_step()
        again.post(CODE, {"code": codes[0]})
        assert not is_in(again)
        assert factor_services.codes_left(user) == len(codes) - 1
        assert Event.objects.filter(action="use_recovery_code").count() == 1

    def test_recovery_codes_cannot_be_read_from_the_database_nor_used_by_others(self, user):
        _, codes = set_up(user)
        kept = set(StaticToken.objects.values_list("token", flat=True))
        assert not kept & {code.replace("-", "") for code in codes}
        other = User.objects.create_user("li", password=PASSWORD)
        set_up(other)
        assert not factor_services.check_code(other, codes[0])

    def test_wrong_codes_lock_like_wrong_passwords(self, user):
        key, _ = set_up(user)
        client = first_step()
        answers = [client.post(CODE, {"code": "abcdef"}).status_code for _ in range(5)]
        assert answers == [200, 200, 200, 200, 429]
        assert client.post(CODE, {"code": code_of(key)}).status_code == 429
        assert (
            Client(REMOTE_ADDR="10.9.9.9").post(SIGN_IN, {"username": "wang", "password": PASSWORD}).status_code == 429
        )
        assert Event.objects.filter(action="sign_in_failed", after__step="code").count() == 5

    def test_taking_the_first_step_again_gives_no_further_tries(self, user):
        set_up(user)
        for _ in range(5):
            first_step().post(CODE, {"code": "000000"})
        assert Client().post(SIGN_IN, {"username": "wang", "password": PASSWORD}).status_code == 429

    @pytest.mark.parametrize("code", ["", "١٢٣٤٥٦", "１２３４５６", "12345", "-12345", "1e5", "\0", "x" * 500])
    def test_what_is_no_code_is_refused_in_words(self, user, code):
        set_up(user)
        client = first_step()
        assert client.post(CODE, {"code": code}).status_code == 200
        assert not is_in(client)

    def test_it_waits_a_few_minutes_alone(self, user):
        key, _ = set_up(user)
        client = first_step()
        session = client.session
        session["sign_in_pending"] |= {"at": timezone.now().timestamp() - PATIENCE - 1}
        session.save()
        assert client.post(CODE, {"code": code_of(key)}).url == SIGN_IN
        assert not is_in(client)

    def test_a_password_changed_in_between_asks_for_the_new_one(self, user):
        key, _ = set_up(user)
        client = first_step()
        user.set_password("Quite-another-1")
        user.save()
        assert client.post(CODE, {"code": code_of(key)}).url == SIGN_IN

    def test_an_account_disabled_in_between_stays_out(self, user):
        key, _ = set_up(user)
        client = first_step()
        User.objects.update(is_active=False)
        assert client.post(CODE, {"code": code_of(key)}).url == SIGN_IN

    def test_it_is_not_reached_without_the_first(self, client, user):
        key, _ = set_up(user)
        assert client.post(CODE, {"code": code_of(key)}).url == SIGN_IN


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_code_at_the_same_time_one_gets_in(user):
    key, codes = set_up(user)
    for code in (code_of(key), codes[0]):
        with ThreadPoolExecutor(4) as pool:
            right = list(pool.map(lambda _, code=code: check_and_close(user, code), range(4)))
        assert sorted(right) == [False, False, False, True]


def check_and_close(user, code) -> bool:
    try:
        return factor_services.check_code(user, code)
    finally:
        connection.close()


class TestTakingItOff:
    def test_takes_the_password(self, client, user):
        set_up(user)
        client.force_login(user)
        off = reverse("accounts:second-factor-off")
        assert "密码不正确" in client.post(off, {"password": "wrong"}).content.decode()
        assert TOTPDevice.objects.exists()
        client.post(off, {"password": PASSWORD})
        assert not TOTPDevice.objects.exists()
        assert not StaticToken.objects.exists()
        assert is_in(first_step())

    def test_new_recovery_codes_take_the_password_and_end_the_old_ones(self, client, user):
        _, codes = set_up(user)
        client.force_login(user)
        renew = reverse("accounts:renew-codes")
        client.post(renew, {"password": "wrong"})
        assert factor_services.codes_left(user) == 10
        page = client.post(renew, {"password": PASSWORD}).content.decode()
        assert page.count('<li class="to-type">') == 10
        assert not factor_services.check_code(user, codes[0])

    def test_an_administrator_takes_it_off_for_a_lost_phone(self, client, user):
        set_up(user)
        root = User.objects.create_superuser("root")
        client.force_login(root)
        data = {"action": "turn_off_second_factor", "_selected_action": [user.pk]}
        client.post(reverse("admin:accounts_user_changelist"), data)
        assert not TOTPDevice.objects.exists()
        assert Event.objects.get(action="turn_off_second_factor").actor == root

    def test_the_admin_shows_nobodys_key(self, client, user):
        client.force_login(User.objects.create_superuser("root"))
        assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


class TestDemanded:
    @pytest.fixture(autouse=True)
    def demand(self, settings):
        settings.TOTP_REQUIRED_FOR = ["county_office", "superuser"]

    def grant(self, user, role):
        county = County.objects.create(code="A", name="甲县")
        Grant.objects.create(user=user, county=county, role=role)

    def test_who_has_none_is_led_to_set_it_up_first(self, client, user):
        self.grant(user, Role.COUNTY_OFFICE)
        client.force_login(user)
        assert client.get(reverse("indicators:standards")).url == SETUP
        assert "必须启用动态口令" in client.get(SETUP).content.decode()
        client.post(SETUP, {"code": code_of(client.session["second_factor_key"])})
        assert client.get(reverse("indicators:standards")).status_code == 200

    def test_superusers_too(self, client):
        client.force_login(User.objects.create_superuser("root"))
        assert client.get(reverse("admin:index")).url == SETUP

    def test_of_others_nothing_is_demanded(self, client, user):
        self.grant(user, Role.LEADERSHIP)
        client.force_login(user)
        assert client.get(reverse("indicators:standards")).status_code == 200

    def test_who_must_have_it_cannot_take_it_off(self, client, user):
        self.grant(user, Role.COUNTY_OFFICE)
        set_up(user)
        client.force_login(user)
        page = client.post(reverse("accounts:second-factor-off"), {"password": PASSWORD}).content.decode()
        assert "不能停用" in page
        assert TOTPDevice.objects.exists()

    def test_a_password_to_change_comes_first(self, client, user):
        self.grant(user, Role.COUNTY_OFFICE)
        User.objects.update(must_change_password=True)
        client.force_login(user)
        assert client.get(SETUP).status_code == 200
        assert client.get(reverse("indicators:standards")).url == reverse("accounts:password")
