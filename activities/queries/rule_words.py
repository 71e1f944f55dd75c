"""A rule in words: what it asks, what counts, and when; made of its terms, so that the words are never out of date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activities.models import (
    CountOn,
    DistinctBy,
    JointCountsFor,
    PartialPeriod,
    PeriodKind,
    PersonFilter,
    RuleScope,
    RuleTerms,
    StatusRequired,
    UnitOfCount,
    WeekMonth,
)

# Owed by the village or the county itself: nothing to say of pairings.
_WITHOUT_PAIRING = (RuleScope.VILLAGE_PARTY, RuleScope.PROGRAMME)


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Three sentences: what is asked of whom, what counts, which days matter."""

    asks: str
    counts: str
    when: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting in which two versions differ, in words."""

    label: str
    before: str
    after: str


def _who(scope: str) -> str:
    return {
        RuleScope.PAIRING: _("Each pairing"),
        RuleScope.UNIT: _("Each unit, over all its villages together,"),
        RuleScope.VILLAGE: _("Each village, by any of its units,"),
        RuleScope.PERSON: _("Each group leader, over all the leader's pairings together,"),
        RuleScope.VILLAGE_PARTY: _("Each village Party organisation itself"),
        RuleScope.PROGRAMME: _("The county as a whole"),
    }[RuleScope(scope)]


def _each(period: str) -> str:
    return {
        PeriodKind.WEEK: _("each week"),
        PeriodKind.MONTH: _("each month"),
        PeriodKind.QUARTER: _("each quarter"),
        PeriodKind.HALF: _("each half-year"),
        PeriodKind.YEAR: _("each year"),
    }[PeriodKind(period)]


def how_many(n: int, unit: str) -> str:
    """ "2 sessions", in the unit that a rule counts in."""
    return {
        UnitOfCount.SESSION: ngettext("%(n)d session", "%(n)d sessions", n),
        UnitOfCount.PROJECT: ngettext("%(n)d project", "%(n)d projects", n),
        UnitOfCount.ITEM: ngettext("%(n)d item", "%(n)d items", n),
        UnitOfCount.HOUSEHOLD: ngettext("%(n)d household", "%(n)d households", n),
        UnitOfCount.REPORT: ngettext("%(n)d report", "%(n)d reports", n),
    }[UnitOfCount(unit)] % {"n": n}


def type_words(codes: list[str], types: Mapping[str, str]) -> str:
    """Names of activity types, joined; a code that the year does not know is shown as it is."""
    # Translators: stands between the names of activity types in a list.
    return pgettext("between names", ", ").join(types.get(code, code) for code in codes)


def asks(terms: RuleTerms, types: Mapping[str, str]) -> str:
    """Whom the rule asks for how much in which period."""
    words = {
        "who": _who(terms.scope),
        "count": how_many(terms.minimum, terms.unit_of_count),
        "types": type_words(terms.types, types),
        "each": _each(terms.period_kind),
    }
    return _("%(who)s owes at least %(count)s of %(types)s %(each)s.") % words


def _sentence(clauses: list[str]) -> str:
    # Translators: between the parts of a sentence that explains a rule.
    joined = pgettext("between clauses", "; ").join(clauses)
    return _("%(clauses)s.") % {"clauses": joined[:1].upper() + joined[1:]}


def counts(terms: RuleTerms) -> str:
    """Which records count."""
    clauses = [
        _("records confirmed by the other side count")
        if terms.status_required == StatusRequired.CONFIRMED
        else _("records count as soon as they are written down")
    ]
    if terms.person_filter == PersonFilter.GROUP_LEADER:
        clauses.append(_("the group leader must be present, a deputy does not count"))
    if terms.in_village_only:
        if terms.online_per_month is None or terms.online_per_month == 0:
            clauses.append(_("only what took place in the village counts"))
        else:
            words = ngettext(
                "it takes place in the village, or online or by telephone at most %(n)d time a month",
                "it takes place in the village, or online or by telephone at most %(n)d times a month",
                terms.online_per_month,
            )
            clauses.append(words % {"n": terms.online_per_month})
    elif terms.online_per_month is not None:
        words = ngettext(
            "online or by telephone counts at most %(n)d time a month",
            "online or by telephone counts at most %(n)d times a month",
            terms.online_per_month,
        )
        clauses.append(words % {"n": terms.online_per_month})
    if terms.min_visitors:
        words = ngettext("with at least %(n)d visitor", "with at least %(n)d visitors", terms.min_visitors)
        clauses.append(words % {"n": terms.min_visitors})
    if terms.distinct_by == DistinctBy.PROJECT:
        clauses.append(_("several records of one project count once in a period"))
        if terms.max_quarters_per_project is not None:
            words = ngettext(
                "an unfinished project satisfies at most %(n)d period",
                "an unfinished project satisfies at most %(n)d periods",
                terms.max_quarters_per_project,
            )
            clauses.append(words % {"n": terms.max_quarters_per_project})
    elif terms.distinct_by == DistinctBy.HOUSEHOLD:
        clauses.append(_("a household counts once"))
    if terms.scope not in _WITHOUT_PAIRING:
        clauses.append(
            _("a joint record counts for the leading pairing only")
            if terms.joint_counts_for == JointCountsFor.LEAD
            else _("a joint record counts for every pairing named in it")
        )
    if terms.allow_multi:
        clauses.append(_("a record of another type counts too if it names this one"))
    return _sentence(clauses)


def _day(count_on: str) -> str:
    return {
        CountOn.OCCURRED: _("what counts is the day it happened"),
        CountOn.CLOSED: _("what counts is the day it was closed"),
        CountOn.REGISTERED: _("what counts is the day it was registered"),
        CountOn.STARTED: _("what counts is the day it was started"),
        CountOn.BUILT: _("what counts is the day it was built and accepted"),
        CountOn.AWARDED: _("what counts is the day it was awarded"),
        CountOn.REPORTED: _("what counts is the period reported on"),
    }[CountOn(count_on)]


def partial_words(code: str) -> str:
    """What becomes of a period in which a pairing begins or ends."""
    return {
        PartialPeriod.WAIVE: _("asked for nothing"),
        PartialPeriod.PRORATE: _("asked for if at least half of its days belong to the pairing"),
        PartialPeriod.FULL: _("asked for in full"),
    }[PartialPeriod(code)]


def _partial(terms: RuleTerms) -> list[str]:
    first = {
        PartialPeriod.WAIVE: _("the period in which a pairing begins is not due"),
        PartialPeriod.PRORATE: _("the period in which a pairing begins is due if at least half of its days belong to it"),
        PartialPeriod.FULL: _("the period in which a pairing begins is due in full"),
    }
    last = {
        PartialPeriod.WAIVE: _("the period in which it ends is not due"),
        PartialPeriod.PRORATE: _("the period in which it ends is due if at least half of its days belong to it"),
        PartialPeriod.FULL: _("the period in which it ends is due in full"),
    }
    return [first[PartialPeriod(terms.first_period)], last[PartialPeriod(terms.last_period)]]


def when(terms: RuleTerms, *, lock_day: int | None) -> str:
    """Which days matter: the one that counts, the grace, the lock, first and last periods."""
    clauses = [_day(terms.count_on)]
    words = ngettext(
        "entered up to %(n)d day after the period it is in time, later it is marked as entered late",
        "entered up to %(n)d days after the period it is in time, later it is marked as entered late",
        terms.grace_days,
    )
    clauses.append(words % {"n": terms.grace_days})
    if lock_day is not None:
        clauses.append(_("a month is locked after day %(n)d of the next month") % {"n": lock_day})
    if terms.period_kind == PeriodKind.WEEK:
        words = ngettext(
            "a week with fewer than %(n)d working day is waived",
            "a week with fewer than %(n)d working days is waived",
            terms.min_working_days,
        )
        if terms.min_working_days:
            clauses.append(words % {"n": terms.min_working_days})
        clauses.append(
            _("a week is shown in the month of its Thursday")
            if terms.week_month == WeekMonth.THURSDAY
            else _("a week is shown in the month of its Sunday")
        )
    if terms.scope not in _WITHOUT_PAIRING:
        clauses += _partial(terms)
    clauses.append(
        _("what is done beyond the minimum counts for later periods")
        if terms.carry_over
        else _("what is done beyond the minimum does not count for later periods")
    )
    return _sentence(clauses)


def in_words(terms: RuleTerms, types: Mapping[str, str], *, lock_day: int | None) -> RuleWords:
    """The whole rule. ``types``: names of activity types by code; ``lock_day``: of the year, if it has been set up."""
    return RuleWords(asks(terms, types), counts(terms), when(terms, lock_day=lock_day))


def value_words(terms: RuleTerms, name: str, types: Mapping[str, str]) -> str:
    """One setting of a version in words."""
    value = getattr(terms, name)
    if name == "types":
        return type_words(value, types)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        # With "in the village only" a session online is not in the village: without a number none counts.
        return _("none") if name == "online_per_month" and terms.in_village_only else _("no limit")
    if name in ("first_period", "last_period"):
        return partial_words(value)
    field = terms._meta.get_field(name)
    if getattr(field, "choices", None):
        return str(getattr(terms, f"get_{name}_display")()) or _("none")
    return str(value) or _("none")


def differences(before: RuleTerms | None, after: RuleTerms, names: tuple[str, ...], types: Mapping[str, str]) -> list[Difference]:
    """What ``after`` says otherwise than ``before``; all of it when there was nothing before."""
    found = []
    for name in names:
        if before is not None and getattr(before, name) == getattr(after, name):
            continue
        label = str(getattr(after._meta.get_field(name), "verbose_name", name))
        old = value_words(before, name, types) if before is not None else ""
        found.append(Difference(label, old, value_words(after, name, types)))
    return found
