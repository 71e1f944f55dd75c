"""What the API tells of units, villages, towns and people, and what it takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lib.chinese.phones import mask_phone
from units.models import Person, Post, UnitKind
from units.models.listing import ListingKind
from units.models.person import PostKind
from units.models.unit import VILLAGE_KINDS, UnitNature

OFFICE_KINDS = (UnitKind.ORGANISATION, UnitKind.EXTERNAL)
OFFICE_CHOICES = [(kind.value, kind.label) for kind in OFFICE_KINDS]
VILLAGE_CHOICES = [(kind.value, kind.label) for kind in VILLAGE_KINDS]


def _id() -> serializers.UUIDField:
    return serializers.UUIDField(source="uid", read_only=True, help_text=_("Public id; never changes."))


class Ref(serializers.Serializer):
    """Another row, by id and name."""

    id = _id()
    name = serializers.CharField()


class PlaceBase(serializers.Serializer):
    """What every kind of unit has."""

    id = _id()
    kind = serializers.ChoiceField(choices=UnitKind.choices)
    name = serializers.CharField()
    division_code = serializers.CharField(allow_blank=True, help_text=_("9 or 12 digits; empty when there is none."))
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text=_("The last day; null while it exists."))
    updated_at = serializers.DateTimeField(allow_null=True)


class TownOut(PlaceBase):
    """A town (镇、街道)."""


class VillageOut(PlaceBase):
    """A village or community (村、社区)."""

    town = Ref(source="parent", allow_null=True)
    designations = serializers.SerializerMethodField(help_text=_("Lists it stands on now; null for roles that may not see them."))

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ListingKind.choices), allow_null=True))
    def get_designations(self, village: Any) -> list[str] | None:
        return list(village.designations) if self.context["sees_designations"] else None


class UnitOut(PlaceBase):
    """An office, institution, enterprise, Party organisation, village group or external partner."""

    short_name = serializers.CharField(allow_blank=True)
    parent = Ref(allow_null=True)
    nature = serializers.ChoiceField(choices=UnitNature.choices, allow_blank=True)
    is_stationed = serializers.BooleanField()
    superior_name = serializers.CharField(allow_blank=True)
    credit_code = serializers.CharField(allow_blank=True)
    n_party_members = serializers.IntegerField(allow_null=True)


class PostOut(serializers.Serializer):
    """An office that somebody holds now."""

    id = _id()
    unit = Ref()
    kind = serializers.ChoiceField(choices=PostKind.choices)
    title = serializers.CharField(allow_blank=True)
    phone = serializers.SerializerMethodField(help_text=_("Masked unless revealed."))
    starts_on = serializers.DateField(allow_null=True)

    def get_phone(self, post: Post) -> str:
        return post.phone if self.context.get("reveals_phone") else mask_phone(post.phone)


class PersonOut(serializers.Serializer):
    """Somebody the county deals with: name, telephone (masked), offices held now."""

    id = _id()
    name = serializers.CharField()
    phone = serializers.SerializerMethodField(help_text=_("Masked unless revealed."))
    posts = PostOut(source="posts_now", many=True)
    updated_at = serializers.DateTimeField(allow_null=True)

    def get_phone(self, person: Person) -> str:
        return person.phone if self.context.get("reveals_phone") else mask_phone(person.phone)


class _Text(serializers.CharField):
    """Optional text; what is left out is empty."""

    def __init__(self, max_length: int) -> None:
        super().__init__(max_length=max_length, required=False, allow_blank=True)


class UnitIn(serializers.Serializer):
    """What is written of a unit. Left out in a change: stays as it is."""

    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=OFFICE_CHOICES, required=False)
    short_name = _Text(40)
    nature = serializers.ChoiceField(choices=UnitNature.choices, required=False, allow_blank=True)
    is_stationed = serializers.BooleanField(required=False)
    superior_name = _Text(80)
    parent = serializers.UUIDField(required=False, allow_null=True)  # type: ignore[assignment]
    n_party_members = serializers.IntegerField(min_value=0, max_value=2_147_483_647, required=False, allow_null=True)
    team = _Text(400)
    credit_code = _Text(18)
    starts_on = serializers.DateField(required=False, allow_null=True)
    notes = _Text(400)


class VillageIn(serializers.Serializer):
    """What is written of a village or community. Left out in a change: stays as it is."""

    name = serializers.CharField(max_length=80)
    town = serializers.UUIDField(source="parent")
    kind = serializers.ChoiceField(choices=VILLAGE_CHOICES, required=False)
    n_party_members = serializers.IntegerField(min_value=0, max_value=2_147_483_647, required=False, allow_null=True)
    division_code = serializers.RegexField(r"^(\d{9}(\d{3})?)?$", required=False, allow_blank=True, max_length=12)
    starts_on = serializers.DateField(required=False, allow_null=True)
    notes = _Text(400)


class PersonIn(serializers.Serializer):
    """What is written of somebody. Left out in a change: stays as it is."""

    name = serializers.CharField(max_length=40)
    phone = _Text(20)
    notes = _Text(200)


class ReasonMixin(serializers.Serializer):
    """Why something is changed: stands in the history."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, write_only=True)


class UnitChange(ReasonMixin, UnitIn):
    """A change of a unit."""


class VillageChange(ReasonMixin, VillageIn):
    """A change of a village or community."""


class PersonChange(ReasonMixin, PersonIn):
    """A change of a person."""
