"""Ready rules to begin a line from: each of the patterns of real rubrics (domain.md §3.1), in words.

A starter joins what is read with how that becomes points, and says sensible numbers in proportion to the marks. All of
its numbers can be changed afterwards on the line's own page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.models import LineSource
from assessment.patterns.declare import plain
from assessment.rubrics import fits_section

Terms = dict[str, Any]


class Of(StrEnum):
    """What the county chooses beside the rule: whose records, which rule's periods, which figure."""

    NOTHING = ""
    TYPE = "type"
    RULE = "rule"
    METRIC = "metric"


@dataclass(frozen=True, slots=True)
class Starter:
    """One ready rule. ``reads`` and ``rule`` make the two terms from the subject chosen and the marks of the line."""

    title: Promise
    reading: str
    pattern: str
    source: LineSource
    rule: Callable[[Decimal], Terms]
    of: Of = Of.NOTHING
    reads: Callable[[str], Terms] = lambda _subject: {}
    on_site: bool = False

    def fits(self, section: str) -> bool:
        """Whether its points mean what the section means: deductions take, all others give."""
        return fits_section(section, self.pattern, self.rule(Decimal(10)))


def _part(marks: Decimal, of: int) -> str:
    return plain((marks / of).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _half(marks: Decimal) -> tuple[str, str]:
    """Two parts that add up to the marks."""
    first = (marks / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return plain(first), plain(marks - first)


def _parts(marks: Decimal) -> Terms:
    agreement, plan = _half(marks)
    return {"parts": {"agreement": agreement, "plan": plan}}


def _steps(marks: Decimal) -> Terms:
    begins = ({"from": 10}, {"from": 5}, {"above": 0})
    scores = (plain(marks), _part(marks * 3, 4), _part(marks, 2))
    return {"steps": [{**begin, "score": score} for begin, score in zip(begins, scores, strict=True)]}


_SYSTEM, _REVIEWER, _POLL = LineSource.SYSTEM, LineSource.REVIEWER, LineSource.POLL
_WEIGHTS = {"satisfied": "1", "fairly": "0.75", "dissatisfied": "0.55"}
_LEVELS = {"town": "2", "county": "4", "city": "6", "province": "10", "nation": "12"}


def _by_rule(subject: str) -> Terms:
    return {"rule": subject}


def _by_type(subject: str) -> Terms:
    return {"types": [subject]}


STARTERS: Mapping[str, Starter] = {
    "records_short": Starter(
        _("Records: so many a year, each one missing costs points"), "records", "per_missing", _SYSTEM,
        lambda marks: {"required": 4, "each": _part(marks, 4), "floor": True}, Of.TYPE, _by_type,
    ),
    "records_reach": Starter(
        _("Records: full marks from so many on, otherwise none"), "records", "threshold", _SYSTEM,
        lambda _marks: {"at_least": 1, "else": 0}, Of.TYPE, _by_type,
    ),
    "periods_missed": Starter(
        _("Periods of a rule: each one missed costs points"), "periods", "per_missed", _SYSTEM,
        lambda marks: {"each": _part(marks, 12), "floor": True}, Of.RULE, _by_rule,
    ),
    "periods_doubled": Starter(
        _("Periods of a rule: each one missed costs points, double after a reminder"), "periods", "per_missed", _SYSTEM,
        lambda marks: {"each": _part(marks, 12), "floor": True, "doubled_after_reminder": True}, Of.RULE,
        lambda subject: {"rule": subject, "reminded": True},
    ),
    "periods_met": Starter(
        _("Periods of a rule: each one done earns points"), "periods", "per_met", _SYSTEM,
        lambda marks: {"each": _part(marks, 4), "of_due": True}, Of.RULE, _by_rule,
    ),
    "periods_ratio": Starter(
        _("Periods of a rule: marks × the share that is done"), "periods", "ratio", _SYSTEM,
        lambda _marks: {"part": "met", "whole": "due"}, Of.RULE, _by_rule,
    ),
    "periods_tenths": Starter(
        _("Periods of a rule: each 0.1 percentage point below a target costs points"), "periods", "tenth_points", _SYSTEM,
        lambda _marks: {"part": "met", "whole": "due", "target": 100, "each": "0.1"}, Of.RULE, _by_rule,
    ),
    "papers": Starter(
        _("Agreement and yearly plan on file"), "papers", "parts", _SYSTEM, _parts,
        reads=lambda _subject: {"papers": ["agreement", "plan"]},
    ),
    "reports": Starter(
        _("Quarterly joint reports: each missing or late one costs points"), "reports", "per_missing", _SYSTEM,
        lambda marks: {
            "required": "due", "each": _part(marks, 4), "floor": True, "figure": "submitted", "late_each": _part(marks, 8),
        },
        reads=lambda _subject: {"type": "joint_report", "rule": "joint_report", "a_year": 4, "days": 15},
    ),
    "households_ratio": Starter(
        _("Households: marks × the share that is looked after"), "households", "ratio", _SYSTEM,
        lambda _marks: {"part": "covered", "whole": "listed"},
    ),
    "households_tenths": Starter(
        _("Households: each 0.1 percentage point below a target costs points"), "households", "tenth_points", _SYSTEM,
        lambda _marks: {"part": "covered", "whole": "listed", "target": 100, "each": "0.1"},
    ),
    "growth": Starter(
        _("Growth of a village's figure by steps"), "growth", "steps", _REVIEWER, _steps, Of.METRIC,
        lambda subject: {"metric": subject},
    ),
    "reviewer_gives": Starter(
        _("A reviewer gives points within a range"), "entry", "points", _REVIEWER,
        lambda marks: {"from": 0, "to": plain(marks)},
    ),
    "reviewer_takes": Starter(
        _("A reviewer takes points off within a range"), "entry", "points", _REVIEWER,
        lambda marks: {"from": _part(marks, 8), "to": _part(marks, 2), "deduct": True},
    ),
    "reviewer_counts": Starter(
        _("A reviewer counts beside the system's own count, each one missing costs points"), "entry", "per_missing", _REVIEWER,
        lambda marks: {"required": 4, "each": _part(marks, 4), "floor": True, "figure": "value"}, Of.TYPE,
        lambda subject: {"least": 0, "most": 366, "beside": {"reading": "records", "types": [subject]}},
    ),
    "reviewer_passes": Starter(
        _("A reviewer's figure: full marks from a pass mark on, otherwise none"), "entry", "threshold", _REVIEWER,
        lambda _marks: {"at_least": 70, "else": 0, "figure": "value", "scaled": False},
        reads=lambda _subject: {"least": 0, "most": 100},
    ),
    "reviewer_says": Starter(
        _("A reviewer says adopted, submitted or none"), "entry", "choice", _REVIEWER,
        lambda marks: {"choices": {"adopted": plain(marks), "submitted": _part(marks * 3, 5), "none": "0"}},
    ),
    "households_sampled": Starter(
        _("Sampled households: each one that fails costs points, without a floor"), "entry", "per_missed",
        LineSource.HOUSEHOLDS, lambda _marks: {"each": "1", "floor": False, "figure": "value"},
        reads=lambda _subject: {"least": 0, "most": 10, "sampled": 10}, on_site=True,
    ),
    "other_side": Starter(
        _("The other side's mark in proportion"), "entry", "mark", LineSource.OTHER_SIDE, lambda _marks: {"of": 100},
        reads=lambda _subject: {"least": 0, "most": 100},
    ),
    "poll": Starter(
        _("Poll: satisfaction factors"), "poll", "weighted_poll", _POLL,
        lambda _marks: {"weights": dict(_WEIGHTS), "least_valid": 10},
    ),
    "poll_passes": Starter(
        _("Poll: a pass mark, and too many dissatisfied fail outright"), "poll", "pass_vote", _POLL,
        lambda _marks: {"weights": dict(_WEIGHTS), "least_valid": 10, "at_least": 70, "dissatisfied_at_most": 50},
    ),
    "honours": Starter(
        _("Promoted experience: points by level for each matter"), "honours", "levels", _SYSTEM,
        lambda _marks: {"levels": dict(_LEVELS)},
    ),
    "honours_highest": Starter(
        _("Promoted experience: the highest level only"), "honours", "highest_only", _SYSTEM,
        lambda _marks: {"levels": dict(_LEVELS)},
    ),
    "conduct": Starter(
        _("Untrue records, overdue rectifications and warnings take points off"), "conduct", "penalties", _SYSTEM,
        lambda _marks: {
            "penalties": {
                "untrue": {"each": "2", "every": 1},
                "overdue": {"each": "1", "every": 1},
                "yellow": {"each": "1", "every": 2},
                "red": {"each": "2", "every": 1},
            }
        },
    ),
    "conduct_halved": Starter(
        _("Overdue rectifications cost points, half when closed in the year"), "conduct", "halved", _SYSTEM,
        lambda _marks: {"each": "1", "full": "overdue_open", "half": "overdue_closed", "floor": True},
    ),
}  # fmt: skip
