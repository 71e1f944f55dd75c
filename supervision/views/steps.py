"""The steps of warnings and findings, each with its page and its button."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from supervision import actions, forms
from supervision.kinds import FINDING, WARNING
from supervision.models import Finding, FindingState, Warning
from tenancy import clock
from tenancy.access import Access
from tenancy.views.kind_steps import Step


def _is_proposed(row: Warning) -> bool:
    return row.signed_on is None and row.withdrawn_on is None


def _is_in_force(row: Warning) -> bool:
    return row.signed_on is not None and row.withdrawn_on is None


def _sign(*, row: Warning, access: Access, doc_no: str) -> None:
    actions.sign_warning(warning=row, doc_no=doc_no, access=access)


def _answer(*, row: Warning, access: Access, text: str) -> None:
    actions.answer_warning(warning=row, text=text, access=access)


def _withdraw(*, row: Warning, access: Access, reason: str) -> None:
    actions.withdraw_warning(warning=row, reason=reason, access=access)


def _hand_in(*, row: Finding, access: Access, measures: str) -> None:
    actions.hand_in_finding(finding=row, measures=measures, access=access)


def _close(*, row: Finding, access: Access, **told: Any) -> None:
    actions.close_finding(finding=row, access=access, **told)


def _send_back(*, row: Finding, access: Access, **told: Any) -> None:
    actions.send_back_finding(finding=row, access=access, **told)


def _ask_time(*, row: Finding, access: Access, **told: Any) -> None:
    actions.ask_extension(finding=row, access=access, **told)


def _extend(*, row: Finding, access: Access, **told: Any) -> None:
    actions.extend_finding(finding=row, access=access, **told)


def _keep_day(*, row: Finding, access: Access, reason: str) -> None:
    actions.refuse_extension(finding=row, reason=reason, access=access)


def _is_submitted(row: Finding) -> bool:
    return row.state == FindingState.SUBMITTED


def _is_issued(row: Finding) -> bool:
    return row.state == FindingState.ISSUED


def _asks_time(row: Finding) -> bool:
    return _is_issued(row) and row.extension_until is not None


def _may_ask_time(row: Finding) -> bool:
    return _is_issued(row) and row.due_on >= clock.today()


def _asked_for(row: Finding) -> dict[str, Any]:
    return {"due_on": row.extension_until, "reason": row.extension_because}


SIGN = Step(
    kind=WARNING,
    code="sign",
    label=_("Sign the warning"),
    right=("warning", "X"),
    form=forms.SignForm,
    run=_sign,
    fits=_is_proposed,
    initial=lambda row: {"doc_no": row.doc_no},
    done=_("The warning is signed. The unit's liaison and group leader are told."),
    help=_("From today it counts, and the unit answers in 5 working days (yellow) or 10 (red)."),
    primary=True,
    order=10,
)
ANSWER = Step(
    kind=WARNING,
    code="answer",
    label=_("Answer the warning"),
    right=("warning_answer", "X"),
    form=forms.AnswerForm,
    run=_answer,
    fits=_is_in_force,
    initial=lambda row: {"text": row.answer},
    done=_("The answer is written down."),
    help=_("A written note for a yellow warning, a plan of rectification for a red one."),
    primary=True,
    order=10,
)
WITHDRAW = Step(
    kind=WARNING,
    code="withdraw",
    label=_("Withdraw the warning"),
    right=("warning", "X"),
    form=forms.WithdrawForm,
    run=_withdraw,
    fits=_is_in_force,
    done=_("The warning is withdrawn. It does not count any more."),
    help=_("It stays readable with the reason, and does not count in scores."),
    order=80,
)
DROP = Step(
    kind=WARNING,
    code="drop",
    label=_("Drop the proposal"),
    right=("warning", "C"),
    form=forms.WithdrawForm,
    run=_withdraw,
    fits=_is_proposed,
    done=_("The proposal is dropped."),
    help=_("Nobody outside the staff has heard of it. It stays readable with the reason."),
    order=80,
)
REFUSE = Step(
    kind=WARNING,
    code="refuse",
    label=_("Do not sign"),
    right=("warning", "X"),
    form=forms.WithdrawForm,
    run=_withdraw,
    fits=_is_proposed,
    done=_("The proposal is dropped."),
    help=_("Nobody outside the staff has heard of it. It stays readable with the reason."),
    order=70,
)
HAND_IN = Step(
    kind=FINDING,
    code="hand-in",
    label=_("Hand in for a check"),
    right=("finding_answer", "X"),
    form=forms.HandInForm,
    run=_hand_in,
    fits=_is_issued,
    initial=lambda row: {"measures": row.measures},
    done=_("Handed in. The county checks it."),
    help=_("Say what was done about it."),
    primary=True,
    order=10,
)
CLOSE = Step(
    kind=FINDING,
    code="close",
    label=_("Close the finding"),
    right=("finding_check", "X"),
    form=forms.CloseForm,
    run=_close,
    fits=_is_submitted,
    done=_("The finding is closed."),
    help=_("Checked on the spot or on paper: it is rectified."),
    primary=True,
    order=10,
)
SEND_BACK = Step(
    kind=FINDING,
    code="send-back",
    label=_("Send it back"),
    right=("finding_check", "X"),
    form=forms.SendBackForm,
    run=_send_back,
    fits=_is_submitted,
    done=_("Sent back. The unit is told what is missing."),
    help=_("It is not rectified yet."),
    order=30,
)
ASK_TIME = Step(
    kind=FINDING,
    code="ask-time",
    label=_("Ask for more time"),
    right=("finding_answer", "X"),
    form=forms.AskTimeForm,
    run=_ask_time,
    fits=_may_ask_time,
    initial=lambda row: {"until": row.extension_until, "reason": row.extension_because},
    done=_("Asked. Until the answer comes the day stays."),
    help=_("To be asked before the day has passed: until when, and why."),
    order=30,
)
EXTEND = Step(
    kind=FINDING,
    code="extend",
    label=_("Move the day"),
    right=("finding_check", "X"),
    form=forms.ExtendForm,
    run=_extend,
    fits=_is_issued,
    initial=_asked_for,
    done=_("The day is moved. The unit is told."),
    help=_("The day before and the reason stay in the history."),
    order=30,
)
KEEP_DAY = Step(
    kind=FINDING,
    code="keep-day",
    label=_("Give no more time"),
    right=("finding_check", "X"),
    form=forms.KeepDayForm,
    run=_keep_day,
    fits=_asks_time,
    done=_("The day stays. The unit is told why."),
    help=_("The day stays as it is."),
    order=40,
)
STEPS = (SIGN, ANSWER, WITHDRAW, DROP, REFUSE, HAND_IN, CLOSE, SEND_BACK, ASK_TIME, EXTEND, KEEP_DAY)
