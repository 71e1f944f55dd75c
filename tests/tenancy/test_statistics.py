"""After a large import the planner knows of its rows at once, and looks at nothing that did not grow."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tenancy.scope import tenant_scope
from tenancy.statistics import take_statistics
from tests.factories import make_tenant
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def _known() -> int:
    """Rows of the units' table as the planner sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'units_unit'::regclass")
        return int(cursor.fetchone()[0])


def _many(tenant: Any, count: int) -> None:
    Unit.objects.bulk_create(
        Unit(tenant=tenant, kind="organisation", name=f"高州市第{number}单位", pinyin="gao", initials="g")
        for number in range(count)
    )


def test_rows_of_this_very_transaction_are_counted_and_a_second_look_finds_nothing() -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        take_statistics()
        # Other tests of this process have left rows and room behind, which differ from run to run.
        count = 3_000 + 2 * _known()
        _many(tenant, count)

        assert take_statistics() >= 1

        assert _known() >= count
        assert take_statistics() == 0


def test_rows_that_fill_the_room_of_deleted_ones_are_counted_too(admin_db: Any) -> None:
    """They need no new page, so the size of the table tells nothing of them."""
    admin_db.execute("UPDATE pg_class SET relpages = 100000, reltuples = 50 WHERE oid = 'units_unit'::regclass")
    tenant = make_tenant()
    with tenant_scope(tenant):
        _many(tenant, 3_000)

        assert take_statistics() >= 1

        assert _known() >= 3_000
        assert take_statistics() == 0
