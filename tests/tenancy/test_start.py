"""The start page, health, language and text size."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from tenancy.models import Heartbeat
from tests.factories import make_member, make_tenant

pytestmark = pytest.mark.django_db


def test_healthz_asks_no_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_readyz_wants_a_sweeper_that_was_seen(client: Client) -> None:
    silent = {"database": "ok", "broker": "ok", "sweeper": "silent"}
    assert (client.get("/readyz").status_code, client.get("/readyz").json()["checks"]) == (503, silent)
    Heartbeat.objects.create(name="sweeper", at=now())
    assert (client.get("/readyz").status_code, client.get("/readyz").json()["status"]) == (200, "ready")
    Heartbeat.objects.update(at=now() - timedelta(minutes=4))
    assert client.get("/readyz").status_code == 503


def test_readyz_notices_a_broker_that_is_away(client: Client, settings: pytest.FixtureRequest) -> None:
    Heartbeat.objects.create(name="sweeper", at=now())
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["broker"]) == (503, "away")


def test_the_start_page_leads_to_the_county_that_is_named(client: Client) -> None:
    make_tenant()
    assert client.get("/").status_code == 200
    assert client.post("/", {"county": "Gaozhou"})["Location"] == "/gaozhou/login/"
    for wrong in ("nowhere", "", "高州", "../x", "x" * 50):
        assert client.post("/", {"county": wrong}).status_code == 422, wrong


def test_a_closed_county_is_not_there(client: Client) -> None:
    tenant = make_tenant()
    client.force_login(make_member(tenant))
    tenant.is_active = False
    tenant.save()
    assert client.get("/gaozhou/security/").status_code == 404
    assert client.get("/gaozhou/login/").status_code == 404
    assert client.post("/", {"county": "gaozhou"}).status_code == 422


def test_whoever_is_signed_in_goes_to_the_own_county(client: Client) -> None:
    client.force_login(make_member(make_tenant()))
    make_tenant("nanhai", "440605", "南海区")
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/gaozhou/")


def test_language_and_text_size_are_kept_and_lead_back_to_our_pages_only(client: Client) -> None:
    make_tenant()
    response = client.post("/language/", {"language": "en", "next": "/gaozhou/login/"})
    assert response["Location"] == "/gaozhou/login/"
    assert "Sign in" in client.get("/gaozhou/login/").content.decode()
    response = client.post("/elder/", {"text": "22", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert 'data-text="22"' in client.get("/gaozhou/login/").content.decode()
    client.post("/language/", {"language": "xx"})
    client.post("/elder/", {"text": "9999"})
    page = client.get("/gaozhou/login/").content.decode()
    assert 'data-text="22"' in page
    assert 'lang="en"' in page
    assert client.get("/language/").status_code == 405
    assert client.get("/elder/").status_code == 405
