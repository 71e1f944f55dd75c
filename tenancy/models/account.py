"""Accounts are credentials only, and global: who a person is belongs to a county (architecture.md, decision 4)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tenancy.models.tenant import Tenant


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by login name, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=(username or "").lower())


class Account(AbstractBaseUser):
    """A login. The password's hash is not here but in ``Credential``, which the web's database role cannot read."""

    password: Any = None
    last_login: Any = None  # security data only (domain.md §5.2): sessions carry their own times

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    login = models.CharField(
        _("login name"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._@-]*$", _("Use small letters, digits and . _ @ - only."))],
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_operator = models.BooleanField(_("platform operator"), default=False)
    # The county that made the account and alone resets its password: an administrator elsewhere, where it also holds
    # grants, could otherwise sign in as it here. None: the operator's.
    home = models.ForeignKey(Tenant, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    needs_second_factor = models.BooleanField(_("must use a second factor"), default=False)
    must_change_password = models.BooleanField(default=False)
    # A first password is for one use and for a few days (reliability.md S9).
    first_password_until = models.DateTimeField(null=True, blank=True)
    # Changes with the password, so that other sessions end; stands in for the hash in the session's check.
    password_stamp = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.login

    def get_session_auth_hash(self) -> str:
        return salted_hmac("tenancy.Account", str(self.password_stamp), algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())

    def has_usable_password(self) -> bool:
        return True


class Credential(models.Model):
    """The password's hash of an account. Read and written through definer functions only (tenancy/sql/login.sql)."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    password = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)


class Session(AbstractBaseSession):
    """A signed-in browser or API client. Times are for limits and for ending sessions, never for reports."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    is_token = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    device = models.CharField(max_length=120, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> Any:
        from tenancy.sessions import SessionStore

        return SessionStore
