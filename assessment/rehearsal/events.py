"""Events that change a score: households, figures, polls, warnings, honours, vetoes, reviewers' figures."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from activities.rehearsal.readers import Names
from activities.rehearsal.registry import Given, plays
from activities.rehearsal.stage import EventRefused, Stage
from activities.rehearsal.words.common import reason_of
from assessment.actions.facts import add_honour, add_veto, enter, set_poll
from assessment.models import RubricLine, VetoKind
from assessment.presets import jdgj_100
from assessment.rehearsal.cycles import cycle_meant, moment_meant, must_be_listed
from pairing.actions.households import set_counts
from supervision.actions.warnings import propose_warning, sign_warning, withdraw_warning
from supervision.models import Warning
from tenancy import clock
from tenancy.scope import Actor
from units.actions.figures import set_figure

# What a scenario may call them.
_KINDS = {
    VetoKind.FABRICATION: ("fabrication", "作假", "造假", "虚假"),
    VetoKind.ACCIDENT: ("accident", "事故"),
    VetoKind.DISCIPLINE: ("discipline", "违纪", "纪律", "纪检", "违法"),
}
_ENTERED = tuple(line.code for group in jdgj_100.GROUPS for line in group.lines if line.reading == "entry")


def _somebody(stage: Stage) -> Actor:
    return Actor(name=_("rehearsal"), account_id=stage.access.account.pk)


def _not_more_than_listed(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if given["covered"] > given["listed"]:
        yield "covered", _("There cannot be more households covered than listed.")


@plays("households", _not_more_than_listed)
def households(stage: Stage, given: Given) -> None:
    """So many on the pairing's list, so many looked after; told after the year's end, it is how the year ended."""
    with clock.at(moment_meant(cycle_meant(stage))):
        set_counts(
            pairing=stage.pairing(given["pairing"]), listed=given["listed"], covered=given["covered"], actor=_somebody(stage)
        )


@plays("figure")
def figure(stage: Stage, given: Given) -> None:
    set_figure(
        unit=stage.villages[given["village"]],
        metric=given["metric"],
        year=given["year"],
        value=given["value"],
        source=_("rehearsal"),
        actor=_somebody(stage),
    )


@plays("poll")
def poll(stage: Stage, given: Given) -> None:
    cycle, pairing = cycle_meant(stage), stage.pairing(given["pairing"])
    must_be_listed(cycle, pairing.pk)
    counts = {name: given[name] for name in ("satisfied", "fairly", "dissatisfied", "unknown")}
    set_poll(cycle=cycle, pairing=pairing, actor=_somebody(stage), **counts)


@plays("warn")
def warn(stage: Stage, given: Given) -> None:
    """Proposed and signed at once."""
    who = _somebody(stage)
    warning = propose_warning(pairing=stage.pairing(given["pairing"]), level=given["level"], reason=reason_of(given), actor=who)
    sign_warning(warning=warning, actor=who)


@plays("withdraw")
def withdraw(stage: Stage, given: Given) -> None:
    """The last signed one of that level that is in force."""
    found = (
        Warning.objects.filter(
            pairing=stage.pairings[given["pairing"]], level=given["level"], withdrawn_on=None, signed_on__isnull=False
        )
        .order_by("signed_on", "id")
        .last()
    )
    if found is None:
        raise EventRefused("not_found", _("No such warning is in force at this time."))
    withdraw_warning(warning=found, reason=reason_of(given), actor=_somebody(stage))


@plays("honour")
def honour(stage: Stage, given: Given) -> None:
    add_honour(
        pairing=stage.pairing(given["pairing"]),
        matter=given["matter"],
        level=given["level"],
        promoted_on=given.get("on", clock.today()),
        actor=_somebody(stage),
    )


def _kind_of(text: str) -> VetoKind | None:
    return next((kind for kind, words in _KINDS.items() if any(word in text.lower() for word in words)), None)


def _known_kind(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if _kind_of(given["kind"]) is None:
        yield (
            "kind",
            _("“%(value)s” is not known here. Write one of: %(words)s.")
            % {"value": given["kind"], "words": _(", ").join(str(kind) for kind in VetoKind)},
        )


@plays("veto", _known_kind)
def veto(stage: Stage, given: Given) -> None:
    cycle, pairing = cycle_meant(stage), stage.pairing(given["pairing"])
    must_be_listed(cycle, pairing.pk)
    kind = _kind_of(given["kind"])
    assert kind is not None  # the reader let no other pass
    add_veto(
        cycle=cycle,
        pairing=pairing,
        kind=kind,
        fact=str(kind.label),
        decided_by=_("rehearsal"),
        doc_no=given["doc"],
        actor=_somebody(stage),
    )


def _entered_item(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if given["item"] not in _ENTERED:
        yield (
            "item",
            _("“%(value)s” is not known here. Write one of: %(words)s.")
            % {"value": given["item"], "words": _(", ").join(_ENTERED)},
        )


@plays("enter", _entered_item)
def enter_figure(stage: Stage, given: Given) -> None:
    """A reviewer's figure; given again, it is corrected. The scorers agreed on it: none of their accounts enters it."""
    cycle, pairing = cycle_meant(stage), stage.pairing(given["pairing"])
    must_be_listed(cycle, pairing.pk)
    line = RubricLine.objects.get(rubric=cycle.rubric_id, code=given["item"])
    enter(
        cycle=cycle,
        pairing=pairing,
        line=line,
        value=str(given["value"]),
        note=given.get("note") or _("rehearsal"),
        actor=Actor(name=_("rehearsal")),
    )
