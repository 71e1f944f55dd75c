"""After a large import the planner knows of its rows at once, and looks at nothing that did not grow."""

from __future__ import annotations

import pytest
from django.db import connection

from tenancy.scope import tenant_scope
from tenancy.statistics import take_statistics
from tests.factories import make_tenant
from units.models import Unit

pytestmark = pytest.mark.django_db


def _known() -> int:
    """Rows of the units' table as the planner sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'units_unit'::regclass")
        return int(cursor.fetchone()[0])


def test_rows_of_this_very_transaction_are_counted_and_a_second_look_finds_nothing() -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        take_statistics()
        names = [f"高州市第{number}单位" for number in range(3_000)]
        Unit.objects.bulk_create(
            Unit(tenant=tenant, kind="organisation", name=name, pinyin="gao", initials="g") for name in names
        )
        before = _known()

        assert take_statistics() >= 1

        assert before < 3_000 <= _known()
        assert take_statistics() == 0
