"""The roster of units (单位花名册): units with their nature, Party organisation, principal, leader and liaison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from lib.sheets.columns import SheetKind
from lib.sheets.readings import NumberValue, PersonValue
from tenancy.models import Tenant
from units.importing.asking import ask_which_unit, chosen_unit
from units.importing.names import unit_keys, unit_likeness
from units.importing.people import People, check_people
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context, ImportKind, register
from units.importing.rows import NEW, Row
from units.ledgers import UNITS
from units.models import Unit, UnitKind
from units.models.person import PostKind
from units.models.unit import UnitNature

# Two names this alike may be one unit under an old and a new name: worth a question.
ALIKE = 0.8
MOST_MEMBERS = 1_000_000
_FIELDS = (
    ("nature", "nature"),
    ("superior", "superior_name"),
    ("n_members", "n_party_members"),
    ("team", "team"),
    ("notes", "notes"),
)
# Put into words only when they are shown: most rows show none.
_LABELS = {column.name: column.label for column in UNITS.columns}
_STATIONED = Unit._meta.get_field("is_stationed")
_POSTS = (
    ("principal", PostKind.PRINCIPAL),
    ("group_leader", PostKind.GROUP_LEADER),
    ("liaison", PostKind.LIAISON),
)


class Roster(ImportKind):
    """Units are found by name; those not known are added. A unit that the roster leaves out stays as it is."""

    code = "units"
    sheet: ClassVar[SheetKind] = UNITS
    aliases = ("unit", "单位", "花名册", "市直单位花名册")

    def match(self, rows: Sequence[Row], context: Context) -> None:
        named = {row: context.places.organisation(row.text("unit")) for row in rows}
        taken = {found.unit.uid for found in named.values() if found.unit is not None}
        first: dict[str, Row] = {}
        spelled: dict[str, str] = {}
        for row, found in named.items():
            check_people(row, [column for column, _kind in _POSTS])
            row.values = self._plain(row)
            name = row.text("unit")
            if not name:
                continue
            unit = found.unit
            if found.doubt == "several":
                unit = chosen_unit(row, "unit", name, context)
                if unit is None:
                    ask_which_unit(row, "unit", name, found.candidates)
            elif unit is None:
                unit = self._alike(row, name, [u for u in found.candidates if u.uid not in taken], context)
            row.found["unit"] = unit
            if unit is not None:
                row.values |= {"unit": unit.name, "name": unit.name}
            row.key = str(unit.uid) if unit is not None else _key_of_new(name, context.places.prefixes, spelled)
            self._settle_double(row, first)

    def _alike(self, row: Row, name: str, candidates: list[Unit], context: Context) -> Unit | None:
        """An existing unit under another name, if somebody says so; a question when it may be one."""
        prefixes = context.places.prefixes
        alike = [unit for unit in candidates if unit_likeness(name, unit.name, prefixes) >= ALIKE]
        answer = chosen_unit(row, "unit", name, context)
        if answer is None and alike and row.asked("unit_unknown", "unit", name) != NEW:
            ask_which_unit(row, "unit", name, tuple(alike), may_be_new=True)
        return answer

    def _settle_double(self, row: Row, first: dict[str, Row]) -> None:
        earlier = first.setdefault(row.key, row)
        if earlier is row:
            return
        where = {"row": earlier.reading.row, "sheet": earlier.reading.sheet}
        if {**row.values, "unit": "", "name": ""} == {**earlier.values, "unit": "", "name": ""}:
            row.note(
                "unit", "same_twice", _("The same unit stands in row %(row)d of sheet %(sheet)s, in the same words.") % where
            )
        else:
            message = _("The same unit stands in row %(row)d of sheet %(sheet)s, with other values. Keep one of the two rows.")
            row.error("unit", "twice", message % where)

    def _plain(self, row: Row) -> dict[str, Any]:
        members = row.read("n_members")
        if isinstance(members, NumberValue) and members.value > MOST_MEMBERS:
            row.error("n_members", "too_many", _("A unit has not so many Party members. Check the number."))
        nature = row.text("nature")
        plain: dict[str, Any] = {
            "unit": row.text("unit"),
            "name": row.text("unit"),
            "nature": nature,
            "is_stationed": nature == UnitNature.STATIONED,
            "superior": row.text("superior"),
            "party_org": row.text("party_org"),
            "n_party_members": int(members.value) if isinstance(members, NumberValue) else None,
            "principal_title": row.text("principal_title"),
            "team": _team(row),
            "notes": row.text("notes"),
        }
        for column, _kind in _POSTS:
            value = row.read(column)
            person = value if isinstance(value, PersonValue) else PersonValue("")
            plain |= {column: person.name, f"{column}_phone": person.phone}
        return plain

    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        people = People.load(context.tenant)
        branches: dict[object, set[str]] = defaultdict(set)
        for parent_uid, name in Unit.objects.filter(kind=UnitKind.PARTY_ORGANISATION, ends_on=None).values_list(
            "parent__uid", "name"
        ):
            branches[parent_uid].add(name)
        made: dict[str, Unit] = {}
        for row in rows:
            unit = row.found["unit"] or made.get(row.key)
            row.effect = "same"
            if unit is None:
                unit = made[row.key] = new_unit(context.tenant, row.text("unit"), UnitKind.ORGANISATION)
                plan.add(row, Wave.UNITS, unit)
                row.effect = "add"
            self._write(row, unit, context, plan, people, branches[unit.uid])
            if row.effect == "same" and row.changes:
                row.effect = "change"

    def _write(self, row: Row, unit: Unit, context: Context, plan: Plan, people: People, branches: set[str]) -> None:
        said = {**row.values, "n_members": row.values["n_party_members"]}
        for column, field in _FIELDS:
            value = said[column]
            # An empty cell says nothing; it does not empty what is known.
            if value not in (None, ""):
                plan.change(row, unit, field, value, label=_LABELS[column])
        if said["nature"]:
            plan.change(row, unit, "is_stationed", said["is_stationed"], label=_STATIONED.verbose_name)
        branch = said["party_org"]
        if branch and branch not in branches:
            branches.add(branch)
            organisation = new_unit(context.tenant, branch, UnitKind.PARTY_ORGANISATION, parent=unit)
            plan.add(row, Wave.BELOW_UNITS, organisation, shown=(_LABELS["party_org"], branch))
        for column, kind in _POSTS:
            value = row.read(column)
            if isinstance(value, PersonValue):
                title = said["principal_title"] if kind == PostKind.PRINCIPAL else ""
                people.hold(plan, row, column, unit, kind, value, since=context.stated_on, title=title)


def _key_of_new(name: str, prefixes: tuple[str, ...], known: dict[str, str]) -> str:
    """One key for all spellings of a unit that the county does not have yet: 市林业局 and 高州市林业局 are one."""
    keys = unit_keys(name, prefixes)
    key = next((known[spelling] for spelling in keys if spelling in known), keys[0] if keys else name)
    for spelling in keys:
        known.setdefault(spelling, key)
    return key


def _team(row: Row) -> str:
    value = row.read("team")
    return "、".join(value)[:400] if isinstance(value, tuple) else ""


def new_unit(tenant: Tenant, name: str, kind: UnitKind, *, parent: Unit | None = None) -> Unit:
    """A unit not yet stored; its sort keys are made when it is written."""
    return new(Unit, tenant=tenant, name=name, kind=kind, parent=parent)


register(Roster())
