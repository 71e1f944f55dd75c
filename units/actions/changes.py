"""Writing what differs, shared by the actions of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from lib.chinese.pinyin import pinyin_key
from tenancy.access import Access
from tenancy.scope import because
from units.models import Unit
from units.queries import within


def keys_of(name: str, *, person: bool = False) -> dict[str, str]:
    """The sort and search keys of a name."""
    key = pinyin_key(name, person=person)
    return {"pinyin": key.full[:400], "initials": key.initials[: 80 if not person else 40]}


def differing(row: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``values`` that the row does not have."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def tell_why(access: Access, reason: str) -> None:
    """Put the reason, if one was given, beside the versions of this transaction."""
    if reason:
        because(reason, actor=access.actor)


def must_reach(access: Access, unit: Unit, kind: str, action: str) -> None:
    """Raises PermissionDenied unless ``access`` may do ``action`` on the unit: actions do not trust the page before them."""
    reach = access.reach(kind, action)
    if reach is not None and not within(Unit.objects.filter(pk=unit.pk), reach).exists():
        raise PermissionDenied
