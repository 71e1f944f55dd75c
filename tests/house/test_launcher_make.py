"""What stands behind ``make``: each thing that can be missing is said in one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launch.keep import write_json
from config.launch.locks import Users
from config.launch.problem import Problem
from tools import address, environment, task
from tools.address import Address

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def tools_only(tmp_path: Path) -> Path:
    """A PATH with a shell's few helpers and no Python."""
    for name in ("sh", "dirname"):
        found = next(Path(place) / name for place in ("/usr/bin", "/bin") if (Path(place) / name).exists())
        (tmp_path / name).symlink_to(found)
    return tmp_path


def start(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [path / "sh", ROOT / "tools/task.sh", *arguments],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_one_sentence_says_what_to_install(tools_only: Path) -> None:
    told = start(tools_only, "run")

    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr == ("没有找到 Python:请先安装 Python 3.11 或更新的版本(Debian:apt-get install python3),然后重新运行。\n")


def test_with_an_old_python_one_sentence_names_it(tools_only: Path) -> None:
    old = tools_only / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *stdout*) printf 3.9 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)

    told = start(tools_only, "run")

    assert told.returncode == 1
    assert told.stderr == (
        "需要 Python 3.11 或更新的版本,而这里的 python3 是 3.9:请安装新版本,或用 PYTHON=python3.12 make run 指定。\n"
    )


def test_a_newer_python_beside_an_old_one_is_taken(tools_only: Path) -> None:
    for name, script in (("python3", "exit 1"), ("python3.12", 'case "$1" in -c) exit 0 ;; *) echo "$0 $*" ;; esac')):
        (tools_only / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools_only / name).chmod(0o755)

    told = start(tools_only, "run")

    assert told.stdout == f"{tools_only}/python3.12 -m tools.task run\n"


def test_make_offers_exactly_the_tasks_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = next(line for line in makefile.splitlines() if line.startswith("TARGETS :=")).split()[2:]

    assert sorted(targets) == sorted(task.TASKS)
    assert [target for target in targets if f"make {target} " not in makefile] == []


@pytest.mark.parametrize("told", ["abc", "0", "70000", "-1", "8000", "８０００"])
def test_a_port_that_is_none_is_said(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", told)
    monkeypatch.delenv("HOST", raising=False)
    if told == "8000":
        assert address.asked_for() == Address("127.0.0.1", 8000)
    else:
        with pytest.raises(Problem, match=f"PORT={told} 不是端口号"):
            address.asked_for()


@pytest.fixture
def taken(socket_enabled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    monkeypatch.setattr(address, "LOCAL", tmp_path)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield Address("127.0.0.1", door.getsockname()[1])


def test_a_port_taken_by_another_program_is_said_with_the_way_out(taken: Address) -> None:
    with pytest.raises(Problem) as caught:
        address.ensure_free(taken)

    assert str(caught.value) == (f"端口 {taken.port} 已被别的程序占用:请换一个端口,例如 PORT={taken.port + 1} make run。")


def test_a_port_taken_by_ourselves_is_said_with_the_address_to_open(taken: Address, tmp_path: Path) -> None:
    write_json(tmp_path / "run.json", {"state": "running", "port": taken.port})
    running = Users(tmp_path / "run.lock")
    running.join()

    with pytest.raises(Problem, match=f"平台已经在运行:请打开 http://127.0.0.1:{taken.port}/"):
        address.ensure_free(taken)
    running.leave()


def test_a_free_port_is_not_complained_of(socket_enabled: None) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]

    address.ensure_free(Address("127.0.0.1", port))


def test_an_address_that_the_machine_does_not_have_is_said(socket_enabled: None) -> None:
    with pytest.raises(Problem, match=r"本机没有地址 203\.0\.113\.9"):
        address.ensure_free(Address("203.0.113.9", 8000))


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "校验值不符"),
        ("/usr/bin/python3: No module named venv", "缺少 venv 模块"),
        ("WARNING: Retrying … NewConnectionError('…: Temporary failure in name resolution')", "连不上 Python 软件源"),
        ("ERROR: No matching distribution found for django==5.2", "连不上 Python 软件源"),
        ("[Errno 13] Permission denied: '.venv'", "没有权限写入"),
        ("anything else", "请查看 setup.log 末尾的原因"),
    ],
)
def test_what_pip_says_becomes_one_sentence(output: str, sentence: str) -> None:
    problem = environment._reason(output, Path("setup.log"))

    assert sentence in str(problem)
    assert str(problem).count("。") == 1


def test_the_vendored_pip_is_the_one_its_readme_names() -> None:
    import hashlib

    folder = ROOT / "tools/bootstrap"
    (wheel,) = folder.glob("*.whl")
    readme = (folder / "README.md").read_text(encoding="utf-8")

    assert f"`{wheel.name}`" in readme
    assert f"`{hashlib.sha256(wheel.read_bytes()).hexdigest()}`" in readme


def test_an_environment_is_renewed_when_its_list_or_its_python_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "bin/python"
    python.parent.mkdir()
    python.touch(mode=0o755)
    lists = {kind: tmp_path / f"{kind}.txt" for kind in ("run", "dev")}
    for path in lists.values():
        path.write_text("django==5.2\n")
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", python)
    monkeypatch.setattr(environment, "REQUIREMENTS", lists)
    assert not environment._is_installed("run")
    environment._stamp("dev").write_text(environment._digest("dev"))
    assert environment._is_installed("dev")
    assert environment._is_installed("run"), "what developers have holds what running needs"

    lists["dev"].write_text("django==5.3\n")
    assert not environment._is_installed("run")
    environment._stamp("run").write_text(environment._digest("run"))
    assert environment._is_installed("run")
    assert not environment._is_installed("dev")

    python.unlink()
    assert not environment._is_installed("run")


def test_continuous_integration_runs_make_check_and_nothing_less() -> None:
    script = (ROOT / ".ci/run").read_text()

    assert script.rstrip().endswith("\nexec make check")
    assert os.access(ROOT / ".ci/run", os.X_OK)
