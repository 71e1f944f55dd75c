"""The virtual environment ``.venv``: made without help from the machine but a bare Python.

Debian's python3 has neither pip nor ensurepip, so the environment is made without pip and
pip comes from the wheel in ``tools/bootstrap``. Everything else is pinned by hash.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from config.launch.account import Account, make_private
from config.launch.locks import alone
from config.launch.problem import NO_SPACE, Problem, disk_full, from_os_error
from tools.places import LOCAL, PYTHON, ROOT, VENV

Say = Callable[[str], None]

REQUIREMENTS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
NEEDED_BYTES = {"run": 500 * 1024 * 1024, "dev": 1200 * 1024 * 1024}
NO_NETWORK = re.compile(
    r"NewConnectionError|Name or service not known|Temporary failure in name resolution|ConnectTimeout|ReadTimeout"
    r"|Connection refused|Network is unreachable|Max retries exceeded|ProxyError|SSLError"
    r"|No matching distribution found|Could not find a version"
)
# These would send the packages elsewhere than into the environment.
MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def _stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def _digest(kind: str) -> str:
    version = "{}.{}".format(*sys.version_info)
    return hashlib.sha256(version.encode() + REQUIREMENTS[kind].read_bytes()).hexdigest()


def _is_installed(kind: str) -> bool:
    if not os.access(PYTHON, os.X_OK):
        return False
    # What developers need holds all that running needs, from the same lock.
    kinds = ("run", "dev") if kind == "run" else ("dev",)
    return any(_stamp(one).is_file() and _stamp(one).read_text() == _digest(one) for one in kinds)


def ensure(kind: str, say: Say) -> None:
    """Make ``.venv`` hold what ``kind`` (run or dev) needs; at once when it does. Raises ``Problem``."""
    if _is_installed(kind):
        return
    try:
        make_private(LOCAL, Account()) if not LOCAL.is_dir() else None
        with alone(LOCAL / "venv.lock"):
            if not _is_installed(kind):
                _refuse_full_disk(kind)
                _make(say)
                _install(kind, say)
    except OSError as error:
        raise from_os_error(error, ROOT) from error


def _refuse_full_disk(kind: str) -> None:
    needed = NEEDED_BYTES[kind] if not PYTHON.exists() else 0
    if shutil.disk_usage(ROOT).free < needed:
        raise disk_full(ROOT)


def _usable() -> bool:
    """Whether the environment belongs to this version of Python and has its pip."""
    packages = VENV / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"
    return os.access(PYTHON, os.X_OK) and (packages / "pip").is_dir()


def _make(say: Say) -> None:
    if _usable():
        return
    say("建立 Python 环境 .venv")
    wheel = next((ROOT / "tools/bootstrap").glob("pip-*.whl"))
    _run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)])
    _run([str(PYTHON), str(wheel / "pip"), "install", "--quiet", "--no-index", "--no-deps", str(wheel)])


def _install(kind: str, say: Say) -> None:
    requirements = REQUIREMENTS[kind]
    total = len(re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", requirements.read_text(), re.MULTILINE))
    say(f"安装依赖(共 {total} 个,第一次需要几分钟)")
    seen = 0

    def progress(line: str) -> None:
        nonlocal seen
        if line.startswith(("Collecting", "Requirement already satisfied")):
            seen += 1
            if seen % 10 == 0:
                say(f"安装依赖 {min(seen, total)}/{total}")
        elif line.startswith("Installing collected packages"):
            say("安装依赖:下载完毕,正在写入")

    # The list is complete and pinned, so there is nothing to resolve: --no-deps saves that time.
    options = ["--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    patience = ["--retries=2", "--timeout=60"]
    _run([str(PYTHON), "-m", "pip", "install", *options, *patience, "-r", str(requirements)], progress)
    _stamp(kind).write_text(_digest(kind))


def _run(command: list[str], progress: Callable[[str], None] = lambda line: None) -> None:
    """Run one step; its whole output goes to the log, and its failure becomes one sentence."""
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    log = LOCAL / "setup.log"
    said: list[str] = []
    with (
        log.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
            cwd=ROOT,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            file.write(line)
            said.append(line)
            progress(line)
    if process.returncode != 0:
        raise _reason("".join(said), log)


def _reason(output: str, log: Path) -> Problem:
    if NO_SPACE.search(output):
        return disk_full(ROOT)
    if "No module named venv" in output:
        return Problem("这里的 Python 缺少 venv 模块:请安装完整的 python3(Debian:apt-get install python3-venv)。")
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output:
        return Problem("下载的软件包与锁定的校验值不符,没有安装:请检查所用的软件源,然后重新运行。")
    if "Permission denied" in output:
        return Problem(f"没有权限写入 {VENV}:请用创建它的那个用户来运行,或把它删除后重新运行。")
    if NO_NETWORK.search(output):
        return Problem("连不上 Python 软件源:请检查网络,或用 PIP_INDEX_URL 指定可用的镜像,然后重新运行。")
    return Problem(f"安装依赖失败:请查看 {log} 末尾的原因,处理后重新运行。")
