"""Yearly figures of villages: written once a year, corrected as versions (domain.md §8.1, 9)."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, because, current_tenant
from units.actions.changes import must_reach
from units.models import Unit
from units.models.figure import Figure, Metric
from units.signing import hand_of

# Above this a village's yearly income was certainly typed in the wrong unit: one hundred thousand million yuan.
MOST_YUAN = Decimal(10) ** 11


@transaction.atomic
def set_figure(
    *, unit: Unit, metric: str, year: int, value: Decimal, source: str = "", reason: str = "", access: Access | None = None,
    actor: Actor | None = None,
) -> Figure:  # fmt: skip
    """Write a figure down, or correct the one that stands there; what stood there is kept as a version.

    Raises PermissionDenied outside the own scope, ValidationError by field for what cannot be.
    """
    held: Figure | None = Figure.objects.select_for_update().filter(unit=unit, metric=metric, year=year).first()
    if access is not None:
        must_reach(access, unit, "figure", "C" if held is None else "U")
    _check(unit, metric, year, value)
    who = hand_of(access, actor)
    if held is None:
        made: Figure = Figure.objects.create(
            tenant=current_tenant(), unit=unit, metric=metric, year=year, value=value, source=source.strip()[:120]
        )
        audit.append(who, "figure_set", object_kind="figure", object_uid=made.uid)
        return made
    values = {"value": value, "source": source.strip()[:120]}
    differing = {name: new for name, new in values.items() if getattr(held, name) != new}
    if differing:
        if reason:
            because(reason, actor=who)
        for name, new in differing.items():
            setattr(held, name, new)
        held.save(update_fields=list(differing))
        audit.append(who, "figure_corrected", object_kind="figure", object_uid=held.uid, fields=sorted(differing))
    return held


def _check(unit: Unit, metric: str, year: int, value: Decimal) -> None:
    if not unit.is_village:
        raise ValidationError({"unit": _("Only villages and communities have such figures.")})
    if metric not in Metric.values:
        raise ValidationError({"metric": _("Choose what was measured.")})
    if not 2000 <= year <= clock.today().year:
        message = _("The year must lie between 2000 and %(year)s.") % {"year": clock.today().year}
        raise ValidationError({"year": message})
    if abs(value) >= MOST_YUAN:
        raise ValidationError({"value": _("This is in yuan, and far too large. Check the unit of your source.")})
