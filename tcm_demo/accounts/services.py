"""Every write to accounts."""

from django.db import transaction

from tcm_demo.accounts.models import User
from tcm_demo.audit import services as audit


@transaction.atomic
def change_password(user: User, new_password: str, *, by: User | None) -> None:
    """Set a password that a form has checked. The trail says that it changed, never to what."""
    user.set_password(new_password)
    user.save(update_fields=["password"])
    audit.record("change_password", user, by=by)


@transaction.atomic
def create_account(username: str, password: str, *, name: str, superuser: bool = False, by: User | None) -> User:
    """A new person who can sign in; what this person may do is granted in each county."""
    create = User.objects.create_superuser if superuser else User.objects.create_user
    user = create(username, password=password, display_name=name)
    audit.record("create_account", user, by=by, after={"username": username, "superuser": superuser})
    return user


@transaction.atomic
def save_account(user: User, *, by: User) -> None:
    """Create an account, or change what is known of it; its password has its own event."""
    earlier = User.objects.filter(pk=user.pk).first()
    user.save()
    after, before = _facts(user), _facts(earlier) if earlier else None
    if after != before:
        audit.record("change_account" if earlier else "create_account", user, by=by, before=before, after=after)


@transaction.atomic
def record_permissions(user: User, before: list[str], *, by: User) -> None:
    """After a person's permissions in the admin were set: on the trail where they differ from `before`."""
    after = permissions_of(user)
    if after != before:
        audit.record("change_permissions", user, by=by, before={"permissions": before}, after={"permissions": after})


def permissions_of(user: User) -> list[str]:
    """Codes of what this person may do in the admin, beyond what a superuser may."""
    permissions = user.user_permissions.order_by("content_type__app_label", "codename")
    return [f"{label}.{code}" for label, code in permissions.values_list("content_type__app_label", "codename")]


def _facts(user: User) -> dict:
    shown = ("username", "display_name", "phone", "email", "is_active", "is_staff", "is_superuser")
    return {name: getattr(user, name) for name in shown}
