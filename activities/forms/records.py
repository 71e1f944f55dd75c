"""The form that writes a record down (记一笔): the common facts, and what the chosen type asks besides."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions.facts import RecordFacts
from activities.kinds import MORE, RECORD_KINDS, RecordKind, benefit_project, kind_of_type, livelihood_item
from activities.kinds.benefit_project import BENEFIT_PROJECT
from activities.kinds.livelihood_item import LIVELIHOOD_ITEM
from activities.models import ActivityType, AuthorSide, Form, Item, ItemKind, PlaceKind, Record, Step
from activities.refusals import RecordRefused
from lib.chinese.text import tidy
from lib.periods import periods
from pairing.models import Pairing
from tenancy import clock

COMMON = ("type", "pairings", "joint", "occurred_on", "place", "text", "person_times")
# Which field a refusal is about; the others stand above the form.
_FIELD_OF = {
    "in_future": "occurred_on",
    "not_active": "occurred_on",
    "period_locked": "occurred_on",
    "type_unknown": "type",
    "step_unknown": "step",
    "no_pairing": "pairings",
    "two_programmes": "pairings",
    "not_yours": "pairings",
    "basis_missing": "basis",
    "duplicate_courtyard": "house_no",
}
_DAY = {"type": "date"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form offers one account: types, own pairings, those beside them, items; whether it writes by proxy."""

    types: tuple[ActivityType, ...]
    pairings: tuple[Pairing, ...]
    beside: tuple[Pairing, ...] = ()
    items: tuple[Item, ...] = ()
    is_proxy: bool = False
    side: str = AuthorSide.UNIT

    def named(self, uids: Iterable[str]) -> tuple[Pairing, ...]:
        """The offered pairings with these public ids, in the order offered."""
        wanted = set(uids)
        return tuple(one for one in (*self.pairings, *self.beside) if str(one.uid) in wanted)

    def kind(self, code: str) -> RecordKind | None:
        """What the type of that code asks."""
        return next((kind_of_type(one) for one in self.types if one.code == code), None)


def pairing_words(one: Pairing, side: str, *, is_proxy: bool) -> str:
    """A pairing as its writer thinks of it: a unit sees villages, a village sees units, a superior both."""
    town = one.village.parent.name if one.village.parent else ""
    village = f"{town}{one.village.name}"
    if is_proxy:
        return f"{one.unit.name} — {village}"
    return one.unit.name if side == AuthorSide.VILLAGE else village


CATEGORIES = {BENEFIT_PROJECT.code: benefit_project.CATEGORIES, LIVELIHOOD_ITEM.code: livelihood_item.CATEGORIES}


def _kinds_of(what: str) -> str:
    """The kinds whose records happen to an item of that kind, or reach that step."""
    return " ".join(kind.code for kind in RECORD_KINDS if what == kind.item or what in kind.steps)


