"""Changing a rubric: the whole, its groups, its bands, one line with the terms of its rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.forms.numbers import NumberField
from assessment.models import Grade, RubricBand, RubricLine
from assessment.patterns import PATTERNS
from assessment.patterns.steps import CHOICES, in_order, name_of
from assessment.queries.subjects import Choices, metric_choices, rule_choices, type_choices
from assessment.readings import READINGS
from assessment.terms import Term
from assessment.weights import written

# Terms that are one number, and the path to it.
_NUMBERS = frozenset({"number", "points", "count"})
_MOST = 999_999
_LEAST = {"points": 0, "count": 1, "required": 1}
# An empty step below those that are there: another one is written into it.
_SPARE: Mapping[str, Any] = {"from": None, "score": None}


def number_field(label: Any, *, required: bool = True, help_text: Any = "", least: int | None = 0) -> NumberField:
    """A number with at most four decimals."""
    return NumberField(least=least, most=_MOST, places=4, label=label, required=required, help_text=help_text)


def marks_field(label: Any, *, required: bool = True, help_text: Any = "") -> NumberField:
    """Points of a line or a cap: at most two decimals."""
    return NumberField(least=0, most=1000, places=2, label=label, required=required, help_text=help_text)


class RubricForm(forms.Form):
    """What holds for the whole rubric."""

    title = forms.CharField(label=_("Title"), max_length=120)
    full_marks = marks_field(_("Full marks"))
    bonus_cap = marks_field(_("Bonus at most"))
    deduction_cap = marks_field(_("Deduction at most"))
    final_cap = marks_field(_("Final score at most"))
    top_share = forms.IntegerField(
        label=_("Top grade for at most (%)"), min_value=0, max_value=100,
        help_text=_("Per cent of the assessed units, rounded down: 30 % of 108 are 32."),
    )  # fmt: skip
    tie_breakers = forms.CharField(
        label=_("Order among equal scores"), max_length=80, required=False,
        help_text=_("Codes of lines and groups, the first decides first: G2, E. Used when too many units reach the top grade."),
    )  # fmt: skip
    veto_grade = forms.ChoiceField(label=_("Grade under a veto at most"), choices=Grade.choices)
    source_text = forms.CharField(
        label=_("Wording of the plan"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    doc_no = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["tie_breakers"] = [
            code for code in given["tie_breakers"].replace("，", ",").replace("、", ",").replace(" ", "").split(",") if code
        ]
        return given


class GroupForm(forms.Form):
    """A group's name and cap."""

    name = forms.CharField(label=_("Name"), max_length=60)
    cap = marks_field(_("Together at most"), required=False, help_text=_("Empty: as many as its lines give."))


