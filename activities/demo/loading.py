"""What the year adds to the demonstration: rules for the imported programme, this year's roster, and a year under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.year import open_year
from activities.demo.playing import play
from activities.obligations import judged_at_the_end, refresh
from activities.reminders.sweep import plan_reminders
from notices.delivery import deliver
from notices.hours import is_working_day
from pairing.actions import PairingFacts, activate_ready, create_pairing, create_programme, end_pairing, name_holder
from pairing.models import Pairing, PairingPost, PairingState, Programme
from pairing.models.pairing import LIVE_STATES
from tenancy import clock
from tenancy.access import Access
from tenancy.models import Tenant

Say = Callable[[str], None]


def add_the_year(tenant: Tenant, access: Access, say: Say) -> None:
    """Close the programme of the ledgers, open this year's with the same pairings, and play it up to now."""
    now = clock.now()
    old: Programme | None = Programme.objects.order_by("year", "id").first()
    if old is None:
        return
    say(_("Closing the imported programme, opening this year's"))
    pairings = list(
        Pairing.objects.filter(programme=old, state__in=LIVE_STATES).select_related("unit", "village", "party_org").order_by("id")
    )
    with judged_at_the_end():
        for pairing in pairings:
            end_pairing(pairing=pairing, on=old.ends_on, reason="expired", access=access)
        programme = _this_year(timezone.localdate(now), access)
        _pair(pairings, programme, access)
        open_year(programme=old, preset="five_ones", actor=access.actor)
    with clock.at(timezone.make_aware(datetime.combine(programme.starts_on, time.min))):
        open_year(programme=programme, preset="five_ones", actor=access.actor)
    say(_("Playing the year: records and confirmations day by day"))
    active = Pairing.objects.filter(programme=programme, state=PairingState.ACTIVE)
    with judged_at_the_end():
        written, confirmed = play(list(active.values_list("pk", flat=True)), until=now)
    _remind(tenant, now)
    say(_("%(written)d records, %(confirmed)d confirmed") % {"written": written, "confirmed": confirmed})


def _this_year(today: date, access: Access) -> Programme:
    """A programme year from 1 September, as the county's own began."""
    first = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    return create_programme(
        year=first.year,
        title=_("Pairing programme %(year)d") % {"year": first.year},
        starts_on=first,
        ends_on=date(first.year + 1, 8, 31),
        access=access,
    )


def _pair(old: list[Pairing], programme: Programme, access: Access) -> None:
    posts: dict[int, list[PairingPost]] = {}
    for post in PairingPost.objects.filter(pairing__in=old).select_related("person").order_by("id"):
        posts.setdefault(post.pairing_id, []).append(post)
    for pairing in old:
        facts = PairingFacts(
            programme=programme,
            unit=pairing.unit,
            village=pairing.village,
            party_org=pairing.party_org,
            origin=pairing.origin,
            is_lead=pairing.is_lead,
            starts_on=programme.starts_on,
            agreement_signed_on=programme.starts_on - timedelta(days=3),
        )
        renewed = create_pairing(facts=facts, access=access)
        for kind, post in {post.kind: post for post in posts.get(pairing.pk, [])}.items():
            name_holder(pairing=renewed, kind=kind, person=post.person, phone=post.phone, on=programme.starts_on, access=access)
    activate_ready(Pairing.objects.filter(programme=programme), access=access)


def _remind(tenant: Tenant, now: datetime) -> None:
    """What the sweep and the dispatcher did on the last working morning: people find their inbox as they would."""
    morning = now - timedelta(days=1)
    while not is_working_day(timezone.localdate(morning)):
        morning -= timedelta(days=1)
    with clock.at(timezone.make_aware(datetime.combine(timezone.localdate(morning), time(9)))):
        refresh()
        plan_reminders(tenant, clock.now())
        while deliver(limit=1000):
            pass
    refresh()
