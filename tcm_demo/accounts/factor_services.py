"""The second factor: codes that a phone shows (TOTP), and recovery codes for when the phone is gone.

A recovery code is kept as a keyed hash. The key of the codes has to be kept as it is, or nobody could compute them.
"""

import secrets
from base64 import b32encode
from io import BytesIO
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tcm_demo.accounts import services
from tcm_demo.accounts.models import User
from tcm_demo.accounts.passwords import DIGITS, LETTERS
from tcm_demo.audit.services import record

CODES = 10
CODE_LENGTH = 10
KEY_BYTES = 20
HASH_LENGTH = 16  # what a StaticToken holds


def device_of(user: User) -> TOTPDevice | None:
    """The phone that shows this person's codes."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def new_key() -> str:
    """A key for a phone that is not yet confirmed, in hex."""
    return secrets.token_hex(KEY_BYTES)


def key_to_type(key: str) -> str:
    """The key as apps take it where no camera is at hand, in groups of four."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def picture_of(key: str, user: User) -> str:
    """The key as a QR code: an <svg> for a page."""
    issuer = settings.OTP_TOTP_ISSUER
    values = urlencode({"secret": key_to_type(key).replace(" ", ""), "issuer": issuer}, quote_via=quote)
    address = f"otpauth://totp/{quote(f'{issuer}:{user.username}')}?{values}"
    file = BytesIO()
    segno.make(address, error="m").save(file, kind="svg", omitsize=True, xmldecl=False, svgns=False, title="二维码")
    return file.getvalue().decode()


@transaction.atomic
def turn_on(user: User, key: str, code: str, *, session: str | None) -> list[str] | None:
    """Confirm a phone by a code that it shows: the recovery codes, to be seen this once; None where the code is wrong.

    Sessions that began with the password alone end, but for that of the key `session`.
    """
    TOTPDevice.objects.filter(user=user).delete()
    device = TOTPDevice(user=user, name="phone", key=key, confirmed=True)
    if not device.verify_token(code):
        transaction.set_rollback(True)
        return None
    codes = _new_codes(user)
    services.end_sessions(user, by=user, keep=session)
    record("turn_on_second_factor", user, by=user)
    return codes


@transaction.atomic
def renew_codes(user: User, *, by: User) -> list[str]:
    """New recovery codes, to be seen this once; the earlier ones stop working."""
    codes = _new_codes(user)
    record("renew_recovery_codes", user, by=by)
    return codes


@transaction.atomic
def turn_off(user: User, *, by: User | None) -> bool:
    """From now on the password is enough, unless the settings demand a second factor. False where there was none."""
    deleted = TOTPDevice.objects.filter(user=user).delete()[0]
    StaticDevice.objects.filter(user=user).delete()
    if deleted:
        record("turn_off_second_factor", user, by=by)
    return bool(deleted)


@transaction.atomic
def check_code(user: User, code: str) -> bool:
    """Whether this is the phone's code of now, or a recovery code. Each works once, also if sent twice at a time."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return False
    typed = "".join(code.split())
    if typed.isascii() and typed.isdigit() and len(typed) == device.digits:
        return device.verify_token(typed)
    used, _ = StaticToken.objects.filter(device__user=user, token=_hash(user, code)).delete()
    if used:
        record("use_recovery_code", user, by=user, after={"left": codes_left(user)})
    return bool(used)


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = ["".join(secrets.choice(LETTERS + DIGITS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_hash(user, code)) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _hash(user: User, code: str) -> str:
    plain = "".join(code.lower().replace("-", "").split())
    return salted_hmac("recovery code", f"{user.pk} {plain}").hexdigest()[:HASH_LENGTH]
