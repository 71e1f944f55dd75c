"""Making, changing, ending units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.chinese.names import clean_unit_name
from lib.chinese.text import match_key
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import current_tenant
from units.actions.changes import differing, keys_of, must_reach, tell_why
from units.endings import hindrances
from units.models import Listing, Post, Unit, UnitAlias, UnitKind
from units.models.unit import VILLAGE_KINDS
from units.queries import DEPTH

# What a unit of a kind may belong to.
PARENTS: Mapping[str, tuple[str, ...]] = {
    UnitKind.TOWN: (),
    UnitKind.VILLAGE: (UnitKind.TOWN,),
    UnitKind.COMMUNITY: (UnitKind.TOWN,),
    UnitKind.GROUP: VILLAGE_KINDS,
    UnitKind.ORGANISATION: (UnitKind.TOWN, UnitKind.ORGANISATION),
    UnitKind.EXTERNAL: (),
    UnitKind.PARTY_ORGANISATION: tuple(kind for kind in UnitKind.values if kind != UnitKind.GROUP),
}
_NEEDS_PARENT = (*VILLAGE_KINDS, UnitKind.GROUP, UnitKind.PARTY_ORGANISATION)


def _height(unit: Unit) -> int:
    """How many levels lie below a unit."""
    level, height = frozenset([unit.pk]), 0
    while level and height <= DEPTH:
        level = frozenset(Unit.objects.filter(parent__in=level).values_list("pk", flat=True))
        height += bool(level)
    return height


def _check_place(kind: str, parent: Unit | None, *, unit: Unit | None) -> None:
    """Raises ValidationError when a unit of ``kind`` cannot belong to ``parent``."""
    if parent is None:
        if kind in _NEEDS_PARENT:
            raise ValidationError({"parent": _("Choose what it belongs to.")})
        return
    if parent.kind not in PARENTS[kind]:
        word = UnitKind(kind).label
        raise ValidationError({"parent": _("%(kind)s cannot belong to %(name)s.") % {"kind": word, "name": parent.name}})
    depth, above = 1, parent
    while above.parent is not None:
        if unit is not None and above.parent.pk == unit.pk:
            raise ValidationError({"parent": _("A unit cannot belong to one that belongs to it.")})
        depth, above = depth + 1, above.parent
    if unit is not None and parent.pk == unit.pk:
        raise ValidationError({"parent": _("A unit cannot belong to one that belongs to it.")})
    if depth + (_height(unit) if unit is not None else 0) > DEPTH:
        raise ValidationError({"parent": _("There are too many levels above. Choose a unit higher up.")})


def _tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "name": clean_unit_name(values["name"])} if "name" in values else dict(values)


@transaction.atomic
def create_unit(*, access: Access, values: Mapping[str, Any]) -> Unit:
    """Make a unit from cleaned values by attribute. Raises ValidationError, and IntegrityError for a name or code taken."""
    values = _tidied(values)
    parent = values.get("parent")
    _check_place(values["kind"], parent, unit=None)
    if access.reach("unit", "C") is not None:
        if parent is None:
            raise PermissionDenied
        must_reach(access, parent, "unit", "C")
    unit: Unit = Unit.objects.create(tenant=current_tenant(), **{**values, **keys_of(values["name"])})
    audit.append(access, "unit_created", object_kind=unit.kind, object_uid=unit.uid, fields=sorted(values))
    return unit


@transaction.atomic
def update_unit(*, access: Access, row: Unit, values: Mapping[str, Any], reason: str = "") -> Unit:
    """Change a unit. A name it no longer has stays known, so that old ledgers still find it."""
    must_reach(access, row, "unit", "U")
    changed = differing(row, _tidied(values))
    if not changed:
        return row
    if "parent" in changed or "kind" in changed:
        parent = changed.get("parent", row.parent)
        _check_place(changed.get("kind", row.kind), parent, unit=row)
        if parent is not None:
            must_reach(access, parent, "unit", "U")
        elif access.reach("unit", "U") is not None:
            raise PermissionDenied
    tell_why(access, reason)
    if "name" in changed:
        key = match_key(row.name)
        UnitAlias.objects.get_or_create(tenant=current_tenant(), unit=row, key=key, defaults={"name": row.name})
        changed |= keys_of(changed["name"])
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=sorted(changed))
    audit.append(access, "unit_changed", object_kind=row.kind, object_uid=row.uid, fields=sorted(changed), reason=reason)
    return row


@transaction.atomic
def end_unit(*, access: Access, unit: Unit, last_day: date, reason: str, succeeded_by: Unit | None = None, today: date) -> None:
    """Let a unit end with a day, and with it its posts and its places on lists. It stays readable for ever.

    Raises ValidationError while something still hangs on it: live units below, live pairings.
    """
    must_reach(access, unit, "unit", "U")
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if unit.ends_on is not None:
        raise ValidationError(_("It has ended already. Reload the page to see it as it is now."))
    if last_day > today:
        raise ValidationError({"last_day": _("The last day cannot lie in the future.")})
    if unit.starts_on is not None and last_day < unit.starts_on:
        raise ValidationError({"last_day": _("The last day cannot lie before the first.")})
    if succeeded_by is not None and succeeded_by.pk == unit.pk:
        raise ValidationError({"succeeded_by": _("A unit cannot follow itself. Choose another.")})
    n_below = Unit.objects.filter(parent=unit, ends_on=None).count()
    if n_below:
        sentence = ngettext(
            "%(n)d unit below it has not ended. End it or move it first.",
            "%(n)d units below it have not ended. End them or move them first.",
            n_below,
        )
        raise ValidationError(sentence % {"n": n_below})
    if found := hindrances(unit, last_day):
        raise ValidationError(found)
    tell_why(access, reason)
    for model in (Post, Listing):
        live = model.objects.filter(unit=unit, ends_on=None)
        # What began after the last day never came to be: it ends on its first day.
        live.filter(starts_on__gt=last_day).update(ends_on=F("starts_on"))
        live.filter(ends_on=None).update(ends_on=last_day)
    unit.ends_on, unit.succeeded_by = last_day, succeeded_by
    unit.save(update_fields=["ends_on", "succeeded_by"])
    audit.append(access, "unit_ended", object_kind=unit.kind, object_uid=unit.uid, reason=reason)


@transaction.atomic
def reopen_unit(*, access: Access, unit: Unit, reason: str) -> None:
    """Take an end back that was written by mistake; its posts and lists are entered again by hand."""
    must_reach(access, unit, "unit", "U")
    if unit.parent is not None and unit.parent.ends_on is not None:
        raise ValidationError(_("What it belongs to has ended. Open that again first."))
    tell_why(access, reason)
    n_opened = Unit.objects.filter(pk=unit.pk).exclude(ends_on=None).update(ends_on=None, succeeded_by=None)
    if not n_opened:
        raise ValidationError(_("It has not ended. Reload the page to see it as it is now."))
    audit.append(access, "unit_reopened", object_kind=unit.kind, object_uid=unit.uid, reason=reason)
