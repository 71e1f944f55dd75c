"""The demonstration's further counties: the figures reported of them stand on their pages (domain.md §9)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tenancy import clock
from tenancy.models import Account
from units.demo import loading

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def _table(slug: str, page: str) -> dict[str, Any]:
    """The table of a page as the county's administrator sees it."""
    [county] = [each for each in loading.further_counties() if each.slug == slug]
    with clock.at(NOW):
        loading.load_further(county, now=NOW, say=lambda text: None)
    client = Client()
    client.force_login(Account.objects.get(login=f"ca.{slug}"), backend="tenancy.backends.AccountBackend")
    answer = client.get(f"/{slug}/{page}")
    assert answer.status_code == 200
    table: dict[str, Any] = answer.context["table"]
    return table


def _column(table: dict[str, Any], key: str) -> list[str]:
    at = [column["key"] for column in table["columns"]].index(key)
    return [row["cells"][at]["text"] for row in table["rows"]]


def _total(table: dict[str, Any], key: str) -> str:
    at = [column["key"] for column in table["columns"]].index(key)
    return str(table["totals"][at]["text"])


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def test_seven_villages_of_one_town_are_paired_with_seven_of_another() -> None:
    table = _table("nanhai", "pairings/?col=unit&col=village&size=50")
    helpers, helped = _column(table, "unit"), _column(table, "village")
    assert len(helpers) == 7
    assert len({*helpers, *helped}) == 14


def test_thirty_four_theme_days_have_1700_person_times() -> None:
    table = _table("lianjiang", "records/?col=type&col=person_times&size=50")
    assert _column(table, "type") == ["主题党日"] * 34
    assert _total(table, "person_times") == "1,700"
    assert sum(int(text) for text in _column(table, "person_times")) == 1700 == 34 * 50


def test_twenty_six_classes_have_2439_person_times() -> None:
    table = _table("chancheng", "trainings/?col=person_times&size=50")
    assert len(table["rows"]) == 26
    assert _total(table, "person_times") == "2,439"
