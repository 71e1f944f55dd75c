"""An answer to a reminder is kept with the duty: it outlives the cell, and stands beside it on the pages."""

from __future__ import annotations

from activities.models import ObligationAnswer, Period, Rule
from notices.models import Notice
from pairing.models import Pairing
from tenancy import clock
from tenancy.scope import current_tenant


def keep_answer(notice: Notice) -> None:
    """Write the reader's words and promise to the duty that the notice tells of; nothing for other notices."""
    if notice.level is None or not notice.rule or notice.pairing_uid is None:
        return
    pairing = Pairing.objects.filter(uid=notice.pairing_uid).first()
    period = Period.objects.filter(code=notice.period).first()
    if pairing is None or period is None:
        return
    rule = Rule.objects.filter(programme_id=pairing.programme_id, code=notice.rule).first()
    if rule is None:
        return
    ObligationAnswer.objects.create(
        tenant=current_tenant(),
        rule=rule,
        pairing=pairing,
        period_kind=period.kind,
        starts_on=period.starts_on,
        text=notice.answer,
        promise_on=notice.promise_on,
        account_id=notice.person.account_id,
        actor_name=notice.person.name,
        at=clock.now(),
    )
