"""Changing a rubric: the whole, its groups, its bands, one line with the terms of its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.models import Grade, RubricBand, RubricLine
from assessment.patterns import PATTERNS
from assessment.patterns.steps import name_of
from assessment.readings import READINGS
from assessment.terms import Term
from assessment.weights import written

# Terms that are one number, and the path to it.
_NUMBERS = frozenset({"number", "points", "count"})


def number_field(label: Any, *, required: bool = True, help_text: Any = "", least: int | None = 0) -> forms.DecimalField:
    """A number with at most four decimals."""
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, min_value=least, max_digits=10, decimal_places=4,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip


def marks_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    """Points of a line or a cap: at most two decimals."""
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, min_value=0, max_value=1000, max_digits=6, decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip


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


def _inside(column: str, name: str, term: Term, value: Any) -> Iterable[Place]:
    """The places of one term. Codes of rules, types and figures are not among them: another figure is another line."""
    label = str(term.label)
    if term.sort in _NUMBERS or (term.sort == "required" and not _is_code(value)):
        yield Place(f"{column}-{name}", column, (name,), label, "number", value)
    elif term.sort == "truth":
        yield Place(f"{column}-{name}", column, (name,), label, "truth", value)
    elif term.sort == "table":
        for key, points in value.items():
            yield Place(f"{column}-{name}-{key}", column, (name, key), f"{label} · {name_of(key)}", "number", points)
    elif term.sort == "steps":
        for n, step in enumerate(value):
            begins = "from" if "from" in step else "above"
            words = gettext("Step %(n)d from (%%)") if begins == "from" else gettext("Step %(n)d above (%%)")
            yield Place(f"{column}-{name}-{n}-{begins}", column, (name, n, begins), words % {"n": n + 1}, "number", step[begins])
            score = gettext("Points of step %(n)d") % {"n": n + 1}
            yield Place(f"{column}-{name}-{n}-score", column, (name, n, "score"), score, "number", step["score"])
    elif term.sort == "penalties":
        for key, penalty in value.items():
            for part, words in (("each", gettext("%(name)s: points each time")), ("every", gettext("%(name)s: for so many"))):
                yield Place(
                    f"{column}-{name}-{key}-{part}",
                    column,
                    (name, key, part),
                    words % {"name": name_of(key)},
                    "number",
                    penalty[part],
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
                found += _inside(column, name, term, given[name])
    return found


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

    def __init__(self, *args: Any, line: RubricLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "max_score", "department", "evidence", "on_site"):
            self.fields[name].initial = getattr(line, name)
        self.line, self.places = line, places_of(line)
        for place in self.places:
            field: forms.Field
            if place.sort == "truth":
                field = forms.BooleanField(label=place.label, required=False)
            else:
                field = number_field(place.label, least=None)
            field.initial = place.value
            self.fields[place.name] = field

    def values(self) -> dict[str, Any]:
        """Columns of the line as they become; terms copied, with the new numbers in their places."""
        terms = {column: deepcopy(getattr(self.line, column)) for column in ("pattern_terms", "reading_terms")}
        for place in self.places:
            inner: Any = terms[place.column]
            for step in place.path[:-1]:
                inner = inner[step]
            given = self.cleaned_data[place.name]
            # A number that stays keeps the way it was written: 0.5 or "0.5".
            if place.sort == "truth":
                inner[place.path[-1]] = given
            elif Decimal(str(place.value)) != given:
                inner[place.path[-1]] = written(given)
        plain = {name: self.cleaned_data[name] for name in ("name", "max_score", "department", "evidence", "on_site")}
        return {**plain, **terms}
