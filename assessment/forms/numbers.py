"""Numbers that people type: full-width digits are read, and whatever is wrong with one is said in a single sentence."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.patterns.declare import plain


class NumberField(forms.DecimalField):
    """A number between two bounds with so many decimals. A plain text input: what was typed stays, whatever it was."""

    def __init__(self, *, least: Decimal | int | None, most: Decimal | int, places: int, **kwargs: Any) -> None:
        self.least, self.most, self.places = least, most, places
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def _sentence(self) -> str:
        least = -Decimal(self.most) if self.least is None else self.least
        words = {"least": plain(least), "most": plain(self.most), "n": self.places}
        return (
            ngettext(
                "Write a number from %(least)s to %(most)s, with %(n)d decimal at most.",
                "Write a number from %(least)s to %(most)s, with %(n)d decimals at most.",
                self.places,
            )
            % words
        )

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(unicodedata.normalize("NFKC", value) if isinstance(value, str) else value)
        except ValidationError:
            raise ValidationError(self._sentence(), "invalid") from None

    def validate(self, value: Any) -> None:
        if value in self.empty_values:
            if self.required:
                raise ValidationError(_("Write a number."), "required")
            return
        least = -Decimal(self.most) if self.least is None else self.least
        exponent = value.as_tuple().exponent if value.is_finite() else None
        if not isinstance(exponent, int) or -exponent > self.places or not least <= value <= self.most:
            raise ValidationError(self._sentence(), "out_of_range")
