"""Kinds of records and items, one small file each, on the machinery lib.kinds."""

from __future__ import annotations

from activities.kinds.activity import ACTIVITY
from activities.kinds.asked import MORE, RecordKind
from activities.kinds.benefit_project import BENEFIT_PROJECT, PROJECTS
from activities.kinds.courtyard import COURTYARD, COURTYARDS
from activities.kinds.joint_report import JOINT_REPORT
from activities.kinds.labour_day import LABOUR_DAY
from activities.kinds.livelihood_item import LIVELIHOOD, LIVELIHOOD_ITEM
from activities.kinds.reception import RECEPTION, RECEPTIONS
from activities.kinds.records import RECORD
from activities.kinds.research_visit import RESEARCH_VISIT
from activities.kinds.theme_party_day import THEME_PARTY_DAY
from activities.kinds.training import TRAINING, TRAININGS
from activities.models import ActivityType, ItemKind
from lib.kinds.declare import Kind

RECORD_KINDS: tuple[RecordKind, ...] = (
    ACTIVITY,
    LABOUR_DAY,
    RECEPTION,
    RESEARCH_VISIT,
    THEME_PARTY_DAY,
    TRAINING,
    BENEFIT_PROJECT,
    LIVELIHOOD_ITEM,
    COURTYARD,
    JOINT_REPORT,
)
LEDGERS: tuple[Kind, ...] = (RECORD, RECEPTIONS, TRAININGS, PROJECTS, LIVELIHOOD, COURTYARDS)
ITEM_LEDGERS: dict[str, Kind] = {ItemKind.PROJECT: PROJECTS, ItemKind.LIVELIHOOD: LIVELIHOOD, ItemKind.COURTYARD: COURTYARDS}
_BY_TYPE: dict[tuple[str, str], RecordKind] = {(kind.carrier, kind.code): kind for kind in RECORD_KINDS}
_BY_CARRIER: dict[str, RecordKind] = {kind.carrier: kind for kind in reversed(RECORD_KINDS)}


def kind_of_type(one: ActivityType) -> RecordKind:
    """What records of a type ask: the kind of that very type, else the one of its carrier."""
    return _BY_TYPE.get((one.carrier, one.code)) or _BY_CARRIER[one.carrier]


__all__ = [
    "COURTYARDS",
    "ITEM_LEDGERS",
    "LEDGERS",
    "LIVELIHOOD",
    "MORE",
    "PROJECTS",
    "RECEPTIONS",
    "RECORD",
    "RECORD_KINDS",
    "TRAININGS",
    "RecordKind",
    "kind_of_type",
]
