"""What the people of the demonstration did this year: the same every time, through the application's own actions.

Some pairings are excellent, some middling, some fall behind; nobody in it exists.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from activities.actions.facts import RecordFacts
from activities.actions.records import confirm_record, return_record, write_record
from activities.hands import Hand
from activities.models import Obligation, Record
from activities.refusals import RecordRefused
from pairing.models import Pairing, PairingPostKind
from pairing.queries import post_now, with_sides
from tenancy import clock
from tenancy.scope import Actor

SEED = 440981
# How much of what is owed gets done, and how many pairings are so.
DILIGENCE = ((0.97, 30), (0.85, 50), (0.55, 20))
_TEXTS = {
    "labour_day": ("清理村道两侧杂草和沟渠淤泥", "整治村口闲置地,平整成小菜园", "清运房前屋后积存垃圾", "修补文化广场破损围栏"),
    "reception": (
        "接待群众反映灌溉用水问题",
        "听取村民对路灯维修的意见",
        "走访老人,了解用药报销情况",
        "接待群众咨询产业贷款",
        "入户听取对垃圾清运的意见",
    ),
    "livelihood_item": ("安装太阳能路灯", "修复饮水管道", "为独居老人加装扶手", "硬化入户小路", "添置卫生站药柜"),
    "courtyard": ("指导农户整理庭院、种花修篱",),
    "benefit_project": ("灌渠修复", "晒谷场扩建", "桂圆烘干房", "村集体花生油坊"),
}
_STEPS = ("started", "stage", "completed")


@dataclass
class _Play:
    """What has been done so far: house numbers and projects go on from one record to the next."""

    dice: random.Random
    houses: dict[int, int] = field(default_factory=dict)
    steps: dict[int, int] = field(default_factory=dict)
    n_written: int = 0
    n_confirmed: int = 0


def play(pairings: list[int], *, until: datetime) -> tuple[int, int]:
    """Write down and confirm what these pairings did, day by day up to ``until``. Answers how many of each."""
    play_ = _Play(random.Random(SEED))  # noqa: S311 - a demonstration, the same each time
    rows = with_sides(Pairing.objects.filter(pk__in=pairings), on=timezone.localdate(until)).order_by("id")
    sides = {pairing.pk: pairing for pairing in rows}
    for moment, pairing_id, cell in _moments(play_, list(sides), until):
        _act(play_, sides[pairing_id], cell, moment, until)
    return play_.n_written, play_.n_confirmed


def _moments(play_: _Play, pairings: list[int], until: datetime) -> Iterator[tuple[datetime, int, Obligation]]:
    """When each pairing does what it does, in the order of time."""
    weights = [n for _share, n in DILIGENCE]
    diligence = {pk: play_.dice.choices([share for share, _n in DILIGENCE], weights)[0] for pk in pairings}
    today = timezone.localdate(until)
    cells = Obligation.objects.filter(pairing__in=pairings, is_due=True, waived_because="", starts_on__lte=today)
    found: list[tuple[datetime, int, Obligation]] = []
    for cell in cells.select_related("rule").order_by("starts_on", "rule__position", "pairing_id"):
        share = diligence[int(cell.pairing_id or 0)]
        day = cell.starts_on + timedelta(days=play_.dice.randrange((cell.ends_on - cell.starts_on).days + 1))
        done = play_.dice.random() < share
        if not done or day >= today or cell.rule.within:
            continue
        evening = time(17, play_.dice.randrange(60))
        found.append((timezone.make_aware(datetime.combine(day, evening)), int(cell.pairing_id or 0), cell))
    yield from sorted(found, key=lambda each: (each[0], each[1], each[2].pk))


def _act(play_: _Play, pairing: Pairing, cell: Obligation, moment: datetime, until: datetime) -> None:
    code = cell.rule.code
    leader = post_now(pairing, PairingPostKind.GROUP_LEADER)
    liaison = post_now(pairing, PairingPostKind.LIAISON)
    # The first reception of a month is the group leader's.
    with_leader = code == "reception" and moment.day <= 7 and leader is not None
    facts = RecordFacts(
        type=code,
        occurred_on=timezone.localdate(moment),
        pairings=(pairing,),
        place=pairing.village.name,
        text=play_.dice.choice(_TEXTS.get(code, ("",))),
        person_times=play_.dice.randrange(3, 40),
        visitors=play_.dice.randrange(1, 9) if code == "reception" else None,
        leader_present=with_leader,
        leader_name=leader.person.name if with_leader and leader is not None else "",
        **_item(play_, pairing, code, moment.date()),
    )
    unit_hand = Hand(Actor(liaison.person.name if liaison else pairing.unit.name), "unit", frozenset({pairing.unit_id}))
    village_hand = Hand(Actor(f"{pairing.village.name}村书记"), "village", frozenset({pairing.village_id}))
    try:
        with clock.at(moment + timedelta(hours=play_.dice.randrange(1, 30))):
            record = write_record(facts=facts, hand=unit_hand, is_another=True)
    except RecordRefused:
        return
    play_.n_written += 1
    answered = moment + timedelta(hours=36 + play_.dice.randrange(72))
    luck = play_.dice.random()
    if answered < until and luck < 0.96:
        _answer(play_, record, village_hand, answered, untrue=luck > 0.94)


def _answer(play_: _Play, record: Record, hand: Hand, moment: datetime, *, untrue: bool) -> None:
    with clock.at(moment):
        if untrue:
            return_record(record=record, hand=hand, reason="人数与实际不符,请核对后再报。")
        else:
            confirm_record(record=record, hand=hand)
            play_.n_confirmed += 1


def _item(play_: _Play, pairing: Pairing, code: str, day: date) -> dict[str, Any]:
    if code == "courtyard":
        play_.houses[pairing.village_id] = play_.houses.get(pairing.village_id, 0) + 1
        return {"house_no": f"{play_.houses[pairing.village_id]}号"}
    if code == "livelihood_item":
        name = play_.dice.choice(_TEXTS[code])
        return {"item_name": f"{name}({day.month}月)", "raised_on": day - timedelta(days=play_.dice.randrange(20))}
    if code == "benefit_project":
        reached = play_.steps.get(pairing.pk, 0)
        play_.steps[pairing.pk] = reached + 1
        name = _TEXTS[code][pairing.pk % len(_TEXTS[code])]
        return {"item_name": f"{pairing.village.name}{name}", "step": _STEPS[min(reached, 2)]}
    return {}
