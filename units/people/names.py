"""Which person stands behind an account (tenancy.names)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from units.models import Person


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Person's name by account id, in the county in scope."""
    wanted = list(account_ids)
    if not wanted:
        return {}
    return dict(Person.objects.filter(account_id__in=wanted).values_list("account_id", "name"))


def accounts_named(words: str) -> list[int]:
    """Ids of the accounts whose person's name or pinyin holds ``words``."""
    word = words.strip().lower()
    people = Person.objects.filter(Q(name__icontains=word) | Q(pinyin__contains=word) | Q(initials__startswith=word))
    return list(people.filter(account__isnull=False).values_list("account_id", flat=True)[:500])
