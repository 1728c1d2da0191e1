"""What the program has to tell a person: one sentence and where to go. It knows nothing of what it is about."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    sentence = models.CharField("内容", max_length=600)
    # a page of this program
    url = models.CharField("地址", max_length=300, blank=True)
    # a key of the sender's, by which it is found again when what it asks for is done
    subject = models.TextField("所指", blank=True)
    by_name = models.CharField("通知人", max_length=150, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-at", "-pk"]
        indexes = [
            # every page asks how many are unread
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["user", "-at"], name="notice_of_user"),
        ]

    def __str__(self) -> str:
        return self.sentence
