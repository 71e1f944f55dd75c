"""The list of pairings (结对关系一览表): who is paired with which village, led by whom, since when.

Beside the pairings it brings the village's secretary, the county leader in contact and the village's designations.
A pairing that the list leaves out stays, unless the upload asks for its end (年度调整): the preview names those.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice, DateValue, PersonValue
from pairing import changes
from pairing.ledgers import PAIRINGS, SELF_CHOSEN_WORD
from pairing.models import (
    ChangeKind,
    EndingReason,
    Origin,
    Pairing,
    PairingChange,
    PairingPost,
    PairingPostKind,
    PairingState,
    PairingSuspension,
    Programme,
)
from pairing.models.pairing import LIVE_STATES
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import Actor
from units.importing.asking import find_unit, find_village, says_new
from units.importing.people import LEADERS, People, check_people, close, plain_leader
from units.importing.plan import Plan, Wave, is_new, new
from units.importing.registry import Context, ImportKind, register
from units.importing.roster import new_unit
from units.importing.rows import NEW, Row
from units.models import ImportChange, Listing, Unit, UnitKind
from units.models.listing import ListingKind
from units.models.person import PostKind

# So many of the pairings that end are named above the preview.
MOST_NAMED = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Put into words only when they are shown.
_LABELS = {column.name: column.label for column in PAIRINGS.columns}
_POSTS = (("group_leader", PairingPostKind.GROUP_LEADER), ("liaison", PairingPostKind.LIAISON))
_WORDS_BETWEEN = re.compile(r"[;；,，、\s]+")


class PairingList(ImportKind):
    """Pairings are found by unit and village within a programme; those not known are added."""

    code = "pairings"
    sheet: ClassVar[SheetKind] = PAIRINGS
    aliases = ("pairing", "结对", "结对关系", "一览表")

    def fields(self) -> dict[str, forms.Field]:
        choices = [("", _("As the file says"))]
        choices += [(str(one.uid), f"{one.year} {one.title}") for one in Programme.objects.order_by("-year", "id")]
        choices.append((NEW, _("A new programme")))
        return {
            "programme": forms.ChoiceField(
                label=_("Programme"),
                choices=choices,
                required=False,
                help_text=_("For which programme year the pairings are."),
            ),
            "programme_year": forms.IntegerField(
                label=_("Year of the new programme"),
                min_value=FIRST_YEAR,
                max_value=LAST_YEAR,
                required=False,
                help_text=_("Only for a new programme."),
            ),
            "programme_title": forms.CharField(
                label=_("Title of the new programme"),
                max_length=120,
                required=False,
                help_text=_("Empty: the title of the file."),
            ),
            "missing": forms.ChoiceField(
                label=_("Pairings of the programme that the file leaves out"),
                choices=[("", _("stay as they are")), ("end", _("end (yearly adjustment)"))],
                required=False,
            ),
            "missing_last_day": forms.DateField(
                label=_("Their last day"),
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                required=False,
                help_text=_("Empty: the day before the one on which the file was filled in."),
            ),
        }

    def options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return self._programme_options(given) | self._missing_options(given)

    def _missing_options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        word, typed = str(given.get("missing") or ""), given.get("missing_last_day")
        if word not in ("", "end"):
            raise ValidationError({"missing": _("Choose one of the list.")})
        if not word:
            return {}
        if not typed:
            return {"missing": word}
        try:
            day = typed if isinstance(typed, date) else date.fromisoformat(str(typed))
        except ValueError:
            raise ValidationError({"missing_last_day": _("Write the day as year-month-day, like 2024-09-03.")}) from None
        if day > clock.today():
            raise ValidationError({"missing_last_day": _("The last day cannot lie in the future.")})
        return {"missing": word, "missing_last_day": day.isoformat()}

    def _programme_options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        chosen = str(given.get("programme") or "").strip()
        if chosen == NEW:
            year = given.get("programme_year")
            if not year:
                raise ValidationError({"programme_year": _("Write the year of the new programme.")})
            return {"year": int(year), "title": str(given.get("programme_title") or "").strip()}
        if not chosen:
            return {}
        if re.fullmatch(r"20[0-9]{2}", chosen):
            return {"year": int(chosen)}
        if not _is_uuid(chosen) or not Programme.objects.filter(uid=chosen).exists():
            raise ValidationError({"programme": _("There is no such programme. Choose one of the list, or write a year.")})
        return {"programme": chosen}

    def year(self, options: Mapping[str, Any]) -> int | None:
        return options.get("year")

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        programme = self._programme(rows, context)
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
        starts, signed = _day(row, "starts_on"), _day(row, "agreement_signed_on")
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
        starts, signed = _day(row, "starts_on"), _day(row, "agreement_signed_on")
        designations = row.read("designations")
        plain: dict[str, Any] = {
            "unit": unit.name if unit is not None else row.text("unit"),
            "town": context.places.town_of(village) if village is not None else row.text("town"),
            "village": village.name if village is not None else row.text("village"),
            "designations": list(designations) if isinstance(designations, tuple) else [],
            "party_org": row.text("party_org"),
            "is_lead": lead is not None and lead is unit,
            "origin": str(_origin(row)),
            "starts_on": starts.isoformat() if starts else None,
            "agreement_signed_on": signed.isoformat() if signed else None,
            "leader_contact": plain_leader(row.text("leader_contact"))[0],
            "notes": _notes(row),
        }
        for column in ("secretary", "group_leader", "liaison"):
            value = row.read(column)
            person = value if isinstance(value, PersonValue) else PersonValue("")
            plain |= {column: person.name, f"{column}_phone": person.phone}
        return plain

    # -- the programme ----------------------------------------------------------------------
    def _programme(self, rows: Sequence[Row], context: Context) -> Programme | None:
        """The programme that the file is for: chosen, else of the year that the file itself speaks for.

        None with a question on every row when that is not plain. A new one is made at the commit only.
        """
        programmes = list(Programme.objects.order_by("-year", "id"))
        by_uid = {str(programme.uid): programme for programme in programmes}
        chosen: Programme | None = by_uid.get(str(context.options.get("programme", "")))
        year = context.options.get("year")
        if chosen is None and not year:
            answer = rows[0].asked("programme", "", "programme") if rows else None
            chosen = by_uid.get(answer or "")
            year = int(answer) if answer and answer.isdigit() else year
        if chosen is not None:
            return chosen
        year = year or self._stated_year(rows, context)
        of_year: list[Programme] = [programme for programme in programmes if programme.year == year]
        title = str(context.options.get("title", "")).strip()
        if title:
            of_year = [programme for programme in of_year if programme.title == title]
        if len(of_year) == 1:
            return of_year[0]
        if year and not of_year:
            return self._new_programme(context, year, title)
        self._ask_programme(rows, of_year or programmes, context)
        return None

    def _stated_year(self, rows: Sequence[Row], context: Context) -> int | None:
        """The year of the title, else of the filled-in date, else of the first pairing."""
        for sheet in context.sheets:
            if found := re.search(r"20[0-9]{2}(?=年|度)", sheet.title):
                return int(found[0])
        filled = [sheet.filled_on.year for sheet in context.sheets if sheet.filled_on]
        started = [day.year for row in rows if (day := _day(row, "starts_on"))]
        return min(filled) if filled else min(started, default=None)

    def _new_programme(self, context: Context, year: int, title: str) -> Programme:
        stated = next((sheet.title for sheet in context.sheets if sheet.title), "")
        return new(
            Programme,
            tenant=context.tenant,
            year=year,
            title=(title or stated or _("Pairing programme %(year)d") % {"year": year})[:120],
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
        )

    def _ask_programme(self, rows: Sequence[Row], programmes: list[Programme], context: Context) -> None:
        choices = [Choice(str(programme.uid), f"{programme.year} {programme.title}") for programme in programmes]
        if not choices:
            choices = [
                Choice(str(year), _("New: %(year)d") % {"year": year}) for year in (context.today.year, context.today.year - 1)
            ]
        message = _("The file does not say for which programme it is. Choose one.")
        for row in rows:
            row.ask("programme", "", "programme", message, tuple(choices), per_file=True)

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        if rows:
            _Planner(rows, context, plan).plan_all()

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
        missing = _missing(rows, programme)
        ends = context.options.get("missing") == "end"
        told.append(_counts(rows, len(missing or ()) if ends else 0))
        if missing is None:
            # As long as a row's unit or village is in question, nobody can say what is missing.
            if ends:
                told.append(_("No pairing is ended while a row is in question: answer the questions first."))
            return told
        if missing and ends:
            names = "、".join(f"{one.unit.name} — {one.village.name}" for one in missing[:MOST_NAMED])
            day = _last_day(context).isoformat()
            told.append(_("These end on %(day)s: %(names)s") % {"day": day, "names": names})
            if len(missing) > MOST_NAMED:
                told.append(_("And %(n)d more.") % {"n": len(missing) - MOST_NAMED})
        elif missing:
            told.append(
                _("%(n)d present pairings of the programme are not in the file; importing does not end them.")
                % {"n": len(missing)}
            )
        return told


def _missing(rows: Sequence[Row], programme: Programme) -> list[Pairing] | None:
    """The live pairings of the programme that no row names; None when a row does not say which it is."""
    named = {row.key for row in rows}
    if "" in named:
        return None
    live = Pairing.objects.filter(programme=programme, state__in=LIVE_STATES).select_related("unit", "village")
    rows_of = live.order_by("village__pinyin", "unit__pinyin", "pk")
    return [one for one in rows_of if f"{one.unit.uid}:{one.village.uid}" not in named]


def _counts(rows: Sequence[Row], n_ended: int) -> str:
    """新增 / 保留 / 终止 / 冲突 (domain.md §4.1): what a new roster does to the table."""
    told = {
        "added": sum(row.is_ok and row.effect == "add" for row in rows),
        "kept": sum(row.is_ok and row.effect in ("same", "change") for row in rows),
        "ended": n_ended,
        "conflicts": sum(not row.is_ok for row in rows),
    }
    return _("Pairings: %(added)d added, %(kept)d kept, %(ended)d ended, %(conflicts)d in conflict or in question.") % told


def _last_day(context: Context) -> date:
    """The last day of pairings that the file leaves out."""
    given = context.options.get("missing_last_day")
    return date.fromisoformat(given) if given else context.stated_on - timedelta(days=1)


class _Planner:
    """One run of planning: what the county has, by the keys that rows are found by."""

    def __init__(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        self.rows, self.context, self.to = rows, context, plan
        self.tenant: Tenant = context.tenant
        self.programme: Programme = rows[0].found["programme"]
        self.people = People.load(self.tenant)
        self.pairings: dict[tuple[object, object], Pairing] = {}
        self.posts: dict[tuple[object, str], PairingPost] = {}
        self._load_pairings()
        self.branches = {
            (branch.parent.uid, branch.name): branch
            for branch in Unit.objects.filter(kind=UnitKind.PARTY_ORGANISATION, ends_on=None).select_related("parent")
            if branch.parent is not None
        }
        self.listed: dict[object, set[str]] = defaultdict(set)
        for uid, kind in Listing.objects.filter(ends_on=None).values_list("unit__uid", "kind"):
            self.listed[uid].add(kind)
        self.made: set[object] = set()

    def _load_pairings(self) -> None:
        if is_new(self.programme):
            self._know_leaders(PairingPost.objects.all())
            return
        live = Pairing.objects.filter(programme=self.programme, state__in=LIVE_STATES)
        for pairing in live.select_related("unit", "village", "party_org"):
            self.pairings[pairing.unit.uid, pairing.village.uid] = pairing
        held = PairingPost.objects.all()
        self._know_leaders(held)
        for post in held.filter(pairing__in=self.pairings.values(), ends_on=None).select_related("pairing", "person"):
            self.posts[post.pairing.uid, post.kind] = post

    def _know_leaders(self, posts: Any) -> None:
        """A group leader without an office in the unit is a person of the unit all the same."""
        for post in posts.select_related("person", "pairing__unit").order_by("id"):
            self.people.know(post.pairing.unit.uid, post.person)

    def plan_all(self) -> None:
        n_of_village: dict[object, set[object]] = defaultdict(set)
        for _unit, village in self.pairings:
            n_of_village[village].add(_unit)
        for row in self.rows:
            n_of_village[row.found["village"].uid].add(row.found["unit"].uid)
        leads = {row.found["village"].uid: row for row in self.rows if row.values["is_lead"]}
        self._unseat_leads(leads)
        has_lead = set(leads) | {village for (_unit, village), pairing in self.pairings.items() if pairing.is_lead}
        self._end_missing()
        for row in self.rows:
            village = row.found["village"].uid
            self._plan_row(row, needs_lead=len(n_of_village[village]) > 1 and village not in has_lead)

    def _end_missing(self) -> None:
        """End what the new roster leaves out, when that was asked for and every row says which pairing it is."""
        if self.context.options.get("missing") != "end" or is_new(self.programme):
            return
        row, day = self.rows[0], _last_day(self.context)
        for pairing in _missing(self.context.facts["rows"], self.programme) or ():
            pairing = self.pairings[pairing.unit.uid, pairing.village.uid]
            last = max(day, pairing.starts_on)
            if hindrances := changes.ending_hindrances(pairing, last):
                row.note("unit", "not_ended", " ".join(hindrances))
                continue
            for field, value in (
                ("state", PairingState.ENDED),
                ("ends_on", last),
                ("is_lead", False),
                ("ending_reason", EndingReason.YEAR_ADJUSTMENT),
            ):
                self.to.change(row, pairing, field, value, first=True)
            for kind in PairingPostKind:
                post = self.posts.pop((pairing.uid, kind), None)
                if post is not None:
                    self.to.change(row, post, "ends_on", max(last, post.starts_on), first=True)
            for rest in PairingSuspension.objects.filter(pairing=pairing, ends_on=None):
                self.to.change(row, rest, "ends_on", max(last, rest.starts_on), first=True)
            self._remember(row, pairing, ChangeKind.ENDED, last, from_unit=pairing.unit)
            del self.pairings[pairing.unit.uid, pairing.village.uid]

    def _remember(self, row: Row, pairing: Pairing, kind: ChangeKind, on: date, **units: Unit) -> None:
        """A row of the history of the pairing; undone with the import."""
        change = new(
            PairingChange,
            tenant=self.tenant,
            pairing=pairing,
            kind=kind,
            who=self.context.who[:150],
            effective_on=on,
            doc_no=self.programme.doc_no,
            reason=str(EndingReason.YEAR_ADJUSTMENT.label) if kind == ChangeKind.ENDED else "",
            at=clock.now(),
            **units,
        )
        self.to.add(row, Wave.BELOW_LEDGER, change)

    def _unseat_leads(self, leads: Mapping[object, Row]) -> None:
        """A village has one lead: the former one steps down before the new one is written."""
        label = _LABELS["lead_unit"]
        for (unit, village), pairing in self.pairings.items():
            row = leads.get(village)
            if pairing.is_lead and row is not None and row.found["unit"].uid != unit:
                self.to.change(row, pairing, "is_lead", False, first=True)
                row.tell(label, pairing.unit.name, row.found["unit"].name)

    def _plan_row(self, row: Row, *, needs_lead: bool) -> None:
        unit, village = row.found["unit"], row.found["village"]
        if is_new(self.programme) and self.programme.uid not in self.made:
            self.made.add(self.programme.uid)
            self.to.add(row, Wave.UNITS, self.programme)
        if is_new(unit) and unit.uid not in self.made:
            self.made.add(unit.uid)
            self.to.add(row, Wave.UNITS, unit)
        row.effect = "same"
        pairing = self.pairings.get((unit.uid, village.uid))
        if pairing is None:
            pairing = self.pairings[unit.uid, village.uid] = self._new_pairing(row, unit, village)
            row.effect = "add"
        self._plan_fields(row, pairing)
        self._plan_people(row, pairing)
        self._plan_state(row, pairing, needs_lead=needs_lead)
        if row.effect == "add":
            row.values["state"] = str(pairing.state)
            self.to.add(row, Wave.LEDGER, pairing)
            self._remember(row, pairing, ChangeKind.CREATED, pairing.starts_on, to_unit=unit)
        self._plan_village(row, village)
        row.values["state"] = str(pairing.state)
        if row.effect == "same" and row.changes:
            row.effect = "change"

    def _new_pairing(self, row: Row, unit: Unit, village: Unit) -> Pairing:
        starts = _day(row, "starts_on") or _day(row, "agreement_signed_on") or self.programme.starts_on
        return new(
            Pairing,
            tenant=self.tenant,
            programme=self.programme,
            unit=unit,
            village=village,
            starts_on=starts,
            origin=_origin(row),
            state=PairingState.PROPOSED,
        )

    def _plan_fields(self, row: Row, pairing: Pairing) -> None:
        starts, signed = _day(row, "starts_on"), _day(row, "agreement_signed_on")
        if starts is not None:
            self.to.change(row, pairing, "starts_on", starts, label=_LABELS["starts_on"])
        if signed is not None:
            self.to.change(row, pairing, "agreement_signed_on", signed, label=_LABELS["agreement_signed_on"])
        if row.values["notes"]:
            self.to.change(row, pairing, "notes", row.values["notes"], label=_LABELS["notes"])
        if row.values["origin"] == Origin.SELF_CHOSEN:
            self.to.change(row, pairing, "origin", Origin.SELF_CHOSEN, label=str(Pairing._meta.get_field("origin").verbose_name))
        if row.values["is_lead"] and not pairing.is_lead:
            self.to.change(row, pairing, "is_lead", True)
            if not any(change["label"] == str(_LABELS["lead_unit"]) for change in row.changes):
                row.tell(_LABELS["lead_unit"], "", pairing.unit.name)
        branch = self._branch(row, pairing.unit)
        if branch is not None and (pairing.party_org_id is None or pairing.party_org_id != branch.pk):
            before = pairing.party_org.name if pairing.party_org_id and pairing.party_org else ""
            self.to.change(row, pairing, "party_org", branch)
            row.tell(_LABELS["party_org"], before, branch.name)

    def _branch(self, row: Row, unit: Unit) -> Unit | None:
        name = row.values["party_org"]
        if not name:
            return None
        branch = self.branches.get((unit.uid, name))
        if branch is None:
            branch = new_unit(self.tenant, name, UnitKind.PARTY_ORGANISATION, parent=unit)
            self.branches[unit.uid, name] = branch
            self.to.add(row, Wave.BELOW_UNITS, branch)
        return branch

    def _plan_people(self, row: Row, pairing: Pairing) -> None:
        for column, kind in _POSTS:
            value = row.read(column)
            if isinstance(value, PersonValue):
                self._hold(row, column, pairing, kind, value)

    def _hold(self, row: Row, column: str, pairing: Pairing, kind: PairingPostKind, value: PersonValue) -> None:
        current = self.posts.get((pairing.uid, kind))
        label = kind.label
        if current is not None and current.person.name == value.name:
            if value.phone:
                self.to.change(row, current, "phone", value.phone, label=label)
            return
        starts_on = pairing.starts_on
        if current is not None:
            starts_on = close(self.to, row, current, self.context.stated_on)
        person = self.people.person(self.to, row, column, pairing.unit.uid, value)
        post = new(
            PairingPost, tenant=self.tenant, pairing=pairing, person=person, kind=kind, phone=value.phone, starts_on=starts_on
        )
        self.posts[pairing.uid, kind] = post
        self.to.add(row, Wave.BELOW_LEDGER, post)
        row.tell(label, current.person.name if current is not None else "", value.name)

    def _plan_state(self, row: Row, pairing: Pairing, *, needs_lead: bool) -> None:
        """As far along as the list shows: agreed, signed, and active once begun, led, and with a lead unit."""
        if pairing.state == PairingState.SUSPENDED:
            return
        reached = PairingState.AGREED
        if pairing.agreement_signed_on is not None and pairing.agreement_signed_on <= self.context.today:
            reached = PairingState.SIGNED
            begun = pairing.starts_on <= self.context.today
            led = (pairing.uid, PairingPostKind.GROUP_LEADER) in self.posts
            if begun and led and not needs_lead:
                reached = PairingState.ACTIVE
            elif needs_lead:
                message = _("The village has several units and no lead unit: the pairing stays “%(state)s”.")
                row.note("lead_unit", "no_lead", message % {"state": PairingState.SIGNED.label})
            elif not led:
                message = _("No group leader is named: the pairing stays “%(state)s”.")
                row.note("group_leader", "no_leader", message % {"state": PairingState.SIGNED.label})
        if LIVE_STATES.index(reached) > LIVE_STATES.index(PairingState(pairing.state)):
            label = str(Pairing._meta.get_field("state").verbose_name)
            self.to.change(row, pairing, "state", reached, label=label)
            if reached == PairingState.ACTIVE:
                self.to.change(row, pairing, "active_from", pairing.starts_on)
                self._remember(row, pairing, ChangeKind.ACTIVATED, pairing.starts_on)

    def _plan_village(self, row: Row, village: Unit) -> None:
        since = self.context.stated_on
        secretary = row.read("secretary")
        if isinstance(secretary, PersonValue):
            self.people.hold(self.to, row, "secretary", village, PostKind.VILLAGE_SECRETARY, secretary, since=since)
        name, title = plain_leader(row.text("leader_contact"))
        if name:
            self.people.hold(
                self.to,
                row,
                "leader_contact",
                village,
                PostKind.LEADER_CONTACT,
                PersonValue(name),
                since=since,
                title=title,
                home=LEADERS,
            )
        for kind in row.values["designations"]:
            if kind not in self.listed[village.uid]:
                self.listed[village.uid].add(kind)
                listing = new(Listing, tenant=self.tenant, unit=village, kind=kind, starts_on=since)
                self.to.add(row, Wave.LEDGER, listing, shown=(_LABELS["designations"], str(ListingKind(kind).label)))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _day(row: Row, column: str) -> date | None:
    value = row.read(column)
    return value.start if isinstance(value, DateValue) else None


def _origin(row: Row) -> Origin:
    return Origin.SELF_CHOSEN if SELF_CHOSEN_WORD in _remarks(row) else Origin.ASSIGNED


def _remarks(row: Row) -> list[str]:
    return [word for word in _WORDS_BETWEEN.split(row.text("notes")) if word]


def _notes(row: Row) -> str:
    """The remarks without the word for a self-chosen village, which is a field of its own."""
    text = row.text("notes")
    if SELF_CHOSEN_WORD not in _remarks(row):
        return text
    return ";".join(word for word in _remarks(row) if word != SELF_CHOSEN_WORD)


register(PairingList())