class BandsForm(forms.Form):
    """A word and a lower bound for each grade. Half-open: a grade reaches to where the next higher one begins."""

    def __init__(self, *args: Any, bands: Iterable[RubricBand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bands = list(bands)
        for band in self.bands:
            word = {"word": band.get_grade_display()}
            self.fields[f"word_{band.grade}"] = forms.CharField(
                label=gettext("Word for “%(word)s”") % word, max_length=20, initial=band.word
            )
            field = marks_field(gettext("“%(word)s” from") % word, required=False, help_text=_("Empty: the lowest grade."))
            field.initial = band.from_score
            self.fields[f"from_{band.grade}"] = field

    def values(self) -> dict[str, tuple[str, Decimal | None]]:
        return {
            band.grade: (self.cleaned_data[f"word_{band.grade}"], self.cleaned_data[f"from_{band.grade}"]) for band in self.bands
        }


@dataclass(frozen=True, slots=True)
class Place:
    """One number or tick inside a line's terms: where it stands, and what it is called."""

    name: str
    column: str  # pattern_terms or reading_terms
    path: tuple[str | int, ...]
    label: str
    sort: str
    value: Any
    # What may be chosen, and whether the place may stay empty: what is empty is no part of the rule.
    choices: tuple[tuple[str, str], ...] = ()
    is_needed: bool = True
    least: int | None = None


# What a reading reads of the county, chosen anew on the page: (reading, term) → choices.
_SUBJECTS: Mapping[tuple[str, str], Callable[[], Choices]] = {
    ("records", "types"): type_choices,
    ("periods", "rule"): rule_choices,
    ("growth", "metric"): metric_choices,
}
# Tables whose rows are the figures of the reading, or the words that a reviewer may say.
_OPEN_TABLES = frozenset({"levels", "penalties", "choices"})


def _all_keys(name: str, reading: str, value: Mapping[str, Any]) -> list[str]:
    """The rows of a table: those in use, and those that could be."""
    known: Iterable[str] = CHOICES if name == "choices" else READINGS[reading].figures if name in _OPEN_TABLES else ()
    if name == "penalties":
        # Parts of another figure, told beside it.
        known = [key for key in known if not key.startswith("overdue_")]
    return [key for key, _value in in_order({**dict.fromkeys(known), **value})]


def _subject(reading: str, name: str, label: str, value: Any) -> Iterable[Place]:
    choices = _SUBJECTS.get((reading, name))
    if choices is None:
        return
    found = dict(choices())
    # A code of an earlier year stays choosable as long as the line reads it.
    for code in [value] if isinstance(value, str) else value:
        found.setdefault(code, code)
    yield Place(f"reading_terms-{name}", "reading_terms", (name,), label, "word" if isinstance(value, str) else "words", value,
                tuple(found.items()))  # fmt: skip


def _inside(column: str, name: str, term: Term, value: Any, reading: str) -> Iterable[Place]:
    """The places of one term: its numbers and ticks; of what is read the types, rule or figure of the county."""
    label = str(term.label)
    if column == "reading_terms":
        yield from _subject(reading, name, label, value)
    if term.sort in _NUMBERS or (term.sort == "required" and not _is_code(value)):
        yield Place(f"{column}-{name}", column, (name,), label, "number", value, least=_LEAST.get(term.sort))
    elif term.sort == "truth":
        yield Place(f"{column}-{name}", column, (name,), label, "truth", value)
    elif term.sort == "table":
        for key in _all_keys(name, reading, value):
            words = f"{label} · {name_of(key)}"
            yield Place(f"{column}-{name}-{key}", column, (name, key), words, "number", value.get(key), is_needed=key in value
                        and name not in _OPEN_TABLES)  # fmt: skip
    elif term.sort == "steps":
        for n, step in enumerate([*value, _SPARE]):
            begins = "from" if "from" in step else "above"
            words = gettext("Step %(n)d from (%%)") if begins == "from" else gettext("Step %(n)d above (%%)")
            score = gettext("Points of step %(n)d") % {"n": n + 1}
            for part, said in ((begins, words % {"n": n + 1}), ("score", score)):
                yield Place(f"{column}-{name}-{n}-{part}", column, (name, n, part), said, "number", step[part], is_needed=False)
    elif term.sort == "penalties":
        for key in _all_keys(name, reading, value):
            penalty = value.get(key, {"each": None, "every": None})
            for part, words in (("each", gettext("%(name)s: points each time")), ("every", gettext("%(name)s: for so many"))):
                yield Place(
                    f"{column}-{name}-{key}-{part}",
                    column,
                    (name, key, part),
                    words % {"name": name_of(key)},
                    "number",
                    penalty[part],
                    is_needed=False,
                    least=0 if part == "each" else 1,
                )


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and not value.replace(".", "", 1).isdigit()


def places_of(line: RubricLine) -> list[Place]:
    """All that may be changed in the terms of a line."""
    found: list[Place] = []
    declared = (("pattern_terms", PATTERNS[line.pattern].declared), ("reading_terms", READINGS[line.reading].declared))
    for column, terms in declared:
        given: Mapping[str, Any] = getattr(line, column)
        for name, term in terms.items():
            if name in given:
                found += _inside(column, name, term, given[name], line.reading)
    return found


def state_of(line: RubricLine) -> str:
    """What a line says, as a short text that is another when anything of it is another."""
    said = [str(getattr(line, name)) for name in ("name", "max_score", "department", "evidence", "on_site")]
    terms = json.dumps([line.reading_terms, line.pattern_terms], sort_keys=True)
    return hashlib.sha256("\n".join([*said, terms]).encode()).hexdigest()


class LineForm(forms.Form):
    """A line of a draft: its name, marks, and each number that its rule speaks of."""

    name = forms.CharField(label=_("Indicator"), max_length=60)
    max_score = marks_field(_("Marks"))
    department = forms.CharField(label=_("Assessed by"), max_length=60, required=False)
    evidence = forms.CharField(label=_("Evidence"), max_length=120, required=False)
    on_site = forms.BooleanField(
        label=_("Checked on site by two"), required=False,
        help_text=_("Two people enter; where they differ by more than 20 % of the marks, a third settles it."),
    )  # fmt: skip

    # What the line was when the page was opened.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, line: RubricLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = state_of(line)
        for name in ("name", "max_score", "department", "evidence", "on_site"):
            self.fields[name].initial = getattr(line, name)
        self.line, self.places = line, places_of(line)
        for place in self.places:
            field: forms.Field
            if place.sort == "truth":
                field = forms.BooleanField(label=place.label, required=False)
            elif place.sort == "word":
                field = forms.ChoiceField(label=place.label, choices=place.choices)
            elif place.sort == "words":
                field = forms.MultipleChoiceField(label=place.label, choices=place.choices, widget=forms.CheckboxSelectMultiple())
            else:
                field = number_field(place.label, required=place.is_needed, least=place.least)
            field.initial = place.value
            self.fields[place.name] = field

    def clean(self) -> dict[str, Any]:
        """A step or a penalty is said whole or left out whole."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("seen") and given["seen"] != state_of(self.line):
            raise forms.ValidationError(
                gettext("Somebody changed this line after you opened the page. Look at it as it is now, then do it again.")
            )
        for pair in self._pairs():
            if any(place.name in self.errors for place in pair):
                continue
            empty = [place for place in pair if given.get(place.name) is None]
            if len(empty) == 1:
                self.add_error(empty[0].name, gettext("Write this number too, or empty the other."))
        return given

    def _pairs(self) -> Iterable[list[Place]]:
        """Numbers that belong together: where a step begins and its points, a penalty's points and for how many."""
        found: dict[tuple[str | int, ...], list[Place]] = {}
        for place in self.places:
            if len(place.path) == 3:
                found.setdefault(place.path[:-1], []).append(place)
        return found.values()

    def values(self) -> dict[str, Any]:
        """Columns of the line as they become; terms copied, with the new numbers in their places."""
        terms = {column: deepcopy(getattr(self.line, column)) for column in ("pattern_terms", "reading_terms")}
        for place in self.places:
            _put(terms[place.column], place, self.cleaned_data[place.name])
        if "steps" in terms["pattern_terms"]:
            terms["pattern_terms"]["steps"] = _steps(terms["pattern_terms"]["steps"])
        plain = {name: self.cleaned_data[name] for name in ("name", "max_score", "department", "evidence", "on_site")}
        return {**plain, **terms}


def _put(terms: dict[str, Any], place: Place, given: Any) -> None:
    """Write one place's value into the copied terms; an empty one goes out of them."""
    inner: Any = terms
    for step in place.path[:-1]:
        if isinstance(inner, list):
            while len(inner) <= int(step):
                inner.append({})
            inner = inner[int(step)]
        else:
            inner = inner.setdefault(step, {})
    last: Any = place.path[-1]
    if place.sort == "number" and given is None:
        inner.pop(last, None)
        table = terms.get(str(place.path[0]))
        if not inner and len(place.path) == 3 and isinstance(table, dict):
            table.pop(place.path[1], None)
    elif place.sort != "number":
        inner[last] = given
    elif place.value is None or Decimal(str(place.value)) != given:
        # A number that stays keeps the way it was written: 0.5 or "0.5".
        inner[last] = written(given)


def _steps(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that say something, the highest first."""
    told = [step for step in steps if step]
    return sorted(told, key=lambda step: Decimal(str(step.get("from", step.get("above")))), reverse=True)
