"""What the API tells of records and items, and what it takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from activities.models import AuthorSide, Form, ItemKind, ItemState, PlaceKind, Status, Step
from units.api.serializers import Ref


class PartOut(serializers.Serializer[Any]):
    """One pairing's part in a record: what of it counts, and how far the other side is."""

    pairing = serializers.UUIDField(source="pairing.uid", allow_null=True, default=None)
    unit = Ref(source="pairing.unit", allow_null=True, default=None)
    village = Ref(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    is_lead = serializers.BooleanField(help_text=_("Whether it counts for this pairing where the leading one counts only."))
    confirmed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by_proxy = serializers.BooleanField()
    confirm_basis = serializers.CharField(allow_blank=True)


class RecordOut(serializers.Serializer[Any]):
    """One thing that was done."""

    id = serializers.UUIDField(source="uid")
    client_id = serializers.UUIDField(allow_null=True)
    programme = serializers.UUIDField(source="programme.uid")
    type = serializers.CharField(help_text=_("Code of the type."))
    also_types = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices=Status.choices)
    found_untrue = serializers.BooleanField(help_text=_("Voided because a check found that it did not happen so."))
    pairings = PartOut(source="parts", many=True)
    occurred_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    raised_on = serializers.DateField(allow_null=True)
    reports_on = serializers.DateField(allow_null=True)
    place = serializers.CharField(allow_blank=True)
    place_kind = serializers.ChoiceField(choices=PlaceKind.choices)
    form = serializers.ChoiceField(choices=Form.choices, allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    participants = serializers.CharField(allow_blank=True)
    leader_name = serializers.CharField(allow_blank=True)
    leader_present = serializers.BooleanField()
    person_times = serializers.IntegerField(allow_null=True)
    persons_approx = serializers.BooleanField()
    due_count = serializers.IntegerField(allow_null=True)
    visitors = serializers.IntegerField(allow_null=True)
    was_announced = serializers.BooleanField()
    hours = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)
    beneficiaries = serializers.CharField(allow_blank=True)
    money_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    evidence = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)
    item = serializers.UUIDField(source="item.uid", allow_null=True, default=None)
    step = serializers.ChoiceField(choices=Step.choices, allow_blank=True)
    author_side = serializers.ChoiceField(choices=AuthorSide.choices)
    is_proxy = serializers.BooleanField()
    proxy_basis = serializers.CharField(allow_blank=True)
    submitted_on = serializers.DateField(allow_null=True)
    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(allow_null=True)


class _Facts(serializers.Serializer[Any]):
    """Facts that a record may have; which of them a type asks, its kind says."""

    joint = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20)
    ends_on = serializers.DateField(required=False, allow_null=True)
    raised_on = serializers.DateField(required=False, allow_null=True)
    reports_on = serializers.DateField(required=False, allow_null=True, help_text=_("First day of the quarter."))
    place = serializers.CharField(max_length=80, required=False, allow_blank=True)
    place_kind = serializers.ChoiceField(choices=PlaceKind.choices, required=False)
    form = serializers.ChoiceField(choices=Form.choices, required=False, allow_blank=True)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    text = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    participants = serializers.CharField(max_length=400, required=False, allow_blank=True)
    leader_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    leader_present = serializers.BooleanField(required=False)
    person_times = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    due_count = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    visitors = serializers.IntegerField(min_value=0, max_value=100_000, required=False, allow_null=True)
    was_announced = serializers.BooleanField(required=False)
    hours = serializers.DecimalField(max_digits=5, decimal_places=1, min_value=0, required=False, allow_null=True)
    trainer = serializers.CharField(max_length=60, required=False, allow_blank=True)
    attendees = serializers.CharField(max_length=60, required=False, allow_blank=True)
    beneficiaries = serializers.CharField(max_length=120, required=False, allow_blank=True)
    money_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True)
    evidence = serializers.CharField(max_length=200, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=400, required=False, allow_blank=True)
    item = serializers.UUIDField(required=False, allow_null=True, help_text=_("Id of a project or livelihood item."))
    item_name = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text=_("Or the name of a new one."))
    category = serializers.CharField(max_length=20, required=False, allow_blank=True)
    house_no = serializers.CharField(max_length=40, required=False, allow_blank=True)
    householder = serializers.CharField(max_length=40, required=False, allow_blank=True)
    step = serializers.ChoiceField(choices=Step.choices, required=False, allow_blank=True)
    basis = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text=_("Who enters it for somebody says on what basis.")
    )
    is_another = serializers.BooleanField(required=False, help_text=_("The likely double was shown and is none."))


