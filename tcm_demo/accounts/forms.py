from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.core.exceptions import ValidationError

from tcm_demo.accounts import services
from tcm_demo.accounts.locks import lock_for
from tcm_demo.accounts.models import User
from tcm_demo.accounts.sign_in_services import record_failure
from tcm_demo.lib.dates import zh_date


class SignInForm(AuthenticationForm):
    """After `is_valid()` failed, `refused` is the account and the reason where the password itself was right."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请核对后重新输入；注意字母的大小写。",
        "inactive": "这个账号已停用，请联系县（区）创建办。",
    }
    refused: tuple[User, str] | None = None

    def confirm_login_allowed(self, user: User) -> None:
        if not user.is_active:
            self.refused = user, "inactive"
            raise ValidationError(self.error_messages["inactive"], code="inactive")
        if user.has_expired:
            self.refused = user, "expired"
            until = zh_date(user.expires_on)
            raise ValidationError(f"这个账号的有效期到{until}为止，需要延期请联系县（区）创建办。", code="expired")


class CodeForm(forms.Form):
    """The second step: a code from the phone, or a recovery code."""

    code = forms.CharField(
        label="动态口令",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class OwnPasswordForm(forms.Form):
    """Asks for one's own password before something that weakens the account."""

    password = forms.CharField(
        label="登录密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        return own_password(self.request, self.cleaned_data["password"], "密码不正确，请重新输入。")


class PasswordChangeForm(DjangoPasswordChangeForm):
    """A person changes their own password."""

    error_messages = {
        **DjangoPasswordChangeForm.error_messages,
        "password_incorrect": "原密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
    }

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        wrong = self.error_messages["password_incorrect"]
        return own_password(self.request, self.cleaned_data["old_password"], wrong)

    def validate_password_for_user(self, user, password_field_name="new_password1"):
        """What is wrong with the new password stands at the box for it, not at the one that repeats it."""
        super().validate_password_for_user(user, "new_password1")

    def save(self, commit=True):
        session = self.request.session.session_key
        services.change_password(self.user, self.cleaned_data["new_password1"], by=self.user, keep_session=session)
        return self.user


def own_password(request, password: str, wrong: str) -> str:
    """The password if it is the signed-in user's; each wrong one counts as a failed sign-in."""
    name = request.user.username
    lock = lock_for(request, name)
    if lock is None:
        if authenticate(request, username=name, password=password) == request.user:
            return password
        lock = record_failure(request, name, step="own_password")
    raise ValidationError(f"输错的次数太多，已暂时锁定，{lock.minutes_left} 分钟后再试。" if lock else wrong)
