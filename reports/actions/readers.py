"""Accounts that read a prefecture's sums: made and ended by the platform's operator."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from reports.models import PrefectureReader
from tenancy import audit
from tenancy.models import Account, Division
from tenancy.passwords import random_password, set_password
from tenancy.scope import Actor


class ReaderRefused(ValueError):
    """The account cannot be made; the text says why and what to do. ``field``: of the form."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def create_reader(*, login: str, code: str, actor: Actor, now: datetime, today: date) -> str:
    """A login that reads one prefecture's sums; answers its first password, which is kept nowhere in clear."""
    prefecture = Division.objects.filter(pk=code, kind=Division.Kind.PREFECTURE).first()
    if prefecture is None:
        raise ReaderRefused("prefecture", _("No county of this prefecture has been set up. Set one up first."))
    if Account.objects.filter(login=login).exists():
        raise ReaderRefused("login", _("The login name “%(login)s” is taken. Choose another.") % {"login": login})
    account = Account.objects.create(login=login)
    password = random_password()
    set_password(account=account, password=password, now=now, is_first=True)
    PrefectureReader.objects.create(account=account, prefecture=prefecture, starts_on=today)
    audit.platform("reader_created", actor=actor, login=login, prefecture=code)
    return password


@transaction.atomic
def end_reader(*, login: str, actor: Actor, today: date) -> bool:
    """The account reads nothing from now on. False when it has ended already, or there is none."""
    reader = PrefectureReader.objects.select_related("account").filter(account__login=login, ends_on=None).first()
    if reader is None:
        return False
    # Made and ended on one day: its only day is the first.
    reader.ends_on = max(today - timedelta(days=1), reader.starts_on)
    reader.save(update_fields=["ends_on"])
    Account.objects.filter(pk=reader.account_id).update(is_active=False)
    audit.platform("reader_ended", actor=actor, login=login)
    return True
