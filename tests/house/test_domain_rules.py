"""What the product must not be able to do, read off its schema (domain.md §5.2, §5.1; reliability.md S23)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from tenancy.models import Division, Tenant
from tests.routes import routes

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = [model for model in apps.get_models() if model._meta.app_label in ("tenancy", "units", "pairing")]
# No check-in, track or position; no points, rankings or online time; no photograph as a duty; no sign-in statistics.
FORBIDDEN = re.compile(
    r"check_?in|sign_?in_count|gps|latitude|longitude|\blat\b|\blng\b|geo_?location|track|ranking|rank\b|leader_?board|"
    r"points|score_of_person|online_(?:time|minutes|hours)|duration_online|photo_required|last_login|login_count|n_logins|"
    r"install|id_number|id_card|identity_card|party_join|joined_party|dossier",
    re.IGNORECASE,
)


def test_no_table_or_column_for_what_must_not_be_built() -> None:
    names = [f"{model._meta.db_table}.{f.column}" for model in OURS for f in model._meta.fields if getattr(f, "column", None)]
    assert [name for name in names if FORBIDDEN.search(name)] == []
    assert len(names) > 100


def test_no_address_for_what_must_not_be_built() -> None:
    assert [route.path for route in routes() if FORBIDDEN.search(route.path) or FORBIDDEN.search(route.name)] == []


def test_times_of_signing_in_are_security_data_only() -> None:
    """Sessions, failures and devices are read where people are let in, and nowhere else: no list or report can show them."""
    readers = [
        str(path.relative_to(ROOT))
        for app in ("lib", "units", "pairing", "config")
        for path in (ROOT / app).rglob("*.py")
        if path.name != "settings.py"
        and re.search(r"\bseen_at\b|\bstarted_at\b|AccessAttempt|AccessLog|last_login", path.read_text(encoding="utf-8"))
    ]
    assert readers == []


def test_pages_ask_the_browser_for_no_position_or_camera() -> None:
    scripts = [*(ROOT / "static/js").rglob("*.js"), *(ROOT / "templates").rglob("*.html")]
    asking = re.compile(r"geolocation|getUserMedia|capture=", re.IGNORECASE)
    assert [path.name for path in scripts if asking.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["44", "4409", "440900", "440981101", "440981101201"])
def test_a_tenant_is_a_county(code: str) -> None:
    """Units below the county may not run such systems; provinces and prefectures are divisions above the tenant."""
    with pytest.raises(DatabaseError):
        _make_tenant(code)


@transaction.atomic
def _make_tenant(code: str) -> None:
    division = Division.objects.create(code=code, name="某地", kind="county")
    Tenant.objects.create(slug="mou-di", name="某地", division=division)


@pytest.mark.django_db
def test_every_page_offers_the_complaints_form_and_says_who_runs_it() -> None:
    base = (ROOT / "templates/base.html").read_text(encoding="utf-8")
    assert "feedback_url" in base
    for word in ("organiser", "record_no", "version", "retirement_url"):
        assert f"site.{word}" in base
