"""What happens beside the quotas in each year of the demonstration: households, figures, warnings, findings, honours."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from activities.actions.records import void_record
from activities.demo.playing import SEED
from activities.hands import system_hand
from activities.models import Record, Status
from assessment.actions.facts import add_honour
from lib.by_hashing import joined_by_hashing
from pairing.actions.households import HouseholdFacts, list_households
from pairing.models import Pairing, PairingState, Programme
from supervision.actions import close_finding, hand_in_finding, issue_finding, propose_warning, sign_warning
from tenancy import clock
from tenancy.access import Access
from tenancy.models import Role
from tenancy.scope import Actor
from units.actions.figures import set_figure
from units.demo.cast import PLAYERS
from units.models import Metric, Unit

LISTED = 12
_SURNAMES = "陈李张黄林梁何吴罗谢邓周"
_GIVEN = ("建国", "志明", "秀英", "桂兰", "永强", "丽华", "伟东", "玉珍", "国平", "少芬")
# How many of the weakest are warned, and how many records a check finds untrue.
N_WARNED, N_UNTRUE, N_HONOURED = 9, 4, 5


def add_to_year(programme: Programme, now: datetime, access: Access) -> None:
    """Called after a year's records were played, while its pairings are still live."""
    dice = random.Random(SEED + programme.year)  # noqa: S311 - a demonstration, the same each time
    pairings = list(
        Pairing.objects.filter(programme=programme, state=PairingState.ACTIVE).select_related("unit", "village").order_by("pk")
    )
    _households(pairings, programme, dice, access)
    _figures(pairings, programme, access)
    with joined_by_hashing():
        _supervise(pairings, programme, now, access)
        _untrue(programme, now, dice)
    for pairing in dice.sample(pairings, N_HONOURED):
        day = date(programme.year, 9, 1) + timedelta(days=dice.randrange(20))
        if _at(day) < now:
            with clock.at(_at(day)):
                level = dice.choice(("city", "city", "province"))
                add_honour(
                    pairing=pairing,
                    matter=f"{pairing.village.name}共建做法获推广",
                    level=level,
                    promoted_on=day,
                    actor=access.actor,
                )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def _name(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + dice.choice(_GIVEN)


def _households(pairings: Sequence[Pairing], programme: Programme, dice: random.Random, access: Access) -> None:
    """1+1+N: most households have both members; some lists are not finished."""
    # Who signs in as a household contact looks after the first of the households that have somebody.
    players = {(one.unit, place): one.name for one in PLAYERS if one.role == Role.HC for place in one.places}
    with clock.at(_at(programme.starts_on + timedelta(days=9))):
        for pairing in pairings:
            share = dice.choice((1.0, 1.0, 0.92, 0.75))
            many = []
            for number in range(LISTED):
                unit_member = _name(dice) if dice.random() < share else ""
                if unit_member and number < LISTED // 2:
                    unit_member = players.get((pairing.unit.name, pairing.village.name), unit_member)
                many.append(HouseholdFacts(f"{number + 1}号", _name(dice), unit_member, _name(dice)))
            list_households(pairing=pairing, many=many, listed_on=clock.today(), actor=access.actor)


def _figures(pairings: Sequence[Pairing], programme: Programme, access: Access) -> None:
    """Collective income of the year before, and of the first year the one before that too; this year's comes with the next."""
    villages: dict[int, Unit] = {pairing.village_id: pairing.village for pairing in pairings}
    is_first = not Programme.objects.filter(year=programme.year - 2).exists()
    with clock.at(_at(programme.starts_on + timedelta(days=20))):
        for village in villages.values():
            own = random.Random(SEED + village.pk)  # noqa: S311 - a demonstration
            income = Decimal(own.randrange(60, 400)) * 1000
            growth = [Decimal(own.randrange(-4, 16)) / 100 for _year in range(4)]
            for year in range(2023, programme.year):
                if is_first or year == programme.year - 1:
                    set_figure(
                        unit=village,
                        metric=Metric.COLLECTIVE_INCOME,
                        year=year,
                        value=income,
                        source="村级年报",
                        actor=access.actor,
                    )
                income = (income * (1 + growth[year - 2023])).quantize(Decimal(1))


def _supervise(pairings: Sequence[Pairing], programme: Programme, now: datetime, access: Access) -> None:
    """Those that missed most by the middle of the year are warned; the first of them has a problem to rectify, too."""
    by_then = Q(obligations__state="missed", obligations__ends_on__lt=date(programme.year, 6, 1))
    weakest = Pairing.objects.filter(pk__in=[pairing.pk for pairing in pairings]).annotate(n=Count("obligations", by_then))
    rows = list(weakest.select_related("unit", "village").order_by("-n", "pk")[:N_WARNED])
    head = access.actor
    warned = date(programme.year, 6, 18)
    if _at(warned) >= now:
        return
    for number, pairing in enumerate(rows):
        with clock.at(_at(warned)):
            reason = "连续两个月以上未完成集中劳动或接访，请说明原因并补做。"
            warning = propose_warning(pairing=pairing, level=3 if number == 0 else 2, reason=reason, actor=head)
        if number == len(rows) - 1 and programme.year == timezone.localdate(now).year:
            continue  # still waits for a signature
        with clock.at(_at(warned + timedelta(days=1))):
            sign_warning(warning=warning, doc_no=f"高督〔{programme.year}〕{number + 1}号", actor=head)
    for number, pairing in enumerate(rows[:3]):
        with clock.at(_at(warned)):
            due = warned + timedelta(days=30)
            content = "接访登记与村民反映不一致" if number else "集中劳动日台账缺少参加人数"
            finding = issue_finding(pairing=pairing, content=content, due_on=due, issued_on=warned, actor=head)
        if number and _at(due) < now:
            with clock.at(_at(due - timedelta(days=5))):
                hand_in_finding(finding=finding, measures="逐条核对并补充登记，已告知村党组织。", actor=Actor(pairing.unit.name))
                close_finding(finding=finding, checker="督导组", actor=Actor("督导组"))


def _untrue(programme: Programme, now: datetime, dice: random.Random) -> None:
    """A spot-check by telephone finds a few records untrue; they are voided, and the month falls back."""
    checked = date(programme.year, 10, 20)
    if _at(checked) >= now:
        return
    rows = list(Record.objects.filter(programme=programme, status=Status.CONFIRMED, type="labour_day").order_by("pk"))
    for record in dice.sample(rows, N_UNTRUE):
        if record.occurred_on < checked:
            with clock.at(_at(checked)):
                void_record(record=record, hand=system_hand("county"), reason="抽查电话回访:当天没有组织劳动。", untrue=True)
