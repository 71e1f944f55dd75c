"""The rehearsal of a bad night: ``deploy/backup.sh``, a server with nothing on it, and everything back as it was.

Run by ``make drill``. The steps are those of deploy/README.md; when one changes here, it changes there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from config import local_server
from config.launch import binaries, roles
from config.launch.shared_server import SharedServer
from tests.world import World

pytestmark = pytest.mark.drill
ROOT = Path(__file__).resolve().parent.parent.parent

# Each gives (what, how it is). Owners, rights and walls are compared as well as rows: a table that comes
# back without its policy looks complete.
SHAPE = """
    SELECT 'table ' || c.oid::regclass,
           format('%s rls=%s force=%s', pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity)
      FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname IN ('public', 'app') AND relkind IN ('r', 'p', 'v', 'm', 'S', 'i')
    UNION ALL
    SELECT format('right %s %s', c.oid::regclass, a.privilege_type),
           string_agg(who, ',' ORDER BY who)
      FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      CROSS JOIN aclexplode(coalesce(relacl, acldefault('r', relowner))) a
      CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END) g (who)
     WHERE nspname IN ('public', 'app') AND relkind IN ('r', 'p', 'v', 'S') GROUP BY c.oid, a.privilege_type
    UNION ALL
    SELECT format('policy %s on %s', polname, polrelid::regclass),
           format('%s %s %s %s', polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
                  (SELECT array_agg(pg_get_userbyid(r)::text ORDER BY pg_get_userbyid(r)::text) FROM unnest(polroles) r))
      FROM pg_policy
    UNION ALL
    SELECT format('function %s', p.oid::regprocedure), format('%s definer=%s %s %s', pg_get_userbyid(proowner), prosecdef,
                  (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(proacl) x), md5(pg_get_functiondef(p.oid)))
      FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname IN ('public', 'app') AND prokind = 'f'
    UNION ALL
    -- Read in again, an IN list is written with its casts elsewhere: they and the brackets are left out.
    SELECT format('constraint %s on %s', conname, conrelid::regclass),
           regexp_replace(pg_get_constraintdef(oid), '::(text|character varying)|[][() ]', '', 'g')
      FROM pg_constraint WHERE connamespace IN ('public'::regnamespace, 'app'::regnamespace)
    UNION ALL
    SELECT format('trigger %s on %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT format('sequence %s.%s', schemaname, sequencename), last_value::text FROM pg_sequences
    UNION ALL
    SELECT 'schema ' || nspname, format('%s %s', pg_get_userbyid(nspowner),
           (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(nspacl) x))
      FROM pg_namespace WHERE nspname IN ('public', 'app')
    UNION ALL
    SELECT 'extension ' || extname, extversion FROM pg_extension
    UNION ALL
    SELECT 'database', format('%s %s', pg_get_userbyid(datdba),
                  (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(datacl) x))
      FROM pg_database WHERE datname = current_database()
"""


@dataclass(frozen=True)
class Night:
    """Where it was, where it goes, and the programs of the same version."""

    source: dict[str, str]
    admin: str
    passwords: dict[str, str]
    programs: Path

    def run(self, *command: str | Path, **environment: str) -> str:
        # The wheel's programs know no password file; the URL goes through the environment, not the process list.
        path = f"{self.programs}:{os.environ['PATH']}"
        told = subprocess.run(command, env=os.environ | {"PATH": path} | environment, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()


def picture(url: str) -> dict[str, str]:
    """Everything that must come back: shape, owners, rights, and the digest of each table's rows."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(SHAPE)
        seen: dict[str, str] = {name: str(told) for name, told in cursor.fetchall()}
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'app')")
        for schema, table in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t").format(
                    sql.Identifier(schema, table)
                )
            )
            seen[f"rows {schema}.{table}"] = str(cursor.fetchone())
    return seen


@pytest.fixture
def night(world: World, django_db_setup: None) -> Iterator[Night]:
    name = os.environ["PAIRING_TEST_ADMIN_URL"].rpartition("/")[2]
    folder = Path(tempfile.mkdtemp(prefix="pairing-"))
    folder.chmod(0o711)
    empty = SharedServer(folder / ".local", "drill", settings=local_server.FORGETFUL, keeps_data=False)
    admin = empty.enter()
    try:
        yield Night(
            source=local_server.test_database(name),
            admin=admin,
            passwords=empty.passwords(),
            programs=binaries.choose(os.environ.get("PAIRING_POSTGRES", "")).folder,
        )
    finally:
        empty.leave()
        shutil.rmtree(folder)


def forget_roles(admin: str) -> None:
    """Make the server one that never heard of us: roles are not in a dump, and the rehearsal must notice."""
    with closing(psycopg2.connect(admin)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        for role in [*roles.SIGN_IN.values(), "pair_login"]:
            cursor.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def restore(night: Night, dump: str) -> dict[str, str]:
    """The steps of deploy/README.md on the empty server; URLs by alias."""
    roles.apply_roles(night.admin, night.passwords)
    roles.make_database(night.admin, "pairing")
    target = roles.with_database(night.admin, "pairing")
    night.run("pg_restore", "--exit-on-error", "--dbname", target, dump)
    roles.apply_rights(night.admin, "pairing")
    return roles.role_urls(night.admin, "pairing", night.passwords)


def one(url: str, query: str) -> Any:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return row and row[0]


def test_a_backup_restores_on_an_empty_server_with_every_row_right_and_wall(night: Night, tmp_path: Path) -> None:
    media = tmp_path / "media/县"
    media.mkdir(parents=True)
    (media / "照片 1.jpg").write_bytes(b"a photo")
    before = picture(night.source["admin"])
    backup = tmp_path / "backup"
    dump = night.run(
        ROOT / "deploy/backup.sh", BACKUP_URL=night.source["backup"], BACKUP_DIR=str(backup), MEDIA_ROOT=str(tmp_path / "media")
    )
    forget_roles(night.admin)

    restored = restore(night, dump)

    after = picture(restored["admin"])
    assert before["rows public.tenancy_tenant"].startswith("(2,"), "the rehearsal needs counties to lose"
    assert {name: (before.get(name), after.get(name)) for name in before.keys() | after.keys()} == {
        name: (told, told) for name, told in before.items()
    }
    assert one(restored["default"], "SELECT count(*) FROM units_unit") == 0, "no county is set: nothing may be seen"
    assert night.run("sh", "-c", f"cd {backup} && sha256sum --quiet --check *.sha256") == ""
    manifest = dump.removesuffix(".dump") + ".media"
    assert night.run("sh", "-c", f"cd {tmp_path}/media && sha256sum --quiet --check {manifest}") == ""
    (media / "照片 1.jpg").write_bytes(b"another")
    with pytest.raises(AssertionError):
        night.run("sh", "-c", f"cd {tmp_path}/media && sha256sum --quiet --check {manifest}")


def test_a_backup_as_a_role_that_the_wall_filters_fails_and_leaves_no_file(night: Night, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        night.run(ROOT / "deploy/backup.sh", BACKUP_URL=night.source["owner"], BACKUP_DIR=str(tmp_path), MEDIA_ROOT="/none")

    assert list(tmp_path.glob("pairing-*")) == []
