"""The assessment of a throwaway county: made with the preset's rubric when first needed, its list as pairings stand."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.rehearsal.stage import EventRefused, Stage
from assessment.models import Assessed, Cycle, Rubric
from assessment.presets import make_rubric
from assessment.queries.lists import candidates
from tenancy import clock

# What is told in the first half of a year is told of the year before, unless that year is not asked for.
_HALF = 7


def cycle_of(stage: Stage, year: int) -> Cycle:
    """The assessment of a calendar year, with the pairings that are on its list by now."""
    cycles: dict[int, Cycle] = stage.shelf.get("cycles", {})
    if year not in cycles:
        rubric: Rubric = stage.shelf.get("rubric") or make_rubric()
        stage.shelf["rubric"] = rubric
        cycle = Cycle.objects.create(
            tenant=stage.tenant,
            programme=stage.programme,
            year=year,
            title=_("Rehearsal of %(year)d") % {"year": year},
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            rubric=rubric,
        )
        stage.shelf["cycles"] = cycles = {**cycles, year: cycle}
    _list_again(stage, cycles[year])
    return cycles[year]


def cycle_meant(stage: Stage) -> Cycle:
    """The assessment that a fact without a year of its own belongs to: of those asked for, the nearest."""
    today = clock.today()
    meant = today.year if today.month >= _HALF else today.year - 1
    return cycle_of(stage, min(stage.asked_cycles, key=lambda year: abs(year - meant), default=meant))


def moment_meant(cycle: Cycle) -> datetime:
    """Now; once the year is over, its last evening: what is told afterwards is told of the year."""
    evening = timezone.make_aware(datetime.combine(cycle.ends_on, time(20)))
    return min(clock.now(), evening)


def must_be_listed(cycle: Cycle, pairing: int) -> None:
    """Raises EventRefused ``not_active`` for a pairing that has not been active in the year for a month."""
    if not Assessed.objects.filter(cycle=cycle, pairing=pairing, exempt_because="").exists():
        raise EventRefused("not_active", _("This pairing is not assessed in this year."))


def _list_again(stage: Stage, cycle: Cycle) -> None:
    """The list is not frozen before the year is over: pairings begin and end until then."""
    there = {row.pairing_id: row for row in Assessed.objects.filter(cycle=cycle)}
    for one in candidates(cycle):
        because = "" if one.months else _("Active for less than a whole month of the year")
        row = there.get(one.pairing.pk)
        if row is None:
            Assessed.objects.create(
                tenant=stage.tenant,
                cycle=cycle,
                pairing=one.pairing,
                unit=one.pairing.unit,
                village=one.pairing.village,
                months_active=one.months,
                exempt_because=because,
            )
        elif (row.months_active, row.exempt_because) != (one.months, because):
            row.months_active, row.exempt_because = one.months, because
            row.save(update_fields=["months_active", "exempt_because"])
