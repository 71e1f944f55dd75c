"""The local PostgreSQL: roles, sharing between processes, and getting up again after every kind of fall."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from config import local_server
from config.launch import account, binaries, shared_server
from config.launch.account import Account, data_home
from config.launch.cluster import port_is_free
from config.launch.keep import read_json, write_json
from config.launch.problem import Problem
from config.launch.roles import SIGN_IN
from config.launch.shared_server import SharedServer

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the server's account can reach, which pytest's own are not when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="pairing-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def pattern(folder: Path) -> Path:
    """A ``.local`` whose server was started and stopped once: copied by the tests, because making one takes a second."""
    local = folder / "pattern"
    local_server.ensure_running(local)
    local_server.release(local)
    return local


@pytest.fixture
def local(folder: Path, pattern: Path) -> Iterator[Path]:
    copy = folder / f"case-{time.monotonic_ns()}"
    subprocess.run(["cp", "--archive", pattern, copy], check=True)
    yield copy
    local_server.release(copy)
    for data in copy.glob("pg-*/postmaster.pid"):
        os.kill(int(data.read_text().split()[0]), signal.SIGKILL)


def ask(url: str, query: str) -> Any:
    connection = psycopg2.connect(url, connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def postmaster(local: Path) -> int:
    return int(next(local.glob("pg-*/postmaster.pid")).read_text().split()[0])


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kill_hard(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while runs(pid):
        time.sleep(0.02)


RIGHTS = """
    SELECT current_user::text, rolsuper, rolbypassrls, rolinherit, current_setting('statement_timeout'),
           current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),
           current_setting('default_transaction_read_only'),
           has_database_privilege(current_database(), 'TEMP'),
           has_schema_privilege('public', 'CREATE') OR has_schema_privilege('app', 'CREATE'),
           has_schema_privilege('public', 'USAGE') AND has_schema_privilege('app', 'USAGE')
    FROM pg_roles WHERE rolname = current_user
