"""What the people of the demonstration did in a year: the same every time, through the application's own actions.

Some pairings are excellent, some middling, some fall behind; nobody in it exists. Work is written down on the Friday
of its week, and the other side answers with the next week's: two batches a week however many pairings there are.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from activities.actions.facts import RecordFacts
from activities.actions.many import Entry, write_records
from activities.actions.many_answers import Answer, answer_records
from activities.hands import Hand
from activities.models import Obligation, Record
from lib.by_hashing import check_keys
from pairing.models import Pairing, PairingPost, PairingPostKind, Programme
from tenancy import clock
from tenancy.scope import Actor
from units.models import Post

SEED = 440981
# How much of what is owed gets done, and how many pairings in a hundred are so.
DILIGENCE = ((0.99, 25), (0.92, 40), (0.75, 25), (0.4, 10))
# The village's answer: so many in a hundred wait for ever, so many are returned.
FORGOTTEN, UNTRUE = 2, 1
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
    "theme_party_day": ("重温入党誓词,共议村内环境整治", "联合学习并走访困难党员", "参观村史馆并座谈"),
    "research_visit": ("单位主要负责人到村调研产业项目", "实地察看灌渠和机耕路", "与村“两委”座谈年度计划"),
    "training": ("荔枝保果技术夜校", "电商直播入门培训", "水稻病虫害防治培训"),
    "sales_support": ("组织干部职工认购荔枝和桂圆", "在单位食堂设农产品专柜"),
    "joint_report": ("本季度联合报告",),
}
_STEPS = ("started", "stage", "completed")
# What is done beside the quotas: type → times a year at full diligence.
_BESIDE = {"theme_party_day": 5, "research_visit": 4, "training": 2, "sales_support": 1, "joint_report": 4}


@dataclass(frozen=True, slots=True)
class Side:
    """A pairing with the hands of its two sides, and its group leader's name."""

    pairing: Pairing
    unit: Hand
    village: Hand
    leader: str


class Sides(dict[int, Side]):
    """All pairings of a programme, by id."""

    @classmethod
    def of(cls, programme: Programme) -> Sides:
        """Read them with their people: three queries."""
        rows = list(Pairing.objects.filter(programme=programme).select_related("unit", "village", "programme").order_by("pk"))
        names: dict[tuple[int, str], str] = {}
        for post in PairingPost.objects.filter(pairing__in=rows).select_related("person").order_by("starts_on", "pk"):
            names[post.pairing_id, post.kind] = post.person.name
        holders = Post.objects.filter(kind="village_secretary", ends_on=None).select_related("person")
        secretaries = {post.unit_id: post.person.name for post in holders}
        found = cls()
        for row in rows:
            liaison = names.get((row.pk, PairingPostKind.LIAISON), row.unit.name)
            secretary = secretaries.get(row.village_id, f"{row.village.name}书记")
            found[row.pk] = Side(
                row,
                Hand(Actor(liaison), "unit", frozenset({row.unit_id})),
                Hand(Actor(secretary), "village", frozenset({row.village_id})),
                names.get((row.pk, PairingPostKind.GROUP_LEADER), ""),
            )
        return found


@dataclass(frozen=True, slots=True)
class _Deed:
    """One thing that a pairing did on a day."""

    day: date
    pairing: int
    type: str
    facts: dict[str, Any] = field(default_factory=dict)


class Play:
    """What the pairings of a programme do in its year, gone through week by week.

    Within the caller's transaction and ``judged_at_the_end``; the caller has had the cells judged before.
    """

    def __init__(self, programme: Programme, sides: Sides, *, until: datetime) -> None:
        self._sides = sides
        self._dice = random.Random(SEED + programme.year)  # noqa: S311 - a demonstration, the same each time
        weeks: dict[date, list[_Deed]] = defaultdict(list)
        for deed in _deeds(programme, sides, self._dice, timezone.localdate(until)):
            weeks[deed.day + timedelta(days=(4 - deed.day.weekday()) % 7)].append(deed)
        self._left = [(friday, weeks[friday]) for friday in sorted(weeks)]
        self._houses: dict[int, int] = defaultdict(int)
        self._steps: dict[int, int] = defaultdict(int)
        self._unanswered: list[tuple[Record, Side]] = []

    def go(self, until: datetime) -> None:
        """Write down and answer everything up to ``until``, and go on from there the next time."""
        while self._left and _evening(self._left[0][0]) < until:
            friday, deeds = self._left.pop(0)
            with clock.at(_evening(friday)):
                _answer(self._unanswered, self._dice)
                entries = [_entry(deed, self._sides[deed.pairing], self._houses, self._steps, self._dice) for deed in deeds]
                written = write_records(entries=entries).records
                check_keys()
            self._unanswered = list(zip(written, (self._sides[deed.pairing] for deed in deeds), strict=True))

    def end(self, until: datetime) -> None:
        """The villages answer what was written last, if they had the time."""
        answered = max((record.created_at for record, _side in self._unanswered), default=until) + timedelta(days=4)
        if self._unanswered and answered < until:
            with clock.at(answered):
                _answer(self._unanswered, self._dice)
            self._unanswered = []


