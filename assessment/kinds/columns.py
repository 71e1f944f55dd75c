"""Columns that the facts of an assessment share. Supervision has the same ones: of which pairing, village, town."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessment.queries.facts import all_cycles, assessed_pairings, open_cycles
from lib.kinds.declare import Field, Filter, Type
from supervision.kinds import common

UNIT, TOWN, VILLAGE, search, crumbs = common.UNIT, common.TOWN, common.VILLAGE, common.search, common.crumbs


def pairing_field(kind: str) -> Field:
    """A pairing of an assessment that takes facts; leads to the row's own page."""
    return replace(common.pairing_field(kind, own=f"assessment:{kind}"), options=assessed_pairings(kind))


def any_pairing_field(kind: str) -> Field:
    """Any live pairing."""
    return common.pairing_field(kind)


def cycle_field() -> Field:
    """The assessment that a fact belongs to."""
    return Field(
        key="cycle",
        label=_("Assessment"),
        path="cycle__title",
        sort=("cycle__year", "cycle__title"),
        in_form=True,
        attribute="cycle",
        options=open_cycles,
        required=True,
        filter=Filter(widget="row", path="cycle", rows=all_cycles),
        heading="考核年度",
    )


def first_cycle(access: Any) -> Any:
    """What the form begins with: the newest assessment that takes facts."""
    found = open_cycles(access).first()
    return found.uid if found is not None else None


def day(key: str, label: Any, heading: str, **more: Any) -> Field:
    return Field(key=key, label=label, type=Type.DATE, heading=heading, **more)
