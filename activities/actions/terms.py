"""Checking values of terms before they are kept: each by its field, then all of them together.

Used by the form, the API, the opening of a year and rehearsals alike: nothing is guessed, a wrong word is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from activities.models import ActivityType, CountOn, DistinctBy, PersonFilter, Rule, RuleScope, RuleTerms
from activities.models.year import Carrier

# What a version says; the rest of the row (number, days, reasons) is written by the actions.
TERM_FIELDS = (
    "types",
    "period_kind",
    "minimum",
    "unit_of_count",
    "scope",
    "person_filter",
    "count_on",
    "status_required",
    "distinct_by",
    "first_period",
    "last_period",
    "grace_days",
    "carry_over",
    "joint_counts_for",
    "min_visitors",
    "in_village_only",
    "online_per_month",
    "max_quarters_per_project",
    "allow_multi",
    "week_month",
    "min_working_days",
    "source_text",
    "doc_no",
)

# Fields as the field's rules call them (domain.md §2.2), where the column has a shorter name.
ALSO_CALLED = {
    "activity_types": "types",
    "period": "period_kind",
    "first_period_policy": "first_period",
    "last_period_policy": "last_period",
}

# Where the day that counts is that of an item's step, the records must be of a type that has such steps.
_STEPS_OF = {
    CountOn.CLOSED: Carrier.LIVELIHOOD,
    CountOn.REGISTERED: Carrier.LIVELIHOOD,
    CountOn.STARTED: Carrier.COURTYARD,
    CountOn.BUILT: Carrier.COURTYARD,
    CountOn.AWARDED: Carrier.COURTYARD,
    CountOn.REPORTED: Carrier.REPORT,
}
_CARRIER_OF = {DistinctBy.PROJECT: Carrier.PROJECT, DistinctBy.HOUSEHOLD: Carrier.COURTYARD}
# Owed by the village or the county itself: nobody's group leader, no other side.
_NO_PAIRING = (RuleScope.VILLAGE_PARTY, RuleScope.PROGRAMME)


class TermsRefused(Refused):
    """Values that a rule cannot have; the messages stand under the names of the fields."""


def clean_value(model: type[models.Model], name: str, value: object) -> Any:
    """``value`` as the field ``name`` keeps it. Raises ValidationError saying what the field takes.

    Text from a form and values of JSON are both read, but a number is not taken for yes, nor 2.5 for 2.
    """
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist as problem:
        raise ValidationError(_("There is no setting of this name.")) from problem
    assert isinstance(field, models.Field)
    if isinstance(field, models.BooleanField):
        value = {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise ValidationError(_("Write true or false."))
    if isinstance(field, models.IntegerField):
        if value == "" and field.null:
            value = None
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValidationError(_("Write a whole number."))
    if isinstance(field, ArrayField):
        if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
            raise ValidationError(_("Give a list of codes."))
        return list(dict.fromkeys(field.clean(list(value), None)))
    if isinstance(field, models.CharField) and not isinstance(value, str):
        raise ValidationError(_("Write a word or text."))
    return field.clean(value, None)  # type: ignore[no-untyped-call, unused-ignore]


def clean_terms(changes: Mapping[str, object]) -> dict[str, Any]:
    """Changed terms as they are kept. Raises TermsRefused with a sentence for each wrong field."""
    values: dict[str, Any] = {}
    problems: dict[str, Any] = {}
    for name, value in changes.items():
        try:
            if name not in TERM_FIELDS:
                raise ValidationError(_("There is no setting of this name."))
            values[name] = clean_value(RuleTerms, name, value)
        except ValidationError as problem:
            problems[name] = problem.messages
    if problems:
        raise TermsRefused(problems)
    return values


def check_together(rule: Rule, terms: RuleTerms) -> None:
    """Whether the values fit each other and the year's types. Raises TermsRefused under the names of the fields."""
    carriers: dict[str, str] = dict(ActivityType.objects.filter(programme_id=rule.programme_id).values_list("code", "carrier"))
    problems: dict[str, str] = {}
    unknown = [code for code in terms.types if code not in carriers]
    if not terms.types:
        problems["types"] = _("Choose at least one activity type: without one no record could count.")
    elif unknown:
        problems["types"] = _("There is no activity type %(code)s in this programme year.") % {"code": unknown[0]}
    held = {carriers[code] for code in terms.types if code in carriers}
    needed = _STEPS_OF.get(CountOn(terms.count_on))
    if needed is not None and not held <= {needed}:
        problems["count_on"] = _("Records of these types have no such day. Choose the day it happened.")
    if terms.distinct_by and not held <= {_CARRIER_OF[DistinctBy(terms.distinct_by)]}:
        problems["distinct_by"] = _("Records of these types name no such thing. Leave it empty.")
    if terms.max_quarters_per_project is not None and terms.distinct_by != DistinctBy.PROJECT:
        problems["max_quarters_per_project"] = _("This applies only when each project counts once. Leave it empty.")
    if terms.max_quarters_per_project == 0:
        problems["max_quarters_per_project"] = _("0 would let no project count. Leave it empty for no limit.")
    if terms.scope in _NO_PAIRING and terms.person_filter == PersonFilter.GROUP_LEADER:
        problems["person_filter"] = _("A village or the county has no group leader. Leave it empty.")
    if terms.min_visitors and not held <= {Carrier.RECEPTION}:
        problems["min_visitors"] = _("Only receptions have visitors. Write 0.")
    if problems:
        raise TermsRefused(problems)


def same_terms(one: RuleTerms, other: RuleTerms) -> bool:
    """Whether two versions say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in TERM_FIELDS)


def copied(terms: RuleTerms, names: Iterable[str] = TERM_FIELDS) -> dict[str, Any]:
    """The values of a version, to begin the next one with."""
    return {name: getattr(terms, name) for name in names}
