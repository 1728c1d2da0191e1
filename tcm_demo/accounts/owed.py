"""What a person has to do before anything else: change a password that others know, set up a second factor."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from tcm_demo.accounts.factor_services import device_of
from tcm_demo.accounts.models import User

SUPERUSER = "superuser"


def owed_page(request: HttpRequest) -> str | None:
    """Name of the address where the signed-in user has to go first; None: nothing is owed."""
    user = request.user
    if user.must_change_password:
        return "accounts:password"
    if must_have_second_factor(user) and not device_of(user):
        return "accounts:second-factor"
    return None


def must_have_second_factor(user: User) -> bool:
    demanded = set(settings.TOTP_REQUIRED_FOR)
    if not demanded:
        return False
    if user.is_superuser and SUPERUSER in demanded:
        return True
    return not demanded.isdisjoint(import_string(settings.ACCOUNT_ROLES)(user))
