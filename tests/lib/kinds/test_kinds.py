"""One declaration is enough: list, filter, form, file, history and permission of a kind that no other code knows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.kinds import registry
from lib.kinds.checks import problems_of
from lib.kinds.declare import Field, Filter, Kind, Search, Type
from lib.kinds.listing import SIZES, Listing
from lib.kinds.registry import WrongDeclaration
from tenancy.access import access_for
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant, make_town, make_village
from tests.lib.kinds.throwaway import THROWAWAY
from units.kinds import TOWN, UNIT
from units.models import Listing as Place
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lib.kinds.throwaway")]
URL = "/gaozhou/throwaway/"


@pytest.fixture
def tenant() -> Tenant:
    tenant = make_tenant()
    with tenant_scope(tenant):
        town = make_town()
        for name, kind in (("荷垌村", "weak_village"), ("茅坡村", "key_village")):
            village = make_village(name, town=town)
            Place.objects.create(tenant=tenant, unit=village, kind=kind, starts_on=date(2024, 1, 1), doc_no=f"{name}1号")
    return tenant


@pytest.fixture
def as_role(tenant: Tenant) -> Callable[..., Client]:
    def client(role: str, unit: Any = None) -> Client:
        signed_in = Client()
        signed_in.force_login(make_member(tenant, role, unit=unit), backend="tenancy.backends.AccountBackend")
        return signed_in

    return client


def names(response: Any) -> list[str]:
    return [row["cells"][0]["text"] for row in response.context["table"]["rows"]]


def test_a_declaration_gives_a_list_with_search_filter_and_order(as_role: Callable[..., Client]) -> None:
    client = as_role("CS")
    assert names(client.get(URL)) == ["荷垌村", "茅坡村"]
    assert names(client.get(URL, {"sort": "-village"})) == ["茅坡村", "荷垌村"]
    assert names(client.get(URL, {"kind": "key_village"})) == ["茅坡村"]
    assert names(client.get(URL, {"doc_no": "荷垌"})) == ["荷垌村"]
    assert names(client.get(URL, {"q": "hdc"})) == ["荷垌村"]
    assert names(client.get(URL, {"state": "ended"})) == []


def test_a_declaration_gives_forms_that_refuse_and_keep_what_was_typed(tenant: Tenant, as_role: Callable[..., Client]) -> None:
    client = as_role("CA")
    with tenant_scope(tenant):
        village = Unit.objects.get(name="荷垌村")
    sent = {"unit": str(village.uid), "kind": "model_village", "starts_on": "2025-01-01", "doc_no": "2号"}
    made = client.post(URL + "new/", sent)
    again = client.post(URL + "new/", sent)
    wrong = client.post(URL + "new/", {**sent, "kind": "no_list", "doc_no": "留着"})

    assert made.status_code == 302
    assert (again.status_code, dict(again.context["form"].errors)) == (422, {"kind": ["stands there already"]})
    assert wrong.status_code == 422
    assert "留着" in wrong.content.decode()
    with tenant_scope(tenant):
        assert Place.objects.filter(unit=village).count() == 2
        assert AuditEntry.objects.filter(action="throwaway_created").count() == 1


def test_a_declaration_gives_a_page_a_history_and_a_file(tenant: Tenant, as_role: Callable[..., Client]) -> None:
    client = as_role("CS")
    with tenant_scope(tenant):
        place = Place.objects.select_related("unit").get(kind="weak_village")
    page = f"{URL}{place.uid}/"
    sent = {"unit": str(place.unit.uid), "kind": "weak_village", "starts_on": "2024-02-01", "doc_no": "3号", "reason": "更正"}
    assert client.post(page + "edit/", sent).status_code == 302
    facts = {fact["label"]: fact["text"] for fact in client.get(page).context["facts"]}
    events = client.get(page + "history/").context["events"]
    file = client.get(URL + "export/", {"form": "machine", "kind": "weak_village"})

    assert facts == {"village": "荷垌村", "list": "薄弱村", "from": "2024-02-01", "document": "3号"}
    assert [event["title"] for event in events] == ["修改", "新建"]
    assert events[0]["text"] == "原因：更正"
    assert {change["label"]: change["after"] for change in events[0]["changes"]} == {"from": "2024-02-01", "document": "3号"}
    book = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert book is not None
    assert [[cell.value for cell in row] for row in book.iter_rows()] == [
        ["村", "名单", "列入日期"], ["荷垌村", "薄弱村", "2024-02-01"],
    ]  # fmt: skip


def test_a_declaration_reads_the_policy_table(tenant: Tenant, as_role: Callable[..., Client]) -> None:
    with tenant_scope(tenant):
        place, village = Place.objects.get(kind="weak_village"), Unit.objects.get(name="茅坡村")
    statuses = {
        role: [
            client.get(path).status_code
            for path in (URL, f"{URL}{place.uid}/", URL + "new/", f"{URL}{place.uid}/edit/", URL + "export/")
        ]
        for role, client in (
            (role, as_role(role, village if role in ("VS", "UL") else None)) for role in ("CA", "IN", "VS", "UL", "AU")
        )
    }
    assert statuses == {
        "CA": [200, 200, 200, 200, 200],
        "IN": [200, 200, 403, 403, 200],
        "VS": [200, 404, 403, 403, 200],
        "UL": [403, 403, 403, 403, 403],
        "AU": [200, 200, 403, 403, 200],
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(st.sampled_from(["q", "kind", "doc_no", "state", "sort", "page", "size", "x"]), st.text(max_size=90)),
    columns=st.lists(st.sampled_from(["village", "kind", "doc_no", "tenant", ""]), max_size=4),
)
def test_whatever_is_asked_a_list_answers_with_some_of_its_rows(
    tenant: Tenant, asked: dict[str, str], columns: list[str]
) -> None:
    asked = {name: "".join(c for c in word if c.isprintable()) for name, word in asked.items()}
    account = make_member(tenant, "CS")
    access = access_for(account, tenant)
    assert access is not None
    with tenant_scope(tenant):
        listing = Listing(THROWAWAY, access, "gaozhou", date(2026, 1, 1), asked, tuple(columns))
        table = listing.table()
        assert len(table["rows"]) == listing.n_rows <= 2
        assert listing.size in SIZES
        assert table["columns"][0]["key"] == "village"
        assert 1 <= listing.page <= listing.n_pages


# -- declarations that are wrong -----------------------------------------------------------------
def _with(*fields: Field, **more: Any) -> Kind:
    return replace(TOWN, code="planted", fields=(*TOWN.fields, *fields), **more)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (_with(Field(key="x", label="x", path="parent__nmae")), "'parent__nmae' leads nowhere"),
        (_with(Field(key="x", label="x", path="name", sort=("pinyn",))), "'pinyn' leads nowhere"),
        (_with(Field(key="x", label="x", path="name", uid="parent__id_")), "'parent__id_' leads nowhere"),
        (_with(Field(key="name", label="x")), "two fields are called 'name'"),
        (_with(Field(key="x", label="x", path="kind", type=Type.CHOICE)), "needs `choices`"),
        (_with(Field(key="x", label="x", path="name", filter=Filter(widget="row"))), "needs `rows`"),
        (_with(Field(key="x", label="x", path="name", filter=Filter(path="nam"))), "'nam' leads nowhere"),
        (_with(Field(key="form", label="x", path="name", filter=Filter())), "a filter cannot be called so"),
        (_with(Field(key="state", label="x", path="name", filter=Filter())), "a filter cannot be called so"),
        (_with(Field(key="x", label="x", path="parent__name", in_form=True)), "cannot set 'parent__name'"),
        (_with(search=Search(names=("nme",))), "'nme' leads nowhere"),
        (_with(order=("-pinyn",)), "'-pinyn' leads nowhere"),
        (_with(title_path="titel"), "'titel' leads nowhere"),
        (replace(TOWN, code="planted", fields=()), "no field is a column"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused_at_start_up(kind: Kind, told: str) -> None:
    with pytest.raises(WrongDeclaration, match=told):
        registry.register(kind)
    assert "planted" not in {known.code for known in registry.all_kinds()}


def test_every_kind_of_the_product_holds_and_nothing_waits_for_one() -> None:
    assert [problem for kind in (*registry.all_kinds(), THROWAWAY) for problem in problems_of(kind)] == []
    assert registry.waiting() == ()


@pytest.fixture
def extended() -> Iterator[Kind]:
    before = UNIT.fields
    yield UNIT
    UNIT.fields = before


def test_an_app_above_adds_a_field_once_and_behind_the_one_it_names(extended: Kind) -> None:
    added = Field(key="planted", label="planted", path="notes")
    registry.extend("unit", added, after="name")
    registry.extend("unit", added, after="name")
    assert [one.key for one in extended.fields][:2] == ["name", "planted"]
    assert [one.key for one in extended.fields].count("planted") == 1
    with pytest.raises(WrongDeclaration):
        registry.extend("unit", Field(key="planted2", label="x", path="nowhere"))
    with pytest.raises(WrongDeclaration, match="no field 'nmae'"):
        registry.extend("unit", Field(key="planted2", label="x", path="notes"), after="nmae")


CODES = (
    "unit",
    "village",
    "town",
    "party_organisation",
    "group",
    "person",
    "pairing",
    "record",
    "reception",
    "training",
    "project",
    "livelihood_item",
    "courtyard",
)


@pytest.mark.parametrize("code", CODES)
def test_every_column_filter_and_order_of_a_kind_can_be_asked_of_the_database(code: str) -> None:
    """What no start-up check can see: expressions are made within a request only."""
    kind = registry.kind_of(code)
    tenant = make_tenant()
    access = access_for(make_member(tenant, "CA"), tenant)
    assert access is not None
    with tenant_scope(tenant), translation.override("zh-hans"):
        everything = tuple(one.key for one in kind.fields)
        asked: list[dict[str, str]] = [{"q": "高州", "state": "all"}, {"q": "gz"}]
        asked += [{"sort": sign + key} for key in everything for sign in ("", "-")]
        for one in kind.fields:
            if one.filter is not None and one.filter.widget != "row":
                words = [code for code, _word in one.filter.choices or (one.offered if one.choices else ())]
                asked += [{one.key: word} for word in words or ["yes", "no"]]
        for wanted in asked:
            listing = Listing(kind, access, tenant.slug, date(2026, 1, 1), wanted, everything)
            assert list(listing.selected(listing.columns)) == []
            assert listing.n_rows == 0