"""


def test_roles_have_the_rights_that_the_design_gives_them_and_no_others(local: Path) -> None:
    urls = local_server.ensure_running(local)

    limits = ("15s", "3s", "30s")
    none = ("0", "0", "0")
    assert {alias: ask(urls[alias], RIGHTS) for alias in SIGN_IN} == {
        "default": ("pair_app", False, False, False, *limits, "off", False, False, True),
        "dispatch": ("pair_dispatch", False, False, False, *limits, "off", False, False, True),
        "pref": ("pair_pref", False, False, False, *limits, "on", False, False, True),
        "owner": ("pair_owner", False, False, True, *none, "off", True, True, True),
        "backup": ("pair_backup", False, True, True, *none, "on", False, False, True),
    }
    members = (
        "SELECT array_agg(m.rolname || ' in ' || r.rolname ORDER BY 1) FROM pg_auth_members a "
        "JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid WHERE m.rolname LIKE 'pair%'"
    )
    assert ask(urls["admin"], members) == (["pair_backup in pg_read_all_data", "pair_owner in pair_login"],)
    assert ask(urls["admin"], "SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'pair_login'") == (False, False)


def test_a_changed_role_is_mended_when_the_definition_is_applied_again(local: Path) -> None:
    urls = local_server.ensure_running(local)
    ask(urls["admin"], "ALTER ROLE pair_app BYPASSRLS INHERIT")
    local_server.release(local)
    state = next(local.glob("pg-*.json"))
    write_json(state, read_json(state) | {"roles": "an older definition"})

    urls = local_server.ensure_running(local)

    assert ask(urls["default"], RIGHTS)[1:4] == (False, False, False)


def test_passwords_are_readable_by_their_owner_only_and_asked_for_by_the_server(local: Path) -> None:
    urls = local_server.ensure_running(local)

    assert {path.name: oct(path.stat().st_mode & 0o777) for path in local.glob("*.json")} == {
        path.name: "0o600" for path in local.glob("*.json")
    }
    with pytest.raises(psycopg2.OperationalError, match="password"):
        ask(urls["default"].replace("pair_app:", "pair_app:x"), "SELECT 1")


def test_a_second_start_gives_the_same_urls_within_a_second(local: Path) -> None:
    first = local_server.ensure_running(local)
    took: list[float] = []
    # 0.1 s on an idle machine; on one that has much else to do now and then longer.
    while len(took) < 5 and min(took, default=3.0) >= 1:
        local_server.release(local)
        began = time.monotonic()
        assert local_server.ensure_running(local) == first
        took.append(time.monotonic() - began)

    assert min(took) < 1


WAITING = """
import sys
from pathlib import Path
from config import local_server
local_server.ensure_running(Path(sys.argv[1]))
print("in", flush=True)
sys.stdin.read()
"""


def enter_elsewhere(local: Path) -> subprocess.Popen[str]:
    other = subprocess.Popen(
        [sys.executable, "-c", WAITING, local], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"
    return other


def test_the_server_lives_as_long_as_its_last_user(local: Path) -> None:
    local_server.ensure_running(local)
    server = postmaster(local)
    with enter_elsewhere(local) as other:
        local_server.release(local)
        assert runs(server)
        other.communicate()

    assert not runs(server)
    assert list(local.glob("pg-*/postmaster.pid")) == []


def test_a_user_killed_hard_is_not_counted_any_more(local: Path) -> None:
    with enter_elsewhere(local) as other:
        other.kill()
    server = postmaster(local)
    assert runs(server)

    local_server.ensure_running(local)
    assert postmaster(local) == server
    local_server.release(local)

    assert not runs(server)


def test_a_server_killed_hard_comes_back_with_what_was_written(local: Path) -> None:
    urls = local_server.ensure_running(local)
    ask(urls["owner"], "CREATE TABLE kept AS SELECT 42 AS value")
    kill_hard(postmaster(local))
    local_server.release(local)

    urls = local_server.ensure_running(local)

    assert ask(urls["owner"], "SELECT value FROM kept") == (42,)


def test_the_process_id_of_a_dead_server_may_belong_to_a_stranger(local: Path) -> None:
    local_server.ensure_running(local)
    kill_hard(postmaster(local))
    local_server.release(local)
    left = next(local.glob("pg-*/postmaster.pid"))
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        lines = left.read_text().splitlines()
        left.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

        urls = local_server.ensure_running(local)

        assert ask(urls["default"], "SELECT 1") == (1,)
        assert stranger.poll() is None
        assert postmaster(local) != stranger.pid
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.enable_socket
def test_a_port_taken_meanwhile_is_changed_for_a_free_one(local: Path) -> None:
    import socket

    state = next(local.glob("pg-*.json"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        write_json(state, read_json(state) | {"port": port})
        assert not port_is_free(port)

        urls = local_server.ensure_running(local)

    assert f":{port}/" not in urls["default"]
    assert read_json(local / "database.json")["default"] == urls["default"]
    assert ask(urls["default"], "SELECT 1") == (1,)


def test_a_first_start_that_was_cut_short_is_begun_again(folder: Path) -> None:
    local = folder / "cut-short"
    (local / "pg-15.new").mkdir(parents=True)
    (local / "pg-18.new").mkdir()
    (local / "pg-15.new/PG_VERSION").write_text("half")
    (local / "pg-18.new/PG_VERSION").write_text("half")
    for path in [local, *local.glob("*")]:
        path.chmod(0o711)

    urls = local_server.ensure_running(local)

    assert ask(urls["default"], "SELECT 1") == (1,)
    local_server.release(local)


def test_a_full_disk_is_said_in_one_sentence(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_server, "OLD_DATA_BYTES", 1 << 62)

    with pytest.raises(Problem, match=r"磁盘已满:请在 .*上腾出"):
        local_server.ensure_running(local)
    assert list(local.glob("pg-*/postmaster.pid")) == []


def test_a_lost_password_file_is_said_and_the_data_are_left_alone(local: Path) -> None:
    next(local.glob("pg-*.json")).unlink()

    with pytest.raises(Problem, match="丢失"):
        local_server.ensure_running(local)
    assert len(list(local.glob("pg-*/PG_VERSION"))) == 1


def test_data_of_a_version_that_is_gone_are_never_replaced_by_an_empty_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="PostgreSQL 14 写的"):
        binaries.choose("", kept_major=14)
    monkeypatch.setattr(binaries, "system_binaries", list)
    monkeypatch.setattr(binaries, "wheel_binaries", lambda: None)
    with pytest.raises(Problem, match="找不到 PostgreSQL"):
        binaries.choose("")
    with pytest.raises(Problem, match="PAIRING_POSTGRES=mysql"):
        binaries.choose("mysql")


def test_the_wheel_is_used_where_the_machine_has_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "system_binaries", list)

    assert binaries.choose("").is_wheel


def test_a_folder_that_the_servers_account_cannot_enter_is_not_used_for_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shut(Account):
        def can(self, test: str, path: Path) -> bool:
            return False

    monkeypatch.setattr(account, "ELSEWHERE", tmp_path / "var")

    home = data_home(tmp_path / ".local", Shut())

    assert home.parent == tmp_path / "var"
    assert home.is_dir()
    assert home == data_home(tmp_path / ".local", Shut())
    assert home != data_home(tmp_path / "other/.local", Shut())


def test_an_administrators_url_sets_up_roles_and_steps_back_behind_them(
    local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = SharedServer(local, "pg")
    admin = server.enter()
    try:
        for name in ("DATABASE_OWNER_URL", "DATABASE_DISPATCH_URL", "DATABASE_PREF_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DATABASE_URL", admin)
        given = tmp_path / ".local"

        urls = local_server.ensure_running(given)

        assert ask(urls["default"], RIGHTS)[:3] == ("pair_app", False, False)
        assert os.environ["DATABASE_URL"] == urls["default"]
        assert os.environ["DATABASE_OWNER_URL"] == urls["owner"]
        assert read_json(given / "database.json")["owner"] == urls["owner"]
        monkeypatch.setenv("DATABASE_URL", admin)
        monkeypatch.delenv("DATABASE_OWNER_URL")
        assert local_server.ensure_running(given) == urls, "a second start must not change the passwords"
    finally:
        server.leave()


def test_an_applications_url_is_used_as_it_is(local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_OWNER_URL", "DATABASE_DISPATCH_URL", "DATABASE_PREF_URL"):
        monkeypatch.delenv(name, raising=False)
    mine = local_server.ensure_running(local)["default"]
    monkeypatch.setenv("DATABASE_URL", mine)

    assert local_server.ensure_running(tmp_path / ".local") == {"default": mine}
    assert not (tmp_path / ".local").exists()


def test_a_given_server_that_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")

    with pytest.raises(Problem, match="连不上 DATABASE_URL"):
        local_server.ensure_running(tmp_path)


def test_a_container_without_a_database_starts_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PAIRING_LOCAL_SERVER", "never")

    with pytest.raises(Problem, match="没有设置 DATABASE_URL"):
        local_server.ensure_running(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_made_once_and_long_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY_FILE", "TENANT_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    local_server.ensure_secrets(tmp_path)
    first = {path.name: path.read_text() for path in tmp_path.iterdir()}

    local_server.ensure_secrets(tmp_path)

    assert first == {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert sorted(first) == ["secret_key", "tenant_key"]
    assert len(set(first.values())) == 2
    assert all(len(text.strip()) >= 50 for text in first.values())
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


def test_the_launcher_needs_nothing_but_psycopg2() -> None:
    """It runs before Django, and its first parts before there is a virtual environment."""
    bare = "import sys; import config.launch.problem, config.launch.locks, config.launch.keep, config.launch.account"
    asked = subprocess.run([sys.executable, "-S", "-c", bare], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.stderr == ""
    whole = "import sys, config.local_server; print(sorted({'django', 'celery', 'environs'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", whole], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
