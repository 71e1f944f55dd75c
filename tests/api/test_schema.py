"""The description of the API: without a warning, open to all, naming what is needed."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tenancy.models import Tenant


@pytest.fixture
def described(tenant: Tenant) -> dict[str, Any]:
    response = Client().get("/gaozhou/api/v1/schema/")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_description_is_made_without_a_warning(db: None) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--urlconf", "config.api_urls", stdout=StringIO())


def test_description_names_the_county_every_address_and_the_token(described: dict[str, Any]) -> None:
    assert described["servers"] == [{"url": "/gaozhou/api/v1"}]
    assert {"/units/", "/villages/", "/towns/", "/pairings/", "/people/", "/programmes/", "/imports/", "/auth/token/"} <= set(
        described["paths"]
    )
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) >= 24


def test_every_operation_tells_its_refusals(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert {"400", "404"} <= statuses, (path, method)
            if path != "/auth/token/":
                assert {"401", "403"} <= statuses, (path, method)
                assert operation["security"] == [{"bearer": []}]
            for status in statuses - {"200", "201", "204"}:
                body = operation["responses"][status]["content"]["application/json"]["schema"]
                assert body == {"$ref": "#/components/schemas/Problem"}, (path, method, status)


def test_description_is_also_given_as_yaml_and_of_no_county_that_is_not_there(tenant: Tenant) -> None:
    import yaml

    response = Client().get("/gaozhou/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert yaml.safe_load(response.content)["servers"] == [{"url": "/gaozhou/api/v1"}]
    assert Client().get("/elsewhere/api/v1/schema/").status_code == 404
