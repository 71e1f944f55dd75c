"""Words for what the engine answers in codes: why a record does not count, why a period is waived."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WHY: dict[str, Promise] = {
    "waiting": gettext_lazy("waits for the other side"),
    "returned": gettext_lazy("returned, not submitted again"),
    "voided": gettext_lazy("void"),
    "not_lead": gettext_lazy("counts for the leading unit"),
    "elsewhere": gettext_lazy("not held in the village"),
    "online_limit": gettext_lazy("more online sessions than count in a month"),
    "leader_absent": gettext_lazy("the group leader was not present"),
    "no_visitors": gettext_lazy("fewer visitors than asked"),
    "not_announced": gettext_lazy("no visitors, and not announced beforehand"),
    "project_limit": gettext_lazy("this unfinished project has satisfied its periods already"),
    "other_step": gettext_lazy("another step counts"),
}


def why(code: str) -> str:
    """A sentence for a code of ``obligations.Line.why``; empty for what counts."""
    return str(WHY[code]) if code else ""


def waived(because: str) -> str:
    """A sentence for ``Obligation.waived_because``; empty when it is not waived."""
    sort, _colon, rest = because.partition(":")
    if sort == "calendar":
        if rest == "0":
            return _("no working day")
        return _("%(n)s working days only") % {"n": rest}
    if sort == "suspended":
        return _("the pairing was suspended: %(reason)s") % {"reason": rest}
    return rest
