"""Signing in and out, changing one's own password, and the pages shown where something is refused or wrong."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PASSWORD = "grass-roots-42"


def refused(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("broken")


def garbled(request):
    raise BadRequest


urlpatterns = [
    path("", lambda request: HttpResponse("home"), name="home"),
    path("page/", lambda request: HttpResponse("page"), name="page"),
    path("refused/", refused),
    path("broken/", broken),
    path("garbled/", garbled),
    path("", include("tcm_demo.urls")),
]


@pytest.fixture
def user():
    return User.objects.create_user("wang", password=PASSWORD, display_name="王主任")


def sign_in(client, address=None, **changes):
    return client.post(address or reverse("accounts:sign-in"), {"username": "wang", "password": PASSWORD, **changes})


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client, user):
    asked = client.get("/page/?year=2023")
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("accounts:sign-in"))
    assert sign_in(client, asked.url).url == "/page/?year=2023"
    assert client.get("/page/").content == b"page"


def test_signing_in_leads_home(client, user):
    assert sign_in(client).url == "/"


def test_nobody_is_led_to_another_host(client, user):
    assert sign_in(client, next="https://elsewhere.example/").url == "/"


def test_a_wrong_password_is_told_in_one_sentence(client, user):
    page = sign_in(client, password="wrong")
    assert page.status_code == 200
    assert "用户名或密码不正确" in page.content.decode()
    assert client.get("/page/").status_code == 302


def test_a_disabled_account_does_not_get_in(client, user):
    User.objects.update(is_active=False)
    assert sign_in(client).status_code == 200
    assert client.get("/page/").status_code == 302


def test_who_is_signed_in_already_is_led_home(client, user):
    client.force_login(user)
    assert client.get(reverse("accounts:sign-in")).url == "/"


def test_a_part_of_a_page_asked_for_after_the_session_ended_leaves_the_page_and_has_it_ask_to_sign_in(client):
    asked = client.get("/page/", headers={"HX-Request": "true"}, follow=True)
    assert (asked.status_code, asked.headers["HX-Trigger"]) == (204, "session-ended")


def test_signing_out_takes_a_post(client, user):
    client.force_login(user)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    assert client.post(reverse("accounts:sign-out")).url == reverse("accounts:sign-in")
    assert client.get("/page/").status_code == 302


def change(client, old=PASSWORD, new="Herbs-and-needles", again=None):
    values = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(reverse("accounts:password"), values)


def test_a_new_password_counts_at_once_keeps_the_session_and_is_on_the_trail(client, user):
    client.force_login(user)
    assert change(client).url == "/"
    assert client.get("/page/").status_code == 200
    user.refresh_from_db()
    assert user.check_password("Herbs-and-needles")
    event = Event.objects.get()
    assert (event.action, event.actor, event.subject_id) == ("change_password", user, str(user.pk))
    assert event.before is event.after is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"old": "wrong"}, "原密码不正确"),
        ({"again": "Herbs-and-noodles"}, "两次输入的新密码不一样"),
        ({"new": "short"}, "10 个字符"),
    ],
)
def test_a_bad_change_of_password_changes_nothing_and_says_why(client, user, values, sentence):
    client.force_login(user)
    assert sentence in change(client, **values).content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not Event.objects.filter(action="change_password").exists()


def test_changing_a_password_asks_to_sign_in(client):
    assert reverse("accounts:sign-in") in change(client).url


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nowhere/", 404, "没有找到这个页面"),
        ("/refused/", 403, "没有这项权限"),
        ("/broken/", 500, "程序出了问题"),
        ("/garbled/", 400, "请求不完整"),
    ],
)
def test_what_goes_wrong_is_told_in_chinese(client, user, address, status, sentence):
    client.force_login(user)
    client.raise_request_exception = False
    page = client.get(address)
    assert page.status_code == status
    assert sentence in page.content.decode()


def test_a_missing_page_shows_a_stranger_no_menu(client):
    page = client.get("/nowhere/").content.decode()
    assert "没有找到这个页面" in page
    assert "退出登录" not in page


def test_a_form_that_waited_too_long_says_that_nothing_was_changed(user):
    client = Client(enforce_csrf_checks=True)
    page = sign_in(client)
    assert page.status_code == 403
    assert "这次提交没有生效" in page.content.decode()


def test_browsers_keep_no_page_of_somebody_who_was_signed_in(client, db):
    client.force_login(User.objects.create_user("wang"))
    assert "no-store" in client.get(reverse("indicators:standards")).headers["Cache-Control"]
    client.logout()
    assert "Cache-Control" not in client.get("/404/").headers


@pytest.mark.parametrize("address", ["/c/%00/", "/standards/%00/", "/standards/?q=%00"])
def test_an_address_with_a_nul_is_not_found(client, db, address):
    client.force_login(User.objects.create_user("wang"))
    assert client.get(address).status_code == 404
