"""Who a name and a password belong to, and whether a session still counts."""

from axes.backends import AxesBackend, AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend

from tcm_demo.accounts.models import User
from tcm_demo.accounts.passwords import as_one_time


class AccountBackend(AxesBackend):
    """Refuses while the account or the address is locked. Needs the request: without one no lock could be checked."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        AxesStandaloneBackend.authenticate(self, request, username=username, password=password)
        user = ModelBackend.authenticate(self, request, username=username, password=password)
        written = as_one_time(password or "")
        if user or not written:
            return user
        # A one-time password typed without its hyphens. A password of one's own is not guessed at.
        user = ModelBackend.authenticate(self, request, username=username, password=written)
        return user if user and user.must_change_password else None

    def user_can_authenticate(self, user: User) -> bool:
        """Whoever knows the password: the sign-in form then says what is wrong with the account."""
        return True

    def get_user(self, user_id) -> User | None:
        """With every request: sessions of an account that was disabled or has expired are over."""
        user = ModelBackend.get_user(self, user_id)
        return user if user and user.is_active and not user.has_expired else None
