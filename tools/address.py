"""The address that ``make run`` will serve on, checked before any long work begins."""

from __future__ import annotations

import errno
import os
import socket
import time
from dataclasses import dataclass

from config.launch.keep import read_json
from config.launch.locks import Users
from config.launch.problem import Problem
from tools.places import LOCAL


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


def asked_for() -> Address:
    """``HOST`` and ``PORT`` of the environment. Raises ``Problem``."""
    told = os.environ.get("PORT") or "8000"
    if not told.isascii() or not told.isdecimal() or not 0 < int(told) < 65536:
        raise Problem(f"PORT={told} 不是端口号:请用 1 到 65535 之间的数字,例如 PORT=8001 make run。")
    return Address(os.environ.get("HOST") or "127.0.0.1", int(told))


def _refusal(address: Address) -> OSError | None:
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        return error
    return None


def _is_stopping() -> bool:
    return read_json(LOCAL / "run.json").get("state") == "stopping"


def ensure_free(address: Address) -> None:
    """Return when the address can be served. A platform that is just stopping is waited for. Raises ``Problem``."""
    end = time.monotonic() + 12
    grace = time.monotonic() + 1
    while (refused := _refusal(address)) is not None and refused.errno == errno.EADDRINUSE:
        now = time.monotonic()
        if now > end or (now > grace and not _is_stopping()):
            break
        time.sleep(0.1)
    if refused is None:
        return
    other = f"请换一个端口,例如 PORT={min(address.port + 1, 65535)} make run"
    if refused.errno == errno.EADDRINUSE:
        if Users(LOCAL / "run.lock").are_there() and read_json(LOCAL / "run.json").get("port") == address.port:
            raise Problem(f"平台已经在运行:请打开 {address},或先停止它;要另开一个,{other}。")
        raise Problem(f"端口 {address.port} 已被别的程序占用:{other}。")
    if refused.errno == errno.EACCES:
        raise Problem(f"没有权限使用端口 {address.port}:请换一个 1024 以上的端口,例如 PORT=8000 make run。")
    raise Problem(f"本机没有地址 {address.host}:请把 HOST 设为 127.0.0.1 或 0.0.0.0。")
