"""What a list shows of a record's pairings: units, villages and towns by name, conditions on them; no join, no row twice."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from activities.ledgers import BETWEEN_UNITS
from activities.models import ActivityType, Share
from pairing.models import Pairing, Programme
from units.models import Person, Unit
from units.queries import visible_units, visible_villages


def _of_record() -> QuerySet[Share]:
    rows: QuerySet[Share] = Share.objects.filter(record=OuterRef("pk"))
    return rows


def _in_one_cell(names: ArraySubquery) -> Func:
    return Func(names, Value(BETWEEN_UNITS), function="array_to_string", output_field=CharField())


def unit_names() -> Func:
    """Names of the units that did it, the leading one first."""
    rows = _of_record().filter(pairing__isnull=False).order_by("-is_lead", "id")
    return _in_one_cell(ArraySubquery(rows.values("pairing__unit__name")))


def _village(path: str) -> Func:
    rows = _of_record().filter(village__isnull=False).order_by(f"village__{path}")
    return _in_one_cell(ArraySubquery(rows.values(f"village__{path}").distinct()))


def village_names() -> Func:
    """Names of the villages it was done for or in, each once."""
    return _village("name")


def town_names() -> Func:
    """Names of those villages' towns, each once."""
    return _village("parent__name")


def type_name() -> Subquery:
    """What the programme year calls the record's type."""
    rows = ActivityType.objects.filter(programme=OuterRef("programme"), code=OuterRef("type"))
    return Subquery(rows.values("name")[:1])


def with_share(condition: Q) -> Q:
    """Condition on records: one of their shares fulfils another."""
    return Q(pk__in=Share.objects.filter(condition).values("record"))


def at_town(town: Unit) -> Q:
    """Condition on records: done in a village of the town."""
    return with_share(Q(village__parent=town))


def at_village(village: Unit) -> Q:
    """Condition on records: done in the village."""
    return with_share(Q(village=village))


def author_name() -> Coalesce:
    """Who wrote it: who an imported ledger says did (填报人), else the person's name, else the login."""
    people = Person.objects.filter(account_id=OuterRef("author_id"))
    said = KeyTextTransform("reporter", "details")
    return Coalesce(said, Subquery(people.values("name")[:1]), F("author_name"), output_field=CharField())


# -- what a filter offers ---------------------------------------------------------------------
def programmes(access: Any) -> QuerySet[Programme]:
    rows: QuerySet[Programme] = Programme.objects.order_by("-year", "id")
    return rows


def types(access: Any) -> QuerySet[ActivityType]:
    """The types of all years, each code once, as the newest year calls it."""
    newest = ActivityType.objects.order_by("code", "-programme__year", "-id").distinct("code").values("pk")
    rows: QuerySet[ActivityType] = ActivityType.objects.filter(pk__in=Subquery(newest)).order_by("position", "code")
    return rows


def paired_units(access: Any) -> QuerySet[Unit]:
    """Units that are or were paired, as far as one sees them."""
    rows: QuerySet[Unit] = visible_units(access).filter(pk__in=Pairing.objects.values("unit")).order_by("pinyin", "id")
    return rows


def paired_villages(access: Any) -> QuerySet[Unit]:
    """Villages that are or were paired, as far as one sees them, by town."""
    rows: QuerySet[Unit] = visible_villages(access).filter(pk__in=Pairing.objects.values("village"))
    return rows.order_by("parent__division_code", "parent__pinyin", "pinyin", "id")
