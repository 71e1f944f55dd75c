"""Versions of rows by trigger: every insert and update leaves a copy, from raw SQL too (decision 7).

pghistory's triggers write the copy; who did it and why stand in ``pgh_context``, which
``tenant_scope`` tells the database once per transaction. Event tables are tenant tables with
the same policy, and the application may add to them but not change them (``tenancy.rights``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
from django.db import models
from django_scopes import ScopedManager
from pghistory.models import Event

M = TypeVar("M", bound=type[models.Model])


class Version(Event):
    """One state of a row: ``pgh_obj_id`` says of which, ``pgh_created_at`` since when, ``pgh_context`` by whom."""

    pgh_id = models.BigAutoField(primary_key=True)
    objects: Any = ScopedManager(tenant="tenant")

    class Meta:
        abstract = True


def versioned(*, exclude: Sequence[str] = ()) -> Callable[[M], M]:
    """Keep versions of the model's rows in ``<Model>Version``."""

    def declare(model: M) -> M:
        name = f"{model.__name__}Version"
        label = model.__name__.lower()
        tracked: M = pghistory.track(
            pghistory.InsertEvent("created"),
            pghistory.UpdateEvent("changed"),
            exclude=list(exclude),
            model_name=name,
            base_model=Version,
            obj_field=pghistory.ObjForeignKey(db_index=False, related_name="versions", related_query_name="version"),
            context_field=pghistory.ContextJSONField(null=True),
            context_id_field=None,
            meta={"indexes": [models.Index(fields=["tenant", "pgh_obj", "pgh_id"], name=f"{label}_version_of")]},
        )(model)
        return tracked

    return declare
