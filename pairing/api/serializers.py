"""What the API tells of pairings and programme years, and what it takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lib.chinese.phones import mask_phone
from pairing.models import EndingReason, Origin, Pairing, PairingPost, PairingState
from pairing.queries import group_leader, liaison
from units.api.serializers import ReasonMixin, Ref


class ProgrammeRef(serializers.Serializer):
    """A programme year, by id and title."""

    id = serializers.UUIDField(source="uid")
    title = serializers.CharField()
    year = serializers.IntegerField()


class ProgrammeOut(serializers.Serializer):
    """A programme year, with the live pairings of it that one may see."""

    id = serializers.UUIDField(source="uid")
    year = serializers.IntegerField()
    title = serializers.CharField()
    doc_no = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    n_pairings = serializers.IntegerField()
    n_units = serializers.IntegerField()
    n_villages = serializers.IntegerField()


class HolderOut(serializers.Serializer):
    """Who holds a post of a pairing now."""

    id = serializers.UUIDField(source="uid")
    person = Ref()
    phone = serializers.SerializerMethodField(help_text=_("Masked unless revealed."))
    starts_on = serializers.DateField()

    def get_phone(self, post: PairingPost) -> str:
        return post.phone if self.context.get("reveals_phone") else mask_phone(post.phone)


class PairingOut(serializers.Serializer):
    """A unit and a village in a programme year."""

    id = serializers.UUIDField(source="uid")
    programme = ProgrammeRef()
    unit = serializers.SerializerMethodField(help_text=_("The unit, of the day asked for."))
    village = Ref()
    town = Ref(source="village.parent", allow_null=True)
    party_org = Ref(allow_null=True)
    origin = serializers.ChoiceField(choices=Origin.choices)
    state = serializers.SerializerMethodField(help_text=_("The state, of the day asked for."))
    is_lead = serializers.BooleanField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text=_("The last day; null while it lasts."))
    agreement_signed_on = serializers.DateField(allow_null=True)
    agreement_waived = serializers.CharField(allow_blank=True, help_text=_("Why there is no agreement; empty when there is one."))
    active_from = serializers.DateField(allow_null=True, help_text=_("The day from which it counts."))
    ending_reason = serializers.ChoiceField(choices=EndingReason.choices, allow_blank=True)
    plan_approved_on = serializers.DateField(allow_null=True)
    group_leader = serializers.SerializerMethodField()
    liaison = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(Ref())
    def get_unit(self, pairing: Any) -> Any:
        if hasattr(pairing, "unit_then_uid"):
            return {"id": str(pairing.unit_then_uid), "name": pairing.unit_then_name}
        return Ref(pairing.unit).data

    @extend_schema_field(serializers.ChoiceField(choices=PairingState.choices))
    def get_state(self, pairing: Pairing) -> str:
        return str(getattr(pairing, "state_then", pairing.state))

    @extend_schema_field(HolderOut(allow_null=True))
    def get_group_leader(self, pairing: Pairing) -> Any:
        return self._holder(group_leader(pairing))

    @extend_schema_field(HolderOut(allow_null=True))
    def get_liaison(self, pairing: Pairing) -> Any:
        return self._holder(liaison(pairing))

    def _holder(self, post: PairingPost | None) -> Any:
        return HolderOut(post, context=self.context).data if post is not None else None


class PairingIn(serializers.Serializer):
    """What is written of a pairing: both sides and the programme by their ids."""

    programme = serializers.UUIDField()
    unit = serializers.UUIDField()
    village = serializers.UUIDField()
    party_org = serializers.UUIDField(required=False, allow_null=True)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)
    is_lead = serializers.BooleanField(required=False)
    starts_on = serializers.DateField()
    agreement_signed_on = serializers.DateField(required=False, allow_null=True)
    notes = serializers.CharField(max_length=400, required=False, allow_blank=True)


class PairingChange(ReasonMixin, PairingIn):
    """A change of a pairing. Left out: stays as it is."""
