"""What the years add to the demonstration: the ledger of 2024, then each year opened, renewed and played to today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.many_answers import Answer, answer_records
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.actions.year import open_year
from activities.demo.playing import Play, Sides
from activities.hands import Hand
from activities.models import Record, Status
from activities.obligations import judged_at_the_end, refresh
from activities.reminders.sweep import plan_reminders
from lib.periods import periods
from notices.delivery import deliver
from notices.hours import is_working_day
from pairing.actions import approve_plan, create_programme, renew_pairings, resume_pairing, suspend_pairing, update_programme
from pairing.models import Pairing, PairingState, Programme
from tenancy import clock
from tenancy.access import Access
from tenancy.models import Tenant
from tenancy.scope import Actor
from units.demo.loading import SINCE
from units.importing import actions as importing
from units.importing import registry
from units.models import Unit

LEDGER = Path(__file__).resolve().parent.parent / "data" / "demo" / "activities.xlsx"
LEDGER_TITLE = "活动台账.xlsx"
# One in so many pairings has not handed in its yearly plan.
WITHOUT_PLAN = 19
# Days of the new year in which the old one's last papers still come in; it is renewed then.
PAPERS = 20
# The last days are judged by themselves.
LAST = timedelta(days=7)
Say = Callable[[str], None]
# What apps above do in each year after its records were played, while its pairings are live.
InYear = Callable[[Programme, datetime, Access], None]
_in_year: list[InYear] = []


def in_year(addition: InYear) -> None:
    """Let an app above add to each year of the demonstration. Registering twice is once."""
    if addition not in _in_year:
        _in_year.append(addition)


def n_steps(today: date) -> int:
    """How many times ``add_the_years`` says what it does: its ledger, each year's opening and months, and the sum."""
    return 2 + sum(1 + len(_month_ends(year, today)) for year in range(SINCE.year + 1, today.year + 1))


def _month_ends(year: int, today: date) -> list[date]:
    """The months of a year, up to the present one."""
    return [period.ends_on for period in periods("month", date(year, 1, 1), min(today, date(year, 12, 31)))]


def add_the_years(tenant: Tenant, access: Access, say: Say) -> None:
    """Import the activities of the first programme, then open and play each calendar year since, up to now."""
    now = clock.now()
    first: Programme | None = Programme.objects.order_by("year", "id").first()
    if first is None:
        return
    say(_("Importing %(file)s") % {"file": LEDGER_TITLE})
    _close_with_its_year(first, access)
    with clock.at(_at(first.starts_on)), judged_at_the_end():
        open_year(programme=first, preset="five_ones", actor=access.actor)
    _import_ledger(first, access)
    old = first
    for year in range(first.year + 1, timezone.localdate(now).year + 1):
        say(_playing(year))
        old = _play_year(old, year, now, access, say)
    _remind(tenant, now)
    written = Record.objects.count()
    confirmed = Record.objects.filter(status=Status.CONFIRMED).count()
    say(_("%(written)d records, %(confirmed)d confirmed") % {"written": written, "confirmed": confirmed})


def _playing(year: int) -> str:
    return _("Playing %(year)d: records and confirmations day by day") % {"year": year}


def _at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _close_with_its_year(programme: Programme, access: Access) -> None:
    """The ledgers' programme ends with its calendar year, as the county renews by the year."""
    update_programme(
        programme=programme,
        year=programme.year,
        title=programme.title,
        starts_on=programme.starts_on,
        ends_on=date(programme.year, 12, 31),
        doc_no=programme.doc_no,
        issuer=programme.issuer,
        reason=_("Renewed by the calendar year"),
        access=access,
    )


