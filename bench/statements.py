"""SQL statements of each list, and of the boards, at 5, 50 and 500 rows: the same number."""

from __future__ import annotations

from typing import Any

from bench.figure import Figure

SIZES = (5, 50, 500)


def _county(n: int) -> tuple[Any, Any]:
    from tenancy.models import Account, Division, Grant, Tenant
    from tenancy.scope import tenant_scope
    from tests.factories import (
        make_obligation,
        make_pairing,
        make_person,
        make_post,
        make_programme,
        make_rule,
        make_town,
        make_unit,
        make_village,
    )

    county = Division.objects.create(code=f"97{n + 1:04d}", name=f"县{n}", kind="county")
    tenant = Tenant.objects.create(slug=f"list{n}", name=county.name, division=county)
    account = Account.objects.create(login=f"list{n}")
    with tenant_scope(tenant):
        Grant.objects.create(tenant=tenant, account=account, role="CA", starts_on="2024-01-01")
        programme = make_programme()
        rule = make_rule(programme)
        for i in range(n):
            unit = make_unit(f"第{i}局")
            town = make_town(f"第{i}镇")
            pairing = make_pairing(unit, make_village(f"第{i}村", town=town), programme)
            make_unit(f"第{i}党支部", "party_organisation", parent=pairing.unit)
            make_post(unit, make_person(f"人员{i}"))
            make_obligation(pairing, rule)
    return tenant, account


def figures(scale: str) -> list[Figure]:
    """``statements_<list>``: 1.0 when the numbers are equal."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from lib.kinds.registry import all_kinds

    counts: dict[str, list[int]] = {}
    for n in SIZES:
        tenant, account = _county(n)
        client = Client(SERVER_NAME="localhost")
        client.force_login(account, backend="tenancy.backends.AccountBackend")
        pages = {kind.code: reverse(kind.route("list"), args=[tenant.slug]) for kind in all_kinds()}
        pages |= {name: reverse(f"reports:{name}", args=[tenant.slug]) for name in ("board", "publish_sums")}
        for name, url in pages.items():
            asked = {"period": "2024-10"} if name == "board" else {"year": "2024"} if name == "publish_sums" else {"size": "200"}
            client.get(url, asked)
            with CaptureQueriesContext(connection) as made:
                response = client.get(url, asked)
            assert response.status_code == 200, url
            counts.setdefault(name, []).append(len(made))
    return [
        Figure(
            f"statements_{code}",
            max(found) / min(found),
            1.0,
            f"{', '.join(map(str, found))} at {', '.join(map(str, SIZES))} rows",
            is_exact=True,
        )
        for code, found in sorted(counts.items())
    ]
