"""The steps of a pairing's life as pages and buttons offer them: who may, from which state, what is asked (domain.md §4.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pairing import actions, forms
from pairing.models import Pairing, PairingState
from pairing.models.pairing import LIVE_STATES
from tenancy import clock

S = PairingState


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``right``: the letter of the policy table; ``run(pairing=, access=, **asked)`` does it."""

    code: str
    label: str | Promise
    right: str
    states: tuple[str, ...]
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: str | Promise
    help: str | Promise = ""
    # Fields that begin with today.
    today: tuple[str, ...] = ("on",)
    grave: bool = False

    def initial(self, pairing: Pairing) -> Mapping[str, Any]:
        """What the form begins with: today, or the first day for becoming active."""
        day = min(pairing.starts_on, clock.today()) if self.code == "activate" else clock.today()
        return dict.fromkeys(self.today, day)


STEPS = (
    Step(
        "agree",
        _("Agree"),
        "X",
        (S.PROPOSED,),
        forms.ConfirmForm,
        actions.agree_pairing,
        _("Your agreement is written down."),
        _("With the agreement of both sides the pairing is agreed."),
        today=(),
    ),
    Step(
        "decree",
        _("Decide by the county"),
        "U",
        (S.PROPOSED,),
        forms.DecreeForm,
        actions.agree_pairing,
        _("The pairing is agreed by decision of the county."),
        _("A decision of the county needs no agreement of the two sides."),
        today=(),
    ),
    Step(
        "reject",
        _("Reject"),
        "X",
        (S.PROPOSED,),
        forms.RejectForm,
        actions.reject_pairing,
        _("The proposal is rejected. It stays readable."),
        _("The proposal stays readable with your reason; the two may be proposed again."),
        today=(),
        grave=True,
    ),
    Step(
        "sign",
        _("Write the agreement down"),
        "U",
        (S.AGREED,),
        forms.SignForm,
        actions.sign_pairing,
        _("The agreement is written down."),
        _("Once its first day has come and a group leader is named, the pairing becomes active by itself."),
        today=(),
    ),
    Step(
        "activate",
        _("Make active"),
        "U",
        (S.SIGNED,),
        forms.ActivateForm,
        actions.activate_pairing,
        _("The pairing is active."),
    ),
    Step(
        "suspend",
        _("Suspend"),
        "U",
        (S.ACTIVE,),
        forms.SuspendForm,
        actions.suspend_pairing,
        _("The pairing is suspended."),
    ),
    Step(
        "resume",
        _("Resume"),
        "U",
        (S.SUSPENDED,),
        forms.ResumeForm,
        actions.resume_pairing,
        _("The pairing is active again."),
        _("The day before is the last one on which it rested."),
    ),
    Step(
        "plan",
        _("Approve the yearly plan"),
        "U",
        LIVE_STATES,
        forms.PlanForm,
        actions.approve_plan,
        _("The approval is written down."),
    ),
    Step(
        "end",
        _("End the pairing"),
        "U",
        LIVE_STATES,
        forms.EndForm,
        actions.end_pairing,
        _("The pairing has ended. It stays readable."),
        _("Nothing is deleted: the pairing, its records and its posts stay readable, with the reason."),
        grave=True,
    ),
)
