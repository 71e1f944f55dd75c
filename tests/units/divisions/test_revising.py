"""A newer edition: written down, then accepted or refused line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tenancy.access import Access, LiveGrant
from tenancy.models import Account, AuditEntry, Tenant
from tenancy.scope import Actor, current_tenant, tenant_scope
from tests.factories import NOW, make_tenant, make_town, make_unit, make_village
from units import endings
from units.divisions import queries, revising
from units.divisions.edition import CountyList, read_brought
from units.models import DivisionChange, DivisionRevision, Unit

pytestmark = pytest.mark.django_db
WHO = Actor(name="经办甲")
EDITION = date(2024, 6, 30)


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    tenant = make_tenant()
    with tenant_scope(tenant, actor=WHO):
        yield tenant


@pytest.fixture
def town(tenant: Tenant) -> Unit:
    return make_town("曹江镇", division_code="440981124", starts_on=date(2023, 6, 30))  # type: ignore[no-any-return]


@pytest.fixture
def village(town: Unit) -> Unit:
    return make_village("荷垌村", town=town, division_code="440981124201", starts_on=date(2023, 6, 30))  # type: ignore[no-any-return]


def county(*lines: str) -> CountyList:
    return read_brought("\n".join(lines).encode(), "440981")


def compare(tenant: Tenant, *lines: str, edition: date = EDITION) -> DivisionRevision:
    return revising.compare_edition(tenant=tenant, county=county(*lines), edition=edition, actor=WHO, now=NOW)


def only_line(revision: DivisionRevision) -> DivisionChange:
    return queries.changes_of(revision).get()


def accept(change: DivisionChange) -> None:
    revising.accept_change(change=change, access=access(), now=NOW)


def versions_of(unit: Any) -> Any:
    return unit.versions


def access() -> Access:
    account, _new = Account.objects.get_or_create(login="jingban")
    return Access(account, current_tenant(), (LiveGrant("CS", "tenant", None, None),))


def test_comparing_writes_lines_and_changes_no_unit(tenant: Tenant, village: Unit) -> None:
    before = list(Unit.objects.order_by("id").values())
    revision = compare(tenant, "440981124,曹江镇", "440981124202,帅堂村委会")
    assert [(c.kind, c.state, c.code, c.name, c.unit_id) for c in queries.changes_of(revision)] == [
        ("removed", "proposed", "440981124201", "荷垌村", village.pk),
        ("added", "proposed", "440981124202", "帅堂村", None),
    ]
    assert list(Unit.objects.order_by("id").values()) == before
    assert queries.counts_by_kind(revision) == {"added": 1, "renamed": 0, "moved": 0, "recoded": 0, "removed": 1}
    counted: Any = queries.revisions().get()
    assert counted.n_open == 2
    assert AuditEntry.objects.get().action == "divisions_compared"


def test_an_edition_is_compared_once_and_an_older_one_not_after_it(tenant: Tenant, village: Unit) -> None:
    lines = ("440981124,曹江镇", "440981124201,荷垌村委会")
    assert not queries.changes_of(compare(tenant, *lines)).exists()
    for edition in (EDITION, date(2024, 1, 1)):
        with pytest.raises(revising.RevisionRefused, match="2024-06-30 版已经比对过"):
            compare(tenant, *lines, edition=edition)
    assert DivisionRevision.objects.count() == 1


def test_accepting_a_new_village_makes_it_with_an_alias(tenant: Tenant, village: Unit) -> None:
    change = only_line(compare(tenant, "440981124,曹江镇", "440981124201,荷垌村委会", "440981124002,桂花居委会"))
    accept(change)
    made = Unit.objects.get(division_code="440981124002")
    assert (made.name, made.kind, made.parent_id, made.starts_on) == ("桂花社区", "community", village.parent_id, EDITION)
    assert (made.pinyin, made.initials) == ("guihuashequ", "ghsq")
    assert [alias.name for alias in made.aliases.all()] == ["桂花社区居委会"]
    change.refresh_from_db()
    assert (change.state, change.unit_id, change.decided_at) == ("accepted", made.pk, NOW)
    assert versions_of(made).get().pgh_context["reason"] == "区划代码 2024-06-30 版"


def test_accepting_a_rename_keeps_the_old_name_as_alias_and_as_version(tenant: Tenant, village: Unit) -> None:
    accept(only_line(compare(tenant, "440981124,曹江镇", "440981124201,荷花社区居委会")))
    village.refresh_from_db()
    assert (village.name, village.kind, village.pinyin) == ("荷花社区", "community", "hehuashequ")
    assert [alias.name for alias in village.aliases.all()] == ["荷垌村"]
    assert [version.name for version in versions_of(village).order_by("pgh_id")] == ["荷垌村", "荷花社区"]


def test_accepting_a_move_changes_town_and_code(tenant: Tenant, village: Unit) -> None:
    other = make_town("石板镇", division_code="440981125")
    accept(only_line(compare(tenant, "440981124,曹江镇", "440981125,石板镇", "440981125201,荷垌村委会")))
    village.refresh_from_db()
    assert (village.parent_id, village.division_code, village.name) == (other.pk, "440981125201", "荷垌村")


def test_accepting_a_removal_ends_the_village_on_the_day_before(tenant: Tenant, village: Unit, town: Unit) -> None:
    make_village("帅堂村", town=town, division_code="440981124202")
    accept(only_line(compare(tenant, "440981124,曹江镇", "440981124202,帅堂村委会")))
    village.refresh_from_db()
    assert village.ends_on == date(2024, 6, 29)


def test_a_village_in_use_does_not_end(tenant: Tenant, village: Unit, town: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "_hindrances", [])
    endings.before_ending(lambda unit, last_day: "荷垌村还有结对。" if unit.pk == village.pk else "")
    make_village("帅堂村", town=town, division_code="440981124202")
    change = only_line(compare(tenant, "440981124,曹江镇", "440981124202,帅堂村委会"))
    with pytest.raises(revising.ChangeRefused, match="荷垌村还有结对"):
        accept(change)
    village.refresh_from_db()
    change.refresh_from_db()
    assert (village.ends_on, change.state) == (None, "proposed")


def test_a_town_ends_after_its_villages(tenant: Tenant, village: Unit, town: Unit) -> None:
    make_village("帅堂村", town=make_town("石板镇", division_code="440981125"), division_code="440981125201")
    revision = compare(tenant, "440981125,石板镇", "440981125201,帅堂村委会")
    first, second = queries.changes_of(revision)
    assert (first.unit_id, second.unit_id) == (town.pk, village.pk)
    with pytest.raises(revising.ChangeRefused, match="1"):
        accept(first)
    accept(second)
    accept(first)
    town.refresh_from_db()
    assert town.ends_on == date(2024, 6, 29)


def test_a_village_waits_for_its_new_town(tenant: Tenant, village: Unit) -> None:
    revision = compare(tenant, "440981124,曹江镇", "440981124201,荷垌村委会", "440981126,新镇", "440981126201,新村委会")
    town_line, village_line = queries.changes_of(revision)
    with pytest.raises(revising.ChangeRefused, match="代码为 440981126 的镇还没有"):
        accept(village_line)
    assert revising.accept_added(revision=revision, access=access(), now=NOW) == 2
    assert Unit.objects.get(division_code="440981126201").parent == Unit.objects.get(division_code="440981126")
    assert {change.state for change in queries.changes_of(revision)} == {"accepted"}
    with pytest.raises(revising.ChangeDecided):
        accept(town_line)


def test_a_name_that_is_taken_in_the_town_is_said_and_nothing_changes(tenant: Tenant, village: Unit, town: Unit) -> None:
    change = only_line(compare(tenant, "440981124,曹江镇", "440981124201,荷垌村委会", "440981124202,帅堂村委会"))
    make_village("帅堂村", town=town)
    with pytest.raises(revising.ChangeRefused, match="曹江镇已经有帅堂村"):
        accept(change)
    change.refresh_from_db()
    assert change.state == "proposed"


def test_codes_that_are_swapped_are_said_to_be_in_the_way(tenant: Tenant, village: Unit, town: Unit) -> None:
    make_village("帅堂村", town=town, division_code="440981124202")
    # Swapped names under kept codes are renames; the second name is still taken.
    first, _second = queries.changes_of(compare(tenant, "440981124,曹江镇", "440981124201,帅堂村委会", "440981124202,荷垌村委会"))
    with pytest.raises(revising.ChangeRefused, match="曹江镇已经有帅堂村"):
        accept(first)


def test_refusing_leaves_things_and_may_be_taken_back(tenant: Tenant, village: Unit) -> None:
    change = only_line(compare(tenant, "440981124,曹江镇", "440981124201,荷花村委会"))
    revising.refuse_change(change=change, access=access(), now=NOW)
    village.refresh_from_db()
    assert village.name == "荷垌村"
    with pytest.raises(revising.ChangeDecided):
        revising.refuse_change(change=change, access=access(), now=NOW)
    accept(change)
    village.refresh_from_db()
    assert village.name == "荷花村"


def test_units_without_a_code_stay(tenant: Tenant, village: Unit, town: Unit) -> None:
    own = make_village("新屋村", town=town)
    office = make_unit("高州市林业局")
    assert not queries.changes_of(compare(tenant, "440981124,曹江镇", "440981124201,荷垌村委会")).exists()
    assert {own.ends_on, office.ends_on} == {None}


def test_the_shipped_edition_compared_with_itself_has_no_lines(tenant: Tenant) -> None:
    from units.divisions.edition import EDITION_DATE, read_shipped
    from units.divisions.loading import load_units

    shipped = read_shipped("440981")
    load_units(tenant, shipped, starts_on=EDITION_DATE)
    revision = revising.compare_edition(tenant=tenant, county=shipped, edition=EDITION, actor=WHO, now=NOW)
    assert not queries.changes_of(revision).exists()


@pytest.mark.parametrize("text", ["", "2024", "2024-13-01", "2023-06-30", "2099-01-01", "x" * 5000])
def test_day_of_an_edition_is_a_day_after_the_shipped_one(text: str) -> None:
    with pytest.raises(revising.RevisionRefused):
        revising.edition_date(text, today=date(2026, 11, 20))


def test_comparing_asks_the_same_number_of_queries_however_many_lines(
    tenant: Tenant, village: Unit, django_assert_num_queries: Any
) -> None:
    for n_new, edition in ((1, EDITION), (40, date(2025, 6, 30))):
        lines = [f"4409811242{n:02d},第{n}村委会" for n in range(2, 2 + n_new)]
        with django_assert_num_queries(10):
            compare(tenant, "440981124,曹江镇", "440981124201,荷垌村委会", *lines, edition=edition)
