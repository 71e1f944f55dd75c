"""What cannot be done with a paper, by stable code with a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Promise] = {
    "not_yours": _("Joint reports are drafted, edited and signed by the two sides, or by the county or town on a stated basis."),
    "not_active": _("The pairing was not active in that quarter. There is nothing to report on."),
    "not_over": _("The quarter is not over: the report is signed from %(day)s on. It can be drafted and edited before."),
    "closed": _("Both sides have signed this report and it is submitted. The county can void its record; then it opens again."),
    "changed": _("Somebody has changed the report since this page was opened. Read it as it is now, then do it again."),
    "signed_already": _("Your side has signed this report already."),
    "one_hand": _("You have signed for the other side already. Somebody else signs for this one."),
    "side_missing": _("Say for which side you sign: the unit or the village."),
    "basis_missing": _("Say on what basis you sign for them: a signed paper sheet, a telephone call, a message."),
    "empty": _("The report says nothing yet. Write at least one sentence."),
    "no_footnote": _("The text names footnote [%(number)s], but there are only %(n)s. Take the mark out or correct its number."),
}


class PaperRefused(ValidationError):
    """Something with a paper cannot be done as asked. ``code`` is stable; the message says what to do."""


def refusal(code: str, **holes: Any) -> PaperRefused:
    """The refusal of that code, its sentence filled. Raises KeyError for a code without a sentence."""
    return PaperRefused(str(SENTENCES[code]), code, holes or None)
