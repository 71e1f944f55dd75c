"""Three further counties of the demonstration, each with the figures that were reported of it (domain.md §9).

南海: seven villages of one town help seven of another. 廉江: ten communities and three villages, 34 theme days with 1,700
person-times. 禅城: 26 classes with 2,439 person-times. Invented people; the figures are sums of records, never typed in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from activities.actions.facts import RecordFacts
from activities.actions.many import Entry, write_records
from activities.actions.many_answers import Answer, answer_records
from activities.actions.year import open_year
from activities.demo.playing import Side, Sides
from activities.obligations import judged_at_the_end
from activities.presets import PRESETS
from pairing.actions import PairingFacts, activate_ready, create_pairing, create_programme, name_holder
from pairing.models import Pairing, Programme
from tenancy import clock
from tenancy.access import Access
from tenancy.models import Tenant
from units.actions import create_person, create_unit
from units.models import Unit, UnitKind

# (unit's place or name, villages it is paired with)
_NANHAI = (
    ("宏岗村", "上西村"), ("河村社区", "下西社区"), ("赤山村", "烟南村"), ("麻奢村", "镇南村"),
    ("布新村", "南金村"), ("得胜村", "海寿村"), ("北沙村", "新龙村"),
)  # fmt: skip
_COMMUNITIES = ("东街", "南街", "西街", "新南", "新中", "新北", "东圣", "建设", "黄村", "新东")
_VILLAGES = ("横新村", "蕉坡村", "油房村")
_CLASSES = ("番村村", "河宕村", "石头村", "深村村", "沙岗村")
_SURNAMES = "林陈黄梁何罗谭区冼岑邓潘"
THEME_DAYS, THEME_PERSON_TIMES = 34, 1700
CLASSES, CLASS_PERSON_TIMES = 26, 2439
SEED = 4406


@dataclass(frozen=True, slots=True)
class County:
    """A further county: its division code, its slug, and what is made in it."""

    code: str
    slug: str
    fill: Callable[[Tenant, Access], None]


def _nanhai(tenant: Tenant, access: Access) -> None:
    programme = _programme(access, "区内精准帮扶")
    _pair(programme, [(_place("里水镇", helper), _place("九江镇", helped)) for helper, helped in _NANHAI], access)


def _lianjiang(tenant: Tenant, access: Access) -> None:
    programme = _programme(access, "罗州街道与石角镇结对共建")
    villages = [_place("石角镇", name) for name in _VILLAGES]
    sides = [(_place("罗州街道", name), villages[number % len(villages)]) for number, name in enumerate(_COMMUNITIES)]
    pairings = _pair(programme, sides, access)
    _hold(
        programme, pairings, "theme_party_day", _spread(THEME_DAYS, THEME_PERSON_TIMES), "联合主题党日:重温入党誓词,共议村内事务"
    )


def _chancheng(tenant: Tenant, access: Access) -> None:
    programme = _programme(access, "石湾镇街道党员教育共建")
    school = create_unit(access=access, values={"kind": UnitKind.ORGANISATION, "name": "石湾镇街道党校"})
    pairings = _pair(programme, [(school, _place("石湾镇街道", name)) for name in _CLASSES], access)
    _hold(programme, pairings, "training", _spread(CLASSES, CLASS_PERSON_TIMES), "村(社区)干部与党员轮训班")


OTHERS = (
    County("440605", "nanhai", _nanhai),
    County("440881", "lianjiang", _lianjiang),
    County("440604", "chancheng", _chancheng),
)


def _year() -> int:
    """The last whole year."""
    return clock.today().year - 1


def _programme(access: Access, title: str) -> Programme:
    year = _year()
    with clock.at(_at(date(year, 1, 1))):
        found = create_programme(
            year=year, title=f"{year}年{title}", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), access=access
        )
        # The five ones are another county's: here only the activity types are used, and nothing is owed.
        quotas = [rule.code for rule in PRESETS["five_ones"].rules]
        switches = {f"{code}.is_active": False for code in quotas}
        open_year(programme=found, preset="five_ones", switches=switches, actor=access.actor)
    return found


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _place(town: str, name: str) -> Unit:
    """A village or community of a town, by how its name begins."""
    rows = Unit.objects.filter(parent__name=town, kind__in=[UnitKind.VILLAGE, UnitKind.COMMUNITY], name__startswith=name)
    found: Unit | None = rows.order_by("name", "pk").first()
    if found is None:
        raise LookupError(f"{town} has no {name}: the division codes were revised, and the demonstration names a place of old.")
    return found


def _pair(programme: Programme, sides: Sequence[tuple[Unit, Unit]], access: Access) -> list[Pairing]:
    dice = random.Random(SEED)  # noqa: S311 - a demonstration, the same each time
    made: list[Pairing] = []
    led: set[int] = set()
    with judged_at_the_end(), clock.at(_at(programme.starts_on)):
        for unit, village in sides:
            facts = PairingFacts(
                programme=programme,
                unit=unit,
                village=village,
                is_lead=village.pk not in led,
                starts_on=programme.starts_on,
                agreement_signed_on=programme.starts_on,
            )
            led.add(village.pk)
            pairing = create_pairing(facts=facts, access=access)
            name = f"{dice.choice(_SURNAMES)}{dice.choice('志建永国伟')}{dice.choice('明华强文平')}"
            person = create_person(access=access, values={"name": name, "phone": f"1390000{2000 + len(made):04d}"})
            name_holder(pairing=pairing, kind="group_leader", person=person, phone="", on=programme.starts_on, access=access)
            made.append(pairing)
        activate_ready(Pairing.objects.filter(programme=programme), access=access)
    return made


def _spread(n: int, total: int) -> list[int]:
    """``total`` over ``n``, uneven, the same each time; the sum holds exactly."""
    dice = random.Random(SEED)  # noqa: S311 - a demonstration, the same each time
    weights = [dice.randrange(60, 140) for _each in range(n)]
    shares = [weight * total // sum(weights) for weight in weights]
    shares[-1] += total - sum(shares)
    return shares


def _hold(programme: Programme, pairings: Sequence[Pairing], code: str, person_times: Sequence[int], text: str) -> None:
    """Held through the year, each written down by the unit and confirmed by the village two days later."""
    found = Sides.of(programme)
    sides: list[Side] = [found[pairing.pk] for pairing in pairings]
    span = (programme.ends_on - programme.starts_on).days - 10
    with judged_at_the_end():
        for number, n_people in enumerate(person_times):
            side = sides[number % len(sides)]
            day = programme.starts_on + timedelta(days=number * span // len(person_times))
            facts = RecordFacts(
                type=code,
                occurred_on=day,
                pairings=(side.pairing,),
                place=side.pairing.village.name,
                title=text.partition(":")[0],
                text=text,
                person_times=n_people,
                hours=Decimal(3) if code == "training" else None,
            )
            with clock.at(_at(day) + timedelta(hours=8)):
                [record] = write_records(entries=[Entry(facts, side.unit)]).records
            with clock.at(_at(day) + timedelta(days=2)):
                answer_records(answers=[Answer(record, side.village)])
