"""Many ids as one array: the same rows as ``__in``, in conditions of every shape, in one parameter."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from lib.any_of import any_of
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_tenant, make_town, make_village
from units.models import Unit


@pytest.fixture
def ids(db: None) -> list[int]:
    with tenant_scope(make_tenant("gaozhou")):
        town = make_town("曹江镇")
        return [make_village(f"第{n}村", town=town).pk for n in range(5)]


def test_an_array_finds_what_a_list_of_values_finds(ids: list[int]) -> None:
    with tenant_scope(Tenant.objects.get()):
        rows = Unit.objects.filter(pk__in=ids)
        assert set(rows.filter(any_of("pk", ids[:2])).values_list("pk", flat=True)) == set(ids[:2])
        assert set(rows.exclude(any_of("pk", ids[:2])).values_list("pk", flat=True)) == set(ids[2:])
        assert set(rows.filter(Q(any_of("pk", ids[:1])) | Q(pk=ids[4])).values_list("pk", flat=True)) == {ids[0], ids[4]}
        assert not rows.filter(any_of("pk", [])).exists()
        parent = Unit.objects.get(pk=ids[0]).parent_id
        assert rows.filter(any_of("parent_id", {parent})).count() == rows.filter(parent_id=parent).count() > 0


def test_it_is_one_parameter(ids: list[int]) -> None:
    with tenant_scope(Tenant.objects.get()), CaptureQueriesContext(connection) as made:
        assert Unit.objects.filter(any_of("pk", ids)).count() == 5

    assert f"ANY (ARRAY[{','.join(map(str, sorted(ids)))}]::bigint[])" in made.captured_queries[0]["sql"].replace(", ", ",")