def _wide(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _ByKind(forms.Select):
    """A list that offers each kind of record something else: an option says for which kinds, and the page hides the others."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds_of: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **more)
        if str(value) in self.kinds_of:
            option["attrs"]["data-kinds"] = self.kinds_of[str(value)]
        return option


class RecordForm(forms.Form):
    """One record. Fields that the chosen type does not ask are left out of what is saved."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), widget=forms.RadioSelect)
    pairings = forms.MultipleChoiceField(label=gettext_lazy("Pairing"), widget=forms.CheckboxSelectMultiple, required=False)
    joint = forms.MultipleChoiceField(
        label=gettext_lazy("Held together with"), widget=forms.CheckboxSelectMultiple, required=False
    )
    occurred_on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80, required=False)
    text = forms.CharField(
        label=gettext_lazy("What was done"), max_length=1000, required=False, widget=_wide(),
        help_text=gettext_lazy("One sentence is enough."),
    )  # fmt: skip
    person_times = forms.IntegerField(label=gettext_lazy("Person-times"), min_value=0, max_value=1_000_000, required=False)
    # -- what some types ask
    item = forms.ChoiceField(label=gettext_lazy("Which one"), required=False, widget=_ByKind)
    item_name = forms.CharField(label=gettext_lazy("Or a new one"), max_length=120, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False, widget=_ByKind)
    step = forms.ChoiceField(label=gettext_lazy("What was reached"), required=False, widget=_ByKind)
    raised_on = forms.DateField(
        label=gettext_lazy("Raised on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )
    house_no = forms.CharField(label=gettext_lazy("House number"), max_length=40, required=False)
    householder = forms.CharField(label=gettext_lazy("Householder"), max_length=40, required=False)
    form = forms.ChoiceField(label=gettext_lazy("Form"), choices=Form.choices, required=False)
    visitors = forms.IntegerField(label=gettext_lazy("Visitors"), min_value=0, max_value=100_000, required=False)
    leader_present = forms.BooleanField(label=gettext_lazy("The group leader was there"), required=False)
    was_announced = forms.BooleanField(label=gettext_lazy("Announced beforehand"), required=False, initial=True)
    due_count = forms.IntegerField(label=gettext_lazy("Expected"), min_value=0, max_value=1_000_000, required=False)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"), min_value=0, max_value=999, decimal_places=1, max_digits=5, required=False
    )
    trainer = forms.CharField(label=gettext_lazy("Trainer"), max_length=60, required=False)
    attendees = forms.CharField(label=gettext_lazy("Attendees"), max_length=60, required=False)
    reports_on = forms.ChoiceField(label=gettext_lazy("Reports on"), required=False)
    # -- more
    title = forms.CharField(label=gettext_lazy("Theme"), max_length=120, required=False)
    participants = forms.CharField(label=gettext_lazy("Participants"), max_length=400, required=False)
    leader_name = forms.CharField(label=gettext_lazy("Led by"), max_length=60, required=False)
    beneficiaries = forms.CharField(label=gettext_lazy("Beneficiaries"), max_length=120, required=False)
    money_yuan = forms.DecimalField(
        label=gettext_lazy("Money (yuan)"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=200, required=False,
        help_text=gettext_lazy("Where papers or pictures are kept, if there are any. None is needed."),
    )  # fmt: skip
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=400, required=False)
    ends_on = forms.DateField(
        label=gettext_lazy("Last day, if it took several"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
    )  # fmt: skip
    place_kind = forms.ChoiceField(label=gettext_lazy("Where"), choices=PlaceKind.choices, required=False)
    # -- by proxy
    side = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[(AuthorSide.UNIT, gettext_lazy("for the unit")), (AuthorSide.VILLAGE, gettext_lazy("for the village"))],
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("On what basis"), max_length=200, required=False,
        help_text=gettext_lazy("For example: telephone call of the liaison, paper sheet with signature."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason for the change"), max_length=200, required=False)

    def __init__(
        self, data: Any = None, *, offer: Offer, record: Record | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.offer, self.record = offer, record
        start: dict[str, Any] = {"client_id": uuid.uuid4(), "occurred_on": clock.today(), "side": AuthorSide.UNIT}
        start |= {"was_announced": True, "form": Form.AT_DESK, "place_kind": PlaceKind.IN_VILLAGE}
        super().__init__(data, initial={**start, **(initial or {})})
        self._offer_choices()
        if not offer.is_proxy:
            del self.fields["side"], self.fields["basis"]
        if record is None:
            del self.fields["reason"]
        else:
            del self.fields["client_id"]
            self.fields.pop("side", None)
        for name in ("type", "occurred_on"):
            self.fields[name].error_messages["required"] = {
                "type": _("Choose what it was."), "occurred_on": _("Write the day on which it happened.")
            }[name]  # fmt: skip
        for one in self.fields.values():
            if isinstance(one, forms.DateField):
                one.error_messages["invalid"] = _("Write the day as year-month-day, like 2024-09-03.")
            if isinstance(one, (forms.IntegerField, forms.DecimalField)):
                one.error_messages["invalid"] = _("Write a number, without words.")

    def _offer_choices(self) -> None:
        offer, words = self.offer, pairing_words
        self._choices("type", [(one.code, one.name) for one in offer.types])
        self._choices("pairings", [(str(one.uid), words(one, offer.side, is_proxy=offer.is_proxy)) for one in offer.pairings])
        self._choices("joint", [(str(one.uid), one.unit.name) for one in offer.beside])
        items = [
            (str(one.uid), f"{one.name}({one.village.name})" if len(offer.pairings) > 1 else one.name) for one in offer.items
        ]
        self._choices("item", [("", _("A new one")), *items])
        self._only("item", {str(one.uid): _kinds_of(one.kind) for one in offer.items})
        self._choices("category", [("", _("Not said")), *((word, word) for words in CATEGORIES.values() for word in words)])
        self._only("category", {word: kind for kind, words in CATEGORIES.items() for word in words})
        self._choices("step", [("", _("Choose")), *Step.choices])
        self._only("step", {step: _kinds_of(step) for step in Step.values})
        self._choices("reports_on", [("", _("Choose")), *_quarters()])

    def _choices(self, name: str, offered: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered
        field.error_messages["invalid_choice"] = _("This is not in the list any more. Choose again.")

    def _only(self, name: str, kinds_of: dict[str, str]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, _ByKind)
        widget.kinds_of = kinds_of

    # -- what the template lays out --------------------------------------------------------------
    @property
    def kind(self) -> RecordKind | None:
        """What the chosen type asks; the form's first paint is for it."""
        return self.offer.kind(str(self["type"].value() or ""))

    def asked(self) -> list[dict[str, Any]]:
        """Fields that some types ask, each once, with the kinds that ask it: the page shows them as the type changes.

        One that stands behind "more" for the other types (``is_more``) moves between the two places: there is never a second
        of its name, which would win over what was typed in the first.
        """
        found: list[dict[str, Any]] = []
        offered = {kind_of_type(one).code for one in self.offer.types}
        kinds = [kind for kind in RECORD_KINDS if kind.code in offered]
        for name in self.fields:
            by = [kind.code for kind in kinds if name in kind.asks]
            if by:
                is_now = self.kind is not None and self.kind.code in by
                found.append({"field": self[name], "kinds": " ".join(by), "is_now": is_now, "is_more": name in MORE})
        return found

    def more(self) -> list[Any]:
        """Fields behind "more" whatever the type: what a ledger knows besides."""
        asked = {one["field"].name for one in self.asked()}
        return [self[name] for name in MORE if name not in asked]

    def has_more(self) -> bool:
        """Whether something stands behind "more" already, so that the page opens it."""
        plain = ("", None, PlaceKind.IN_VILLAGE)
        moved = [one["field"] for one in self.asked() if one["is_more"] and not one["is_now"]]
        return any(field.value() not in plain or field.errors for field in (*moved, *self.more()))

    # -- reading -----------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        found = {name: tidy(value) if isinstance(value, str) else value for name, value in (super().clean() or {}).items()}
        kind = self.offer.kind(found.get("type", ""))
        if kind is not None:
            for name in kind.required:
                if name not in self.errors and found.get(name) in ("", None):
                    self.add_error(name, _("“%(type)s” needs this.") % {"type": self._type_name(found["type"])})
        if not (found.get("pairings") or found.get("joint")):
            self.add_error("pairings", _("Choose the pairing it belongs to."))
        return found

    def _type_name(self, code: str) -> str:
        return next((one.name for one in self.offer.types if one.code == code), code)

    def chosen(self) -> tuple[Pairing, ...]:
        """The pairings named, one's own first."""
        return self.offer.named([*self.cleaned_data.get("pairings", ()), *self.cleaned_data.get("joint", ())])

    def values(self) -> dict[str, Any]:
        """What the form says, as the values of RecordFacts; fields that the type does not ask keep their defaults."""
        given, kind = self.cleaned_data, self.offer.kind(self.cleaned_data["type"])
        assert kind is not None
        wanted = {*(name for name in COMMON if name not in ("pairings", "joint")), *kind.asks, *MORE}
        values = {name: given[name] for name in wanted if name in given and name not in (*kind.details, "item", "reports_on")}
        values["place_kind"] = values["place_kind"] or PlaceKind.IN_VILLAGE
        if "item" in kind.asks and given.get("item"):
            values["item"] = next(one for one in self.offer.items if str(one.uid) == given["item"])
        if "reports_on" in kind.asks:
            values["reports_on"] = _day(given["reports_on"])
        if kind.details:
            values["details"] = {name: given[name] for name in kind.details if given.get(name)}
        return values

    def facts(self) -> RecordFacts:
        """The facts of a new record."""
        return RecordFacts(pairings=self.chosen(), **self.values())

    # -- refusals ------------------------------------------------------------------------------------
    def refuse(self, refused: RecordRefused) -> None:
        """Put a refusal beside the field it is about; a likely double is asked about above the form instead."""
        if refused.code == "duplicate_record":
            return
        by_column = getattr(refused, "error_dict", None)
        if by_column:
            for name, errors in by_column.items():
                self.add_error(name if name in self.fields else None, errors)
            return
        name = _FIELD_OF.get(str(refused.code))
        if refused.code == "item_missing":
            name = "house_no" if self.kind is not None and self.kind.item == ItemKind.COURTYARD else "item_name"
        self.add_error(name if name is not None and name in self.fields else None, refused)


def _quarters() -> list[tuple[str, str]]:
    """The quarters that a report may be about: this one and the six before it, by first day."""
    today = clock.today()
    spans = list(periods("quarter", today.replace(year=today.year - 2), today))[-7:]
    return [(one.starts_on.isoformat(), one.code) for one in reversed(spans)]


def _day(word: str) -> date | None:
    return date.fromisoformat(word) if word else None


class ReasonForm(forms.Form):
    """Why something is returned, voided, stopped."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=400, widget=_wide(),
        error_messages={"required": gettext_lazy("Say why, in a sentence.")},
    )  # fmt: skip


class VoidForm(ReasonForm):
    """Why a record is voided: a check found it untrue, which costs points, or it was written down wrongly."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it"), widget=forms.RadioSelect,
        choices=[
            ("untrue", gettext_lazy("A check found it untrue: it costs points")),
            ("mistaken", gettext_lazy("Written down by mistake, twice or wrongly: it costs nothing")),
        ],
        error_messages={"required": gettext_lazy("Say whether a check found it untrue, or it was a slip.")},
    )  # fmt: skip
    field_order = ("verdict", "reason")


class BasisForm(forms.Form):
    """On what basis a superior confirms for somebody."""

    basis = forms.CharField(
        label=gettext_lazy("On what basis"), max_length=200,
        help_text=gettext_lazy("For example: telephone call with the village secretary at 10 o'clock."),
        error_messages={"required": gettext_lazy("Say on what basis: a telephone call, a paper sheet, a message.")},
    )  # fmt: skip


__all__ = ["COMMON", "BasisForm", "Offer", "ReasonForm", "RecordForm", "VoidForm", "pairing_words"]
