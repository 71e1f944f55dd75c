"""1+1+N: who puts households on a list, what covers one, how it leaves the list (domain.md §1.3 row 31, §7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from pairing.actions import PairingRefused
from pairing.actions import households as actions
from pairing.actions.households import HouseholdFacts
from pairing.models import HouseholdContact, Pairing
from pairing.queries.households import Coverage, coverage
from tenancy import clock
from tenancy.access import access_for
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.factories import make_account, make_grant, make_person
from tests.pairing.conftest import County

pytestmark = pytest.mark.django_db
AsRole = Callable[[str], Client]
BOTH = {"unit_member": "党员甲", "village_member": "党员乙"}


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(PairingRefused) as refused:
        call()
    return str(refused.value.code)


def test_a_household_is_covered_once_both_are_named(county: County) -> None:
    with tenant_scope(county.tenant):
        row = actions.list_household(pairing=county.first, facts=HouseholdFacts("１２ 号", "张 三", "党员甲"))
        assert (row.house_no, row.householder, row.covered_from) == ("12 号", "张三", None)
        row = actions.change_household(household=row, facts=HouseholdFacts("12 号", "张三", "党员甲", "党员乙"))
        assert row.covered_from == clock.today()
        row = actions.change_household(household=row, facts=HouseholdFacts("12 号", "张三", "", "党员乙"), reason="调离")
        row.refresh_from_db()
        assert row.covered_from is None


def test_a_number_stands_once_on_a_list_until_it_leaves(county: County) -> None:
    with tenant_scope(county.tenant):
        row = actions.list_household(pairing=county.first, facts=HouseholdFacts("88号"))
        assert code_of(lambda: actions.list_household(pairing=county.first, facts=HouseholdFacts("88号"))) == "household_twice"
        actions.list_household(pairing=county.second, facts=HouseholdFacts("88号"))
        assert code_of(lambda: actions.delist_household(household=row, reason=" ")) == "reason_missing"
        actions.delist_household(household=row, reason="外迁")
        assert code_of(lambda: actions.delist_household(household=row, reason="外迁")) == "wrong_state"
        actions.list_household(pairing=county.first, facts=HouseholdFacts("88号"))


def test_many_go_in_together_or_none(county: County) -> None:
    with tenant_scope(county.tenant):
        many = [HouseholdFacts("1号"), HouseholdFacts("2号"), HouseholdFacts(" 1号 ")]
        assert code_of(lambda: actions.list_households(pairing=county.first, many=many)) == "household_twice"
        assert code_of(lambda: actions.list_households(pairing=county.first, many=[HouseholdFacts("  ")])) == "invalid"
        assert not HouseholdContact.objects.exists()
        assert len(actions.list_households(pairing=county.first, many=many[:2])) == 2
        assert AuditEntry.objects.filter(action="households_listed").count() == 1


def test_counts_for_a_rehearsal_grow_and_shrink(county: County) -> None:
    with tenant_scope(county.tenant):
        for listed, covered in ((200, 186), (200, 190), (150, 20), (0, 0), (3, 3)):
            actions.set_counts(pairing=county.first, listed=listed, covered=covered)
            found = coverage([county.first.pk], clock.today()).get(county.first.pk, Coverage())
            assert (found.listed, found.covered) == (listed, covered)
        assert code_of(lambda: actions.set_counts(pairing=county.first, listed=1, covered=2)) == "invalid"


def test_coverage_is_told_for_any_day(county: County) -> None:
    with tenant_scope(county.tenant):
        judged.make_household(county.first, listed_on=date(2024, 10, 1), covered_from=date(2024, 11, 1))
        judged.make_household(county.first, listed_on=date(2024, 10, 1), delisted_on=date(2024, 12, 1))
        told = [coverage([county.first.pk], day)[county.first.pk] for day in (date(2024, 10, 31), date(2024, 12, 1))]
        assert [(one.listed, one.covered) for one in told] == [(2, 1), (1, 1)]


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        ("CS", 302, 302),
        ("VS", 302, 404),
        ("CA", 403, 403),
        ("UL", 403, 403),
        ("TO", 403, 403),
        ("AU", 403, 403),
        ("HC", 403, 403),
    ],
)
def test_who_adds_by_pasting(county: County, as_role: AsRole, role: str, own: int, other: int) -> None:
    for pairing, status in ((county.first, own), (county.third, other)):
        answer = as_role(role).post(county.on(pairing, "households/"), {"lines": "1号,陈一,党员甲,党员乙"})
        assert answer.status_code == status, pairing


def test_a_wrong_line_is_named_and_what_was_typed_stays(county: County, as_role: AsRole) -> None:
    typed = "1号 陈一\n2号,a,b,c,d\n,陈三,党员甲"
    answer = as_role("CS").post(county.on(county.first, "households/"), {"lines": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 2 行超过四栏" in page
    assert "第 3 行缺门牌号" in page
    assert "陈三" in page
    with tenant_scope(county.tenant):
        assert not HouseholdContact.objects.exists()


def test_names_are_read_in_the_own_scope_only(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        judged.make_household(county.first, "1号", householder="户主一", **BOTH)
        judged.make_household(county.third, "2号", householder="户主二", **BOTH)
    url = county.url("households/")
    seen = {role: as_role(role).get(url).content.decode() for role in ("CS", "VS", "UL", "TO", "IN")}
    assert {role: ("户主一" in page, "户主二" in page) for role, page in seen.items()} == {
        "CS": (True, True), "VS": (True, False), "UL": (True, False), "TO": (True, False), "IN": (True, True),
    }  # fmt: skip
    assert as_role("CL").get(url).status_code == 403


def test_a_member_reads_the_households_that_bear_the_own_name(county: County) -> None:
    with tenant_scope(county.tenant):
        make_person("党员乙", account=county.members["VS"])
        judged.make_household(county.first, "1号", **BOTH)
        judged.make_household(county.first, "2号", unit_member="党员丙", village_member="党员丁")
        from pairing.queries.households import visible_households
        from tests.factories import make_grant

        account = county.members["HC"]
        make_person("党员甲", account=account)
        make_grant(account, "HC", unit=county.village)
        access = access_for(account, county.tenant)
        assert access is not None
        own = [grant for grant in access.grants if grant.scope_unit_id is not None]
        access = type(access)(account, county.tenant, tuple(own))
        assert list(visible_households(access).values_list("house_no", flat=True)) == ["1号"]


def test_a_member_finds_the_own_households_on_the_first_page(county: County, as_role: AsRole) -> None:
    def card() -> Any:
        return next((one for one in client.get(f"/{county.tenant.slug}/").context["panels"] if one.key == "own_households"), None)

    with tenant_scope(county.tenant):
        member = make_account()
        make_grant(member, "HC", unit=county.village)
        make_person("党员甲", account=member)
    client = Client()
    client.force_login(member, backend="tenancy.backends.AccountBackend")
    assert card().context["links"] == []
    with tenant_scope(county.tenant):
        judged.make_household(county.first, "1号", householder="户主一", **BOTH)
        judged.make_household(county.first, "2号", unit_member="党员丙", village_member="党员丁")

    links = card().context["links"]

    assert [(link["label"], link["note"]) for link in links] == [("1号 户主一", "荷垌村 · 党员乙")]
    assert client.get(links[0]["url"]).status_code == 200
    with tenant_scope(county.tenant):
        Pairing.objects.filter(pk=county.first.pk).update(state="ended", ends_on=clock.today())
    assert card().context["links"] == []
    client = as_role("CS")
    assert card() is None


def test_no_link_of_a_member_ends_in_a_refusal(county: County, as_role: AsRole) -> None:
    """A household contact reads households and nothing else of the county (domain.md §7)."""
    with tenant_scope(county.tenant):
        row = judged.make_household(county.first, "1号", householder="户主一", **BOTH)
        member = make_account()
        make_grant(member, "HC", unit=county.village)
        make_person("党员甲", account=member)
    client = Client()
    client.force_login(member, backend="tenancy.backends.AccountBackend")
    pages = [client.get(county.url(path)).content.decode() for path in ("households/", f"households/{row.uid}/")]
    links = {link for page in pages for link in re.findall(r'href="(/[^"#]+)"', page.split("<main")[1].split("</main>")[0])}
    rows = {link for link in links if re.search(r"[0-9a-f]{8}-", link)}

    assert [row.householder in page and "荷垌村" in page for page in pages] == [True, True]
    assert {link: client.get(link).status_code for link in rows} == dict.fromkeys(rows, 200)
    # Who may open them has them.
    assert "/villages/" in as_role("VS").get(county.url(f"households/{row.uid}/")).content.decode()


def test_actions_do_not_trust_the_page_before_them(county: County) -> None:
    with tenant_scope(county.tenant):
        access = access_for(county.members["VS"], county.tenant)
        with pytest.raises(PermissionDenied):
            actions.list_household(pairing=county.third, facts=HouseholdFacts("1号"), access=access)


def test_the_panels_count_what_the_list_shows(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        judged.make_household(county.first, "1号")
        judged.make_household(county.first, "2号", unit_member="")
    staff = as_role("CS")
    page = staff.get(county.on(county.first)).content.decode()
    assert f"households/?pairing={county.first.uid}&amp;state=uncovered" in page
    shown = staff.get(county.url(f"households/?pairing={county.first.uid}&state=uncovered")).content.decode()
    assert "2号" in shown
    assert "1号" not in shown.replace("2号", "")
