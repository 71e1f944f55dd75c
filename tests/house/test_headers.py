"""S3–S6: headers on every answer, cookies that scripts and plain http cannot read, forms from elsewhere refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_account
from tests.isolation.arguments import fill
from tests.routes import Route, routes
from tests.world import World, untouched

ROOT = Path(__file__).resolve().parent.parent.parent
# What `make check` and production set (tools/checks.py, deploy/).
PRODUCTION = {"BEHIND_HTTPS": "true", "ALLOWED_HOSTS": "pairing.example", "DEBUG": "false"}
MIDDLEWARE = [
    "tenancy.middleware.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenancy.middleware.faults.FaultMiddleware",
    "tenancy.middleware.clean.CleanInputMiddleware",
    "tenancy.middleware.bearer.BearerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenancy.middleware.sessions.SessionLimitsMiddleware",
    "tenancy.middleware.tenant.TenantMiddleware",
]


def wrong_headers(response: object) -> list[str]:
    headers: dict[str, str] = {name.lower(): value for name, value in response.headers.items()}  # type: ignore[attr-defined]
    policy = headers.get("content-security-policy", "")
    wanted = {
        "policy": "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src 'self'" in policy,
        "no exception": "unsafe" not in policy and "*" not in policy,
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "referrer": headers.get("referrer-policy") == "same-origin",
        "frame": headers.get("x-frame-options") == "DENY" or "frame-ancestors 'none'" in policy,
        "opener": headers.get("cross-origin-opener-policy") == "same-origin",
        "resource": headers.get("cross-origin-resource-policy") == "same-origin",
        "devices": "geolocation=()" in headers.get("permissions-policy", ""),
        "no store": "no-store" in headers.get("cache-control", ""),
        "no server": "server" not in headers and "x-powered-by" not in headers,
    }
    return [name for name, holds in wanted.items() if not holds]


def _signed_in(world: World, role: str, **options: object) -> Client:
    client = Client(raise_request_exception=False, **options)  # type: ignore[arg-type]
    client.cookies[settings.SESSION_COOKIE_NAME] = world.a.sessions[role]
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("route", routes(), ids=str)
def test_every_answer_carries_the_headers(world: World, route: Route) -> None:
    path = fill(route, world.a.tenant.slug, world.a.inside)
    role = "OP" if route.policy and route.policy.audience == "operators" else "CA"
    wrong = []
    for client in (_signed_in(world, role), Client(raise_request_exception=False)):
        for method in ("get", "post"):
            with untouched():
                response = getattr(client, method)(path)
            if found := wrong_headers(response):
                wrong.append((method, response.status_code, found))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere/", 404), ("/jia-xian/nowhere/", 404), ("/jia-xian/units/?q=%00", 400), ("/jia-xian/api/v1/nowhere/", 404)],
)
def test_error_answers_carry_the_headers(world: World, path: str, status: int) -> None:
    response = _signed_in(world, "CA").get(path)
    assert response.status_code == status
    assert wrong_headers(response) == []


@pytest.mark.django_db
def test_a_fault_of_ours_carries_the_headers_and_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail of the database")

    monkeypatch.setattr("tenancy.middleware.tenant.access_for", fail)
    response = _signed_in(world, "CA").get("/jia-xian/units/")
    assert response.status_code == 500
    assert wrong_headers(response) == []
    for word in ("secret", "Traceback", "RuntimeError", "SELECT", str(ROOT), "Django"):
        assert word not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in routes() if "POST" in r.methods], ids=str)
def test_a_form_from_elsewhere_is_refused(world: World, route: Route) -> None:
    """S3: no token, or an Origin that is not ours: 403 (404 or 405 where the address takes no POST), and nothing changed."""
    path = fill(route, world.a.tenant.slug, world.a.inside)
    role = "OP" if route.policy and route.policy.audience == "operators" else "CA"
    client = _signed_in(world, role, enforce_csrf_checks=True)
    for headers in ({}, {"Origin": "https://evil.example"}):
        with untouched():
            response = client.post(path, headers=headers)
        # The API of a browser's session is refused as not allowed; signing in for a token needs no session at all.
        assert response.status_code in ((400, 401, 403, 429) if route.is_api else (403,)), (headers, response.status_code)


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts() -> None:
    make_account("somebody")
    response = Client().get("/")
    told = [*response.cookies.values()]
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    for cookie in told:
        assert cookie["samesite"] == "Lax"
        assert cookie["httponly"] or cookie.key not in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)


def test_the_middleware_stands_in_order() -> None:
    """Headers outermost; input cleaned before anything reads it; the tenant innermost, when it is known who asks."""
    found = [name for name in settings.MIDDLEWARE if name in MIDDLEWARE]
    assert found == MIDDLEWARE
    assert settings.MIDDLEWARE[0] == MIDDLEWARE[0]
    assert settings.MIDDLEWARE[-1] == MIDDLEWARE[-1]


def _production(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deploy_check_is_clean() -> None:
    told = _production("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert told.returncode == 0, told.stderr


def test_production_s_cookies_and_transport_are_strict() -> None:
    code = (
        "from config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS,"
        " s.DEBUG, s.ALLOWED_HOSTS)"
    )
    told = _production("-c", code)
    assert told.stdout.split(maxsplit=6) == [
        "__Host-session",
        "__Host-csrf",
        "True",
        "True",
        "31536000",
        "False",
        "['pairing.example']\n",
    ]
