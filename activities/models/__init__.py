"""What is owed in a programme year, what was done, and what became of the one through the other."""

from activities.models.calendar import Period, PeriodKind, Reopening, Waiver, WaiverScope, WorkingDay
from activities.models.item import COURTYARD_GONE, Item, ItemKind, ItemLead, ItemState
from activities.models.obligation import Obligation, ObligationAnswer, ObligationFlip, ObligationState
from activities.models.reception import Visitor
from activities.models.record import AuthorSide, Form, PlaceKind, Record, RecordEvent, Share, Status, Step
from activities.models.rule import (
    CountOn,
    DistinctBy,
    JointCountsFor,
    PartialPeriod,
    PersonFilter,
    Rule,
    RuleScope,
    RuleTerms,
    StatusRequired,
    UnitOfCount,
    WeekMonth,
)
from activities.models.year import ActivityType, Carrier, ContentClass, YearSettings

__all__ = [
    "COURTYARD_GONE",
    "ActivityType",
    "AuthorSide",
    "Carrier",
    "ContentClass",
    "CountOn",
    "DistinctBy",
    "Form",
    "Item",
    "ItemKind",
    "ItemLead",
    "ItemState",
    "JointCountsFor",
    "Obligation",
    "ObligationAnswer",
    "ObligationFlip",
    "ObligationState",
    "PartialPeriod",
    "Period",
    "PeriodKind",
    "PersonFilter",
    "PlaceKind",
    "Record",
    "RecordEvent",
    "Reopening",
    "Rule",
    "RuleScope",
    "RuleTerms",
    "Share",
    "Status",
    "StatusRequired",
    "Step",
    "UnitOfCount",
    "Visitor",
    "Waiver",
    "WaiverScope",
    "WeekMonth",
    "WorkingDay",
    "YearSettings",
]
