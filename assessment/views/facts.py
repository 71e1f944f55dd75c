"""Withdrawing a promoted experience, lifting a veto."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.actions.facts import lift_veto, withdraw_honour
from assessment.kinds import HONOUR, VETO
from assessment.models import Honour, Veto
from tenancy.access import Access
from tenancy.asking import reason_field
from tenancy.views.kind_steps import Step


class ReasonForm(forms.Form):
    reason = reason_field()


def _withdraw(*, row: Honour, access: Access, reason: str) -> None:
    withdraw_honour(honour=row, reason=reason, access=access)


def _lift(*, row: Veto, access: Access, reason: str) -> None:
    lift_veto(veto=row, reason=reason, access=access)


WITHDRAW = Step(
    kind=HONOUR,
    code="withdraw",
    label=_("Withdraw it"),
    right=("honour", "U"),
    form=ReasonForm,
    run=_withdraw,
    fits=lambda row: not row.withdrawn_because,
    done=_("Withdrawn. It gives no points any more."),
    help=_("It stays readable with the reason."),
    order=80,
)
LIFT = Step(
    kind=VETO,
    code="lift",
    label=_("Lift the veto"),
    right=("veto", "U"),
    form=ReasonForm,
    run=_lift,
    fits=lambda row: not row.lifted_because,
    done=_("The veto is lifted."),
    help=_("The grade is free again once scores are computed. The veto stays readable with the reason."),
    order=80,
)
STEPS = (WITHDRAW, LIFT)
