"""Migrating builds models when fields change, and not for what is added beside them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger import Insert, Protect, Trigger
from pgtrigger.migrations import AddTrigger

from tenancy.migrating import models_built_once


def built() -> tuple[ProjectState, type[models.Model]]:
    """A county and a town of it, built as the models of a migration are."""
    state = ProjectState()
    state.add_model(ModelState("places", "County", [("id", models.BigAutoField(primary_key=True))]))
    fields: list[Any] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("county", models.ForeignKey("places.County", models.PROTECT)),
        ("name", models.CharField(max_length=20)),
    ]
    state.add_model(ModelState("places", "Town", fields, {"indexes": [], "constraints": []}))
    return state, state.apps.get_model("places", "Town")


INDEX = models.Index(fields=["name"], name="town_by_name")
ONCE = models.UniqueConstraint(fields=["county", "name"], name="town_once")
KEPT: Trigger = Protect(name="towns_stay", operation=Insert)


def add_all(state: ProjectState) -> None:
    state.add_index("places", "town", INDEX)
    state.add_constraint("places", "town", ONCE)
    AddTrigger("town", KEPT).state_forwards("places", state)


def test_what_is_added_beside_the_fields_is_there_and_nothing_is_built_again() -> None:
    state, town = built()
    assert town._meta.total_unique_constraints == []

    with models_built_once():
        add_all(state)

    assert state.apps.get_model("places", "Town") is town
    assert town._meta.indexes == [INDEX]
    assert town._meta.constraints == [ONCE]
    assert town._meta.total_unique_constraints == [ONCE]
    assert state.models["places", "town"].options["triggers"] == [KEPT]


def test_the_state_is_the_one_that_django_comes_to() -> None:
    ours, _town = built()
    djangos, town = built()

    with models_built_once():
        add_all(ours)
    add_all(djangos)

    assert djangos.apps.get_model("places", "Town") is not town, "and outside Django does as it always did"
    assert ours == djangos
    here, there = (state.apps.get_model("places", "Town")._meta for state in (ours, djangos))
    assert (here.indexes, here.constraints) == (there.indexes, there.constraints)


def test_a_field_builds_the_model_as_before() -> None:
    state, town = built()

    with models_built_once():
        add_all(state)
        state.add_field("places", "town", "code", models.CharField(max_length=6, default=""), True)

    new: Any = state.apps.get_model("places", "Town")
    assert new is not town
    assert [field.name for field in new._meta.fields] == ["id", "county", "name", "code"]
    assert (new._meta.indexes, new._meta.constraints) == ([INDEX], [ONCE])


def test_nothing_is_built_for_who_has_not_asked_for_models() -> None:
    state = built()[0].clone()
    del state.__dict__["apps"]

    with models_built_once():
        add_all(state)

    assert "apps" not in state.__dict__
    assert state.models["places", "town"].options["indexes"] == [INDEX]
