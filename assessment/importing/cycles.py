"""For which assessment a row speaks, whether that still takes facts, and which pairing of its list is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessment.actions.facts.common import FREE
from assessment.models import Assessed, Cycle, CycleState
from lib.chinese.text import match_key
from lib.sheets.readings import Choice
from pairing.importing.pairs import Pairs, find_pairings
from pairing.models import Pairing
from tenancy.jobs import JobRefused
from units.importing.registry import Context
from units.importing.rows import Row

_LONGEST_REASON = 200


def cycle_field() -> forms.Field:
    """The assessment that rows without one belong to."""
    open_ones = Cycle.objects.exclude(state__in=[CycleState.DRAFT, CycleState.FINAL]).order_by("-year", "-id")
    choices = [("", _("As the file says")), *((str(one.uid), one.title) for one in open_ones)]
    return forms.ChoiceField(
        label=_("Assessment"),
        choices=choices,
        required=False,
        help_text=_("For rows that name no year of assessment."),
    )


def reason_field() -> forms.Field:
    """Why facts come in late."""
    return forms.CharField(
        label=_("Reason"),
        max_length=_LONGEST_REASON,
        required=False,
        help_text=_("Needed once scores are computed: it stands beside each change."),
    )


def options_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Assessment and reason of an upload. Raises ValidationError by field."""
    chosen, reason = str(given.get("cycle") or "").strip(), str(given.get("reason") or "").strip()
    if len(reason) > _LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(n)d characters.") % {"n": _LONGEST_REASON}})
    kept = {"reason": reason} if reason else {}
    if not chosen:
        return kept
    try:
        known = Cycle.objects.filter(uid=chosen).exists()
    except ValidationError:
        known = False
    if not known:
        raise ValidationError({"cycle": _("There is no such assessment. Choose one of the list.")})
    return kept | {"cycle": chosen}


@dataclass
class Lists:
    """Assessments and who stands on the list of each, read once for the whole file."""

    cycles: Sequence[Cycle]
    pairs: Pairs
    assessed: Mapping[tuple[int, int], Assessed] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Lists:
        """Three queries."""
        cycles = list(Cycle.objects.order_by("-year", "-id"))
        rows = Assessed.objects.filter(cycle__in=cycles)
        assessed = {(one.cycle_id, one.pairing_id): one for one in rows}
        return cls(cycles, all_pairs(), assessed)

    def open_ones(self) -> list[Cycle]:
        """Those that take facts."""
        return [one for one in self.cycles if one.state not in (CycleState.DRAFT, CycleState.FINAL)]

    def cycle_of(self, row: Row, context: Context) -> Cycle | None:
        """The assessment that a row names, else the one chosen, else the only one open; a problem on the row otherwise."""
        cycle = self._named(row, context)
        if cycle is None:
            return None
        row.values["cycle"] = cycle.title
        if cycle.state == CycleState.FINAL:
            row.error("cycle", "final", _("The assessment is final: what it rests on is frozen."))
            return None
        if cycle.state == CycleState.DRAFT:
            row.error("cycle", "not_assessed", _("The list of this assessment is not frozen yet. Freeze it first."))
            return None
        if cycle.state not in FREE and not context.options.get("reason"):
            message = _("The scores have been computed: upload the file again and say why it comes so late.")
            row.error("cycle", "reason_missing", message)
            return None
        return cycle

    def _named(self, row: Row, context: Context) -> Cycle | None:
        text = row.text("cycle")
        if text:
            key = match_key(text)
            titled = [one for one in self.cycles if match_key(one.title) == key]
            found = titled or [one for one in self.cycles if str(one.year) == key.removesuffix("年度").removesuffix("年")]
            if len(found) == 1:
                return found[0]
            if not found:
                row.error("cycle", "cycle_unknown", _("There is no assessment “%(name)s” here.") % {"name": text[:60]})
                return None
            return self._ask(row, found, text)
        chosen = context.options.get("cycle")
        if chosen:
            return next((one for one in self.cycles if str(one.uid) == chosen), None)
        found = self.open_ones()
        if len(found) == 1:
            return found[0]
        if not found:
            row.error("", "cycle_unknown", _("No assessment takes facts now. Open one first."))
            return None
        return self._ask(row, found, "")

    @staticmethod
    def _ask(row: Row, cycles: Iterable[Cycle], text: str) -> Cycle | None:
        by_uid = {str(one.uid): one for one in cycles}
        answer = row.asked("cycle_missing", "cycle", text)
        if answer in by_uid:
            return by_uid[answer]
        choices = tuple(Choice(uid, one.title) for uid, one in by_uid.items())
        row.ask("cycle_missing", "cycle", text, _("For which assessment is this?"), choices, per_file=True)
        return None

    def pairing_of(self, row: Row, cycle: Cycle | None, context: Context) -> Pairing | None:
        """The pairing on the assessment's list that the row means; a problem on the row otherwise."""
        found = find_pairings(row, context, self.pairs)
        if not found or cycle is None:
            return None
        for one in found:
            on_list = self.assessed.get((cycle.pk, one.pk))
            if on_list is not None and not on_list.exempt_because:
                return one
        row.error("unit", "not_assessed", _("This pairing is not assessed in this year."))
        return None


def all_pairs() -> Pairs:
    """Every pairing of the county by its sides, ended ones too; the newest programme first."""
    rows = Pairing.objects.select_related("programme", "unit", "village__parent")
    return Pairs.load(rows.order_by("-programme__starts_on", "-programme_id", "id"))


def hold(cycles: Iterable[int]) -> None:
    """Hold assessments against their next stage while facts are written. Raises JobRefused when one has just become final."""
    held = Cycle.objects.select_for_update(of=("self",)).filter(pk__in=set(cycles)).order_by("pk")
    if any(one.state == CycleState.FINAL for one in held):
        raise JobRefused(_("The assessment is final: what it rests on is frozen."))
