"""The search box: names, pinyin, initials, other names; one row at most once."""

from __future__ import annotations

import re

from django.db.models import Q

from lib.chinese.text import fold, match_key
from lib.kinds.declare import Kind

_LATIN = re.compile(r"[a-z0-9]+")


def matching(kind: Kind, typed: str) -> Q:
    """The condition for what somebody typed; everything when it is blank."""
    plain, key = fold(typed), match_key(typed)
    if not key:
        return Q()
    found = Q()
    for path in kind.search.names:
        found |= Q(**{f"{path}__icontains": plain})
    for path in kind.search.below:
        # Not a join: a row with two fitting aliases would come twice.
        found |= Q(pk__in=kind.model._default_manager.filter(**{f"{path}__icontains": key}).values("pk"))
    if _LATIN.fullmatch(key):
        for path in (*kind.search.pinyin, *kind.search.initials):
            found |= Q(**{f"{path}__contains": key})
    return found
