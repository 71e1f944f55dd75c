"""The world that the isolation tests try themselves on: it must hold something that could leak."""

from __future__ import annotations

import pytest
from django.db import models
from pghistory.models import Event

from tenancy.scope import tenant_scope
from tests.isolation.each import for_each
from tests.world import PLAIN, SHARED_PHONE, World, n_rows, tenant_models

pytestmark = pytest.mark.django_db


def test_both_counties_have_rows_in_every_tenant_table(world: World) -> None:
    assert [(table, side.letter) for side in (world.a, world.b) for table, n in n_rows(side).items() if n == 0] == []


def test_both_counties_have_the_same_shape(world: World) -> None:
    assert n_rows(world.a) == n_rows(world.b)


@for_each("model", tenant_models(), named=lambda model: model.__name__)
def test_every_text_field_holds_a_canary(world: World, model: type[models.Model]) -> None:
    plain = PLAIN.get(model.__name__.removesuffix("Version"), set()) | {"hash", "prev", "result", "address", "roles", "pgh_label"}
    texts = [
        f.name
        for f in model._meta.fields
        if isinstance(f, (models.CharField, models.TextField)) and not f.choices and f.name not in plain
    ]
    if issubclass(model, Event):
        texts += ["pgh_context__actor"]
    for side in (world.a, world.b):
        with tenant_scope(side.tenant):
            rows = model._base_manager.all()
            assert [name for name in texts if not rows.filter(**{f"{name}__icontains": side.canary}).exists()] == []


def test_the_counties_share_surnames_telephones_and_codes(world: World) -> None:
    from units.models import Person, Unit

    shared = []
    for side in (world.a, world.b):
        with tenant_scope(side.tenant):
            shared.append(
                (
                    Person.objects.filter(name__startswith="陈").count() > 0,
                    Person.objects.filter(phone=SHARED_PHONE).count() > 0,
                    sorted(Unit.objects.exclude(division_code="").values_list("division_code", flat=True)),
                )
            )
    assert shared[0] == shared[1]
    assert shared[0][0]
    assert shared[0][1]
    assert shared[0][2]
