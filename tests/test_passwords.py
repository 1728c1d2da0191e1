"""What a password has to be, and the passwords that the program gives out."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from tcm_demo.accounts import services
from tcm_demo.accounts.models import PasswordRecord, User
from tcm_demo.accounts.passwords import one_time_password
from tcm_demo.audit.models import Event

pytestmark = pytest.mark.django_db

FIRST = "Needles-and-moxa-1"


@pytest.fixture
def user():
    return User.objects.create_user("wang", password=FIRST, display_name="王主任")


def faults(password: str, user: User | None = None) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def sign_in(client, user, password):
    return client.post(reverse("accounts:sign-in"), {"username": user.username, "password": password})


def change(client, old, new):
    return client.post(reverse("accounts:password"), {"old_password": old, "new_password1": new, "new_password2": new})


@pytest.mark.parametrize("password", ["moxaNeedle7", "moxa-needle-7", "MOXA-NEEDLE-7", "艾灸x针灸推拿拔罐刮痧7"])
def test_ten_characters_of_three_kinds_are_enough(password):
    assert faults(password) == ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Moxa-sti7", "10 个字符"),
        ("moxaneedles7", "四类中至少要有 3 类"),
        ("moxa-needles", "四类中至少要有 3 类"),
        ("针灸推拿拔罐刮痧艾灸敷贴", "四类中至少要有 3 类"),
    ],
)
def test_a_password_that_is_too_simple_is_told_why(password, sentence):
    assert sentence in faults(password)


def test_a_password_of_ones_own_has_to_be_typed_as_it_is(client):
    user = User.objects.create_user("li", password="abcd-efgh-2345")
    assert sign_in(client, user, "abcdefgh2345").status_code == 200
    assert sign_in(client, user, "abcd-efgh-2345").status_code == 302


def test_all_rules_speak_alike(client, user):
    user.must_change_password = True
    user.save()
    client.force_login(user)
    page = client.get(reverse("accounts:password")).content.decode()
    assert "不能是很多人用的密码。" in page
    assert "不能与用户名、姓名、电话、邮箱太像。" in page
    assert "你的密码" not in page
    user.display_name = "needlewoman"
    assert "密码与姓名太像，请换一个密码。" in faults("Needlewoman1", user)
    assert "很多人用这个密码" in faults("password")


@pytest.mark.parametrize("password", ["xx-Wang-2023-xx", "xxwAnG9-moxa", "ｗａｎｇ-Moxa-2023"])
def test_no_password_holds_the_user_name_in_whatever_letters(user, password):
    assert "不能含有用户名" in faults(password, user)


def test_the_last_five_passwords_are_not_taken_again(user):
    used = [FIRST, *(f"Needles-and-moxa-{n}" for n in range(2, 7))]
    for password in used[1:]:
        services.change_password(user, password, by=user)
    assert [bool(faults(password, user)) for password in used] == [False, True, True, True, True, True]
    assert "最近 5 次用过的密码" in faults(used[-1], user)
    assert PasswordRecord.objects.filter(user=user).count() == 5


def test_a_current_password_from_before_records_were_kept_counts_as_used(user):
    PasswordRecord.objects.all().delete()
    assert "最近 5 次用过的密码" in faults(FIRST, user)


def test_passwords_of_others_do_not_matter(user):
    assert faults(FIRST, User.objects.create_user("li", password="Another-1-one")) == ""


def test_a_one_time_password_keeps_the_rules_and_is_never_the_same():
    drawn = {one_time_password() for _ in range(200)}
    assert len(drawn) == 200
    assert {faults(password) for password in drawn} == {""}
    assert not set("".join(drawn)) & set("01iloIO")


class TestAOneTimePassword:
    @pytest.fixture
    def password(self, user):
        return services.reset_password(user, by=None)

    def test_opens_the_page_to_change_it_and_nothing_else(self, client, user, password):
        sign_in(client, user, password)
        for page in ("home", "indicators:standards", "accounts:sessions", "accounts:renew-codes", "admin:index"):
            answer = client.get(reverse(page))
            assert (answer.status_code, answer.url) == (302, reverse("accounts:password")), page
        assert "请先改成只有自己知道的密码" in client.get(reverse("accounts:password")).content.decode()
        part = client.get(reverse("home"), headers={"HX-Request": "true"})
        assert part.headers["HX-Redirect"] == reverse("accounts:password")

    @pytest.mark.parametrize("separator", ["", " ", "　"])
    def test_may_be_typed_without_its_hyphens(self, client, user, password, separator):
        typed = password.replace("-", separator)
        assert sign_in(client, user, typed).status_code == 302
        assert change(client, typed, "Quite-my-own-1").status_code == 302
        assert not Event.objects.filter(action="sign_in_failed").exists()

    def test_with_a_letter_too_few_it_is_refused(self, client, user, password):
        assert sign_in(client, user, password.replace("-", "")[:-1]).status_code == 200

    def test_lets_its_owner_sign_out(self, client, user, password):
        sign_in(client, user, password)
        assert client.post(reverse("accounts:sign-out")).url == reverse("accounts:sign-in")

    def test_once_changed_everything_is_open(self, client, user, password):
        sign_in(client, user, password)
        assert change(client, password, "Quite-my-own-1").status_code == 302
        assert client.get(reverse("indicators:standards")).status_code == 200
        assert sign_in(client, user, password).status_code == 302  # signed in already
        client.logout()
        assert sign_in(client, user, password).status_code == 200  # not accepted any more

    def test_cannot_be_kept_by_changing_it_to_itself(self, client, user, password):
        sign_in(client, user, password)
        assert "最近 5 次用过的密码" in change(client, password, password).content.decode()
        user.refresh_from_db()
        assert user.must_change_password

    def test_stands_nowhere_but_in_the_answer(self, user, password):
        event = Event.objects.get(action="reset_password")
        assert (event.before, event.after, event.subject_id) == (None, None, str(user.pk))
        user.refresh_from_db()
        assert password not in user.password
        assert user.check_password(password)


def test_a_reset_ends_sessions_and_the_earlier_password(client, user):
    client.force_login(user)
    services.reset_password(user, by=None)
    assert client.get(reverse("accounts:sessions")).status_code == 302
    assert sign_in(client, user, FIRST).status_code == 200


def test_a_new_account_comes_with_a_one_time_password(client):
    user, password = services.open_account("zhang", name="张三", by=None)
    sign_in(client, user, password)
    assert client.get(reverse("home")).url == reverse("accounts:password")
    event = Event.objects.get(action="create_account")
    assert password not in str(event.after)


def test_changing_a_password_ends_the_other_sessions_alone(client, user):
    other = type(client)()
    for browser in (client, other):
        sign_in(browser, user, FIRST)
    change(client, FIRST, "Quite-my-own-1")
    assert client.get(reverse("accounts:sessions")).status_code == 200
    assert other.get(reverse("accounts:sessions")).status_code == 302
    assert user.sessions.count() == 1


class TestInTheAdmin:
    @pytest.fixture
    def admin(self, client):
        client.force_login(User.objects.create_superuser("root"))
        return client

    def act(self, admin, action, user):
        data = {"action": action, "_selected_action": [user.pk]}
        return admin.post(reverse("admin:accounts_user_changelist"), data)

    def test_a_reset_shows_the_password_once(self, admin, client, user):
        page = self.act(admin, "reset_passwords", user)
        assert "no-store" in page.headers["Cache-Control"]
        shown = page.content.decode().split("<code>")[1].split("</code>")[0]
        user.refresh_from_db()
        assert user.check_password(shown)
        assert user.must_change_password
        assert Event.objects.get(action="reset_password").actor.username == "root"

    def test_a_password_typed_there_has_to_be_changed(self, admin, user):
        data = {"password1": "Typed-by-root-1", "password2": "Typed-by-root-1", "usable_password": "true"}
        assert admin.post(reverse("admin:auth_user_password_change", args=[user.pk]), data).status_code == 302
        user.refresh_from_db()
        assert user.check_password("Typed-by-root-1")
        assert user.must_change_password

    @pytest.fixture
    def staff(self, client, user):
        """Let into the admin with every permission for accounts, but no superuser."""
        user.is_staff = True
        user.save()
        permissions = user._meta.apps.get_model("auth.Permission").objects
        user.user_permissions.set(permissions.filter(codename__endswith="_user"))
        client.force_login(user)
        return client

    def test_staff_read_accounts_but_not_their_passwords(self, staff):
        other = User.objects.create_user("auditor", password=FIRST)
        assert "auditor" in staff.get(reverse("admin:accounts_user_changelist")).content.decode()
        page = staff.get(reverse("admin:accounts_user_change", args=[other.pk]))
        assert page.status_code == 200
        assert other.password not in page.content.decode()
        assert "pbkdf2" not in page.content.decode()
        assert 'name="_save"' not in page.content.decode()

    def test_staff_change_no_account_and_take_none_over(self, staff, user):
        """Neither an auditor's nor anybody's: whoever sets a password can sign in with it."""
        other = User.objects.create_user("auditor", password=FIRST)
        asked = {"username": "auditor", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        typed = {"password1": "Typed-by-staff-1", "password2": "Typed-by-staff-1", "usable_password": "true"}
        for someone in (user, other):
            one = [someone.pk]
            assert staff.post(reverse("admin:accounts_user_change", args=one), asked).status_code == 403
            assert staff.post(reverse("admin:auth_user_password_change", args=one), typed).status_code == 403
            for action in ("reset_passwords", "unlock", "end_sessions", "turn_off_second_factor"):
                self.act(staff, action, someone)
        new = {"username": "new", "display_name": "新人", **typed}
        assert staff.post(reverse("admin:accounts_user_add"), new).status_code == 403
        assert sorted(User.objects.values_list("username", "is_superuser")) == [("auditor", False), ("wang", False)]
        other.refresh_from_db()
        assert other.check_password(FIRST)
        assert not Event.objects.exclude(action="sign_in").exists()

    def test_staff_lift_no_locks_either(self, staff):
        for _ in range(5):
            sign_in(type(staff)(), User(username="auditor"), "wrong")
        failures = reverse("admin:accounts_failedsignin_changelist")
        assert "unlock_addresses" not in staff.get(failures).content.decode()

    def test_staff_do_not_see_superusers(self, staff):
        root = User.objects.create_superuser("root")
        assert "root" not in staff.get(reverse("admin:accounts_user_changelist")).content.decode()
        assert staff.get(reverse("admin:accounts_user_change", args=[root.pk])).status_code == 302


def test_a_one_time_password_is_stored_at_full_strength_once_it_was_used(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user, password = services.open_account("zhang", name="张三", by=None)
    quick = int(user.password.split("$")[1])
    assert sign_in(client, user, password).status_code == 302
    user.refresh_from_db()
    assert int(user.password.split("$")[1]) >= 20 * quick
    assert user.must_change_password
