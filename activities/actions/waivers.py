"""Waivers: days on which nothing is asked, for all, one town or one pairing (domain.md §2.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from activities.models import Obligation, ObligationState, Rule, Waiver, WaiverScope
from activities.obligations import refresh
from pairing.models import Pairing, Programme
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant
from units.models import Unit
from units.models.unit import UnitKind


class WaiverRefused(Refused):
    """The waiver cannot be written or withdrawn so. ``code`` is a stable word."""


@dataclass(frozen=True, slots=True)
class WaiverFacts:
    """What a form says of a waiver. ``rules``: codes; none means all of them."""

    programme: Programme
    starts_on: date
    ends_on: date
    reason: str
    scope: str = WaiverScope.ALL
    town: Unit | None = None
    pairing: Pairing | None = None
    rules: Sequence[str] = ()
    approver: str = ""
    doc_no: str = ""


@dataclass(frozen=True, slots=True)
class WaiverEffect:
    """What a waiver takes out: periods by rule code, and how many of them were unfinished or already done."""

    n_cells: int
    by_rule: dict[str, int]
    n_met: int


def _check(facts: WaiverFacts) -> None:
    problems: dict[str, str] = {}
    programme = facts.programme
    if facts.ends_on < facts.starts_on:
        problems["ends_on"] = _("The last day lies before the first. Correct one of them.")
    elif facts.ends_on < programme.starts_on or facts.starts_on > programme.ends_on:
        problems["starts_on"] = _("These days are not part of the programme year.")
    if facts.scope not in WaiverScope.values:
        problems["scope"] = _("Choose the whole county, a town or a pairing.")
    if (facts.scope == WaiverScope.TOWN) != (facts.town is not None):
        problems["town"] = _("Choose the town.") if facts.town is None else _("A town is named only in a waiver for one town.")
    elif facts.town is not None and facts.town.kind != UnitKind.TOWN:
        problems["town"] = _("This is no town. Choose the town.")
    if (facts.scope == WaiverScope.PAIRING) != (facts.pairing is not None):
        problems["pairing"] = (
            _("Choose the pairing.") if facts.pairing is None else _("A pairing is named only in a waiver for one pairing.")
        )
    elif facts.pairing is not None and facts.pairing.programme_id != programme.pk:
        problems["pairing"] = _("This pairing belongs to another programme year.")
    known = set(Rule.objects.filter(programme=programme).values_list("code", flat=True))
    unknown = [code for code in facts.rules if code not in known]
    if unknown:
        problems["rules"] = _("There is no rule %(code)s in this programme year.") % {"code": unknown[0]}
    for name, room in (("reason", 200), ("approver", 60), ("doc_no", 60)):
        if len(getattr(facts, name)) > room:
            problems[name] = _("This is too long. Shorten it.")
    if not facts.reason.strip():
        problems["reason"] = _("Say why: the reason stands beside each waived period.")
    if problems:
        raise WaiverRefused(problems)


@transaction.atomic
def add_waiver(*, facts: WaiverFacts, actor: Actor) -> Waiver:
    """Write a waiver down and count anew. Raises WaiverRefused with a sentence for each wrong field."""
    _check(facts)
    because(facts.reason, actor=actor)
    waiver: Waiver = Waiver.objects.create(
        tenant=current_tenant(),
        programme=facts.programme,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        scope=facts.scope,
        town=facts.town,
        pairing=facts.pairing,
        rules=list(dict.fromkeys(facts.rules)),
        reason=facts.reason.strip(),
        approver=facts.approver.strip(),
        doc_no=facts.doc_no.strip(),
    )
    audit.append(actor, "waiver_added", object_kind="waiver", object_uid=waiver.uid, scope=facts.scope)
    refresh()
    return waiver


@transaction.atomic
def withdraw_waiver(*, waiver: Waiver, reason: str, actor: Actor) -> None:
    """Take a waiver back: its periods are owed again. Raises WaiverRefused without a reason, or the second time."""
    if not reason.strip():
        raise WaiverRefused({"reason": _("Say why: the reason stands in the history.")})
    if len(reason) > 200:
        raise WaiverRefused({"reason": _("Write at most 200 characters.")})
    because(reason, actor=actor)
    # Conditional, not read-then-write: two of the staff may press the button together.
    n_withdrawn = Waiver.objects.filter(pk=waiver.pk, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_because=reason.strip()
    )
    if n_withdrawn == 0:
        raise WaiverRefused(_("This waiver was withdrawn already."), code="already_done")
    audit.append(actor, "waiver_withdrawn", object_kind="waiver", object_uid=waiver.uid)
    refresh()


def _waived(programme: Programme) -> Counter[str]:
    codes = Obligation.objects.filter(programme=programme, state=ObligationState.WAIVED).values_list("rule__code", flat=True)
    return Counter(codes)


def preview_waiver(*, facts: WaiverFacts, actor: Actor) -> WaiverEffect:
    """What the waiver would take out of the counting; nothing stays written. Raises as ``add_waiver``.

    It is written in a savepoint, counted by the same code as in earnest, and rolled back.
    """
    done = (ObligationState.MET, ObligationState.MET_LATE)
    with transaction.atomic():
        before = _waived(facts.programme)
        n_met = Obligation.objects.filter(programme=facts.programme, state__in=done).count()
        add_waiver(facts=facts, actor=actor)
        more = _waived(facts.programme) - before
        n_met -= Obligation.objects.filter(programme=facts.programme, state__in=done).count()
        transaction.set_rollback(True)
    return WaiverEffect(sum(more.values()), dict(more), n_met)
