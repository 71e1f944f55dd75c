"""The database for this process: ``DATABASE_URL``'s, else a PostgreSQL of our own on this machine.

Needs no Django: ``manage.py`` calls it before the settings are read. The parts are in ``config/launch``.

    urls = ensure_running()       # for the product: starts the server when needed, writes .local/database.json
    admin = ensure_test_server()  # for the tests: another server, fast and forgetful
    urls = test_database("test_x")
"""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path

from config.launch import roles
from config.launch.account import Account, make_private
from config.launch.given_server import given_urls
from config.launch.keep import ensure_secret, read_json, write_json
from config.launch.locks import alone
from config.launch.problem import Problem, from_os_error
from config.launch.shared_server import SharedServer

__all__ = ["Problem", "ensure_running", "ensure_secrets", "ensure_test_server", "release", "test_database"]

LOCAL = Path(__file__).resolve().parent.parent / ".local"
# What tests write is thrown away, so nothing need reach the disk in order.
FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "200",
}

_entered: list[SharedServer] = []


def _say(text: str) -> None:
    print(f"      {text} …", file=sys.stderr, flush=True)


def ensure_secrets(local: Path = LOCAL) -> None:
    """The two keys of a local installation, made once, unless the environment names files for them."""
    for name, file in (("SECRET_KEY_FILE", "secret_key"), ("TENANT_KEY_FILE", "tenant_key")):
        if os.environ.get(name):
            continue
        try:
            if not local.is_dir():
                make_private(local, Account())
            ensure_secret(local / file)
        except OSError as error:
            raise from_os_error(error, local) from error


def ensure_running(local: Path = LOCAL) -> dict[str, str]:
    """Make sure that the database answers; URLs by alias: default, owner, dispatch, pref, backup, admin.

    Idempotent. The server is stopped at exit, or by ``release``, when no other process uses it. Nothing is
    started when ``DATABASE_URL`` is set or ``PAIRING_LOCAL_SERVER`` is ``never`` (containers). Raises ``Problem``.
    """
    given = given_urls(local)
    if given is not None:
        return given
    if os.environ.get("PAIRING_LOCAL_SERVER") == "never":
        raise Problem("没有设置 DATABASE_URL:请把它设为应用角色 pair_app 的数据库地址。")
    for server in _entered:
        if server.local == local and server.name == "pg":
            return _urls(local)
    server = SharedServer(local, "pg", say=_say)
    admin = _enter(server)
    _prepare(server, admin, local)
    return _urls(local)


def _urls(local: Path) -> dict[str, str]:
    return {alias: url for alias, url in read_json(local / "database.json").items() if isinstance(url, str)}


def _enter(server: SharedServer) -> str:
    if not _entered:
        atexit.register(release)
    admin = server.enter()
    _entered.append(server)
    return admin


def _prepare(server: SharedServer, admin: str, local: Path) -> None:
    """The product's database on the local server, once per definition of the roles; by one process at a time."""
    with alone(local / "prepare.lock"):
        urls = roles.role_urls(admin, roles.DATABASE, server.passwords())
        digest = roles.definition_digest()
        if server.state().get("database") != digest:
            roles.make_database(admin, roles.DATABASE)
            roles.apply_rights(admin, roles.DATABASE)
            server.remember(database=digest)
        if _urls(local) != urls:
            write_json(local / "database.json", urls)


def ensure_test_server(local: Path = LOCAL) -> str:
    """Make sure that the tests' own server runs with the roles; the administrator's URL. Stopped as above."""
    for server in _entered:
        if server.local == local and server.name == "test-pg":
            return server.admin_url()
    return _enter(SharedServer(local, "test-pg", settings=FORGETFUL, keeps_data=False, say=_say))


def test_database(name: str, *, template: str | None = None, local: Path = LOCAL) -> dict[str, str]:  # noqa: PT028 - no test
    """A database on the tests' server with its owner, schemas and rights; URLs by alias.

    Left as it is when it exists. ``template`` names a migrated database to copy (nobody may be connected to it).
    """
    admin = ensure_test_server(local)
    server = next(server for server in _entered if server.local == local and server.name == "test-pg")
    roles.make_database(admin, name, template=template or "template0")
    roles.apply_rights(admin, name)
    return roles.role_urls(admin, name, server.passwords())


def release(local: Path | None = None) -> None:
    """Stop using what this process entered (only that under ``local`` if given); the last user stops the server."""
    for server in [server for server in _entered if local in (None, server.local)]:
        _entered.remove(server)
        server.leave()
