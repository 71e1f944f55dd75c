"""Who came to a reception: read by those who handle it, each reading by the county or an auditor logged, phones masked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from activities.models import Record, Visitor
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County
from tests.factories import make_record, make_visitor

AsRole = Callable[[str], Client]


@pytest.fixture
def reception(county: County) -> Record:
    with tenant_scope(county.tenant):
        record: Record = make_record(county.first, type="reception", form="at_desk", visitors=1, text="接待来访")
        make_visitor(record, "来访甲", phone="13900001234", matter="水渠堵塞")
    return record


def deeds(county: County, action: str) -> list[str]:
    with tenant_scope(county.tenant):
        return list(AuditEntry.objects.filter(action=action).values_list("actor", flat=True))


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("CA", 200), ("CS", 200), ("IN", 200), ("TO", 200), ("UL", 200), ("UG", 200), ("VS", 200), ("AU", 200), ("CL", 403),
        ("water", 404), ("HC", 404),
    ],
)  # fmt: skip
def test_who_reads_visitors(county: County, as_role: AsRole, reception: Record, role: str, code: int) -> None:
    answer = as_role(role).get(county.url(f"records/{reception.uid}/visitors/"))

    assert answer.status_code == code
    if code == 200:
        page = answer.content.decode()
        assert "水渠堵塞" in page
        assert "139****1234" in page
        assert "13900001234" not in page


@pytest.mark.parametrize(("role", "n"), [("CA", 1), ("CS", 1), ("AU", 1), ("UL", 0), ("VS", 0), ("TO", 0)])
def test_readings_by_the_county_and_auditors_are_logged(
    county: County, as_role: AsRole, reception: Record, role: str, n: int
) -> None:
    as_role(role).get(county.url(f"records/{reception.uid}/visitors/"))
    assert len(deeds(county, "visitors_read")) == n


def test_the_record_s_page_says_how_many_and_no_name(county: County, as_role: AsRole, reception: Record) -> None:
    page = county.url(f"records/{reception.uid}/")
    assert "来访甲" not in as_role("VS").get(page).content.decode()
    assert "已登记 1 人" in as_role("VS").get(page).content.decode()
    assert "已登记 1 人" not in as_role("CL").get(page).content.decode()


def test_showing_a_number_is_logged(county: County, as_role: AsRole, reception: Record) -> None:
    with tenant_scope(county.tenant):
        visitor = Visitor.objects.get()
    answer = as_role("CS").post(county.url(f"visitors/{visitor.uid}/phone/"), headers={"HX-Request": "true"})

    assert "13900001234" in answer.content.decode()
    assert len(deeds(county, "phone_shown")) == 1


@pytest.mark.parametrize(("role", "code"), [("UL", 302), ("VS", 302), ("CS", 302), ("CA", 403), ("AU", 403), ("IN", 403)])
def test_both_sides_write_visitors_down(county: County, as_role: AsRole, reception: Record, role: str, code: int) -> None:
    form = {"name": "来访乙", "matter": "路灯不亮", "phone": "13900005678"}
    answer = as_role(role).post(county.url(f"records/{reception.uid}/visitors/new/"), form)

    assert answer.status_code == code
    with tenant_scope(county.tenant):
        assert Visitor.objects.filter(matter="路灯不亮").exists() == (code == 302)
        entry = AuditEntry.objects.filter(action="visitor_created").first()
    assert entry is None or "路灯" not in str(entry.details)


def test_a_visitor_without_a_concern_is_refused_and_may_be_nameless(county: County, as_role: AsRole, reception: Record) -> None:
    client, page = as_role("UL"), county.url(f"records/{reception.uid}/visitors/new/")
    empty = client.post(page, {"name": "来访乙", "matter": ""})
    nameless = client.post(page, {"name": "", "matter": "路灯不亮"})

    assert empty.status_code == 422
    assert "来访乙" in empty.content.decode()
    assert nameless.status_code == 302


def test_an_answer_is_added_later_and_the_first_version_kept(county: County, as_role: AsRole, reception: Record) -> None:
    with tenant_scope(county.tenant):
        visitor = Visitor.objects.get()
    form = {"name": "来访甲", "matter": "水渠堵塞", "phone": "13900001234", "answer": "已清淤", "closed_on": "2024-10-18"}
    done = as_role("UL").post(county.url(f"visitors/{visitor.uid}/"), form)

    assert done.status_code == 302
    with tenant_scope(county.tenant):
        visitor.refresh_from_db()
        assert (visitor.answer, visitor.versions.count()) == ("已清淤", 2)


def test_another_county_s_visitor_is_as_if_there_were_none(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.theirs.tenant):
        theirs = make_visitor(county.theirs)
    assert as_role("CS").get(county.url(f"visitors/{theirs.uid}/")).status_code == 404
    assert as_role("CS").post(county.url(f"visitors/{theirs.uid}/phone/")).status_code == 404


def test_a_labour_day_has_no_visitors_page(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first)
    assert as_role("UL").get(county.url(f"records/{record.uid}/visitors/")).status_code == 404
