"""A poll as points: satisfaction factors, and a pass mark that too many dissatisfied answers fail outright."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, held, plain, register
from assessment.terms import Figures, Term, Terms, decimal, number, word

_WEIGHTS = Term(gettext_lazy("weight of each answer"), "table", words=("satisfied", "fairly", "dissatisfied"))
_LEAST = Term(gettext_lazy("least valid answers"), "count", is_needed=False)


class _Poll(Pattern):
    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (*(word(name) for name in terms["weights"]), "valid", "dissatisfied")

    def _weighted(self, terms: Terms, f: Figures) -> str:
        return "(" + " + ".join(f"{number(weight)} * {f(word(name))}" for name, weight in terms["weights"].items()) + ")"

    def own(self, terms: Terms, f: Figures) -> dict[str, str]:
        return {"weighted": self._weighted(terms, f)}

    def applies(self, terms: Terms, f: Figures) -> str:
        return f"{f('valid')} >= {number(terms.get('least_valid', 1))}"

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        if any(not 0 <= decimal(weight) <= 1 for weight in terms["weights"].values()):
            yield _("A weight lies between 0 and 1.")


@register
class WeightedPoll(_Poll):
    """15 × (13 × 1 + 5 × 0.75 + 1 × 0.55) ÷ 19; too few valid answers: not applicable."""

    slug = "weighted_poll"
    title = gettext_lazy("satisfaction factors")
    declared = {"weights": _WEIGHTS, "least_valid": _LEAST}

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        return held(f"{number(marks)} * {self._weighted(terms, f)} / nullif({f('valid')}, 0)", number(marks), floor=True)

    def words(self, terms: Terms, marks: Decimal) -> str:
        from assessment.patterns.steps import in_order, name_of

        return _("%(marks)s × (%(weights)s) ÷ valid answers; below %(least)s valid answers not applicable.") % {
            "marks": plain(marks),
            "weights": " + ".join(f"{name_of(name)} × {plain(weight)}" for name, weight in in_order(terms["weights"])),
            "least": plain(terms.get("least_valid", 1)),
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        from assessment.patterns.steps import in_order

        inner = " + ".join(f"{plain(figures[name])} × {plain(weight)}" for name, weight in in_order(terms["weights"]))
        return f"{plain(marks)} × ({inner}) ÷ {plain(figures['valid'])}"


@register
class PassVote(_Poll):
    """≥70 passes, and more than 50 % dissatisfied fails outright (domain.md §3.1, §3.6)."""

    slug = "pass_vote"
    title = gettext_lazy("passed by a vote")
    declared = {
        "weights": _WEIGHTS,
        "least_valid": _LEAST,
        "at_least": Term(gettext_lazy("passes from"), "points"),
        "dissatisfied_at_most": Term(gettext_lazy("dissatisfied at most (%)"), "points"),
    }

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        passes = f"100 * {self._weighted(terms, f)} >= {number(terms['at_least'])} * {f('valid')}"
        bears = f"100 * {f('dissatisfied')} <= {number(terms['dissatisfied_at_most'])} * {f('valid')}"
        return f"CASE WHEN {passes} AND {bears} THEN {number(marks)} ELSE 0::numeric END"

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("From %(least)s on it passes with %(marks)s; more than %(most)s%% dissatisfied fails outright.") % {
            "least": plain(terms["at_least"]),
            "marks": plain(marks),
            "most": plain(terms["dissatisfied_at_most"]),
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        valid, weighted = decimal(figures["valid"]), decimal(figures["weighted"])
        passes = 100 * weighted >= decimal(terms["at_least"]) * valid
        bears = 100 * decimal(figures["dissatisfied"]) <= decimal(terms["dissatisfied_at_most"]) * valid
        return (
            f"100 × {plain(weighted)} ÷ {plain(valid)} {'≥' if passes else '<'} {plain(terms['at_least'])}，"
            f"{plain(figures['dissatisfied'])} ÷ {plain(valid)} {'≤' if bears else '>'} {plain(terms['dissatisfied_at_most'])}%"
        )
