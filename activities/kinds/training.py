"""培训、农民夜校: a training with its hours, trainer and kind of attendees; its ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from activities.kinds import records
from activities.kinds.asked import RecordKind
from activities.models import ActivityType, Carrier, Record
from activities.queries.records import visible_records
from lib.kinds.declare import Empty, Field, Type

TRAINING = RecordKind(
    code="training",
    carrier=Carrier.TRAINING,
    asks=("title", "hours", "trainer", "attendees"),
    labels={"title": _("subject of the training")},
    details=("trainer", "attendees"),
)


def _trainings(access: Any) -> QuerySet[Record]:
    codes = ActivityType.objects.filter(carrier=Carrier.TRAINING).values("code")
    rows: QuerySet[Record] = visible_records(access).filter(type__in=codes)
    return rows


def _detail(name: str) -> Any:
    return lambda: Cast(KT(f"details__{name}"), CharField())


HOURS = Field(key="hours", label=_("Hours"), type=Type.NUMBER, total=True, heading="学时")
TRAINER = Field(key="trainer", label=_("Trainer"), annotate=_detail("trainer"), sortable=False, heading="授课人")
ATTENDEES = Field(key="attendees", label=_("Attendees"), annotate=_detail("attendees"), sortable=False, heading="培训对象")

TRAININGS = records.ledger(
    "training",
    one=_("training"),
    many=_("Trainings"),
    path="trainings",
    visible=_trainings,
    title="结对共建培训台账",
    fields=(
        records.DAY,
        records.PLACE,
        records.UNITS,
        records.VILLAGES,
        replace(records.TITLE, shown=True),
        records.TEXT,
        TRAINER,
        ATTENDEES,
        HOURS,
        records.PERSON_TIMES,
        records.MONEY,
        records.AUTHOR,
        records.NOTES,
        records.STATUS,
        records.TOWNS,
        *records.NARROWING,
        *records.FURTHER,
    ),
    columns=(
        "occurred_on", "place", "units", "villages", "title", "text", "trainer", "attendees", "hours", "person_times",
        "money_yuan", "author", "notes",
    ),
    empty=Empty(_("No training written down yet."), _("Write the first one down: subject, hours and who came.")),
    help=_("Trainings and evening schools with their hours, trainers and attendees."),
)  # fmt: skip
