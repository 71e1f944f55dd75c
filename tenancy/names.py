"""Names of people for accounts. Who a person is stands a floor above; the settings name the function that knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string

NamesOf = Callable[[Iterable[int]], dict[int, str]]


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Person's name by account id, in the county in scope; accounts without a person are left out."""
    known: NamesOf = import_string(settings.ACCOUNT_NAMES)
    return known(account_ids)


def accounts_named(words: str) -> list[int]:
    """Ids of the accounts whose person's name or pinyin holds ``words``, in the county in scope."""
    found: Callable[[str], list[int]] = import_string(settings.ACCOUNTS_NAMED)
    return found(words)
