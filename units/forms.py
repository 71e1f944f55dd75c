"""Forms of what happens to units, posts and lists. They clean; actions decide and write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.chinese.text import tidy
from units.models import Person, Unit
from units.models.listing import ListingKind
from units.models.person import PostKind
from units.models.unit import VILLAGE_KINDS, UnitKind

NEW = "new"


class Day(forms.DateField):
    """A day picked from a calendar or typed as 2024-09-03."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Write the day as year-month-day, like 2024-09-03.")},
            **options,
        )


class Text(forms.CharField):
    """Text without what no reader can see."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class EndUnitForm(forms.Form):
    """When and why a unit ends, and what follows it."""

    last_day = Day(label=_("Last day"))
    reason = Text(label=_("Reason"), max_length=200, help_text=_("For example: merged by decision, with the document number."))
    succeeded_by: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_("Succeeded by"),
        queryset=None,
        to_field_name="uid",
        required=False,
        empty_label=_("Nothing"),
        help_text=_("The unit that carries on, if there is one."),
        error_messages={"invalid_choice": _("This is not in the list any more. Choose again.")},
    )

    def __init__(self, *args: Any, successors: QuerySet[Unit], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["succeeded_by"].queryset = successors  # type: ignore[attr-defined]
        self.fields["last_day"].initial = today


class ReasonForm(forms.Form):
    """Why."""

    reason = Text(label=_("Reason"), max_length=200)


class PostForm(forms.Form):
    """Who takes an office of a unit from when. The same name known already: the form asks which person is meant."""

    kind = forms.ChoiceField(label=_("Post"), choices=PostKind.choices)
    name = Text(label=_("Name"), max_length=40)
    title = Text(
        label=_("Title of the post"), max_length=60, required=False, help_text=_("As it stands on the roster, for example 局长.")
    )
    phone = Text(
        label=_("Telephone"), max_length=30, required=False, help_text=_("The number under which this office is reached.")
    )
    starts_on = Day(label=_("From"))
    replaces = forms.BooleanField(
        label=_("Whoever holds this post now leaves it the day before"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, unit: Unit, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = today
        is_village = unit.kind in VILLAGE_KINDS
        first = PostKind.VILLAGE_SECRETARY if is_village else PostKind.PRINCIPAL
        left_out = {
            True: {PostKind.PRINCIPAL, PostKind.TOWN_OFFICER},
            False: {PostKind.VILLAGE_SECRETARY, PostKind.LEADER_CONTACT}
            if unit.kind != UnitKind.TOWN
            else {PostKind.VILLAGE_SECRETARY},
        }[is_village]
        if unit.kind != UnitKind.TOWN:
            left_out.add(PostKind.TOWN_OFFICER)
        offered = [choice for choice in PostKind.choices if choice[0] not in left_out]
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]
        self.fields["kind"].initial = first
        self.homonyms: dict[str, Person] = {}

    def ask_which(self, people: list[Person]) -> None:
        """Ask which of the people of this name is meant."""
        self.homonyms = {str(person.uid): person for person in people}
        choices = [(uid, f"{person.name} · {_posts(person)}") for uid, person in self.homonyms.items()]
        self.fields["person"] = forms.ChoiceField(
            label=_("Somebody of this name is known. Who is meant?"),
            choices=[*choices, (NEW, _("Somebody else of the same name"))],
            widget=forms.RadioSelect,
        )
        self.order_fields(["kind", "name", "person"])

    @property
    def person(self) -> Person | None:
        """The known person that was chosen; None for somebody new."""
        return self.homonyms.get(self.cleaned_data.get("person", NEW))


def _posts(person: Person) -> str:
    live = [f"{post.unit.name}{post.title or post.get_kind_display()}" for post in person.posts.all() if post.ends_on is None]
    return "、".join(live) or str(_("no post now"))


class LastDayForm(forms.Form):
    """When something ends, and why."""

    last_day = Day(label=_("Last day"))
    reason = Text(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["last_day"].initial = today


class ListForm(forms.Form):
    """The decision that puts a village on a list."""

    kind = forms.ChoiceField(label=_("List"), choices=ListingKind.choices)
    starts_on = Day(label=_("From"))
    doc_no = Text(label=_("Document number"), max_length=60, required=False, help_text=_("For example 高委组〔2024〕12号."))
    reason = Text(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = today


class DelistForm(LastDayForm):
    """The decision that takes a village off a list."""

    doc_no = Text(label=_("Document number"), max_length=60, required=False, help_text=_("For example 高委组〔2024〕12号."))
