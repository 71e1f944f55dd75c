"""What is wrong with a rubric, and what should be thought over (domain.md §5.2): the validator behind the editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessment.models import LineSource, Rubric, RubricBand, RubricGroup, RubricLine, Section
from assessment.patterns import PATTERNS
from assessment.patterns.declare import plain
from assessment.readings import READINGS
from assessment.terms import faults_of

# Of the full marks, so many per cent may be counted by the system before a warning (国办函〔2026〕12号).
MOST_BY_SYSTEM = 50
# Words that a rubric must not score by: the 2026 rule forbids it.
FORBIDDEN = ("登录", "签到", "打卡", "在线时长", "积分", "照片", "图片", "视频", "截图", "轨迹", "定位", "字数", "日志数", "排名")
# Figures that grow with doing more than is asked: only rules that ask for so many, and no more, may read them.
_MORE = {"records": ("per_missing", "threshold"), "reports": ("per_missing", "threshold")}


def fits_section(section: str, pattern: str, terms: Any) -> bool:
    """Whether the points of a rule mean what its section means.

    In a deduction they come off: a rule that begins at the marks and goes down would take the most from the best. Penalties
    elsewhere would be given for misconduct.
    """
    if section != Section.DEDUCTION:
        return pattern != "penalties"
    return pattern in ("penalties", "choice") or (pattern == "points" and not terms.get("deduct"))


@dataclass(frozen=True, slots=True)
class Fault:
    """``line``: the code of the line it is about, or empty. A warning does not keep the rubric from being frozen."""

    code: str
    sentence: str
    is_warning: bool = False
    line: str = ""


def faults(rubric: Rubric) -> list[Fault]:
    """Everything that the validator has to say of a rubric; errors first. Four queries."""
    groups = list(RubricGroup.objects.filter(rubric=rubric))
    lines = list(RubricLine.objects.filter(rubric=rubric).select_related("group").order_by("group__position", "position", "id"))
    bands = list(RubricBand.objects.filter(rubric=rubric))
    found = [
        *_weights(rubric, groups, lines),
        *_bands(rubric, bands),
        *_breakers(rubric, groups, lines),
        *_by_system(rubric, lines),
    ]
    for group in groups:
        found += [
            Fault("forbidden", _("%(line)s: %(sentence)s") % {"line": group.code, "sentence": sentence}, line=group.code)
            for sentence in _forbidden(group.name)
        ]
    for line in lines:
        found += _line(line)
    found += _judged_by_people(lines)
    return sorted(found, key=lambda fault: fault.is_warning)


def share_by_system(rubric: Rubric, lines: list[RubricLine] | None = None) -> Decimal:
    """Per cent of the full marks whose figures the system counts."""
    given = lines if lines is not None else list(RubricLine.objects.filter(rubric=rubric).select_related("group"))
    counted = [line for line in given if line.group.section == Section.BASE and line.source == LineSource.SYSTEM]
    marks = sum((line.max_score for line in counted), Decimal(0))
    return marks * 100 / rubric.full_marks if rubric.full_marks else Decimal(0)


def _weights(rubric: Rubric, groups: list[RubricGroup], lines: list[RubricLine]) -> Iterator[Fault]:
    if not lines:
        yield Fault("no_lines", _("The rubric has no lines. Add them."))
        return
    total = Decimal(0)
    for group in groups:
        marks = sum((line.max_score for line in lines if line.group_id == group.pk), Decimal(0))
        if group.section == Section.BASE:
            total += marks if group.cap is None else min(group.cap, marks)
        if group.cap is not None and group.cap > marks > 0:
            sentence = _("The cap of group %(group)s lies above the marks of its lines (%(marks)s): it holds nothing.")
            yield Fault("cap_idle", sentence % {"group": group.code, "marks": plain(marks)}, is_warning=True)
    if total != rubric.full_marks:
        sentence = _("The marks of the base add up to %(total)s, not to %(full)s. Correct the marks of the lines.")
        yield Fault("weights", sentence % {"total": plain(total), "full": plain(rubric.full_marks)})
    if rubric.final_cap > rubric.full_marks + rubric.bonus_cap:
        yield Fault(
            "final_cap", _("The final score cannot reach its limit: it lies above full marks and bonus."), is_warning=True
        )


def _bands(rubric: Rubric, bands: list[RubricBand]) -> Iterator[Fault]:
    if not bands:
        yield Fault("no_bands", _("The rubric has no grades. Add them."))
        return
    lowest = [band for band in bands if band.from_score is None]
    if len(lowest) != 1:
        yield Fault("band_hole", _("Exactly one grade has no lower bound: the lowest. Otherwise some scores have no grade."))
    bounds = [band.from_score for band in bands if band.from_score is not None]
    if len(set(bounds)) != len(bounds):
        yield Fault("band_overlap", _("Two grades begin at the same score. Give each a bound of its own."))
    if any(bound > rubric.final_cap for bound in bounds):
        yield Fault("band_out_of_reach", _("A grade begins above the highest possible score."))
    if rubric.veto_grade not in {band.grade for band in bands}:
        yield Fault("veto_grade", _("The grade under a veto is none of the rubric's grades. Choose another."))


def _breakers(rubric: Rubric, groups: list[RubricGroup], lines: list[RubricLine]) -> Iterator[Fault]:
    known = {group.code for group in groups} | {line.code for line in lines}
    for code in rubric.tie_breakers:
        if code not in known:
            sentence = _("Ties are to be broken by “%(code)s”, which is no group and no line of the rubric.")
            yield Fault("tie_breaker", sentence % {"code": code})


def _by_system(rubric: Rubric, lines: list[RubricLine]) -> Iterator[Fault]:
    share = share_by_system(rubric, lines)
    if share > MOST_BY_SYSTEM:
        sentence = _(
            "The system counts %(share)s of 100 marks. Above %(most)s it becomes the main vehicle of the assessment,"
            " which the rules forbid. Leave more to people on site."
        )
        yield Fault("by_system", sentence % {"share": plain(round(share, 2)), "most": MOST_BY_SYSTEM}, is_warning=True)


def _judged_by_people(lines: list[RubricLine]) -> Iterator[Fault]:
    if lines and not any(line.source != LineSource.SYSTEM for line in lines if line.group.section == Section.BASE):
        yield Fault(
            "nobody_judges", _("Nothing is looked at by people: spot-checks on site cannot be left out. Add such a line.")
        )


def _forbidden(text: str) -> Iterator[str]:
    for word in FORBIDDEN:
        if word in text:
            yield _("Scoring by “%(word)s” is forbidden (State Council Office letter 2026 No. 12).") % {"word": word}


def _line(line: RubricLine) -> Iterator[Fault]:
    def fault(code: str, sentence: str) -> Fault:
        return Fault(code, _("%(line)s: %(sentence)s") % {"line": line.code, "sentence": sentence}, line=line.code)

    for sentence in _forbidden(f"{line.name} {line.evidence}"):
        yield fault("forbidden", sentence)
    reading, pattern = READINGS.get(line.reading), PATTERNS.get(line.pattern)
    if reading is None:
        yield fault("reading", _("There is no reading “%(name)s”.") % {"name": line.reading})
    if pattern is None:
        yield fault("pattern", _("There is no rule “%(name)s”.") % {"name": line.pattern})
    if reading is None or pattern is None:
        return
    wrong = [*faults_of(reading.declared, line.reading_terms), *faults_of(pattern.declared, line.pattern_terms)]
    for _name, sentence in wrong:
        yield fault("terms", sentence)
    if wrong:
        return
    for sentence in (*reading.faults(line.reading_terms), *pattern.faults(line.pattern_terms, line.max_score)):
        yield fault("terms", sentence)
    unread = set(pattern.needs(line.pattern_terms)) - set(reading.figures) - set(reading.hidden)
    if unread:
        sentence = _("The rule needs figures that are not read: %(names)s.")
        yield fault("figures", sentence % {"names": "、".join(sorted(unread))})
    if line.reading in _MORE and line.pattern not in _MORE[line.reading]:
        yield fault("more_earns", _("Records beyond the minimum would earn points. Ask for a number of them instead."))
    if not fits_section(line.group.section, line.pattern, line.pattern_terms):
        if line.group.section == Section.DEDUCTION:
            yield fault("section", _("This rule gives points, and would take them off here. Move it into another group."))
        else:
            yield fault("section", _("Penalties would be given as points here. Move them into a group of deductions."))
    if (line.source == LineSource.SYSTEM) != reading.is_by_system and line.source == LineSource.SYSTEM:
        yield fault("source", _("The system does not count this: people enter it. Say who."))
