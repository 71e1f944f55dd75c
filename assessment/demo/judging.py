"""The demonstration's last whole year, judged from the frozen list to the archive; and this year's being prepared."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.demo.playing import SEED
from assessment.actions.cycles import configure, create_cycle, open_review, open_self_reports
from assessment.actions.decisions import bring_before_group, decide, finish, publish, score
from assessment.actions.facts import enter, set_poll
from assessment.actions.rubrics import copy_rubric, make_preset
from assessment.actions.self_reports import Saying, approve_report, save_report
from assessment.models import Assessed, Cycle, Rubric, RubricLine
from lib.by_hashing import joined_by_hashing
from pairing.models import Programme
from tenancy import clock
from tenancy.access import Access
from tenancy.models import Tenant
from tenancy.scope import Actor
from units.demo.loading import SINCE

Say = Callable[[str], None]
# Every so many pairings' self-report is written; the others were handed in on paper.
REPORTS = 5
_SCORER = Actor("评审甲")


def n_steps(today: date) -> int:
    """How many years ``judge`` tells of."""
    return today.year - SINCE.year


def judge(tenant: Tenant, access: Access, say: Say) -> None:
    """Judge each whole year since the second programme, and begin this year's assessment."""
    today = clock.today()
    rubric: Rubric | None = None
    for programme in list(Programme.objects.order_by("year"))[1:]:
        say(_("Assessing %(year)d") % {"year": programme.year})
        begins = programme.ends_on + timedelta(days=6)
        is_over = begins + timedelta(days=60) < today
        with clock.at(_at(begins if is_over else programme.starts_on + timedelta(days=60))):
            rubric = make_preset(actor=access.actor) if rubric is None else copy_rubric(rubric=rubric, actor=access.actor)
            cycle = create_cycle(
                programme=programme,
                year=programme.year,
                title=_("Assessment of %(year)d") % {"year": programme.year},
                rubric=rubric,
                starts_on=date(programme.year, 1, 1),
                ends_on=date(programme.year, 12, 31),
                actor=access.actor,
            )
            with joined_by_hashing():
                configure(cycle=cycle, exempt={}, actor=access.actor)
        if is_over:
            _through(cycle, begins, access)


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _through(cycle: Cycle, begins: date, access: Access) -> None:
    """From the self-reports to the archive, each step on its day."""
    actor = access.actor
    dice = random.Random(SEED + cycle.year)  # noqa: S311 - a demonstration, the same each time
    rows = list(Assessed.objects.filter(cycle=cycle, exempt_because="").select_related("pairing__unit", "village").order_by("pk"))
    with clock.at(_at(begins + timedelta(days=1))):
        open_self_reports(cycle=cycle, until=begins + timedelta(days=14), actor=actor)
    with clock.at(_at(begins + timedelta(days=8))):
        _self_reports(cycle, rows)
    with clock.at(_at(begins + timedelta(days=15))):
        open_review(cycle=cycle, actor=actor)
    with clock.at(_at(begins + timedelta(days=20))):
        _enter(cycle, rows, dice, actor)
    with clock.at(_at(begins + timedelta(days=27))):
        score(cycle=cycle, actor=actor)
        bring_before_group(cycle=cycle, actor=actor)
    with clock.at(_at(begins + timedelta(days=30))):
        decide(
            cycle=cycle,
            minutes_no=f"高委组纪〔{cycle.year + 1}〕2号",
            decided_on=clock.today(),
            changes={},
            account=access.account,
            actor=actor,
        )
        publish(cycle=cycle, actor=actor)
    cycle.refresh_from_db()
    assert cycle.public_to is not None
    with clock.at(_at(cycle.public_to + timedelta(days=1))), joined_by_hashing():
        finish(cycle=cycle, actor=actor)


def _self_reports(cycle: Cycle, rows: Sequence[Assessed]) -> None:
    for row in rows[::REPORTS]:
        text = f"一年来与{row.village.name}按计划开展结对共建，劳动日、接访和民生实事逐月落实，存在的不足是庭院建设进度偏慢。"
        unit = Actor(row.pairing.unit.name)
        save_report(cycle=cycle, pairing_id=row.pairing_id, saying=Saying(text=text), actor=unit, hand_in=True)
        approve_report(cycle=cycle, pairing_id=row.pairing_id, actor=unit)


def _enter(cycle: Cycle, rows: Sequence[Assessed], dice: random.Random, actor: Actor) -> None:
    """Reviewers' figures, the villages' marks and the villagers' answers."""
    lines = {line.code: line for line in RubricLine.objects.filter(rubric=cycle.rubric_id)}
    for row in rows:
        entered = {
            "A2": dice.choice((4, 4, 4, 3, 2)),
            "B2": dice.choice((0, 0, 1, 2)),
            "F": dice.choice(("adopted", "submitted", "submitted", "none")),
            "G1": dice.randrange(80, 100),
        }
        for code, value in entered.items():
            enter(cycle=cycle, pairing=row.pairing, line=lines[code], value=str(value), note="现场核对，见抽查表", actor=_SCORER)
        satisfied = dice.randrange(10, 19)
        set_poll(
            cycle=cycle,
            pairing=row.pairing,
            satisfied=satisfied,
            fairly=19 - satisfied,
            dissatisfied=dice.randrange(2),
            unknown=1,
            actor=actor,
        )
