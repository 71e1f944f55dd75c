"""Migrating without building every model anew for each index, constraint and trigger.

Django keeps the models as they were at each step and, whatever an operation adds, builds again the model and all that are
related to it: here all of them, for all belong to a county. What the three operations add touches no field and no relation,
and the statements that they run are made from the operation alone. That was most of what a first start computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


def _append(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
    """As Django's own: add to the state's option; then tell the model that is built already, instead of building it again."""
    options = state.models[app_label, model_name].options
    options[option] = [*options.get(option, ()), added]
    if "apps" in state.__dict__:  # asking for it otherwise would build them all
        meta: Any = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option, list(options[option]))
        meta.__dict__.pop("total_unique_constraints", None)  # computed from the constraints, once


def _add_index(self: ProjectState, app_label: str, model_name: str, index: Any) -> None:
    _append(self, app_label, model_name, "indexes", index)


def _add_constraint(self: ProjectState, app_label: str, model_name: str, constraint: Any) -> None:
    _append(self, app_label, model_name, "constraints", constraint)


def _add_trigger(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    _append(state, app_label, self.model_name.lower(), "triggers", self.trigger)


_INSTEAD: tuple[tuple[type, str, Callable[..., None]], ...] = (
    (ProjectState, "add_index", _add_index),
    (ProjectState, "add_constraint", _add_constraint),
    (AddTrigger, "state_forwards", _add_trigger),
)


@contextmanager
def models_built_once() -> Iterator[None]:
    """Inside, adding an index, a constraint or a trigger builds no model again."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _function in _INSTEAD]
    for owner, name, function in _INSTEAD:
        setattr(owner, name, function)
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)
