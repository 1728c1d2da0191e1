"""The rules for passwords (settings.AUTH_PASSWORD_VALIDATORS), and passwords that the program gives out."""

import re
import secrets
import unicodedata

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, get_hasher, make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from tcm_demo.accounts.models import PasswordRecord, User

KINDS = 3
HISTORY = 5
# Shorter names would turn up by chance in many good passwords.
SHORTEST_NAME = 3
# None that is easily taken for another
LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"
GROUPS, GROUP = 3, 4
# Enough for 55 random bits that last until the first sign-in; the full number would take minutes for a whole county.
ONE_TIME_ITERATIONS = 20_000


class LengthValidator(MinimumLengthValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return f"密码太短：至少要有 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 个字符。"


class KindsValidator:
    """Of upper case, lower case, digits and everything else at least 3 kinds."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len({_kind(character) for character in password}) < KINDS:
            raise ValidationError(
                f"密码太简单：大写字母、小写字母、数字、其他符号四类中至少要有 {KINDS} 类，请补上缺少的种类。",
                code="password_too_simple",
            )

    def get_help_text(self) -> str:
        return f"大写字母、小写字母、数字、其他符号四类中至少 {KINDS} 类。"


class UsernameValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        name = _plain(user.username) if user else ""
        if len(name) >= SHORTEST_NAME and name in _plain(password):
            raise ValidationError("密码里不能含有用户名，请换一个密码。", code="password_has_username")

    def get_help_text(self) -> str:
        return "不能含有用户名。"


class SimilarityValidator(UserAttributeSimilarityValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return "密码与%(verbose_name)s太像，请换一个密码。"

    def get_help_text(self) -> str:
        return "不能与用户名、姓名、电话、邮箱太像。"


class CommonValidator(CommonPasswordValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return "很多人用这个密码，容易被猜到，请换一个密码。"

    def get_help_text(self) -> str:
        return "不能是很多人用的密码。"


class HistoryValidator:
    """Not one of the last 5. Django calls `password_changed` whenever a user with a new password is saved."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        # The current one as well: it may have been set before records were kept.
        hashes = {user.password, *user.password_records.values_list("password", flat=True)[:HISTORY]}
        if any(check_password(password, used) for used in hashes):
            raise ValidationError(f"最近 {HISTORY} 次用过的密码不能再用，请换一个密码。", code="password_used")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        PasswordRecord.objects.create(user=user, password=user.password)
        kept = user.password_records.values_list("pk", flat=True)[:HISTORY]
        user.password_records.exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        return f"不能与最近 {HISTORY} 次的密码相同。"


def one_time_password() -> str:
    """Random and easy to type, as k7mp-x2qa-9dwe: about 55 bits; fulfils the rules above."""
    while True:
        password = _grouped("".join(secrets.choice(LETTERS + DIGITS) for _ in range(GROUPS * GROUP)))
        if {_kind(character) for character in password} == {"lower", "digit", "other"}:
            return password


def as_one_time(typed: str) -> str:
    """What was typed, as `one_time_password` writes it: people leave out the hyphens, or type spaces for them. "" where
    it cannot be one, or is written so already."""
    bare = re.sub(r"[-\s]", "", typed)
    if len(bare) != GROUPS * GROUP or not set(bare) <= set(LETTERS + DIGITS):
        return ""
    written = _grouped(bare)
    return written if written != typed else ""


def hash_one_time(password: str) -> str:
    """How a password of `one_time_password` is stored. Signing in with it stores it at full strength (Django does)."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ONE_TIME_ITERATIONS)
    return make_password(password)


def _grouped(text: str) -> str:
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "upper"
    return "lower" if character.islower() else "other"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
