"""How a rule set is declared: content classes, activity types and rules of a programme year, with their readings.

A preset is what a county begins with. Once the year is open its rows are the county's own; nothing reads the preset again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from activities.models import (
    Carrier,
    CountOn,
    DistinctBy,
    JointCountsFor,
    PartialPeriod,
    PeriodKind,
    PersonFilter,
    RuleScope,
    StatusRequired,
    UnitOfCount,
    WeekMonth,
)


@dataclass(frozen=True, slots=True)
class ClassDeclared:
    """One class of help (组织共建 …)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TypeDeclared:
    """One type of record; ``content_class`` is a class's code or nothing."""

    code: str
    name: str
    carrier: Carrier = Carrier.ACTIVITY
    content_class: str = ""


@dataclass(frozen=True, slots=True)
class TermsDeclared:
    """What a rule asks. Names and meanings are those of ``activities.models.RuleTerms``; a test keeps the two alike."""

    types: tuple[str, ...]
    period_kind: PeriodKind
    source_text: str
    minimum: int = 1
    unit_of_count: UnitOfCount = UnitOfCount.SESSION
    scope: RuleScope = RuleScope.PAIRING
    person_filter: PersonFilter | str = ""
    count_on: CountOn = CountOn.OCCURRED
    status_required: StatusRequired = StatusRequired.CONFIRMED
    distinct_by: DistinctBy | str = ""
    first_period: PartialPeriod = PartialPeriod.WAIVE
    last_period: PartialPeriod = PartialPeriod.WAIVE
    grace_days: int = 10
    carry_over: bool = False
    joint_counts_for: JointCountsFor = JointCountsFor.ALL
    min_visitors: int = 0
    in_village_only: bool = False
    online_per_month: int | None = None
    max_quarters_per_project: int | None = None
    allow_multi: bool = False
    week_month: WeekMonth = WeekMonth.THURSDAY
    min_working_days: int = 2

    def values(self) -> dict[str, Any]:
        """Values for a row of RuleTerms."""
        return {**asdict(self), "types": list(self.types)}


@dataclass(frozen=True, slots=True)
class RuleDeclared:
    """One rule with its first terms. ``within``: the code of the rule whose records it shares."""

    code: str
    name: str
    terms: TermsDeclared
    is_active: bool = False
    within: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A whole rule set. ``summary``: one sentence for whoever chooses."""

    code: str
    title: str
    summary: str
    classes: tuple[ClassDeclared, ...] = ()
    types: tuple[TypeDeclared, ...] = ()
    rules: tuple[RuleDeclared, ...] = ()

    def all_switched_on(self, *, code: str, title: str, summary: str) -> Preset:
        """The same rule set under another name, with every rule in use."""
        return replace(
            self, code=code, title=title, summary=summary, rules=tuple(replace(rule, is_active=True) for rule in self.rules)
        )
