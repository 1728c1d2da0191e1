"""Five failures lock an account and an address for half an hour, whatever way they are typed or sent."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tcm_demo.accounts import services
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.lib.client_address import client_address

pytestmark = pytest.mark.django_db

PASSWORD = "Needles-and-moxa-1"


@pytest.fixture
def user():
    return User.objects.create_user("wang", password=PASSWORD)


@pytest.fixture
def other():
    return User.objects.create_user("li", password=PASSWORD)


def knock(name="wang", password="wrong", address="10.1.1.1", **headers):
    """The answer to one sign-in from a browser that was never here."""
    data = {"username": name, "password": password}
    return Client(REMOTE_ADDR=address, headers=headers).post(reverse("accounts:sign-in"), data)


def let_pass(minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=minutes))


def fail(times: int, **how) -> list[int]:
    return [knock(**how).status_code for _ in range(times)]


def test_the_fifth_failure_locks_and_the_page_says_how_long(user):
    assert fail(5) == [200, 200, 200, 200, 429]
    page = knock(password=PASSWORD)
    assert page.status_code == 429
    assert "30 分钟后" in page.content.decode()
    assert 29 * 60 < int(page.headers["Retry-After"]) <= 30 * 60


def test_four_failures_lock_nothing(user):
    fail(4)
    assert knock(password=PASSWORD).status_code == 302


def test_an_account_is_locked_from_whatever_address(user, other):
    for n in range(5):
        knock(address=f"10.1.1.{n}")
    assert knock(password=PASSWORD, address="10.9.9.9").status_code == 429
    assert knock("li", PASSWORD, address="10.1.1.1").status_code == 302


def test_an_address_is_locked_for_whatever_account(user, other):
    for n in range(5):
        knock(f"nobody{n}")
    page = knock("li", PASSWORD)
    assert page.status_code == 429
    assert "这个地址已经锁定" in page.content.decode()
    assert knock("li", PASSWORD, address="10.2.2.2").status_code == 302


def test_a_lock_ends_by_itself_however_often_somebody_knocks_meanwhile(user):
    fail(5)
    let_pass(29)
    assert "1 分钟后" in knock(password=PASSWORD).content.decode()
    assert fail(3) == [429, 429, 429]
    let_pass(31)
    assert knock(password=PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "names", [["wang", "WANG", " wang", "wang ", "ｗａｎｇ"], ["Wang", "wAng", "w ang", "waNg", "wanG"]]
)
def test_ways_to_type_a_name_give_no_further_tries(user, names):
    for n, name in enumerate(names):
        knock(name, address=f"10.1.1.{n}")
    assert knock(password=PASSWORD, address="10.9.9.9").status_code == 429


def test_other_browsers_give_no_further_tries(user):
    for n in range(5):
        knock(**{"User-Agent": f"browser {n}"})
    assert knock(password=PASSWORD).status_code == 429


def test_an_invented_forwarding_header_gives_no_further_tries(user, other):
    for n in range(5):
        knock(f"nobody{n}", **{"X-Forwarded-For": f"10.7.7.{n}"})
    assert knock("li", PASSWORD, **{"X-Forwarded-For": "10.7.7.9"}).status_code == 429


def test_behind_a_proxy_of_ours_the_address_is_the_one_that_it_saw(rf, settings):
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 10.5.5.5"}, REMOTE_ADDR="127.0.0.1")
    assert client_address(request) == "10.5.5.5"
    settings.TRUSTED_PROXIES = 2
    assert client_address(request) == "1.2.3.4"
    settings.TRUSTED_PROXIES = 3
    assert client_address(request) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 0
    assert client_address(request) == "127.0.0.1"


@pytest.mark.parametrize("header", ["", "unknown", "1.2.3.4'; --", "999.1.1.1", "\0"])
def test_what_is_no_address_is_not_taken_for_one(rf, settings, header):
    settings.TRUSTED_PROXIES = 1
    assert client_address(rf.get("/", headers={"X-Forwarded-For": header}, REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


def test_one_line_has_one_address_in_version_6_too(user):
    for n in range(5):
        knock(f"nobody{n}", address=f"2001:db8:1:1::{n}")
    assert knock(password=PASSWORD, address="2001:db8:1:1:ffff::1").status_code == 429
    assert knock(password=PASSWORD, address="2001:db8:1:2::1").status_code == 302


def test_an_own_password_wins_no_further_tries_at_a_colleagues_account(user, other):
    fail(4)
    assert knock("li", PASSWORD).status_code == 302
    assert knock().status_code == 429


def test_signing_in_takes_back_ones_own_slips_at_this_address(user):
    fail(3)
    knock(password=PASSWORD)
    assert fail(4) == [200, 200, 200, 200]


def test_the_old_password_on_the_page_to_change_it_cannot_be_guessed_either(client, user):
    client.force_login(user)
    data = {"old_password": "wrong", "new_password1": "Another-1-one", "new_password2": "Another-1-one"}
    pages = [client.post(reverse("accounts:password"), data).content.decode() for _ in range(5)]
    assert "已暂时锁定，30 分钟后再试" in pages[-1]
    right = client.post(reverse("accounts:password"), data | {"old_password": PASSWORD})
    assert "已暂时锁定" in right.content.decode()


def test_failures_and_locks_are_on_the_trail_without_the_password_or_an_unknown_name(user):
    fail(5)
    knock("My-Secret-Password-9", "wrong", address="10.3.3.3")
    events = list(Event.objects.order_by("pk").values_list("action", "subject_name", "actor_name", "after__address"))
    assert events[:5] == [("sign_in_failed", "wang", "未登录", "10.1.1.1")] * 5
    assert events[5] == ("lock_account", "wang", "未登录", "10.1.1.1")
    assert events[6] == ("sign_in_failed", "没有的用户名", "未登录", "10.3.3.3")
    assert "wrong" not in str(list(Event.objects.values()))


def test_an_administrator_unlocks_an_account_or_an_address(user, other):
    root = User.objects.create_superuser("root")
    fail(5)
    services.unlock_account(user, by=root)
    assert knock(password=PASSWORD).status_code == 302
    for n in range(5):
        knock(f"nobody{n}")
    assert knock("li", PASSWORD).status_code == 429
    services.unlock_address("10.1.1.1", by=root)
    assert knock("li", PASSWORD).status_code == 302
    trail = Event.objects.filter(actor=root, action__startswith="unlock").order_by("pk")
    assert list(trail.values_list("action", "subject_name")) == [
        ("unlock_account", "wang"),
        ("unlock_address", "10.1.1.1"),
    ]


def test_whoever_runs_the_server_unlocks_and_resets(user, capsys):
    fail(5)
    call_command("unlock", "wang")
    assert knock(password=PASSWORD).status_code == 302
    fail(5)
    call_command("unlock", "10.1.1.1")
    call_command("reset_password", "wang")
    password = capsys.readouterr().out.strip().rpartition("：")[2]
    assert knock(password=password).status_code == 302
    for command in ("unlock", "reset_password"):
        with pytest.raises(CommandError, match="没有用户“nobody”"):
            call_command(command, "nobody")


def test_the_admin_shows_failures_and_unlocks(client, user):
    fail(5)
    client.force_login(User.objects.create_superuser("root"))
    address = reverse("admin:accounts_failedsignin_changelist")
    assert "10.1.1.1" in client.get(address).content.decode()
    row = AccessAttempt.objects.get()
    client.post(address, {"action": "unlock_addresses", "_selected_action": [row.pk]})
    assert knock(password=PASSWORD).status_code == 302


def test_the_admins_own_door_leads_to_the_one_sign_in_page(client, user):
    answer = client.get(reverse("admin:login") + "?next=/admin/accounts/user/")
    assert answer.url == reverse("accounts:sign-in") + "?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert client.post(reverse("admin:login"), {"username": "wang", "password": PASSWORD}).status_code == 302
    assert client.get(reverse("accounts:sessions")).status_code == 302
    client.force_login(user)
    assert client.get(reverse("admin:login")).status_code == 403


def test_the_admins_other_doors_lead_to_the_same_pages(client, user):
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(reverse("admin:password_change")).url == reverse("accounts:password")
    assert client.post(reverse("admin:logout")).url == reverse("accounts:sign-in")
    assert Event.objects.get().action == "sign_out"


class TestAnAccountThatIsOver:
    def test_with_the_right_password_is_told_since_when(self, user):
        user.expires_on = timezone.localdate() - timedelta(days=1)
        user.save()
        day = user.expires_on
        assert f"有效期到{day.year}年{day.month}月{day.day}日为止" in knock(password=PASSWORD).content.decode()
        assert "用户名或密码不正确" in knock().content.decode()
        assert Event.objects.filter(action="sign_in_refused", after__reason="expired").count() == 1

    def test_works_on_its_last_day(self, user):
        user.expires_on = timezone.localdate()
        user.save()
        assert knock(password=PASSWORD).status_code == 302

    @pytest.mark.parametrize("change", [{"is_active": False}, {"expires_on": timezone.localdate() - timedelta(days=1)}])
    def test_has_no_session_any_more(self, client, user, change):
        client.force_login(user)
        assert client.get(reverse("accounts:sessions")).status_code == 200
        User.objects.update(**change)
        assert client.get(reverse("accounts:sessions")).status_code == 302

    def test_that_was_disabled_is_told_so(self, user):
        User.objects.update(is_active=False)
        assert "这个账号已停用" in knock(password=PASSWORD).content.decode()


def test_signing_in_without_a_request_is_refused_since_no_lock_could_be_checked(user):
    with pytest.raises(Exception, match="requires a request"):
        Client().login(username="wang", password=PASSWORD)


def test_a_name_of_control_characters_does_no_harm(user):
    assert knock("wang\0").status_code == 200
    assert knock("x" * 5000).status_code == 200
