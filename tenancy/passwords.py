"""Setting passwords, first passwords, and what makes one too easy."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tenancy.models.account import Account, Session

# No letters or digits that are taken for one another when read out over the telephone.
CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 3
FIRST_PASSWORD_DAYS = 7


def random_password() -> str:
    """A password of 12 clear characters in three groups (59 bits): can be read out and typed on a phone."""
    return "-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(GROUPS))


@transaction.atomic
def set_password(*, account: Account, password: str, now: datetime, is_first: bool = False) -> None:
    """Give an account a new password and end its sessions. ``is_first``: it must be changed at the first sign-in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.credential_set(%s, %s)", [account.pk, make_password(password)])
    account.password_stamp = uuid.uuid4()
    account.must_change_password = is_first
    account.first_password_until = now + timedelta(days=FIRST_PASSWORD_DAYS) if is_first else None
    account.save(update_fields=["password_stamp", "must_change_password", "first_password_until"])
    Session.objects.filter(account=account).delete()


class ContextWordsValidator:
    """Refuses passwords made of the words around: the product, the login name, the county (reliability.md S9)."""

    WORDS = ("jiedui", "bangfu", "zuzhibu", "password", "gaozhou", "dangjian", "gongjian")

    def validate(self, password: str, user: Any = None) -> None:
        login = str(getattr(user, "login", "") or "").lower()
        flat = password.lower().replace("-", "").replace("_", "")
        if (len(login) >= 4 and login in flat) or any(word in flat for word in self.WORDS):
            raise ValidationError(_("This password holds your login name or a common word. Choose another."), code="context")

    def get_help_text(self) -> str:
        return _("At least 8 characters; no login name and no common word in it.")
