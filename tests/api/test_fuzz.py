"""Generated requests against the API's own description: no fault of ours, nothing that is not described."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.generation import GenerationMode

from tenancy.models import Tenant
from tests import factories as make

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# For each operation, role and kind of request (such as fit the description, and such as do not): the same requests on
# every machine, however fast.
EXAMPLES = 3


@contextmanager
def kept_connection() -> Iterator[None]:
    """Django closes connections around a request, and its test client takes care that it does not; we have to as well."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def token_of(tenant: Tenant, role: str, unit: Any = None) -> str:
    from django.test import Client

    login = f"{role.lower()}-fuzz"
    make.make_member(tenant, role, unit=unit, login=login, password=make.PASSWORD)
    body = {"login": login, "password": make.PASSWORD}
    answer = Client().post(f"/{tenant.slug}/api/v1/auth/token/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.json()["token"])


@pytest.mark.parametrize("role", ["CA", "UL"])
def test_whatever_fits_the_description_or_not_is_answered_as_described(tenant: Tenant, things: dict[str, Any], role: str) -> None:
    headers = {"Authorization": f"Bearer {token_of(tenant, role, things['unit'] if role == 'UL' else None)}"}
    with kept_connection():
        schema = schemathesis.openapi.from_wsgi(f"/{tenant.slug}/api/v1/schema/", WSGIHandler())
        operations = [found.ok() for found in schema.get_all_operations()]
        # Giving the token back would end the run; asking for tokens locks the account out.
        operations = [one for one in operations if not one.path.startswith("/auth/")]
        assert len(operations) >= 20
        n_called = 0
        for operation in operations:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                n_called += _exercise(operation, mode, headers)
    assert n_called > EXAMPLES * len(operations)


def _exercise(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> int:
    called = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        nonlocal called
        called += 1
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    try:
        call()
    except Exception as problem:
        if "Unsatisfiable" in type(problem).__name__:
            return 0
        raise
    return called
