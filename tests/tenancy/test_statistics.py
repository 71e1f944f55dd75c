"""After a large import the planner knows of its rows at once, and looks at nothing that did not grow."""

from __future__ import annotations

import pytest
from django.db import connection

from tenancy.scope import tenant_scope
from tenancy.statistics import take_statistics
from tests.factories import make_tenant
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def _known() -> tuple[int, int]:
    """Rows and pages of the units' table as the planner sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint, relpages FROM pg_class WHERE oid = 'units_unit'::regclass")
        rows, pages = cursor.fetchone()
    return int(rows), int(pages)


def _looked_at(count: int) -> bool:
    """Whether the planner comes to know of ``count`` units. A table that autovacuum holds just now is left for the next look."""
    for _look in range(60):
        take_statistics()
        if _known()[0] >= count:
            return True
    return False


def _at_rest() -> bool:
    """Whether a look soon finds nothing to do; it never would if it took tables that did not grow."""
    return any(take_statistics() == 0 for _look in range(10))


def test_rows_of_this_very_transaction_are_counted_and_a_second_look_finds_nothing() -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        take_statistics()
        rows, pages = _known()
        # Other tests of this process have left rows and room behind: more than would fill it, whatever it is.
        count = 3_000 + 2 * rows + 150 * pages
        Unit.objects.bulk_create(
            Unit(tenant=tenant, kind="organisation", name=f"高州市第{number}单位", pinyin="gao", initials="g")
            for number in range(count)
        )

        assert rows < count
        assert _looked_at(count)
        assert _at_rest()
