from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm

from tcm_demo.accounts import services


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "用户名或密码不正确，请核对后重新输入；注意字母的大小写。",
        "inactive": "这个账号已停用，请联系县（区）创建办。",
    }


class PasswordChangeForm(DjangoPasswordChangeForm):
    """A person changes their own password."""

    error_messages = {
        **DjangoPasswordChangeForm.error_messages,
        "password_incorrect": "原密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""

    def save(self, commit=True):
        services.change_password(self.user, self.cleaned_data["new_password1"], by=self.user)
        return self.user
