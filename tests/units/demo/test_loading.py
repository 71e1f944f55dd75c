"""The demonstration: what is in it, who can sign in, and that loading it twice is loading it once."""

from __future__ import annotations

import json
import stat
import time
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tenancy.access import access_for
from tenancy.backends import AccountBackend
from tenancy.models import Account, Grant, Tenant
from tenancy.models.grant import ROLE_SCOPES
from tenancy.policy import ROLES
from tenancy.scope import tenant_scope
from tests.factories import make_tenant
from units.demo import loading
from units.models import Person, Post, Unit
from units.queries import visible_towns, visible_villages

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts_file(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    return tmp_path / "demo-accounts.json"


def test_demonstration_is_whole_and_every_role_signs_in_and_sees_its_own(
    accounts_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The processor's time, not the clock's: other tests run beside this one, and it takes a quarter of this alone.
    started = time.process_time()
    call_command("load_demo", accounts_file=accounts_file)
    assert time.process_time() - started < 90
    lines = capsys.readouterr().out.splitlines()
    assert "示例数据已载入；15 个账号" in lines[-1]
    # The step before the last is the last but one: what is told is what was counted.
    n = loading.n_steps(timezone.localdate())
    assert lines[-1].split()[0] == f"{n}/{n}"
    assert lines[-2].split()[0] == f"{n - 1}/{n}"
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600
    accounts = json.loads(accounts_file.read_text())
    assert [set(line) for line in accounts] == [{"tenant", "role", "login", "password"}] * 15
    assert {line["role"] for line in accounts} == set(ROLES)
    assert [line["role"] for line in accounts if line["tenant"] == ""] == ["OP"]
    assert [line["role"] for line in accounts if line["tenant"] == "nanhai"] == ["CA"]
    gaozhou, nanhai = Tenant.objects.get(slug="gaozhou"), Tenant.objects.get(slug="nanhai")

    for line in accounts:
        tenant = Tenant.objects.filter(slug=line["tenant"]).first()
        account = AccountBackend().authenticate(None, line["login"], line["password"], tenant)
        assert account is not None, line["login"]
        assert not account.must_change_password
        if tenant is not None:
            access = access_for(account, tenant)
            assert access is not None
            assert access.roles == (line["role"],)

    with tenant_scope(gaozhou):
        assert Unit.objects.filter(kind="town").count() == 31
        assert Unit.objects.filter(kind__in=["village", "community"]).count() == 491
        assert Unit.objects.filter(kind="organisation").count() == 108
        assert Unit.objects.filter(is_stationed=True).count() == 20
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT state, count(*), count(DISTINCT village_id), count(DISTINCT unit_id) FROM pairing_pairing"
                " GROUP BY state ORDER BY state"
            )
            # Those of earlier years are over; this year's are the same.
            n_over = 110 * (date.today().year - 2024)
            assert cursor.fetchall() == [("active", 110, 54, 108), ("ended", n_over, 54, 108)]
        assert all(grant.scope_kind in ROLE_SCOPES[grant.role] for grant in Grant.objects.all())
        logins = {line["login"] for line in accounts if line["tenant"] == "gaozhou"}
        people = Person.objects.filter(account__isnull=False).select_related("account")
        assert {person.account.login for person in people} == logins
        assert all(Post.objects.filter(person=person, ends_on=None).exists() for person in people)
        town_officer = access_for(Account.objects.get(login="to.gaozhou"), gaozhou)
        leader = access_for(Account.objects.get(login="cl.gaozhou"), gaozhou)
        secretary = access_for(Account.objects.get(login="vs.gaozhou"), gaozhou)
        assert town_officer is not None
        assert leader is not None
        assert secretary is not None
        assert [town.name for town in visible_towns(town_officer)] == ["曹江镇"]
        assert len(leader.reach("pairing", "R") or ()) == 3
        assert [village.name for village in visible_villages(secretary)] == ["荷垌村"]
    with tenant_scope(nanhai):
        assert (Unit.objects.filter(kind="town").count(), Unit.objects.exclude(kind="town").count()) == (7, 307)
        assert Person.objects.count() == 7

    before = accounts_file.read_text()
    call_command("load_demo", accounts_file=accounts_file)
    assert capsys.readouterr().out.strip() == "示例数据已经载入，没有改动。"
    assert accounts_file.read_text() == before

    accounts_file.unlink()
    call_command("load_demo", accounts_file=accounts_file)
    assert "账号已换新密码" in capsys.readouterr().out
    again = json.loads(accounts_file.read_text())
    assert {(a["tenant"], a["role"], a["login"]) for a in again} == {(a["tenant"], a["role"], a["login"]) for a in accounts}
    first = again[1]
    assert AccountBackend().authenticate(None, first["login"], first["password"], gaozhou) is not None


def test_a_database_with_counties_is_left_alone(accounts_file: Path) -> None:
    make_tenant()
    with pytest.raises(CommandError, match="示例数据只能载入空的数据库"):
        call_command("load_demo", accounts_file=accounts_file)
    assert not accounts_file.exists()
    assert not Account.objects.exists()
