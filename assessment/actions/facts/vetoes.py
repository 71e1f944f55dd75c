"""Facts that hold a grade down; the score stays as it is (domain.md §3.2, J)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.facts.common import FactRefused, must, must_be_assessed, open_cycle, said
from assessment.models import Cycle, Veto, VetoKind
from pairing.models import Pairing
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, because, current_tenant
from units.signing import hand_of


@transaction.atomic
def add_veto(
    *, cycle: Cycle, pairing: Pairing, kind: str, fact: str, decided_by: str, doc_no: str, decided_on: date | None = None,
    reason: str = "", access: Access | None = None, actor: Actor | None = None,
) -> Veto:  # fmt: skip
    """Write down a fact that was decided outside, with its document.

    Raises PermissionDenied; FactRefused ``final``, ``not_assessed``, ``reason_missing``, ``invalid``, ``twice``.
    """
    must(access, pairing, "veto", "C")
    who = hand_of(access, actor)
    cycle = open_cycle(cycle, reason, who)
    must_be_assessed(cycle, pairing)
    if kind not in VetoKind.values:
        raise FactRefused({"kind": [_("Choose what sort of fact it is.")]}, "invalid")
    values = {
        "fact": said(fact, {"fact": [_("Write the fact.")]}, 400),
        "decided_by": said(decided_by, {"decided_by": [_("Say who decided it.")]}, 60),
        "doc_no": said(doc_no, {"doc_no": [_("Give the number of the document.")]}, 60),
    }
    day = decided_on or clock.today()
    if day > clock.today():
        raise FactRefused({"decided_on": [_("The day cannot lie in the future.")]}, "invalid")
    if Veto.objects.filter(cycle=cycle, pairing=pairing, kind=kind, doc_no=values["doc_no"], lifted_because="").exists():
        raise FactRefused({"doc_no": [_("This veto is written down already.")]}, "twice")
    row: Veto = Veto.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, kind=kind, decided_on=day, **values)
    audit.append(who, "veto_added", object_kind="veto", object_uid=row.uid, kind=kind)
    return row


@transaction.atomic
def lift_veto(*, veto: Veto, reason: str, access: Access | None = None, actor: Actor | None = None) -> Veto:
    """Lift a veto with a reason: the grade is free again, and the veto stays readable.

    Raises PermissionDenied; FactRefused ``reason_missing``, ``wrong_state``, ``final``.
    """
    row: Veto = Veto.objects.select_for_update(of=("self",)).select_related("pairing", "cycle").get(pk=veto.pk)
    must(access, row.pairing, "veto", "U")
    text = said(reason, {"reason": [_("Say why it is lifted.")]}, 200)
    who = hand_of(access, actor)
    open_cycle(row.cycle, text, who)
    if row.lifted_because:
        raise FactRefused(_("It was lifted already."), "wrong_state")
    because(text, actor=who)
    row.lifted_because = text
    row.save(update_fields=["lifted_because"])
    audit.append(who, "veto_lifted", object_kind="veto", object_uid=row.uid, reason=text)
    return row
