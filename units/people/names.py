"""Which person stands behind an account (tenancy.names)."""

from __future__ import annotations

from django.db.models import Q

from units.models import Person


def accounts_named(words: str) -> list[int]:
    """Ids of the accounts whose person's name or pinyin holds ``words``."""
    word = words.strip().lower()
    people = Person.objects.filter(Q(name__icontains=word) | Q(pinyin__contains=word) | Q(initials__startswith=word))
    return list(people.filter(account__isnull=False).values_list("account_id", flat=True)[:500])