def _import_ledger(programme: Programme, access: Access) -> None:
    """As the county did in January: what the units had on paper, then the villages' word on it."""
    with clock.at(_at(programme.ends_on + timedelta(days=6))):
        with LEDGER.open("rb") as file:
            batch = importing.begin_import(
                kind=registry.get("activities"),
                file_name=LEDGER_TITLE,
                chunks=[file.read()],
                options={},
                actor=access.actor,
                wait=True,
            )
        importing.commit_import(batch=batch, actor=access.actor, wait=True)
    with clock.at(_at(programme.ends_on + timedelta(days=9))):
        rows = Record.objects.filter(programme=programme, status=Status.SUBMITTED).order_by("id")
        answers = [Answer(record, _village_hand(record)) for record in rows.prefetch_related("shares__village")]
        answer_records(answers=answers)


def _village_hand(record: Record) -> Hand:
    villages = {
        share.village_id: share.village.name for share in record.shares.all() if share.village is not None and share.village_id
    }
    return Hand(Actor(f"{'、'.join(villages.values())}书记"), "village", frozenset(villages))


def _play_year(old: Programme, year: int, now: datetime, access: Access, say: Say) -> Programme:
    """Each judging stands at its own day, so that what changed in a week is what changed in that week."""
    begins = date(year, 1, 1)
    # The old year's last papers come in until then.
    with clock.at(_at(begins + timedelta(days=PAPERS))), judged_at_the_end():
        new = create_programme(
            year=year,
            title=_("Pairing programme %(year)d") % {"year": year},
            starts_on=begins,
            ends_on=date(year, 12, 31),
            access=access,
        )
        pairings = renew_pairings(old=old, new=new, access=access, signed_on=begins - timedelta(days=3))
        open_year(programme=new, preset="five_ones", actor=access.actor)
        _plans(pairings, access)
        _breaks(new, now, access)
    until = min(now, _at(new.ends_on + timedelta(days=PAPERS - 1), 18))
    with clock.at(until - LAST), judged_at_the_end():
        playing = Play(new, Sides.of(new), until=until)
        for month_end in _month_ends(year, timezone.localdate(now)):
            playing.go(min(_at(month_end, 23), until - LAST))
            say(_playing(year))
        playing.go(until - LAST)
    with clock.at(until), judged_at_the_end():
        playing.go(until)
        playing.end(until)
    for addition in _in_year:
        addition(new, now, access)
    return new


def _plans(pairings: list[Pairing], access: Access) -> None:
    for pairing in pairings:
        if pairing.pk % WITHOUT_PLAN:
            approve_plan(pairing=pairing, on=clock.today(), access=access)


def _breaks(programme: Programme, now: datetime, access: Access) -> None:
    """What every year brings: a typhoon over one town, and a pairing that rested while its village fought a flood."""
    storm = date(programme.year, 9, 15)
    # A week is waived when the storm covers all of it.
    storm -= timedelta(days=storm.weekday())
    town = Unit.objects.filter(kind="town", name="曹江镇").first()
    if town is not None and _at(storm + timedelta(days=8)) < now:
        with clock.at(_at(storm + timedelta(days=8))):
            last = storm + timedelta(days=6)
            facts = WaiverFacts(programme=programme, starts_on=storm, ends_on=last, scope="town", town=town, reason="台风")
            add_waiver(facts=facts, actor=access.actor)
    rested, back = date(programme.year, 5, 12), date(programme.year, 6, 16)
    resting = Pairing.objects.filter(programme=programme, state=PairingState.ACTIVE).order_by("-pk").first()
    if resting is not None and _at(back) < now:
        with clock.at(_at(rested)):
            suspend_pairing(pairing=resting, on=rested, reason="村内防汛抢险", access=access)
        with clock.at(_at(back)):
            resume_pairing(pairing=resting, on=back, access=access)


def _remind(tenant: Tenant, now: datetime) -> None:
    """What the sweep and the dispatcher did on the last working morning: people find their inbox as they would."""
    morning = now - timedelta(days=1)
    while not is_working_day(timezone.localdate(morning)):
        morning -= timedelta(days=1)
    with clock.at(_at(timezone.localdate(morning))):
        refresh()
        plan_reminders(tenant, clock.now())
        while deliver(limit=1000):
            pass
    refresh()
