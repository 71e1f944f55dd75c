"""What a scorer enters for a line of a pairing (domain.md §4.5): with a note, never of the own unit; two on site."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessment.actions.facts.common import FactRefused, may, must_be_assessed, open_cycle
from assessment.entering import are_apart, checked
from assessment.models import Cycle, Entry, LineSource, RubricLine
from pairing.models import Pairing
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.models import Role
from tenancy.scope import Actor, current_tenant
from units.models import Post
from units.signing import hand_of, name_of

_NOTE = 400
_ON_SITE = 2


@transaction.atomic
def enter(
    *, cycle: Cycle, pairing: Pairing, line: RubricLine, value: str | int | Decimal, note: str = "", reason: str = "",
    access: Access | None = None, actor: Actor | None = None,
) -> Entry:  # fmt: skip
    """Enter a figure, or correct one's own; what stood there is kept as a version.

    A line has one figure; one checked on site has two people's, and a third's when theirs are more than a fifth of the
    marks apart. A village marks its partner itself, or county staff type its paper in.
    Raises PermissionDenied; FactRefused ``final``, ``not_assessed``, ``reason_missing`` (no note, or no reason for a late
    change), ``wrong_line``, ``own_unit``, ``enough_entries``; ValidationError ``wrong_value`` on ``value``.
    """
    who = hand_of(access, actor)
    is_village = _must_score(access, pairing, line)
    cycle = open_cycle(cycle, reason, who)
    must_be_assessed(cycle, pairing)
    if line.rubric_id != cycle.rubric_id or line.reading != "entry":
        raise FactRefused(_("This line is not one that people enter."), "wrong_line")
    if who.account_id is not None and not is_village:
        _refuse_own(who.account_id, access, pairing)
    if not note.strip() and not is_village:
        raise FactRefused({"note": [_("Say what the figure rests on: who looked where, which paper.")]}, "reason_missing")
    text = checked(line, str(value))
    # The line of the pairing is held: two scorers who enter at once stand in order.
    held = list(Entry.objects.select_for_update().filter(cycle=cycle, pairing=pairing, line=line).order_by("id"))
    row = _place(held, who, line)
    values = {
        "value": text,
        "note": note.strip()[:_NOTE],
        "scorer_id": who.account_id,
        "scorer_name": name_of(who),
        "entered_on": clock.today(),
    }
    if row is None:
        is_settling = line.on_site and len(held) == _ON_SITE
        row = Entry.objects.create(
            tenant=current_tenant(), cycle=cycle, pairing=pairing, line=line, is_settling=is_settling, **values
        )
    else:
        for name, new in values.items():
            setattr(row, name, new)
        row.save(update_fields=[name.removesuffix("_id") for name in values])
    audit.append(who, "entry_made", object_kind="entry", object_uid=row.uid, line=line.code)
    return row


def _place(held: list[Entry], who: Actor, line: RubricLine) -> Entry | None:
    """The row that the figure goes into; None for a new one."""
    own = next((entry for entry in held if entry.scorer_id == who.account_id), None)
    if own is not None:
        return own
    if not line.on_site:
        # One figure a line: whoever may enter corrects it, and the history says who gave which.
        return held[0] if held else None
    settled = len(held) > _ON_SITE
    if settled or (len(held) == _ON_SITE and not are_apart(line, [entry.value for entry in held])):
        raise FactRefused(
            _("Two people have entered this line already, and a third is asked only when they differ by more than 20 %."),
            "enough_entries",
        )
    return None


def _must_score(access: Access | None, pairing: Pairing, line: RubricLine) -> bool:
    """Whether the village itself marks. Raises PermissionDenied for whoever may not enter this line."""
    if access is None:
        return False
    if line.source == LineSource.OTHER_SIDE and any(
        grant.role == Role.VS and grant.scope_unit_id == pairing.village_id for grant in access.grants
    ):
        return True
    if not may(access, pairing, "entry", "C"):
        raise PermissionDenied
    return False


def _refuse_own(account: int, access: Access | None, pairing: Pairing) -> None:
    """Nobody scores the own unit: neither by a role there nor by a post."""
    sides = {pairing.unit_id, pairing.party_org_id} - {None}
    by_role = access is not None and any(grant.scope_unit_id in sides for grant in access.grants)
    by_post = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()), person__account=account, unit__in=sides)
    if by_role or by_post.exists():
        raise FactRefused(_("You belong to this unit: somebody else enters its figures."), "own_unit")
