"""What the product refuses to write down, by stable code with a sentence each (rehearsal.md, Events)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Promise] = {
    "own_side": _("Your own side wrote this. The other side confirms it."),
    "in_future": _("The day lies in the future. Write it down once it has happened."),
    "not_active": _("The pairing was not active on %(day)s. Choose a day on which it was."),
    "outside_year": _("%(day)s is not within the programme year. Choose a day of it."),
    "period_locked": _("%(month)s was locked on %(locked)s. Ask the county to reopen it."),
    "duplicate_courtyard": _("%(house)s was already entered as new by %(unit)s on %(day)s. A household is new once a year."),
    "already_done": _("This record is %(state)s already. Reload the page to see it as it is now."),
    "not_found": _("There is no such record."),
    "duplicate_record": _("There is a similar record of the same day: “%(title)s”. Is this another one?"),
    "not_yours": _("You write and confirm for your own side only."),
    "basis_missing": _("Say on what basis you act for them: a telephone call, a paper sheet, a message."),
    "reason_missing": _("Say why, in a sentence."),
    "type_unknown": _("This type of activity is not in use in the programme year. Choose one from the list."),
    "item_missing": _("Say which project, livelihood item or household it is."),
    "step_unknown": _("Choose what was reached: started, a stage, completed."),
    "two_programmes": _("The pairings belong to different programme years. Write one record for each year."),
    "no_pairing": _("Choose the pairing it belongs to."),
    "too_early_for_proxy": _("They may still answer themselves. From %(day)s on you may confirm for them."),
    "too_late_to_undo": _("The ten seconds are over. If it is not so, ask the county to void the record."),
    "invalid": _("Something is not right; see below."),
}


class RecordRefused(ValidationError):
    """A record cannot be written or moved as asked. ``code`` is stable; the message says what to do.

    ``facts``: uids and the like that a page or a program needs to go on (``record`` of a likely double).
    """

    def __init__(
        self, message: Any, code: str, facts: Mapping[str, Any] | None = None, params: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message, code=code, params=params)
        self.code = code
        self.facts = dict(facts or {})


def refusal(code: str, facts: Mapping[str, Any] | None = None, **holes: Any) -> RecordRefused:
    """The refusal of that code, its sentence filled. Raises KeyError for a code without a sentence."""
    return RecordRefused(SENTENCES[code], code, facts, holes or None)


def invalid(problems: Mapping[str, Any]) -> RecordRefused:
    """The refusal of values that cannot be, with the problems by column."""
    told = RecordRefused(SENTENCES["invalid"], "invalid")
    told.error_dict = ValidationError(dict(problems)).error_dict
    return told
