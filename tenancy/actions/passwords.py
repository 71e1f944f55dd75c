"""Changing one's own password."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.db import connection, transaction

from tenancy.models.account import Account
from tenancy.passwords import set_password


def is_password_of(*, account: Account, password: str) -> bool:
    """Whether ``password`` is the account's present one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM app.login_lookup(%s)", [account.login])
        row = cursor.fetchone()
    return row is not None and check_password(password, row[0])


@transaction.atomic
def change_password(*, account: Account, password: str, now: datetime) -> None:
    """Give the account the password that its owner chose. All its sessions end, the present one included."""
    set_password(account=account, password=password, now=now)
