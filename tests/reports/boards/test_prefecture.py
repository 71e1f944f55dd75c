"""The prefecture reads published sums of its own counties, no group under five, and nothing from which one could be had."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from reports.actions.publishing import publish_sums, retract_sums, sums_of
from reports.actions.readers import ReaderRefused, create_reader, end_reader
from reports.models import PublishedSum
from reports.queries import prefecture as queries
from reports.queries.prefecture import LEAST, Group, prefecture_token
from tenancy import clock, lint
from tenancy.access import access_for
from tenancy.models import Account, Division, Tenant
from tenancy.scope import SYSTEM, tenant_scope, tenant_token
from tests.activities.obligations.conftest import local
from tests.factories import NOW, make_member, make_tenant
from tests.factories_judgement import make_published_sum
from tests.live import LiveServer
from tests.reports.boards.conftest import TODAY, make_place

pytestmark = pytest.mark.postgres
MONTHS = [date(2025, month, 1) for month in range(1, 7)]
RULES = {"labour_day": "集中劳动", "reception": "接待群众来访", "courtyard": "美丽庭院"}


@dataclass
class Prefecture:
    """Two counties of one prefecture and one of another, all with published sums; a reader of the first prefecture."""

    counties: list[Tenant]
    other: Tenant
    reader: Account

    @property
    def place(self) -> Division:
        return Division.objects.get(pk="4409")

    def client(self) -> Client:
        client = Client()
        client.force_login(self.reader, backend="tenancy.backends.AccountBackend")
        return client


def publish(tenant: Tenant, rule: str, month: date, n_pairings: int, *, n_due: int | None = None, n_met: int = 0) -> None:
    with tenant_scope(tenant):
        due = n_pairings if n_due is None else n_due
        make_published_sum(
            rule,
            rule_name=RULES[rule],
            starts_on=month,
            n_pairings=n_pairings,
            n_due=due,
            n_met=min(n_met, due),
            n_waiting=0,
            n_missed=due - min(n_met, due),
        )


@pytest.fixture
def prefecture(live: LiveServer) -> Prefecture:
    counties = [make_tenant(), make_tenant("xinyi", "440983", "信宜市")]
    other = make_tenant("nanhai", "440605", "南海区")
    create_reader(login="maoming.reader", code="4409", actor=SYSTEM, now=NOW, today=date(2024, 1, 1))
    reader = Account.objects.get(login="maoming.reader")
    Account.objects.filter(pk=reader.pk).update(must_change_password=False)
    return Prefecture(counties, other, Account.objects.get(pk=reader.pk))


def fill(found: Prefecture, sizes: Random) -> None:
    """Every rule and month of every county, some groups under five."""
    for tenant in (*found.counties, found.other):
        for rule in RULES:
            for month in MONTHS:
                size = sizes.choice([1, 3, 4, 5, 6, 20, 108])
                publish(tenant, rule, month, size, n_met=sizes.randint(0, size))


def page(found: Prefecture) -> str:
    response = found.client().get("/prefecture/")
    assert response.status_code == 200
    body = response.content.decode()
    # The form token and times of publishing differ by nature.
    return re.sub(r"[A-Za-z0-9]{64}|\d{4}-\d{2}-\d{2} \d{2}:\d{2}", "", body)


# -- what is hidden -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("n_pairings", "n_due", "is_shown"), [(4, 4, False), (5, 5, True), (9, 4, False), (4, 9, False), (1, 1, False)]
)
def test_a_group_under_five_has_no_numbers(prefecture: Prefecture, n_pairings: int, n_due: int, is_shown: bool) -> None:
    publish(prefecture.counties[0], "labour_day", MONTHS[0], n_pairings, n_due=n_due, n_met=2)
    [group] = queries.published(prefecture.place)
    assert (group.numbers is not None) is is_shown is (min(n_pairings, n_due) >= LEAST)
    assert (group.n_pairings is not None) is is_shown


@pytest.mark.parametrize("seed", range(6))
def test_nothing_on_the_page_depends_on_a_hidden_group(prefecture: Prefecture, seed: int) -> None:
    """Whatever is added to or taken from whatever: with other numbers in every hidden group the page is the same."""
    fill(prefecture, Random(seed))
    before = page(prefecture)
    again = Random(seed + 100)
    n_changed = 0
    for tenant in prefecture.counties:
        with tenant_scope(tenant):
            for row in PublishedSum.objects.all():
                if min(row.n_pairings, row.n_due) < LEAST:
                    row.n_pairings = again.randint(0, 4)
                    row.n_due, row.n_met, row.n_waiting, row.n_missed = (again.randint(0, 999) for _ in range(4))
                    row.save()
                    n_changed += 1
    assert n_changed > 3
    assert page(prefecture) == before
    # And the test has teeth: a shown group does show.
    with tenant_scope(prefecture.counties[0]):
        shown = PublishedSum.objects.filter(n_pairings__gte=LEAST, n_due__gte=LEAST).first()
        assert shown is not None
        shown.n_due += 1
        shown.save()
    assert page(prefecture) != before


def test_a_total_less_its_shown_parts_is_nothing(prefecture: Prefecture) -> None:
    """The classic: a whole of which one part is hidden. Across periods, rules and counties alike."""
    for month, size in zip(MONTHS, (108, 3, 108, 108, 108, 108), strict=True):
        publish(prefecture.counties[0], "labour_day", month, size, n_met=2)
    publish(prefecture.counties[1], "labour_day", MONTHS[1], 50, n_met=7)
    publish(prefecture.counties[0], "reception", MONTHS[1], 20, n_met=5)
    groups = queries.published(prefecture.place)
    shown = [one.numbers for one in groups if one.numbers is not None]
    for by in (
        lambda g: ("", ""),
        lambda g: (g.county_code, g.county),
        lambda g: (g.rule_code, g.rule),
        lambda g: (str(g.starts_on), ""),
    ):
        sums = queries.summed(groups, by)
        assert sum(one.numbers.due for one in sums) == sum(one.due for one in shown) == 5 * 108 + 50 + 20
        assert sum(one.n_hidden for one in sums) == 1


def test_a_county_hidden_as_a_whole_is_named_without_a_number(prefecture: Prefecture) -> None:
    publish(prefecture.counties[0], "labour_day", MONTHS[0], 108, n_met=90)
    publish(prefecture.counties[1], "labour_day", MONTHS[0], 3, n_met=1)
    body = page(prefecture)
    assert "信宜市" in body
    assert "不显示" in body
    assert "90/108" in body
    assert "1/3" not in body


# -- whose ------------------------------------------------------------------------------------------
def test_only_counties_of_the_prefecture_that_published_and_are_in_use_are_read(prefecture: Prefecture) -> None:
    publish(prefecture.counties[0], "labour_day", MONTHS[0], 108)
    publish(prefecture.other, "labour_day", MONTHS[0], 77)
    assert {one.county for one in queries.published(prefecture.place)} == {"高州市"}
    assert "南海区" not in page(prefecture)
    Tenant.objects.filter(pk=prefecture.counties[0].pk).update(is_active=False)
    assert queries.published(prefecture.place) == []


@pytest.mark.parametrize(
    "token",
    ["", "4409", "prefecture.4409.9999999999." + "0" * 64, "expired", "of a county", "another's code"],
)
def test_without_a_right_token_the_role_reads_nothing(prefecture: Prefecture, token: str) -> None:
    publish(prefecture.counties[0], "labour_day", MONTHS[0], 108)
    if token == "expired":
        token = prefecture_token("4409", now=time.time() - 3600)
    if token == "of a county":
        token = tenant_token(prefecture.counties[0].pk)
    if token == "another's code":
        token = prefecture_token("4406").replace(".4406.", ".4409.")
    with connections["pref"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.prefecture', %s, false)", [token])
        cursor.execute("SELECT * FROM app.prefecture_sums()")
        assert cursor.fetchall() == []
        cursor.execute("SELECT set_config('app.prefecture', '', false)")


def test_a_prefecture_s_token_opens_no_county(prefecture: Prefecture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, false), app.tenant()", [prefecture_token("4409")])
        cursor.execute("SELECT app.tenant()")
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT set_config('app.tenant', '', false)")


def test_the_role_reads_nothing_but_the_function_and_writes_nothing(prefecture: Prefecture) -> None:
    publish(prefecture.counties[0], "labour_day", MONTHS[0], 108)
    url = settings.DATABASES["pref"]
    with (
        closing(
            psycopg2.connect(
                host=url["HOST"], port=url["PORT"] or None, dbname=url["NAME"], user=url["USER"], password=url["PASSWORD"]
            )
        ) as own,
        own.cursor() as cursor,
    ):
        own.autocommit = True
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("pair_pref",)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'app')")
        readable = set()
        for (table,) in cursor.fetchall():
            for verb in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                cursor.execute(
                    "SELECT has_table_privilege(%s::regclass, %s)",
                    [f"app.{table}" if table == "signing_key" else f"public.{table}", verb],
                )
                row = cursor.fetchone()
                if row and row[0]:
                    readable.add((table, verb))
        assert readable == {("tenancy_tenant", "SELECT"), ("tenancy_division", "SELECT")}
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SELECT * FROM reports_publishedsum")
        with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
            cursor.execute("DELETE FROM reports_publishedsum")


def test_the_application_s_role_may_not_call_the_function(prefecture: Prefecture) -> None:
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.prefecture_sums()")


def test_the_walls_stand(prefecture: Prefecture) -> None:
    with connection.cursor() as cursor:
        assert lint.findings(cursor) == []


# -- the page ---------------------------------------------------------------------------------------
def test_nothing_on_the_page_leads_to_a_county(prefecture: Prefecture) -> None:
    fill(prefecture, Random(1))
    body = page(prefecture)
    main = body.split("<main")[1].split("</main>")[0]
    assert [url for url in re.findall(r'href="([^"]*)"', main) if not url.startswith("?")] == []
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", main)
    client = prefecture.client()
    for tenant in (*prefecture.counties, prefecture.other):
        for path in ("", "board/", "board/publish/", "obligations/", "units/", "api/v1/board/"):
            assert client.get(f"/{tenant.slug}/{path}").status_code == 404, path
    assert client.get("/operator/").status_code == 404


def test_a_year_that_was_not_published_is_not_there(prefecture: Prefecture) -> None:
    publish(prefecture.counties[0], "labour_day", MONTHS[0], 108)
    client = prefecture.client()
    assert client.get("/prefecture/?year=2025").status_code == 200
    for year in ("2024", "x", "99999999999"):
        assert client.get(f"/prefecture/?year={year}").status_code == 404


def test_who_reads_no_prefecture_finds_no_page(prefecture: Prefecture) -> None:
    client = Client()
    assert client.get("/prefecture/").headers["Location"].startswith("/prefecture/login/")
    for account in (make_member(prefecture.counties[0], "CA"), Account.objects.create(login="op", is_operator=True)):
        client.force_login(account, backend="tenancy.backends.AccountBackend")
        assert client.get("/prefecture/").status_code == 404


def test_a_reader_signs_in_at_the_own_door_changes_the_password_and_ends(prefecture: Prefecture) -> None:
    first = create_reader(login="second.reader", code="4409", actor=SYSTEM, now=clock.now(), today=clock.today())
    client = Client()
    assert client.post("/operator/login/", {"login": "second.reader", "password": first}).status_code == 422
    answer = client.post("/prefecture/login/", {"login": "second.reader", "password": first})
    assert answer.headers["Location"] == "/prefecture/password/"
    assert client.get("/prefecture/").headers["Location"] == "/prefecture/password/"
    chosen = "shan-hai-guan-yun-9"
    assert client.post("/prefecture/password/", {"new": chosen, "again": chosen}).status_code == 302
    assert client.get("/prefecture/").status_code == 200
    assert client.get("/prefecture/security/").status_code == 200
    assert end_reader(login="second.reader", actor=SYSTEM, today=clock.today())
    assert not end_reader(login="second.reader", actor=SYSTEM, today=clock.today())
    assert client.get("/prefecture/").status_code == 302
    assert Client().post("/prefecture/login/", {"login": "second.reader", "password": chosen}).status_code == 422


def test_an_operator_makes_and_ends_readers(prefecture: Prefecture) -> None:
    client = Client()
    client.force_login(Account.objects.create(login="op", is_operator=True), backend="tenancy.backends.AccountBackend")
    here = "/operator/prefecture-readers/"
    body = client.post(here, {"login": "new.reader", "prefecture": "4409"}, follow=True).content.decode()
    assert re.search(r"<code>[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}</code>", body)
    refused = client.post(here, {"login": "new.reader", "prefecture": "4409"})
    assert refused.status_code == 422
    assert (
        "已被使用" in refused.content.decode() or "已有人" in refused.content.decode() or "new.reader" in refused.content.decode()
    )
    assert client.post(here, {"login": "x" * 80, "prefecture": "99"}).status_code == 422
    assert client.post(f"{here}end/", {"login": "new.reader"}).status_code == 302
    assert "停用" in client.get(here).content.decode()
    with pytest.raises(ReaderRefused):
        create_reader(login="third", code="9999", actor=SYSTEM, now=NOW, today=date(2024, 1, 1))


# -- publishing ---------------------------------------------------------------------------------------
def test_a_county_publishes_what_the_preview_says_and_takes_it_back(prefecture: Prefecture) -> None:
    place = make_place("huazhou")
    tenant = place.county.tenant
    staff = make_member(tenant, "CA")
    client = Client()
    client.force_login(staff, backend="tenancy.backends.AccountBackend")
    here = f"/{tenant.slug}/board/publish/?year=2024"
    assert queries.published(prefecture.place) == []

    body = client.get(here).content.decode()
    with tenant_scope(tenant):
        told = sums_of(2024)
    assert len(told) == body.count('<th scope="row">') > 5
    assert body.count("data-hidden") == sum(one.is_hidden for one in told)
    client.post(here, {"do": "publish"})

    groups = queries.published(prefecture.place)
    assert len(groups) == len(told)
    shown = {(g.rule_code, g.period_kind, g.starts_on): g.numbers for g in groups}
    for one in told:
        numbers = shown[one.rule_code, one.period_kind, one.starts_on]
        assert (numbers is None) is one.is_hidden
        if numbers is not None:
            assert (numbers.due, numbers.met, numbers.waiting, numbers.missed) == (
                one.n_due,
                one.n_met,
                one.n_waiting,
                one.n_missed,
            )
    client.post(here, {"do": "retract"})
    assert queries.published(prefecture.place) == []


def test_only_the_administrator_publishes_and_others_may_look(prefecture: Prefecture) -> None:
    tenant = prefecture.counties[0]
    for role, looks, writes in (("CA", 200, 302), ("CS", 200, 403), ("AU", 200, 403), ("IN", 403, 403)):
        client = Client()
        client.force_login(make_member(tenant, role), backend="tenancy.backends.AccountBackend")
        from tests.factories import make_programme

        with tenant_scope(tenant):
            if role == "CA":
                make_programme(2025)
        assert client.get(f"/{tenant.slug}/board/publish/").status_code == looks, role
        assert client.post(f"/{tenant.slug}/board/publish/", {"do": "publish"}).status_code == writes, role


def test_publishing_one_county_leaves_the_other_and_periods_under_way_are_left_out(prefecture: Prefecture) -> None:
    publish(prefecture.counties[1], "labour_day", date(2024, 10, 1), 50)
    place = make_place("huazhou")
    access = access_for(make_member(place.county.tenant, "CA"), place.county.tenant)
    assert access is not None
    with clock.at(local(f"{TODAY}T09:00")), tenant_scope(place.county.tenant):
        assert all(one.starts_on < date(2024, 12, 10) for one in sums_of(2024))
        assert not any(one.period_kind == "month" and one.starts_on == date(2024, 12, 1) for one in sums_of(2024))
        n_rows = publish_sums(year=2024, access=access)
        assert n_rows == len(sums_of(2024)) == publish_sums(year=2024, access=access)
        assert retract_sums(year=2024, access=access) == n_rows
    with tenant_scope(prefecture.counties[1]):
        assert PublishedSum.objects.count() == 1


def test_the_sum_of_groups_counts_shown_ones() -> None:
    first = Group(2025, "440981", "高州市", "labour_day", "集中劳动", "month", MONTHS[0], NOW, 9, queries.Numbers(9, 8, 0, 1))
    hidden: Any = replace(first, numbers=None, n_pairings=None, starts_on=MONTHS[1])
    [found] = queries.summed([first, hidden], lambda one: (one.rule_code, one.rule))
    assert (found.numbers, found.n_hidden, found.numbers.share) == (queries.Numbers(9, 8, 0, 1), 1, 89)
