"""一票否决事项表: one row a fact that holds a grade down, with the document by which it was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from assessment.importing.common import LEAVE, THIS_ROW, FactLedger, ask_twice, day, importable, same_twice
from assessment.importing.cycles import Lists
from assessment.ledgers import VETOES
from assessment.models import Veto, VetoKind
from lib.chinese.text import match_key
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context
from units.importing.rows import Row

ANOTHER = "another"
_TEXTS = ("fact", "decided_by")


class VetoLedger(FactLedger):
    """Found again by pairing, kind and document. A veto is never changed by a file: lift it, and write it anew."""

    code = "vetoes"
    sheet: ClassVar[SheetKind] = VETOES
    aliases = ("veto", "一票否决", "否决事项")
    # Whoever may import everything else may not write a veto on the page either.
    needs = ("veto", "C")
    model = Veto

    def match(self, rows: Sequence[Row], context: Context) -> None:
        lists = Lists.load()
        for row in rows:
            cycle = lists.cycle_of(row, context)
            pairing = lists.pairing_of(row, cycle, context)
            on = day(row, "decided_on", context)
            said: dict[str, Any] = {name: row.text(name) for name in ("kind", *_TEXTS, "doc_no")} | {"decided_on": on}
            row.values |= said | {"decided_on": on.isoformat() if on else None}
            if cycle is None or pairing is None or on is None or not all(said.values()):
                continue
            row.found = {"cycle": cycle, "pairing": pairing, "said": said}
            row.key = f"{pairing.uid}:{said['kind'][:4]}:{match_key(said['doc_no'])}"[:64]
        readable = [row for row in rows if "said" in row.found]
        stored = Veto.objects.filter(pairing__in={row.found["pairing"].pk for row in readable}, lifted_because="").order_by("id")
        held: dict[tuple[int, int, str], list[Veto]] = defaultdict(list)
        for one in stored:
            held[one.cycle_id, one.pairing_id, one.kind].append(one)
        first: dict[tuple[int, int, str, str], Row] = {}
        for row in readable:
            self._settle_twin(row, first)
            self._compare(row, held[self._place(row)])

    @staticmethod
    def _place(row: Row) -> tuple[int, int, str]:
        return row.found["cycle"].pk, row.found["pairing"].pk, row.found["said"]["kind"]

    def _settle_twin(self, row: Row, first: dict[tuple[int, int, str, str], Row]) -> None:
        place = (*self._place(row), match_key(row.found["said"]["doc_no"]))
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

    @staticmethod
    def _compare(row: Row, stored: Sequence[Veto]) -> None:
        """Whether the row is there already, contradicts what is there, or may be the same under another document."""
        if row.found.get("left_out"):
            return
        said = row.found["said"]
        same = next((one for one in stored if match_key(one.doc_no) == match_key(said["doc_no"])), None)
        if same is not None:
            row.found["left_out"] = True
            if (
                any(match_key(getattr(same, name)) != match_key(said[name]) for name in _TEXTS)
                or same.decided_on != said["decided_on"]
            ):
                message = _("A veto with this document is in force, with another fact, body or day. Lift it on its page first.")
                row.error("doc_no", "differs", message)
            return
        if not stored:
            return
        answer = row.asked("other_document", "doc_no", row.key, per_cell=True)
        if answer == LEAVE:
            row.found["left_out"] = True
        elif answer != ANOTHER:
            told = {"doc": stored[0].doc_no, "fact": stored[0].fact[:60]}
            message = _("A veto of this kind is in force on this pairing by %(doc)s: “%(fact)s”. Is this another one?")
            choices = (Choice(ANOTHER, _("Another one: import it too")), Choice(LEAVE, _("The same one: leave this row out")))
            row.ask("other_document", "doc_no", row.key, message % told, choices, per_cell=True)

    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        for row in rows:
            row.effect = "same"
        for row in importable(rows):
            row.effect = "add"
            values = {**row.found["said"], "kind": VetoKind(row.found["said"]["kind"])}
            made = new(Veto, tenant=context.tenant, cycle=row.found["cycle"], pairing=row.found["pairing"], **values)
            plan.add(row, Wave.LEDGER, made)
