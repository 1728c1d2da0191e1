from django.db.models import TextChoices


class AccountState(TextChoices):
    """What holds of an account first of all, for whoever looks after it."""

    ACTIVE = "active", "在用"
    NEW = "new", "未登录过"
    LOCKED = "locked", "已锁定"
    EXPIRED = "expired", "已过期"
    DISABLED = "disabled", "已停用"