class RecordIn(_Facts):
    """A new record. ``submit`` false keeps it as a draft."""

    client_id = serializers.UUIDField(
        required=False, allow_null=True, help_text=_("Made by the sender. Sent again it answers the first record.")
    )
    pairings = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, help_text=_("Empty for what has no pairing; then with programme.")
    )
    programme = serializers.UUIDField(required=False, help_text=_("Of what has no pairing: its programme year."))
    village = serializers.UUIDField(required=False, help_text=_("Of what has no pairing: the village whose own it is."))
    type = serializers.CharField(max_length=30, help_text=_("Code of a type of the programme year."))
    occurred_on = serializers.DateField()
    side = serializers.ChoiceField(
        choices=[(AuthorSide.UNIT.value, AuthorSide.UNIT.label), (AuthorSide.VILLAGE.value, AuthorSide.VILLAGE.label)],
        required=False,
        help_text=_("For whom a superior enters it."),
    )
    submit = serializers.BooleanField(required=False, default=True)


class RecordChange(_Facts):
    """A change of a record that is not confirmed yet. Left out: stays as it is."""

    pairings = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20, required=False)
    type = serializers.CharField(max_length=30, required=False)
    occurred_on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ReasonIn(serializers.Serializer[Any]):
    """Why."""

    # The action itself says what is missing, by its stable code.
    reason = serializers.CharField(max_length=400, required=False, allow_blank=True, default="", help_text=_("Needed."))
    basis = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text=_("For who acts for somebody."))


class VoidIn(serializers.Serializer[Any]):
    """Why a record is voided."""

    reason = serializers.CharField(max_length=400, required=False, allow_blank=True, default="", help_text=_("Needed."))
    untrue = serializers.BooleanField(
        required=False, help_text=_("A check found that it did not happen so: it costs points. Default: a slip, which does not.")
    )


class BasisIn(serializers.Serializer[Any]):
    """On what basis a superior acts; one's own side leaves it out."""

    basis = serializers.CharField(max_length=200, required=False, allow_blank=True)


class _ItemFacts(serializers.Serializer[Any]):
    """What may be said of an item; a courtyard has a house number for a name."""

    name = serializers.CharField(max_length=120, required=False)
    category = serializers.CharField(max_length=20, required=False, allow_blank=True)
    raised_on = serializers.DateField(required=False, allow_null=True)
    planned_on = serializers.DateField(required=False, allow_null=True)
    house_no = serializers.CharField(max_length=40, required=False)
    householder = serializers.CharField(max_length=40, required=False, allow_blank=True)
    money_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True)
    beneficiaries = serializers.CharField(max_length=120, required=False, allow_blank=True)
    person_in_charge = serializers.CharField(max_length=40, required=False, allow_blank=True)
    description = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    details = serializers.DictField(
        child=serializers.CharField(max_length=200, allow_blank=True),
        required=False,
        help_text=_("Further columns of the kind's ledger, by their codes; left out: as they are."),
    )


class ItemIn(_ItemFacts):
    """A new project, livelihood item or courtyard, in the first state of its kind."""

    client_id = serializers.UUIDField(
        required=False, allow_null=True, help_text=_("Made by the sender; becomes the id. Sent again it answers the first item.")
    )
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    pairing = serializers.UUIDField()


class ItemChange(_ItemFacts):
    """A correction. Left out: stays as it is."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class MoveIn(serializers.Serializer[Any]):
    """The state it has come to; pausing, stopping and withdrawing need a reason."""

    state = serializers.ChoiceField(choices=ItemState.choices)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class HouseIn(serializers.Serializer[Any]):
    """The house number of a courtyard that came in without one."""

    house_no = serializers.CharField(max_length=40)
    householder = serializers.CharField(max_length=40, required=False, allow_blank=True)


class ItemOut(serializers.Serializer[Any]):
    """A project, a livelihood item or a courtyard."""

    id = serializers.UUIDField(source="uid")
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    programme = serializers.UUIDField(source="programme.uid")
    pairing = serializers.UUIDField(source="pairing.uid")
    unit = Ref(source="pairing.unit")
    village = Ref()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=ItemState.choices)
    category = serializers.CharField(allow_blank=True)
    raised_on = serializers.DateField(allow_null=True)
    planned_on = serializers.DateField(allow_null=True)
    completed_on = serializers.DateField(allow_null=True)
    awarded_on = serializers.DateField(allow_null=True)
    degraded_on = serializers.DateField(allow_null=True)
    house_no = serializers.CharField(allow_blank=True)
    householder = serializers.CharField(allow_blank=True)
    money_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    beneficiaries = serializers.CharField(allow_blank=True)
    person_in_charge = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    details = serializers.DictField()
    updated_at = serializers.DateTimeField(allow_null=True)
