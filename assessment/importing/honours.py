"""经验推广情况表: one row an experience that a higher level promoted. Of one matter the highest level counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from assessment.importing.common import LEAVE, THIS_ROW, FactLedger, ask_twice, day, importable, label_of, same_twice
from assessment.importing.cycles import all_pairs, options_of, reason_field
from assessment.ledgers import HONOURS
from assessment.models import Cycle, CycleState, Honour, HonourLevel
from lib.chinese.text import match_key
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice
from pairing.importing.pairs import find_pairings
from pairing.models import Pairing
from units.importing.names import likeness
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context
from units.importing.rows import Row

SAME, ANOTHER = "same", "another"
# Two wordings this alike may be one matter: worth a question, for one matter counts once.
ALIKE = 0.75
_FIELDS = ("promoted_on", "doc_no")


class HonourLedger(FactLedger):
    """Found again by pairing, matter and level; one that was withdrawn is not brought back by a file."""

    code = "honours"
    sheet: ClassVar[SheetKind] = HONOURS
    aliases = ("honour", "经验推广", "推广经验", "荣誉", "加分事项")
    model = Honour

    def fields(self) -> dict[str, forms.Field]:
        return {"reason": reason_field()}

    def options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return options_of({"reason": given.get("reason")})

    def cycles_of(self, rows: Sequence[Any]) -> set[int]:
        programmes = {row.pairing.programme_id for row in rows}
        cycles = Cycle.objects.filter(programme__in=programmes).order_by("pk")
        return {
            one.pk
            for one in cycles
            if any(
                row.pairing.programme_id == one.programme_id and one.starts_on <= row.promoted_on <= one.ends_on for row in rows
            )
        }

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        pairs, cycles = all_pairs(), list(Cycle.objects.order_by("pk"))
        for row in rows:
            self._read(row, context, find_pairings(row, context, pairs), cycles)
        readable = [row for row in rows if "said" in row.found]
        stored = Honour.objects.filter(pairing__in={row.found["pairing"].pk for row in readable}).order_by("id")
        known: dict[int, dict[str, str]] = defaultdict(dict)
        for one in stored:
            known[one.pairing_id].setdefault(match_key(one.matter), one.matter)
        first: dict[tuple[int, str, str], Row] = {}
        for row in readable:
            if self._settle_wording(row, known):
                self._settle_twin(row, first)

    def _read(self, row: Row, context: Context, found: Sequence[Pairing], cycles: Sequence[Cycle]) -> None:
        level, matter, on = row.text("level"), row.text("matter"), day(row, "promoted_on", context)
        row.values |= {
            "matter": matter,
            "level": level,
            "promoted_on": on.isoformat() if on else None,
            "doc_no": row.text("doc_no"),
        }
        if not found or not matter or not level or on is None:
            return
        pairing = next((one for one in found if one.programme.starts_on <= on <= one.programme.ends_on), found[0])
        year = next(
            (one for one in cycles if one.programme_id == pairing.programme_id and one.starts_on <= on <= one.ends_on), None
        )
        if year is not None and year.state == CycleState.FINAL:
            row.error("promoted_on", "final", _("The assessment of that year is final: what it rests on is frozen."))
            return
        row.found = {"pairing": pairing, "said": {"promoted_on": on, "doc_no": row.text("doc_no")}, "matter": matter}

    @staticmethod
    def _settle_wording(row: Row, known: dict[int, dict[str, str]]) -> bool:
        """The matter as the pairing's others call it; False with a question on the row when it may be one of them."""
        wordings = known[row.found["pairing"].pk]
        key = match_key(row.found["matter"])
        if key not in wordings:
            near = [text for other, text in wordings.items() if key in other or other in key or likeness(key, other) >= ALIKE]
            if near:
                answer = row.asked("same_matter", "matter", f"{row.found['pairing'].uid}{key}")
                if answer == SAME:
                    key = match_key(near[0])
                elif answer != ANOTHER:
                    message = _(
                        "“%(near)s” is written down for this pairing. Is it the same matter? Then its highest level counts once."
                    )
                    choices = (Choice(SAME, _("The same matter")), Choice(ANOTHER, _("Another matter, with points of its own")))
                    subject = f"{row.found['pairing'].uid}{key}"
                    row.ask("same_matter", "matter", subject, message % {"near": near[0]}, choices, per_file=True)
                    return False
        row.found["matter"] = wordings.setdefault(key, row.found["matter"])
        row.values["matter"] = row.found["matter"]
        row.key = f"{row.found['pairing'].uid}:{row.text('level')}:{key}"[:64]
        return True

    @staticmethod
    def _settle_twin(row: Row, first: dict[tuple[int, str, str], Row]) -> None:
        place = (row.found["pairing"].pk, row.found["matter"], row.text("level"))
        earlier = first.setdefault(place, row)
        if earlier is row:
            return
        if earlier.found["said"] == row.found["said"]:
            same_twice(row, earlier)
            return
        answer = ask_twice(row, earlier)
        if answer == LEAVE:
            row.found["left_out"] = True
        elif answer == THIS_ROW:
            earlier.give_way(row, _("Row %(row)d of sheet %(sheet)s holds, as somebody answered."))
            first[place] = row

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        for row in rows:
            row.effect = "same"
        fit = list(importable(rows))
        pairings = {row.found["pairing"].pk for row in fit}
        stored = Honour.objects.filter(pairing__in=pairings).select_related("pairing").order_by("-withdrawn_because", "id")
        held = {(one.pairing_id, one.matter, one.level): one for one in stored}
        for row in fit:
            one = held.get((row.found["pairing"].pk, row.found["matter"], row.text("level")))
            if one is None:
                row.effect = "add"
                values = {"matter": row.found["matter"], "level": HonourLevel(row.text("level")), **row.found["said"]}
                plan.add(row, Wave.LEDGER, new(Honour, tenant=context.tenant, pairing=row.found["pairing"], **values))
            elif one.withdrawn_because:
                told = {"because": one.withdrawn_because}
                row.note("", "withdrawn", _("It was withdrawn (%(because)s) and stays so: the row is passed over.") % told)
            else:
                self._change(row, one, plan)

    @staticmethod
    def _change(row: Row, held: Honour, plan: Plan) -> None:
        row.effect = "change"
        given = {name: row.found["said"][name] for name in _FIELDS if row.found["said"][name]}
        changed = [plan.change(row, held, name, value, label=label_of(Honour, name)) for name, value in given.items()]
        if not any(changed):
            row.effect = "same"
