"""群众测评汇总表: one row the poll of a pairing in an assessment. There is one; another value corrects it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from assessment.importing.common import LEAVE, THIS_ROW, FactLedger, ask_twice, day, importable, label_of, same_twice
from assessment.importing.cycles import Lists
from assessment.ledgers import POLLS
from assessment.models import Poll
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice, NumberValue
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context
from units.importing.rows import Row

COUNTS = ("satisfied", "fairly", "dissatisfied", "unknown")
# More than a village's villagers: a slip of the pen.
MOST = 100_000
ADD, AS_IT_IS = "add", "as_it_is"


class PollLedger(FactLedger):
    """Counts only: no name of anybody who answered."""

    code = "polls"
    sheet: ClassVar[SheetKind] = POLLS
    aliases = ("poll", "群众测评", "测评汇总表", "满意度测评", "满意度调查")
    model = Poll

    def match(self, rows: Sequence[Row], context: Context) -> None:
        lists = Lists.load()
        first: dict[tuple[int, int], Row] = {}
        for row in rows:
            cycle = lists.cycle_of(row, context)
            pairing = lists.pairing_of(row, cycle, context)
            said = self._said(row, context)
            row.values |= {**{name: said.get(name) for name in COUNTS}, "held_on": _iso(said.get("held_on"))}
            if cycle is None or pairing is None or not said:
                continue
            row.found |= {"cycle": cycle, "pairing": pairing, "said": said}
            row.key = f"{cycle.uid.hex[:16]}:{pairing.uid}"
            earlier = first.setdefault((cycle.pk, pairing.pk), row)
            if earlier is not row:
                self._settle_twin(row, earlier, first)

    def _said(self, row: Row, context: Context) -> dict[str, Any]:
        """Counts, day and note; empty with an error or a question on the row for what cannot be."""
        given = {name: row.read(name) for name in COUNTS}
        counts = {name: int(value.value) if isinstance(value, NumberValue) else 0 for name, value in given.items()}
        if not row.is_ok:
            return {}
        for name, n in counts.items():
            if n > MOST:
                row.error(name, "too_many", _("Write how many answered so: a whole number from 0."))
                return {}
        if not any(counts.values()):
            row.error("satisfied", "nobody", _("Nobody answered? Then leave the poll out."))
            return {}
        if any(isinstance(value, NumberValue) and (value.approx or value.low != value.high) for value in given.values()):
            row.error("satisfied", "not_counted", _("Polls are counted, not estimated: write whole numbers."))
            return {}
        if not self._adds_up(row, counts):
            return {}
        return {**counts, "held_on": day(row, "held_on", context), "note": row.text("note")}

    @staticmethod
    def _adds_up(row: Row, counts: dict[str, int]) -> bool:
        asked = row.read("asked")
        total = sum(counts.values())
        if not isinstance(asked, NumberValue) or int(asked.value) == total:
            return True
        told = {"asked": int(asked.value), "total": total}
        subject = f"{row.text('unit')}{row.text('village')}{told}"
        answer = row.asked("sum_differs", "asked", subject, per_cell=True)
        if answer == AS_IT_IS:
            return True
        if answer == LEAVE:
            row.note("asked", "left_out", _("Left out, as somebody answered."))
            row.found["left_out"] = True
            return True
        message = _("%(asked)d were asked, the answers add up to %(total)d. Are the four numbers right?")
        choices = (
            Choice(AS_IT_IS, _("The four numbers are right (%(total)d answers)") % told),
            Choice(LEAVE, _("Leave this row out")),
        )
        row.ask("sum_differs", "asked", subject, message % told, choices, per_cell=True)
        return False

    @staticmethod
    def _settle_twin(row: Row, earlier: Row, first: dict[tuple[int, int], Row]) -> None:
        """The same pairing twice in the file: polled in two groups or ways, or typed twice."""
        place = (row.found["cycle"].pk, row.found["pairing"].pk)
        if earlier.found["said"] == row.found["said"]:
            same_twice(row, earlier)
            return
        where = {"row": earlier.reading.row}
        answer = ask_twice(row, earlier, Choice(ADD, _("Both: add the answers of row %(row)d and of this one together") % where))
        if answer == LEAVE:
            row.found["left_out"] = True
        elif answer == THIS_ROW:
            earlier.give_way(row, _("Row %(row)d of sheet %(sheet)s holds, as somebody answered."))
            first[place] = row
        elif answer == ADD:
            before, said = earlier.found["said"], row.found["said"]
            notes = "；".join(dict.fromkeys(one["note"] for one in (before, said) if one["note"]))[:200]
            row.found["said"] = {**said, **{name: before[name] + said[name] for name in COUNTS}, "note": notes}
            row.values |= {name: row.found["said"][name] for name in COUNTS}
            told = {"sum": "/".join(str(row.found["said"][name]) for name in COUNTS)}
            row.note("", "added_up", _("Together with the row before: %(sum)s.") % told)
            earlier.give_way(row, _("Added to row %(row)d of sheet %(sheet)s, as somebody answered."))
            first[place] = row

    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        for row in rows:
            row.effect = "same"
        fit = list(importable(rows))
        pairings = [row.found["pairing"].pk for row in fit]
        held = {(one.cycle_id, one.pairing_id): one for one in Poll.objects.filter(pairing__in=pairings).select_related("cycle")}
        for row in fit:
            said, stored = row.found["said"], held.get((row.found["cycle"].pk, row.found["pairing"].pk))
            if stored is None:
                row.effect = "add"
                values = {**said, "held_on": said["held_on"] or context.stated_on, "author_name": context.who[:60]}
                made = new(Poll, tenant=context.tenant, cycle=row.found["cycle"], pairing=row.found["pairing"], **values)
                plan.add(row, Wave.LEDGER, made)
                continue
            row.effect = "change"
            changed = False
            for name, value in said.items():
                if value is not None and value != "":
                    changed |= plan.change(row, stored, name, value, label=label_of(Poll, name))
            if changed:
                plan.change(row, stored, "author_name", context.who[:60])
            else:
                row.effect = "same"


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