def _evening(friday: date) -> datetime:
    return timezone.make_aware(datetime.combine(friday, time(17, 30)))


def _answer(written: list[tuple[Record, Side]], dice: random.Random) -> None:
    answers = []
    for record, side in written:
        luck = dice.randrange(100)
        if luck >= FORGOTTEN:
            reason = "人数与实际不符,请核对后再报。" if luck < FORGOTTEN + UNTRUE else ""
            answers.append(Answer(record, side.village, reason))
    answer_records(answers=answers)


def _deeds(programme: Programme, sides: Sides, dice: random.Random, today: date) -> Iterator[_Deed]:
    weights = [n for _share, n in DILIGENCE]
    diligence = {pk: dice.choices([share for share, _n in DILIGENCE], weights)[0] for pk in sides}
    led: set[tuple[int, int]] = set()
    cells = Obligation.objects.filter(programme=programme, is_due=True, waived_because="", starts_on__lt=today)
    rows = cells.filter(pairing__in=list(sides), rule__within="").order_by("starts_on", "rule__position", "pairing_id")
    for pairing, code, first, last in rows.values_list("pairing_id", "rule__code", "starts_on", "ends_on"):
        share = diligence[pairing]
        day = first + timedelta(days=dice.randrange((last - first).days + 1))
        if dice.random() >= share or not programme.starts_on <= day < today:
            continue
        if not _is_active(sides[pairing].pairing, day):
            continue
        facts: dict[str, Any] = {}
        if code == "reception" and (pairing, day.month) not in led and dice.random() < share:
            # 组长每月接待一次, mostly the month's first.
            led.add((pairing, day.month))
            facts = {"leader_present": True, "leader_name": sides[pairing].leader}
        yield _Deed(day, pairing, code, facts)
    for code, times in _BESIDE.items():
        for pairing, share in diligence.items():
            yield from _beside(programme, sides[pairing].pairing, code, times, share, dice, today)


def _beside(
    programme: Programme, pairing: Pairing, code: str, times: int, share: float, dice: random.Random, today: date
) -> Iterator[_Deed]:
    for number in range(times):
        span = 360 // times
        day = programme.starts_on + timedelta(days=number * span + dice.randrange(span))
        facts: dict[str, Any] = {"principal_present": True} if code == "research_visit" else {}
        if code == "joint_report":
            quarter = date(programme.year, 3 * number + 1, 1)
            after = date(programme.year + number // 3, (3 * number + 3) % 12 + 1, 1)
            # Due fifteen days after the quarter; the slow are late.
            day, facts = after + timedelta(days=4 + dice.randrange(8 if share > 0.8 else 20)), {"reports_on": quarter}
        if dice.random() < share and day < today and _is_active(pairing, min(day, programme.ends_on)):
            yield _Deed(day, pairing.pk, code, facts)


def _is_active(pairing: Pairing, day: date) -> bool:
    return pairing.active_from is not None and pairing.active_from <= day and (pairing.ends_on is None or day <= pairing.ends_on)


def _entry(deed: _Deed, side: Side, houses: dict[int, int], steps: dict[int, int], dice: random.Random) -> Entry:
    pairing = side.pairing
    facts = RecordFacts(
        type=deed.type,
        occurred_on=deed.day,
        pairings=(pairing,),
        place=pairing.village.name,
        text=dice.choice(_TEXTS.get(deed.type, ("",))),
        person_times=dice.randrange(3, 40),
        visitors=dice.randrange(1, 9) if deed.type == "reception" else None,
        hours=Decimal(dice.randrange(2, 5)) if deed.type == "training" else None,
        title=dice.choice(_TEXTS["training"]) if deed.type == "training" else "",
        **deed.facts,
        **_item(deed, pairing, houses, steps, dice),
    )
    return Entry(facts, side.unit)


def _item(deed: _Deed, pairing: Pairing, houses: dict[int, int], steps: dict[int, int], dice: random.Random) -> dict[str, Any]:
    """House numbers and projects go on from one record to the next."""
    if deed.type == "courtyard":
        houses[pairing.village_id] += 1
        return {"house_no": f"{houses[pairing.village_id]}号"}
    if deed.type == "livelihood_item":
        name = dice.choice(_TEXTS[deed.type])
        return {"item_name": f"{name}({deed.day.month}月)", "raised_on": deed.day - timedelta(days=dice.randrange(20))}
    if deed.type == "benefit_project":
        reached = steps[pairing.pk]
        steps[pairing.pk] = reached + 1
        # After its completion the next project begins.
        number, step = divmod(reached, len(_STEPS))
        names = _TEXTS[deed.type]
        return {"item_name": f"{pairing.village.name}{names[(pairing.pk + number) % len(names)]}", "step": _STEPS[step]}
    return {}
