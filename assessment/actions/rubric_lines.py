"""Which groups and lines a draft of a rubric has: adding and taking away. A frozen version is never changed."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from assessment.actions.rubrics import draft
from assessment.models import Rubric, RubricGroup, RubricLine
from assessment.presets.starters import STARTERS
from assessment.refusals import AssessmentRefused
from tenancy import audit
from tenancy.scope import Actor, current_tenant


def _taken(rubric: Rubric, code: str, *, is_group: bool) -> None:
    """Raises AssessmentRefused (``exists``). A group's code may be that of a line of its own (F 亮点品牌共创)."""
    rows = RubricGroup.objects if is_group else RubricLine.objects
    if rows.filter(rubric=rubric, code__iexact=code).exists():
        raise AssessmentRefused({"code": _("The rubric has this code already. Choose another.")}, "exists")


def _next(rows: object) -> int:
    last: int | None = rows.aggregate(last=Max("position"))["last"]  # type: ignore[attr-defined]
    return 0 if last is None else last + 1


@transaction.atomic
def add_group(*, rubric: Rubric, code: str, name: str, section: str, cap: Decimal | None, actor: Actor) -> RubricGroup:
    """Another group, after those there are. Raises AssessmentRefused (``frozen``, ``exists``)."""
    row = draft(rubric)
    _taken(row, code, is_group=True)
    group: RubricGroup = RubricGroup.objects.create(
        tenant=current_tenant(),
        rubric=row,
        code=code,
        name=name,
        section=section,
        cap=cap,
        position=_next(RubricGroup.objects.filter(rubric=row)),
    )
    audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=[code])
    return group


@transaction.atomic
def drop_group(*, group: RubricGroup, actor: Actor) -> None:
    """Take a group without lines away. Raises AssessmentRefused (``frozen``, ``has_lines``)."""
    row = draft(group.rubric)
    if RubricLine.objects.filter(group=group).exists():
        raise AssessmentRefused(_("The group still has lines. Take them away first."), "has_lines")
    audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=[group.code])
    group.delete()


@transaction.atomic
def add_line(
    *, group: RubricGroup, code: str, name: str, max_score: Decimal, starter: str, subject: str, actor: Actor
) -> RubricLine:
    """Another line of a group, begun from a ready rule; ``subject``: the type, rule or figure that it reads.

    Raises AssessmentRefused (``frozen``, ``exists``, ``section``); KeyError for no ready rule.
    """
    row = draft(group.rubric)
    _taken(row, code, is_group=False)
    chosen = STARTERS[starter]
    if not chosen.fits(group.section):
        raise AssessmentRefused({"starter": _("This rule does not fit the group. Choose another.")}, "section")
    line: RubricLine = RubricLine.objects.create(
        tenant=current_tenant(),
        rubric=row,
        group=group,
        code=code,
        name=name,
        max_score=max_score,
        source=chosen.source,
        reading=chosen.reading,
        reading_terms=chosen.reads(subject),
        pattern=chosen.pattern,
        pattern_terms=chosen.rule(max_score),
        on_site=chosen.on_site,
        position=_next(RubricLine.objects.filter(group=group)),
    )
    audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=[code])
    return line


@transaction.atomic
def drop_line(*, line: RubricLine, actor: Actor) -> None:
    """Take a line away. Raises AssessmentRefused (``frozen``, ``in_use``: something was entered for it)."""
    row = draft(line.rubric)
    code = line.code
    try:
        with transaction.atomic():
            line.delete()
    except ProtectedError as problem:
        raise AssessmentRefused(_("Something was entered for this line already: it stays."), "in_use") from problem
    audit.append(actor, "rubric_changed", object_kind="rubric", object_uid=row.uid, fields=[code])
