"""Checking a password without being able to read the table that holds it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from tenancy.door import Door
from tenancy.models.account import Account
from tenancy.models.tenant import Tenant


class AccountBackend(BaseBackend):
    """Signs accounts in by login name and password, through ``app.login_lookup``.

    Every refusal is alike: no such name, wrong password, disabled, a first password that is spent or
    too old, no business behind the door: no grant in the county today, no operator, no reader of a prefecture.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        tenant: Tenant | None = None,
        door: Door | None = None,
        **kwargs: Any,
    ) -> Account | None:
        if not username or password is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT account_id, password, is_active FROM app.login_lookup(%s)", [username.strip().lower()])
            row = cursor.fetchone()
        if row is None:
            # As slow as a wrong password: whether a name exists must not be told by the clock.
            make_password(password)
            return None
        if not check_password(password, row[1]) or not row[2]:
            return None
        account = Account.objects.get(pk=row[0])
        until = account.first_password_until
        if account.must_change_password and until is not None and until <= timezone.now():
            return None
        return account if (door or Door(tenant)).lets_in(account) else None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
