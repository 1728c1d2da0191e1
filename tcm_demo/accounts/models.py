"""People who sign in, and their sessions. What each may do is granted per county in `institutions.Grant`."""

from importlib import import_module

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    first_name = None
    last_name = None
    display_name = models.CharField("姓名", max_length=50, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True, help_text="这一天仍可登录；不填表示长期有效。")
    must_change_password = models.BooleanField("下次登录须改密码", default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def has_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()


class PasswordRecord(models.Model):
    """The hash of a password that a person has or had, so that it is not taken again too soon."""

    user = models.ForeignKey(User, verbose_name="用户", on_delete=models.CASCADE, related_name="password_records")
    password = models.CharField("密码的散列值", max_length=128)
    set_at = models.DateTimeField("设定时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        ordering = ["-set_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class UserSession(AbstractBaseSession):
    """A session that knows whose it is and when it was last used; see `sessions.SessionStore`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="用户", null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    last_seen_at = models.DateTimeField("最近使用", db_index=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = verbose_name_plural = "登录"

    @classmethod
    def get_session_store_class(cls):
        return import_module(settings.SESSION_ENGINE).SessionStore  # which needs this model


class FailedSignIn(AccessAttempt):
    """The rows that django-axes counts, under a name of ours."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "登录失败"
