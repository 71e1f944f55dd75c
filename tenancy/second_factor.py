"""The second factor: codes of an authenticator app, and recovery codes, by django-allauth's models and functions.

allauth's own check keeps used codes in the cache of one process; here the last time step that was used stands
with the secret, so that a code works once wherever it is tried.
"""

from __future__ import annotations

import base64
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils.crypto import salted_hmac

from tenancy.models.account import Account

LAST = "last_counter"


def is_on(account: Account) -> bool:
    """Whether the account signs in with a code."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def secret_for(account: Account, session_key: str) -> str:
    """The secret that this session would set up: shown as a QR code and confirmed with a first code.

    Made from the session's key, so that showing it writes nothing and showing it again shows the same.
    """
    digest = salted_hmac("tenancy.second_factor", f"{account.uid}.{session_key}", algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode()


def qr_image(account: Account, secret: str) -> str:
    """The secret as a QR code: a data: address for ``<img src>``, which the page's policy allows."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _counter(secret: str, code: str, *, after: int) -> int | None:
    """The time step that the code belongs to, if it is right now and later than ``after``."""
    for counter in yield_hotp_counters_from_time():
        if counter > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


@transaction.atomic
def switch_on(*, account: Account, secret: str, code: str) -> list[str] | None:
    """Turn the second factor on once the app shows the right code. Recovery codes, or None when the code is wrong."""
    counter = _counter(secret, code, after=0)
    if counter is None:
        return None
    switch_off(account=account)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret), LAST: counter})
    return [str(code) for code in RecoveryCodes.activate(account).generate_codes()]


@transaction.atomic
def renew_recovery_codes(*, account: Account) -> list[str]:
    """New recovery codes; the old ones are void."""
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    return [str(code) for code in RecoveryCodes.activate(account).generate_codes()]


def n_recovery_codes(account: Account) -> int:
    """How many recovery codes are left."""
    row = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def switch_off(*, account: Account) -> None:
    """Remove the second factor and its recovery codes."""
    Authenticator.objects.filter(user=account).delete()


@transaction.atomic
def check(*, account: Account, code: str, now: datetime) -> bool:
    """Whether ``code`` is the app's of this moment, or a recovery code; either works once."""
    # The row's lock makes two tries with one code take turns.
    rows = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=account)}
    totp = rows.get(Authenticator.Type.TOTP)
    if totp is None:
        return False
    digits = "".join(character for character in code if character.isdigit())
    counter = _counter(decrypt(totp.data["secret"]), digits, after=totp.data.get(LAST, 0))
    if counter is not None:
        totp.data[LAST] = counter
        totp.last_used_at = now
        totp.save(update_fields=["data", "last_used_at"])
        return True
    recovery = rows.get(Authenticator.Type.RECOVERY_CODES)
    return recovery is not None and bool(RecoveryCodes(recovery).validate_code(digits))
