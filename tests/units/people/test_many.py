"""Logins for many at once: roles by office, slips given once, no password kept anywhere."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from tenancy import jobs
from tenancy.models import Account, AuditEntry, Grant, Job
from tenancy.scope import tenant_scope
from tests.factories import make_person, make_post
from tests.units.people.conftest import County
from units.models import Person

pytestmark = pytest.mark.django_db
KINDS = ["liaison", "village_secretary", "group_leader"]


def order(admin: Client, county: County, *people: Person) -> Job:
    response = admin.post("/gaozhou/people/many/", {"kinds": KINDS, "person": [str(person.uid) for person in people]})
    assert response.status_code == 302
    with tenant_scope(county.tenant):
        job: Job = Job.objects.get()
        assert jobs.run_here(job)
    return job


def slips(admin: Client, job: Job) -> list[tuple[str, str, str, str, str]]:
    response = admin.post(f"/gaozhou/people/many/{job.uid}/slips/")
    assert response.status_code == 200
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    return [tuple(str(cell or "") for cell in row) for row in sheet.iter_rows(min_row=4, values_only=True)]  # type: ignore[misc]


def test_everybody_in_office_without_a_login_is_offered(admin: Client, county: County) -> None:
    with tenant_scope(county.tenant):
        make_person("无职务者")
        make_post(county.unit, make_person("普通职员"), "staff")
    page = admin.get("/gaozhou/people/many/").content.decode()
    assert "梁明芳" in page
    assert "陈志强" in page
    assert "无职务者" not in page
    assert "普通职员" not in page
    assert "陈志强" not in admin.get("/gaozhou/people/many/", {"kinds": ["liaison"]}).content.decode()


def test_offices_bring_their_roles_over_their_units(admin: Client, county: County) -> None:
    order(admin, county, county.liaison, county.secretary)
    with tenant_scope(county.tenant):
        told = {
            (grant.account.login, grant.role, grant.scope_unit_id)
            for grant in Grant.objects.select_related("account").exclude(account=county.admin)
        }
    assert told == {("liangmingfang", "UL", county.unit.pk), ("chenzhiqiang", "VS", county.village.pk)}


def test_the_slips_sign_in_and_are_given_once(admin: Client, county: County) -> None:
    job = order(admin, county, county.liaison, county.secretary)
    rows = slips(admin, job)
    assert [row[0] for row in rows] == ["陈志强", "梁明芳"]
    assert rows[0][2].endswith("/gaozhou/login/")
    for row in rows:
        assert re.fullmatch(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", row[4])
        entered = Client().post("/gaozhou/login/", {"login": row[3], "password": row[4]})
        assert entered["Location"] == "/gaozhou/password/"
    again = admin.post(f"/gaozhou/people/many/{job.uid}/slips/")
    assert again.status_code == 302
    with tenant_scope(county.tenant):
        kept = str(list(Job.objects.values())) + str(list(AuditEntry.objects.values()))
        assert Job.objects.get().payload["seed"] == ""
    assert not [row[4] for row in rows if row[4] in kept]


def test_a_password_replaced_since_is_not_on_the_slips(admin: Client, county: County) -> None:
    job = order(admin, county, county.liaison, county.secretary)
    account = Account.objects.get(login="liangmingfang")
    Account.objects.filter(pk=account.pk).update(must_change_password=False, first_password_until=None)
    assert [row[0] for row in slips(admin, job)] == ["陈志强"]


def test_running_it_twice_makes_nobody_twice(admin: Client, county: County) -> None:
    job = order(admin, county, county.liaison)
    with tenant_scope(county.tenant):
        Job.objects.filter(pk=job.pk).update(state="waiting", attempts=0)
        assert jobs.run_here(Job.objects.get())
        assert Grant.objects.exclude(account=county.admin).count() == 1
    assert list(Account.objects.filter(home=county.tenant).values_list("login", flat=True)) == ["liangmingfang"]


def test_two_people_of_one_name_get_two_logins(admin: Client, county: County) -> None:
    with tenant_scope(county.tenant):
        namesake = make_person("梁明芳")
        make_post(county.village, namesake, "village_secretary")
    order(admin, county, county.liaison, namesake)
    found = Account.objects.filter(home=county.tenant).order_by("login")
    assert [account.login for account in found] == ["liangmingfang", "liangmingfang2"]


def test_whoever_lost_the_right_meanwhile_orders_nothing(admin: Client, county: County) -> None:
    admin.post("/gaozhou/people/many/", {"kinds": KINDS, "person": [str(county.liaison.uid)]})
    with tenant_scope(county.tenant):
        Grant.objects.filter(account=county.admin).update(role="CS")
        with pytest.raises(jobs.JobRefused):
            jobs.run_here(Job.objects.get())
    assert not Account.objects.filter(login="liangmingfang").exists()


def test_nobody_ticked_is_said(admin: Client, county: County) -> None:
    response = admin.post("/gaozhou/people/many/", {"kinds": KINDS})
    assert response.status_code == 422
    with tenant_scope(county.tenant):
        assert Job.objects.count() == 0


def test_progress_is_shown_and_then_the_slips(admin: Client, county: County) -> None:
    job = order(admin, county, county.liaison)
    part = admin.get(f"/gaozhou/people/many/{job.uid}/", headers={"HX-Request": "true", "HX-Target": "many"}).content.decode()
    assert "<html" not in part
    page = admin.get(f"/gaozhou/people/many/{job.uid}/").content.decode()
    assert f"/gaozhou/people/many/{job.uid}/slips/" in page
    assert admin.get(f"/gaozhou/people/many/{job.uid}/slips/").status_code == 405
