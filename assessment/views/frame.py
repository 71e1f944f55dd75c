"""What the pages of assessment share: finding the cycle, the way back, figures and points as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.models import Assessed, Cycle, RubricBand
from assessment.rights import takes_part
from tenancy.access import Access


def address(route: str, tenant: str, *args: Any) -> str:
    """An address of this app."""
    return reverse(f"assessment:{route}", args=[tenant, *args])


def cycle_of(uid: UUID, access: Access) -> Cycle:
    """The cycle, for whoever takes part in assessments. Raises Http404."""
    if not takes_part(access):
        raise Http404
    found: Cycle = get_object_or_404(Cycle.objects.select_related("programme", "rubric"), uid=uid)
    return found


def assessed_of(rows: Any, pairing: UUID) -> Assessed:
    """One of the rows that a person reaches, by its pairing. Raises Http404."""
    found: Assessed = get_object_or_404(rows, pairing__uid=pairing)
    return found


def trail(tenant: str, *above: tuple[str, str], last: str = "") -> list[dict[str, Any]]:
    """From the county's first page over the assessments to this page; ``above``: (label, url) in between."""
    steps = [(_("Home"), f"/{tenant}/"), (_("Assessment"), address("cycle_list", tenant)), *above]
    if last:
        steps.append((last, ""))
    found = [{"label": label, "url": url} for label, url in steps]
    if not last:
        found[-1]["url"] = ""
    return found


def of_cycle(cycle: Cycle, tenant: str) -> tuple[str, str]:
    """A cycle as a step of the way back."""
    return cycle.title, address("cycle", tenant, cycle.uid)


def points(value: Decimal | str | None) -> str:
    """Points as sheets show them: two places, a dash for none."""
    return "—" if value is None else f"{Decimal(value):.2f}"


def short(value: Decimal | str | None) -> str:
    """A number without needless noughts: 4, 2.5."""
    if value is None:
        return ""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grade_words(rubric_id: int) -> dict[str, str]:
    """Grade → the rubric's own word for it."""
    return dict(RubricBand.objects.filter(rubric=rubric_id).values_list("grade", "word"))


def sides(row: Assessed) -> str:
    """A pairing by its two names."""
    return f"{row.unit.name} — {row.village.name}"
