"""Writing through the API: the form and the action of the page, so that no rule stands twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.kinds.declare import Kind
from lib.kinds.forms import REASON, form_for, values_of
from lib.kinds.pages.places import row_for
from lib.kinds.refusals import sentence_for
from tenancy.access import Access


def an_object(data: Any) -> Any:
    """A body that is a JSON object or a form. Raises ValidationError for null, a list or a word."""
    if not isinstance(data, Mapping):
        raise serializers.ValidationError({"": [_("Send one object with the fields by their names.")]})
    return data


def create(kind: Kind, access: Access, given: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """A new row. ``names``: what the API calls a form field, where the two differ. Raises ValidationError (400)."""
    assert kind.create is not None
    initial = dict(kind.initial(access)) if kind.initial is not None else {}
    form = form_for(kind, access, data=_as_typed({**initial, **given}))
    return _write(kind, form, names, lambda: kind.create(access=access, values=values_of(form)))


def update(kind: Kind, access: Access, uid: UUID, given: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """A row changed in the fields that are given. Http404 for what is not seen, PermissionDenied for what is only read."""
    row = row_for(kind, access, uid, "U")
    assert kind.update is not None
    # The row as two people change it: one after the other, each with the state that the first left.
    row = kind.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    before = form_for(kind, access, row=row)
    standing = {name: before.get_initial_for_field(field, name) for name, field in before.fields.items()}
    form = form_for(kind, access, data=_as_typed({**standing, **given, REASON: given.get(REASON, "")}), row=row)

    def write() -> Any:
        return kind.update(access=access, row=row, values=values_of(form), reason=form.cleaned_data[REASON])  # type: ignore[misc]

    return _write(kind, form, names, write)


def _as_typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a browser would send them: rows by public id, nothing for what is empty."""
    typed = {name: getattr(value, "uid", value) for name, value in values.items()}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in typed.items() if value is not None}


def _write(kind: Kind, form: forms.ModelForm, names: Mapping[str, str], write: Any) -> Any:
    if not form.is_valid():
        raise _told(form, names)
    try:
        with transaction.atomic():
            return write()
    except ValidationError as refusal:
        _tell(form, refusal)
    except IntegrityError as problem:
        sentence = sentence_for(kind, problem)
        if sentence is None:
            raise
        _tell(form, sentence)
    raise _told(form, names)


def _tell(form: forms.ModelForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _told(form: forms.ModelForm, names: Mapping[str, str]) -> serializers.ValidationError:
    ours = {theirs: name for name, theirs in names.items()}
    return serializers.ValidationError(
        {"" if name == "__all__" else ours.get(name, name): [str(e) for e in errors] for name, errors in form.errors.items()}
    )
