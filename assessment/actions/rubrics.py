"""Rubrics: versions, what-if copies, changes of a draft, freezing. A frozen version is never changed; it is copied."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessment.models import Cycle, Rubric, RubricBand, RubricGroup, RubricLine
from assessment.refusals import AssessmentRefused
from assessment.weights import scaled
from tenancy import audit, clock
from tenancy.scope import Actor, current_tenant

_HEAD = (
    "title", "full_marks", "bonus_cap", "deduction_cap", "final_cap", "top_share",
    "tie_breakers", "veto_grade", "source_text", "doc_no",
)  # fmt: skip
_GROUP = ("code", "name", "section", "cap", "position")
_LINE = (
    "code", "name", "max_score", "source", "reading", "reading_terms", "pattern", "pattern_terms", "department", "evidence",
    "on_site", "position",
)  # fmt: skip
_BAND = ("grade", "word", "from_score")
_CENT = Decimal("0.01")


def draft(rubric: Rubric) -> Rubric:
    """The rubric, locked, as long as it may still be changed. Raises AssessmentRefused (``frozen``)."""
    row: Rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if row.frozen_at is not None:
        raise AssessmentRefused(
            _("This version is frozen: assessments rest on it. Copy it to the next version to change it."), "frozen"
        )
    return row


def _copied(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def next_number(code: str) -> int:
    """The number that the next version of a rubric gets."""
    last: int | None = Rubric.objects.filter(code=code, is_what_if=False).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def make_preset(*, actor: Actor) -> Rubric:
    """JDGJ-100 as the next version of that code: the lines, groups and bands of domain.md §3.2."""
    from assessment.presets import jdgj_100

    number = next_number(jdgj_100.CODE)
    rubric: Rubric = jdgj_100.make(number=number)
    audit.append(actor, "rubric_created", object_kind="rubric", object_uid=rubric.uid, preset=jdgj_100.CODE, n=number)
    return rubric


@transaction.atomic
def copy_rubric(*, rubric: Rubric, what_if: bool = False, actor: Actor) -> Rubric:
    """The next version, to be changed; or a what-if copy, to be scored and compared."""
    number = rubric.number if what_if else next_number(rubric.code)
    tenant = current_tenant()
    twin: Rubric = Rubric.objects.create(
        tenant=tenant, code=rubric.code, number=number, copied_from=rubric, is_what_if=what_if, **_copied(rubric, _HEAD)
    )
    groups: dict[int, RubricGroup] = {}
    for group in RubricGroup.objects.filter(rubric=rubric):
        groups[group.pk] = RubricGroup.objects.create(tenant=tenant, rubric=twin, **_copied(group, _GROUP))
    RubricLine.objects.bulk_create(
        RubricLine(tenant=tenant, rubric=twin, group=groups[line.group_id], **_copied(line, _LINE))
        for line in RubricLine.objects.filter(rubric=rubric)
    )
    RubricBand.objects.bulk_create(
        RubricBand(tenant=tenant, rubric=twin, **_copied(band, _BAND)) for band in RubricBand.objects.filter(rubric=rubric)
    )
    audit.append(actor, "rubric_copied", object_kind="rubric", object_uid=twin.uid, n=number)
    return twin


@transaction.atomic
def change_rubric(*, rubric: Rubric, values: Mapping[str, Any], actor: Actor) -> Rubric:
    """Change what holds for the whole: title, full marks, caps, the share of the top grade, tie-breakers, source.

    Raises AssessmentRefused (``frozen``).
    """
    row = draft(rubric)
    changed = [name for name in _HEAD if name in values and getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save()
        audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=changed)
    return row


@transaction.atomic
def change_group(*, group: RubricGroup, name: str, cap: Decimal | None, actor: Actor) -> None:
    """Another name or cap of a group. Raises AssessmentRefused (``frozen``)."""
    rubric = draft(group.rubric)
    group.name, group.cap = name, cap
    group.save()
    audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=rubric.uid, fields=[group.code])


@transaction.atomic
def change_bands(*, rubric: Rubric, bands: Mapping[str, tuple[str, Decimal | None]], actor: Actor) -> None:
    """Words and lower bounds of the grades: grade → (word, from). Raises AssessmentRefused (``frozen``, ``bands``).

    Bands are half-open, so any descending bounds leave neither a hole nor an overlap; exactly one has no lower bound.
    """
    row = draft(rubric)
    rows = {band.grade: band for band in RubricBand.objects.filter(rubric=row)}
    bounds = [bands[grade][1] if grade in bands else band.from_score for grade, band in rows.items()]
    numbers = [bound for bound in bounds if bound is not None]
    if len(numbers) != len(bounds) - 1:
        raise AssessmentRefused(_("Exactly one grade has no lower bound: the lowest."), "bands")
    if len(set(numbers)) != len(numbers):
        raise AssessmentRefused(_("Two grades begin at the same score. Give each its own."), "bands")
    # Bounds may change places: free them first, or the second of two would meet the first.
    for grade, (word, bound) in bands.items():
        band = rows[grade]
        band.word, band.from_score = word, bound
    highest = max(numbers, default=Decimal(0))
    for number, band in enumerate(rows.values(), start=1):
        RubricBand.objects.filter(pk=band.pk).update(from_score=highest + number)
    for band in rows.values():
        band.save()
    audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=["bands"])


@transaction.atomic
def change_line(*, line: RubricLine, values: Mapping[str, Any], actor: Actor) -> None:
    """Change a line of a draft: name, marks, terms of its rule, who assesses it, evidence, two on site.

    Raises AssessmentRefused (``frozen``); whether the terms fit the rule is told by ``assessment.rubrics.faults``.
    """
    rubric = draft(line.rubric)
    changed = [name for name in _LINE if name in values and getattr(line, name) != values[name]]
    for name in changed:
        setattr(line, name, values[name])
    if changed:
        line.save()
        audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=rubric.uid, fields=[line.code])


@transaction.atomic
def weigh(*, rubric: Rubric, marks: Mapping[str, Decimal], actor: Actor) -> list[str]:
    """Give lines other marks, and scale the points in their rules by the same factor. Answers the codes that moved.

    Raises AssessmentRefused (``frozen``).
    """
    row = draft(rubric)
    moved = []
    for line in RubricLine.objects.filter(rubric=row):
        wanted = marks.get(line.code, line.max_score).quantize(_CENT, ROUND_HALF_UP)
        if wanted == line.max_score:
            continue
        if line.max_score:
            line.pattern_terms = scaled(line.pattern, line.pattern_terms, wanted / line.max_score)
        line.max_score = wanted
        line.save()
        moved.append(line.code)
    if moved:
        audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=moved)
    return moved


@transaction.atomic
def freeze(*, rubric: Rubric, actor: Actor) -> None:
    """Let a version bind: from now on it is not changed. A frozen one stays as it is.

    Raises AssessmentRefused (``rubric_faulty``) with what the validator found.
    """
    from assessment.rubrics import faults

    row: Rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if row.frozen_at is not None:
        return
    found = [fault.sentence for fault in faults(row) if not fault.is_warning]
    if found:
        sentence = _("The rubric cannot be frozen yet: %(faults)s") % {"faults": " ".join(map(str, found))}
        raise AssessmentRefused(sentence, "rubric_faulty")
    row.frozen_at = clock.now()
    row.save()
    audit.append(actor, "rubric_frozen", object_kind="rubric", object_uid=row.uid)


@transaction.atomic
def drop_rubric(*, rubric: Rubric, actor: Actor) -> None:
    """Throw a draft or a what-if copy away. Raises AssessmentRefused (``frozen``, ``in_use``)."""
    row = draft(rubric)
    if Cycle.objects.filter(rubric=row).exists() or Rubric.objects.filter(copied_from=row).exists():
        raise AssessmentRefused(_("An assessment or a later version rests on it: it stays."), "in_use")
    audit.append(actor, "rubric_dropped", object_kind="rubric", object_uid=row.uid)
    for rows in (RubricLine, RubricGroup, RubricBand):
        rows.objects.filter(rubric=row).delete()
    row.delete()
