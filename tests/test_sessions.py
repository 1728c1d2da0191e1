"""Sessions end when nobody uses them, when their owner ends them, and belong to one browser alone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from institutions.models import County
from tcm_demo.accounts.devices import device_words
from tcm_demo.accounts.models import User, UserSession
from tcm_demo.accounts.sessions import SessionStore
from tcm_demo.audit.models import Event

pytestmark = pytest.mark.django_db

PASSWORD = "Needles-and-moxa-1"
IDLE = settings.SESSION_IDLE_SECONDS
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/86.0.4240.198 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; HLK-AL00) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0"
)


@pytest.fixture
def user():
    return User.objects.create_user("wang", password=PASSWORD, display_name="王主任")


def browser(name="wang", agent=CHROME, address="10.1.1.1") -> Client:
    """A browser in which this person signed in."""
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    client.post(reverse("accounts:sign-in"), {"username": name, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:sessions")).status_code == 200


def pass_seconds(seconds: int) -> None:
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(seconds=seconds))


class TestIdleness:
    def test_half_an_hour_without_use_signs_out(self, user):
        client = browser()
        pass_seconds(IDLE - 5)
        assert is_in(client)
        pass_seconds(IDLE)
        assert not is_in(client)

    def test_use_prolongs_it(self, user):
        client = browser()
        pass_seconds(IDLE - 5)
        client.get(reverse("accounts:password"))
        assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(seconds=5)

    def test_what_a_page_asks_by_itself_does_not_also_not_if_it_writes_to_the_session(self, user):
        client = browser()
        pass_seconds(IDLE - 5)
        before = UserSession.objects.get().last_seen_at
        poll = {"HX-Request": "true", "X-Poll": "1"}
        assert client.get(reverse("accounts:second-factor"), headers=poll).status_code == 200
        assert client.get(reverse("accounts:session")).json()["ready"]
        row = UserSession.objects.get()
        assert "second_factor_key" in row.get_decoded()
        assert row.last_seen_at == before

    def test_a_page_is_told_how_long_it_has(self, user):
        client = browser()
        pass_seconds(IDLE - 100)
        facts = client.get(reverse("accounts:session")).json()
        assert 90 <= facts["left"] <= 100
        assert facts["user"] == str(user.pk)
        assert client.post(reverse("accounts:session")).json()["left"] >= IDLE - 5
        pass_seconds(IDLE)
        assert client.get(reverse("accounts:session")).json() == {"ready": False}
        assert client.post(reverse("accounts:session")).json() == {"ready": False}

    def test_signing_in_inside_a_page_leads_on_to_what_is_owed(self, user):
        client = browser()
        as_page = {"Accept": "text/html,*/*"}
        assert client.get(reverse("accounts:session"), headers=as_page).content == b""
        User.objects.update(must_change_password=True)
        assert client.get(reverse("accounts:session"), headers=as_page).url == reverse("accounts:password")
        assert client.get(reverse("accounts:session")).json()["ready"] is False

    def test_a_minute_of_use_is_written_down_once(self, user, django_assert_max_num_queries):
        client = browser()
        client.get(reverse("accounts:password"))
        with django_assert_max_num_queries(2) as queries:  # session and user
            client.get(reverse("accounts:session"))
        assert not [query for query in queries.captured_queries if query["sql"].startswith("UPDATE")]

    def test_what_ran_out_is_cleared_away(self, user):
        browser()
        pass_seconds(IDLE)
        SessionStore.clear_expired()
        assert not UserSession.objects.exists()


class TestMySessions:
    def test_each_is_shown_with_device_address_and_this_one_first(self, user):
        phone, desk = browser(agent=PHONE, address="10.1.1.2"), browser()
        page = desk.get(reverse("accounts:sessions")).content.decode()
        here, there = page.index("Windows 电脑 · Chrome"), page.index("安卓手机 · 微信")
        assert here < page.index("本机，正在使用") < there
        assert "10.1.1.1" in page
        assert "10.1.1.2" in page
        assert phone.session.session_key not in page
        assert desk.session.session_key not in page

    def test_one_is_ended(self, user):
        phone, desk = browser(agent=PHONE), browser()
        shown = desk.get(reverse("accounts:sessions")).context["sessions"]
        assert [session.is_this for session in shown] == [True, False]
        desk.post(reverse("accounts:end-session", args=[shown[1].code]))
        assert (is_in(phone), is_in(desk)) == (False, True)
        assert Event.objects.get(action="end_session").actor == user

    def test_this_one_is_not_ended_here(self, user):
        desk = browser()
        shown = desk.get(reverse("accounts:sessions")).context["sessions"]
        assert desk.post(reverse("accounts:end-session", args=[shown[0].code])).status_code == 404
        assert is_in(desk)

    def test_all_others_are_ended(self, user):
        others, desk = [browser(), browser(agent=PHONE)], browser()
        desk.post(reverse("accounts:end-other-sessions"))
        assert [is_in(client) for client in (*others, desk)] == [False, False, True]

    def test_those_of_somebody_else_are_neither_seen_nor_ended(self, user):
        User.objects.create_user("li", password=PASSWORD)
        own, strange = browser(), browser("li")
        code = own.get(reverse("accounts:sessions")).context["sessions"][0].code
        assert code not in strange.get(reverse("accounts:sessions")).content.decode()
        assert strange.post(reverse("accounts:end-session", args=[code])).status_code == 404
        strange.post(reverse("accounts:end-other-sessions"))
        assert is_in(own)

    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (CHROME, "Windows 电脑 · Chrome"),
            (PHONE, "安卓手机 · 微信"),
            (CHROME + " Edg/86.0", "Windows 电脑 · Edge"),
            ("curl/8.0", "未知设备"),
            ("", "未知设备"),
        ],
    )
    def test_devices_have_words(self, agent, words):
        assert device_words(agent) == words


class TestOwnership:
    def test_a_session_key_from_before_signing_in_opens_nothing(self, user):
        """Fixation: somebody plants a session of their own in another's browser and waits."""
        planted = SessionStore()
        planted["x"] = 1
        planted.save()
        victim = Client()
        victim.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
        victim.post(reverse("accounts:sign-in"), {"username": "wang", "password": PASSWORD})
        assert is_in(victim)
        attacker = Client()
        attacker.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
        assert not is_in(attacker)
        assert victim.session.session_key != planted.session_key

    def test_signing_out_ends_the_session_for_good(self, user):
        client = browser()
        key = client.session.session_key
        client.post(reverse("accounts:sign-out"))
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not is_in(client)

    def test_signing_in_and_out_is_on_the_trail(self, user):
        client = browser()
        client.post(reverse("accounts:sign-out"))
        events = Event.objects.order_by("pk").values_list("action", "actor_name", "after__address")
        assert list(events) == [("sign_in", "王主任", "10.1.1.1"), ("sign_out", "王主任", "10.1.1.1")]

    @pytest.mark.parametrize(
        "place", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", r"\\elsewhere.example"]
    )
    def test_nobody_is_led_elsewhere(self, user, place):
        data = {"username": "wang", "password": PASSWORD, "next": place}
        assert Client().post(reverse("accounts:sign-in"), data).url == "/"
        assert Client().post(f"{reverse('accounts:sign-in')}?next={place}", data | {"next": ""}).url == "/"


def test_the_sign_in_page_names_the_county_or_what_the_setting_says(client, settings):
    County.objects.create(code="A", name="甲县")
    assert "甲县" in client.get(reverse("accounts:sign-in")).content.decode()
    County.objects.create(code="B", name="乙县")
    page = client.get(reverse("accounts:sign-in")).content.decode()
    assert "甲县" not in page
    assert "乙县" not in page
    settings.SITE_NAME = "甲市中医药管理局"
    assert "甲市中医药管理局" in client.get(reverse("accounts:sign-in")).content.decode()
