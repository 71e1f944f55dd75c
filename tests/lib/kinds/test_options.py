"""Rows to choose from in a filter: named as the rows name themselves, read by few columns, refused when they are gone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from lib.kinds import filters
from lib.kinds.registry import all_kinds
from tenancy.access import Access, access_for
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_pairing, make_programme, make_rule, make_tenant, make_unit, make_village


@pytest.fixture
def county(db: None) -> Access:
    tenant = make_tenant("gaozhou")
    with tenant_scope(tenant):
        programme = make_programme()
        make_rule(programme)
        make_pairing(make_unit("<b>水务局</b>"), make_village("荷垌村"), programme)
        found = access_for(make_member(tenant, "CA"), tenant)
        assert found is not None
        return found


CHOOSING = [(kind, one) for kind in all_kinds() for one in kind.fields if one.filter is not None and one.filter.widget == "row"]


def _form(kind: Any, access: Access, **asked: str) -> Any:
    return filters.filter_set(kind, asked, kind.visible(access), access, date(2024, 10, 1)).form


@pytest.mark.parametrize(("kind", "one"), CHOOSING, ids=lambda part: getattr(part, "code", getattr(part, "key", "")))
def test_an_option_is_called_as_its_row_calls_itself(county: Access, kind: Any, one: Any) -> None:
    with tenant_scope(county.tenant):
        told = [(str(value), str(label)) for value, label in _form(kind, county).fields[one.key].choices]
        rows = [(str(row.uid), str(row)) for row in one.filter.rows(county)]

    assert told[0][0] == ""
    assert told[1:] == rows


def test_options_read_only_what_names_them(county: Access) -> None:
    [(kind, _one)] = [(kind, one) for kind, one in CHOOSING if (kind.code, one.key) == ("obligation", "pairing")]
    with tenant_scope(county.tenant), CaptureQueriesContext(connection) as made:
        html = str(_form(kind, county)["pairing"])

    assert "&lt;b&gt;水务局&lt;/b&gt; — 荷垌村</option>" in html
    [read] = [query["sql"] for query in made.captured_queries if "pairing_pairing" in query["sql"]]
    assert "notes" not in read.partition(" FROM ")[0]


@pytest.mark.parametrize("typed", ["6f1c2b1e-2f2b-5f63-9d3a-7c8f0c5f4a01", "x", "荷垌村"])
def test_an_option_that_is_gone_is_refused_in_a_sentence(county: Access, typed: str) -> None:
    [(kind, _one)] = [(kind, one) for kind, one in CHOOSING if (kind.code, one.key) == ("obligation", "unit")]
    with tenant_scope(county.tenant):
        form = _form(kind, county, unit=typed)
        assert form.errors["unit"] == ["所选的一项已不在列表中，请重新选择。"]
        assert "selected" in str(form["state"])


def test_conditions_few_people_use_are_folded_until_one_is_in_use(county: Access) -> None:
    [(kind, _one)] = [(kind, one) for kind, one in CHOOSING if (kind.code, one.key) == ("obligation", "pairing")]
    with tenant_scope(county.tenant):
        form, used = _form(kind, county, town=str(uuid4())), _form(kind, county, owed_by="village")
        shown = render_to_string("parts/filters.html", {"filter_form": used})

    assert {one.name for one in form.more()} & {one.name for one in form.plain()} == set()
    assert {one.name for one in form.more()} | {one.name for one in form.plain()} == set(form.fields)
    assert {"q", "rule", "period", "state"} <= {one.name for one in form.plain()}
    assert (form.is_unfolded(), used.is_unfolded()) == (False, True)
    assert '<details class="filter-more" open>' in shown
    assert all(shown.count(f'name="{name}"') == 1 for name in used.fields)
