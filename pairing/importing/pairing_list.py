"""The list of pairings (结对关系一览表): who is paired with which village, led by whom, since when.

Beside the pairings it brings the village's secretary, the county leader in contact and the village's designations.
A pairing that the list leaves out stays, unless the upload asks for its end (年度调整): the preview names those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from lib.sheets.columns import SheetKind
from lib.sheets.readings import PersonValue
from pairing import changes
from pairing.importing.cells import FIRST_YEAR, LAST_YEAR, day_of, notes_of, origin_of
from pairing.importing.missing import counts, last_day, missing_pairings
from pairing.importing.planner import Planner
from pairing.importing.programme import programme_of
from pairing.importing.upload import upload_fields, upload_options
from pairing.ledgers import PAIRINGS
from pairing.models import Pairing, PairingPost
from tenancy.scope import Actor
from units.importing.asking import find_unit, find_village, says_new
from units.importing.people import check_people, plain_leader
from units.importing.plan import Plan, is_new
from units.importing.registry import Context, ImportKind
from units.importing.roster import new_unit
from units.importing.rows import NEW, Row
from units.models import ImportChange, Unit, UnitKind

# So many of the pairings that end are named above the preview.
MOST_NAMED = 20


class PairingList(ImportKind):
    """Pairings are found by unit and village within a programme; those not known are added."""

    code = "pairings"
    sheet: ClassVar[SheetKind] = PAIRINGS
    aliases = ("pairing", "结对", "结对关系", "一览表")

    def fields(self) -> dict[str, forms.Field]:
        return upload_fields()

    def options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return upload_options(given)

    def year(self, options: Mapping[str, Any]) -> int | None:
        return options.get("year")

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        programme = programme_of(rows, context)
        context.facts["rows"] = rows
        made: dict[str, Unit] = {}
        first: dict[str, Row] = {}
        for row in rows:
            check_people(row, ("secretary", "group_leader", "liaison"))
            village = find_village(row, "village", "town", context)
            unit = self._unit(row, "unit", context, made)
            # The lead's own row tells who it is; here it is only compared, so a new unit is no second question.
            lead = self._lead(row, unit, context, made)
            row.found = {"programme": programme, "village": village, "unit": unit, "lead": lead}
            self._check_dates(row)
            row.values = self._plain(row, context)
            if unit is not None and village is not None:
                row.key = f"{unit.uid}:{village.uid}"
                self._settle_double(row, first)

    def _unit(self, row: Row, column: str, context: Context, made: dict[str, Unit]) -> Unit | None:
        unit = find_unit(row, column, context, may_be_new=True)
        if unit is None and row.text(column) and says_new(row, column):
            name = row.text(column)
            if name not in made:
                made[name] = new_unit(context.tenant, name, UnitKind.ORGANISATION)
            unit = made[name]
        return unit

    def _lead(self, row: Row, unit: Unit | None, context: Context, made: dict[str, Unit]) -> Unit | None:
        text = row.text("lead_unit")
        if not text or unit is None:
            return None
        if text == row.text("unit"):
            return unit
        found = context.places.organisation(text).unit or made.get(text)
        answer = row.asked("unit_unknown", "unit", text)
        if found is None and answer and answer != NEW:
            found = context.places.by_uid.get(answer) or context.places.organisation(answer).unit
        return found or find_unit(row, "lead_unit", context)

    def _check_dates(self, row: Row) -> None:
        starts, signed = day_of(row, "starts_on"), day_of(row, "agreement_signed_on")
        for column, day in (("starts_on", starts), ("agreement_signed_on", signed)):
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                message = _("%(day)s lies outside the years of any programme. Correct the date.")
                row.error(column, "date_out_of_range", message % {"day": day.isoformat()})

    def _settle_double(self, row: Row, first: dict[str, Row]) -> None:
        earlier = first.setdefault(row.key, row)
        if earlier is row:
            return
        where = {"row": earlier.reading.row, "sheet": earlier.reading.sheet}
        if row.values == earlier.values:
            message = _("The same pairing stands in row %(row)d of sheet %(sheet)s, in the same words.")
            row.note("unit", "same_twice", message % where)
        else:
            message = _("The same pairing stands in row %(row)d of sheet %(sheet)s, with other values. Keep one of the two rows.")
            row.error("unit", "twice", message % where)

    def _plain(self, row: Row, context: Context) -> dict[str, Any]:
        unit, village, lead = row.found["unit"], row.found["village"], row.found["lead"]
        starts, signed = day_of(row, "starts_on"), day_of(row, "agreement_signed_on")
        designations = row.read("designations")
        plain: dict[str, Any] = {
            "unit": unit.name if unit is not None else row.text("unit"),
            "town": context.places.town_of(village) if village is not None else row.text("town"),
            "village": village.name if village is not None else row.text("village"),
            "designations": list(designations) if isinstance(designations, tuple) else [],
            "party_org": row.text("party_org"),
            "is_lead": lead is not None and lead is unit,
            "origin": str(origin_of(row)),
            "starts_on": starts.isoformat() if starts else None,
            "agreement_signed_on": signed.isoformat() if signed else None,
            "leader_contact": plain_leader(row.text("leader_contact"))[0],
            "notes": notes_of(row),
        }
        for column in ("secretary", "group_leader", "liaison"):
            value = row.read(column)
            person = value if isinstance(value, PersonValue) else PersonValue("")
            plain |= {column: person.name, f"{column}_phone": person.phone}
        return plain

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        if rows:
            Planner(rows, context, plan).plan_all()

    def written(self, plan: Plan, who: Actor) -> None:
        touched: set[int] = set()
        for models in plan.new.values():
            touched |= {one.build().pk for one in models.get(Pairing, [])}
            touched |= {one.build().pairing_id for one in models.get(PairingPost, [])}  # type: ignore[attr-defined]
        for (model, pk, _first), change in plan.changed.items():
            if model is Pairing:
                touched.add(pk)
            elif model is PairingPost:
                touched.add(change.instance.pairing_id)  # type: ignore[attr-defined]
        changes.changed(touched)

    def taking_back(self, done: Sequence[ImportChange]) -> None:
        changes.removing(change.object_id for change in done if change.is_new and change.model == Pairing._meta.label)

    def taken_back(self, done: Sequence[ImportChange]) -> None:
        ids = {change.object_id for change in done if change.model == Pairing._meta.label}
        changes.changed(Pairing.objects.filter(pk__in=ids).values_list("pk", flat=True))

    def information(self, rows: Sequence[Row], context: Context) -> list[str]:
        programme = next((row.found["programme"] for row in rows if row.found.get("programme") is not None), None)
        if programme is None:
            return []
        name = {"year": programme.year, "title": programme.title}
        if is_new(programme):
            return [_("Programme: %(year)d “%(title)s” (will be added).") % name]
        told = [_("Programme: %(year)d “%(title)s”.") % name]
        missing = missing_pairings(rows, programme)
        ends = context.options.get("missing") == "end"
        told.append(counts(rows, len(missing or ()) if ends else 0))
        if missing is None:
            # As long as a row's unit or village is in question, nobody can say what is missing.
            if ends:
                told.append(_("No pairing is ended while a row is in question: answer the questions first."))
            return told
        if missing and ends:
            names = "、".join(f"{one.unit.name} — {one.village.name}" for one in missing[:MOST_NAMED])
            day = last_day(context).isoformat()
            told.append(_("These end on %(day)s: %(names)s") % {"day": day, "names": names})
            if len(missing) > MOST_NAMED:
                told.append(_("And %(n)d more.") % {"n": len(missing) - MOST_NAMED})
        elif missing:
            told.append(
                _("%(n)d present pairings of the programme are not in the file; importing does not end them.")
                % {"n": len(missing)}
            )
        return told
