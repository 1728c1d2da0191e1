"""Every write to accounts. Signing in and out stands in `sign_in_services`, the second factor in `factor_services`."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tcm_demo.accounts import locks
from tcm_demo.accounts.models import PasswordRecord, User, UserSession
from tcm_demo.accounts.passwords import hash_one_time, one_time_password
from tcm_demo.audit import services as audit


@transaction.atomic
def change_password(user: User, new_password: str, *, by: User | None, keep_session: str | None = None) -> None:
    """Set a password that a form has checked. The trail says that it changed, never to what.

    All sessions of the user end but that of the key `keep_session`. Who is given a password by somebody else has to
    choose an own one next.
    """
    user.set_password(new_password)
    user.must_change_password = by != user
    user.save(update_fields=["password", "must_change_password"])
    _end_sessions(user, keep=keep_session)
    audit.record("change_password", user, by=by)


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """A new one-time password, returned here and kept nowhere. Ends the user's sessions and the account's lock."""
    password = _give_one_time_password(user)
    _end_sessions(user)
    locks.forget_failures(username=user.username)
    audit.record("reset_password", user, by=by)
    return password


@transaction.atomic
def create_account(
    username: str,
    password: str | None,
    *,
    name: str,
    phone: str = "",
    superuser: bool = False,
    must_change: bool = False,
    by: User | None,
) -> User:
    """A new person who can sign in (with None for the password: not before it is reset); what this person may do is
    granted in each county."""
    create = User.objects.create_superuser if superuser else User.objects.create_user
    user = create(username, password=password, display_name=name, phone=phone, must_change_password=must_change)
    audit.record("create_account", user, by=by, after={"username": username, "superuser": superuser})
    return user


def prepared_account(
    username: str, *, name: str, phone: str = "", email: str = "", expires_on: date | None = None
) -> tuple[User, str]:
    """A person who is not stored yet, and a one-time password, which is kept nowhere and to be changed at once.

    Apart from `open_accounts`, since hashing takes long and is to be done before a transaction begins.
    """
    password = one_time_password()
    user = User(
        username=User.normalize_username(username),
        password=hash_one_time(password),
        must_change_password=True,
        display_name=name,
        phone=phone,
        email=User.objects.normalize_email(email),
        expires_on=expires_on,
    )
    return user, password


@transaction.atomic
def open_accounts(users: Sequence[User], *, by: User | None) -> None:
    """Store people of `prepared_account`; a few statements however many they are. IntegrityError: a name is taken."""
    User.objects.bulk_create(users)
    PasswordRecord.objects.bulk_create([PasswordRecord(user=user, password=user.password) for user in users])
    audit.record_many([{"action": "create_account", "subject": user, "after": _facts(user)} for user in users], by=by)


def open_account(username: str, *, by: User | None, **facts) -> tuple[User, str]:
    """One new person; `facts` as `prepared_account` takes them."""
    user, password = prepared_account(username, **facts)
    open_accounts([user], by=by)
    return user, password


@transaction.atomic
def save_account(user: User, *, by: User) -> None:
    """Create an account, or change what is known of it; its password has its own event.

    Whoever makes an account here knows its password, so its owner has to change it. Sessions of an account that is
    disabled or has expired end.
    """
    earlier = User.objects.filter(pk=user.pk).first()
    if earlier is None:
        user.must_change_password = True
    user.save()
    if not user.is_active or user.has_expired:
        _end_sessions(user)
    after, before = _facts(user), _facts(earlier) if earlier else None
    if after != before:
        audit.record("change_account" if earlier else "create_account", user, by=by, before=before, after=after)


@transaction.atomic
def password_was_set(user: User, *, by: User) -> None:
    """After the admin set a person's password: that person has to change it, sessions end, the trail knows."""
    user.must_change_password = by != user
    user.save(update_fields=["must_change_password"])
    if by != user:
        _end_sessions(user)
    audit.record("change_password", user, by=by)


@transaction.atomic
def record_permissions(user: User, before: list[str], *, by: User) -> None:
    """After a person's permissions in the admin were set: on the trail where they differ from `before`."""
    after = permissions_of(user)
    if after != before:
        audit.record("change_permissions", user, by=by, before={"permissions": before}, after={"permissions": after})


@transaction.atomic
def unlock_account(user: User, *, by: User | None) -> None:
    """Take back the failed sign-ins of an account. An address that is locked stays so: see `unlock_address`."""
    if locks.forget_failures(username=user.username):
        audit.record("unlock_account", user, by=by)


@transaction.atomic
def unlock_address(address: str, *, by: User | None) -> None:
    """Take back the failed sign-ins from an address."""
    if locks.forget_failures(address=address):
        audit.record("unlock_address", address, by=by)


@transaction.atomic
def end_session(session: UserSession, *, by: User) -> None:
    """The browser that has this session has to sign in again."""
    session.delete()
    audit.record("end_session", session.user, by=by)


@transaction.atomic
def end_sessions(user: User, *, by: User | None, keep: str | None = None) -> int:
    """End all sessions of a person but that of the key `keep`; how many."""
    count = _end_sessions(user, keep=keep)
    if count:
        audit.record("end_sessions", user, by=by, after={"count": count})
    return count


def permissions_of(user: User) -> list[str]:
    """Codes of what this person may do in the admin, beyond what a superuser may."""
    permissions = user.user_permissions.order_by("content_type__app_label", "codename")
    return [f"{label}.{code}" for label, code in permissions.values_list("content_type__app_label", "codename")]


def _give_one_time_password(user: User) -> str:
    password = one_time_password()
    user.password = hash_one_time(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    PasswordRecord.objects.create(user=user, password=user.password)
    return password


def _end_sessions(user: User, *, keep: str | None = None) -> int:
    return user.sessions.exclude(session_key=keep or "").delete()[0]


def _facts(user: User) -> dict:
    shown = ("username", "display_name", "phone", "email", "is_active", "expires_on", "is_staff", "is_superuser")
    return {name: getattr(user, name) for name in shown}
