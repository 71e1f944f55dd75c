"""What a board can be narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Rule
from lib.kinds.filters import NoIdIsGone, PeriodField, RowChoices
from lib.periods import period_of
from pairing.models import Programme
from reports.queries.board import Board
from tenancy import clock
from tenancy.access import Access
from units.models import Unit
from units.queries import visible_towns

_GONE = {"invalid_choice": _("This is not in the list any more. Choose again.")}


class _RowChoice(NoIdIsGone, forms.ModelChoiceField):
    iterator = RowChoices


class _RuleChoice(NoIdIsGone, forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.programme.year} {obj.name}"


class BoardForm(forms.Form):
    """Period, programme, rule, town: each may be left empty; without a period it is this month."""

    period = PeriodField(
        label=_("Month or period"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": _("2024-10, 2024-Q4 or 2024-W41"), "autocomplete": "off"}),
    )
    programme = _RowChoice(
        label=_("Programme"),
        required=False,
        queryset=Programme.objects.none(),
        to_field_name="uid",
        empty_label=_("All"),
        error_messages=_GONE,
    )
    rule = _RuleChoice(
        label=_("Rule"),
        required=False,
        queryset=Rule.objects.none(),
        to_field_name="uid",
        empty_label=_("All"),
        error_messages=_GONE,
    )
    town = _RowChoice(
        label=_("Town"),
        required=False,
        queryset=Unit.objects.none(),
        to_field_name="uid",
        empty_label=_("All"),
        error_messages=_GONE,
    )

    def __init__(self, data: Any, *, access: Access) -> None:
        super().__init__(data)
        self.access = access
        fields: Any = self.fields
        fields["programme"].queryset = Programme.objects.order_by("-year", "id")
        fields["rule"].queryset = (
            Rule.objects.select_related("programme")
            .only("uid", "name", "programme__year")
            .order_by("-programme__year", "position", "id")
        )
        fields["town"].queryset = visible_towns(access).order_by("division_code", "pinyin", "id")

    def board(self, tenant: str) -> Board:
        """What was asked for; fields that cannot be read count as empty."""
        self.is_valid()
        asked = self.cleaned_data
        return Board(
            access=self.access,
            tenant=tenant,
            span=asked.get("period") or period_of("month", clock.today()),
            programme=asked.get("programme"),
            rule=asked.get("rule"),
            town=asked.get("town"),
        )
