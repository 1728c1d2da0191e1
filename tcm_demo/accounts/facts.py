"""What is known of a person, cleaned alike whether typed into a form or written in a workbook.

Each function takes text and answers the value to store; it raises ValidationError with a sentence.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from tcm_demo.accounts.models import User
from tcm_demo.lib.dates import zh_date
from tcm_demo.lib.text import is_unseen, plain

_USERNAME = re.compile(r"\w[\w.@-]*")
_PHONE = re.compile(r"\+?[\d() -]{5,19}")
# what a spreadsheet would run, or gives for an error (#N/A): no name begins with it
_NOT_FIRST = ("=", "+", "-", "@", "#")


def clean_username(text: str) -> str:
    """Whether it is taken is another question: see `namesake_of`."""
    name = plain(text)
    if not name:
        raise ValidationError("请填写用户名。")
    if not _USERNAME.fullmatch(name):
        raise ValidationError("用户名只能用字母、数字、汉字、点、下划线、短横线和 @，并以字母、数字或汉字开头。")
    return _not_longer(name, "用户名", "username")


def namesake_of(username: str) -> User | None:
    """Who has this user name already, in whatever capitals."""
    return User.objects.filter(username__iexact=username).first()


def clean_name(text: str) -> str:
    name = text.strip()
    if not name:
        raise ValidationError("请填写姓名。")
    if any(map(is_unseen, name)):
        raise ValidationError("姓名里有看不见的控制字符或换行，请删去后重新填写。")
    if name.startswith(_NOT_FIRST):
        raise ValidationError(f"姓名不能以“{name[0]}”开头，请填写真实姓名。")
    return _not_longer(name, "姓名", "display_name")


def clean_phone(text: str) -> str:
    phone = plain(text)
    if phone and not _PHONE.fullmatch(phone):
        raise ValidationError("电话只能有数字、空格、短横线和括号，例如 0533-1234567。")
    return phone


def clean_email(text: str) -> str:
    email = plain(text)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError("邮箱写法不对，例如 zhang@example.com。") from None
    return email


def check_expiry(day: date | None) -> None:
    """For a day that is new: one that has passed would lock the person out under another name."""
    if day is not None and day < timezone.localdate():
        raise ValidationError(f"有效期至 {zh_date(day)} 已经过去。不再使用的账号请停用。")


def _not_longer(text: str, label: str, field: str) -> str:
    longest = User._meta.get_field(field).max_length
    if len(text) > longest:
        raise ValidationError(f"{label}不能超过 {longest} 个字，现有 {len(text)} 个。")
    return text
