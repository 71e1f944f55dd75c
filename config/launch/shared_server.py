"""A local server that several processes share: the first starts it, the last stops it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.launch import binaries, roles
from config.launch.account import data_home, make_private, reachable, server_account
from config.launch.cluster import HOST, Cluster, free_port
from config.launch.keep import read_json, write_json
from config.launch.locks import Users, alone
from config.launch.problem import Problem, disk_full, from_os_error

# initdb writes 40 MB, and the write-ahead log may take 256 MB more.
NEW_DATA_BYTES = 400 * 1024 * 1024
OLD_DATA_BYTES = 40 * 1024 * 1024


@dataclass
class SharedServer:
    """The server named ``name`` (its data are in ``<local>/<name>-<major>``).

    ``enter`` may be called once per process; ``leave`` stops the server when this process was its last user.
    """

    local: Path
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    keeps_data: bool = True
    say: Callable[[str], None] = lambda text: None
    _cluster: Cluster | None = None
    _users: Users | None = None
    _process: int = 0
    _admin_url: str = ""

    def enter(self) -> str:
        """Make sure that the server runs with its roles; the administrator's URL."""
        try:
            return self._enter()
        except OSError as error:
            raise from_os_error(error, self.local) from error

    def _enter(self) -> str:
        account = server_account()
        make_private(self.local, account)
        chosen = binaries.choose(os.environ.get("PAIRING_POSTGRES", ""), self._kept_major())
        home = data_home(self.local, account)
        stem = f"{self.name}-{chosen.major}"
        self._cluster = Cluster(
            data=home / stem,
            log=self.local / f"{stem}.log",
            binaries=reachable(chosen, home, account),
            account=account,
            settings=self.settings,
        )
        with alone(self.local / f"{stem}.lock"):
            self._users = Users(self.local / f"{stem}.users")
            self._users.join()
            self._process = os.getpid()
            try:
                self._admin_url = self._start(self._cluster, self.local / f"{stem}.json")
                return self._admin_url
            except BaseException:
                self._users.leave()
                raise

    def _kept_major(self) -> int | None:
        """The version of the data that must be read again; None before the first start, and where data do not matter."""
        if not self.keeps_data:
            return None
        kept = read_json(self.local / f"{self.name}.json").get("major")
        return kept if isinstance(kept, int) else None

    def _start(self, cluster: Cluster, state_file: Path) -> str:
        state = read_json(state_file)
        self._refuse_full_disk(cluster)
        if not cluster.exists:
            self.say(f"建立 PostgreSQL {cluster.binaries.major} 数据库")
            state = {"port": free_port(), "password": secrets.token_urlsafe(24), "passwords": roles.new_passwords()}
            # Before the data: data whose password nobody knows would be of no use.
            write_json(state_file, state)
            cluster.create(state["password"])
        elif not state:
            raise Problem(f"{state_file} 丢失,数据库的密码也就丢失了:请从备份中找回它,或删除 {cluster.data} 后重新开始。")
        if cluster.pid() is None:
            self.say(f"启动 PostgreSQL {cluster.binaries.major}")
        port = cluster.start(state["port"])
        url = f"postgresql://postgres:{state['password']}@{HOST}:{port}/postgres"
        digest = roles.definition_digest()
        if state.get("roles") != digest:
            roles.apply_roles(url, state["passwords"])
        if state.get("roles") != digest or state["port"] != port:
            write_json(state_file, state | {"roles": digest, "port": port})
        if self.keeps_data and self._kept_major() is None:
            write_json(self.local / f"{self.name}.json", {"major": cluster.binaries.major})
        return url

    def _refuse_full_disk(self, cluster: Cluster) -> None:
        free = os.statvfs(cluster.data.parent)
        needed = OLD_DATA_BYTES if cluster.exists else NEW_DATA_BYTES
        if free.f_bavail * free.f_frsize < needed:
            raise disk_full(cluster.data)

    def admin_url(self) -> str:
        """The administrator's URL, of the server that was entered."""
        return self._admin_url

    def passwords(self) -> dict[str, str]:
        """Role → password, of the server that was entered."""
        found: dict[str, str] = self.state()["passwords"]
        return found

    def state(self) -> dict[str, Any]:
        if self._cluster is None:
            raise RuntimeError("Call enter() first.")
        return read_json(self.local / f"{self._cluster.data.name}.json")

    def remember(self, **values: Any) -> None:
        """Keep something beside the server's passwords."""
        if self._cluster is None:
            raise RuntimeError("Call enter() first.")
        write_json(self.local / f"{self._cluster.data.name}.json", self.state() | values)

    def leave(self) -> None:
        """Stop using it. A forked child that inherited this object does nothing: its parent still uses the server."""
        if self._cluster is None or self._users is None or self._process != os.getpid():
            return
        cluster, users = self._cluster, self._users
        self._cluster = self._users = None
        with alone(self.local / f"{cluster.data.name}.lock"):
            if users.leave():
                cluster.stop()
