"""Every place that starts a program of production starts it with the same command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.conf import settings

from config.programs import BEAT, DISPATCHER, WORKER, worker_options

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = {"worker": WORKER, "beat": BEAT, "dispatcher": DISPATCHER}
UNITS = {"worker": "pairing-worker", "beat": "pairing-beat", "dispatcher": "pairing-dispatch", "web": "pairing-web"}


def unit(name: str) -> str:
    return (ROOT / f"deploy/systemd/{UNITS[name]}.service").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return loaded


@pytest.mark.parametrize("name", PROGRAMS)
def test_compose_and_systemd_start_the_program_as_it_is_defined(services: dict[str, Any], name: str) -> None:
    in_unit = re.search(r"^ExecStart=/opt/pairing/\.venv/bin/(.+)$", unit(name), re.MULTILINE)
    assert in_unit is not None

    assert tuple(services[name]["command"]) == PROGRAMS[name]
    assert tuple(in_unit[1].split()) == PROGRAMS[name]


@pytest.mark.parametrize("name", UNITS)
def test_what_ends_is_begun_anew_however_often(services: dict[str, Any], name: str) -> None:
    assert services[name]["restart"] == "unless-stopped"
    assert "\nRestart=always\n" in unit(name)
    # Without the line systemd gives up after a few ends in quick succession.
    before_service = unit(name).partition("[Service]")[0]
    assert "\nStartLimitIntervalSec=0\n" in before_service
    assert re.search(r"^RestartSec=[1-9]", unit(name), re.MULTILINE), "a pause between"


def test_nothing_else_starts_a_worker_of_its_own_kind() -> None:
    """A drill or a unit with other flags would try something else than what runs in production."""
    texts = [
        *ROOT.glob("deploy/**/*"),
        ROOT / "Dockerfile",
        ROOT / "Makefile",
        *ROOT.glob("tests/drills/*.py"),
        *ROOT.glob("tools/*.py"),
    ]
    with_flags = {
        str(path.relative_to(ROOT))
        for path in texts
        if path.is_file() and "--without-gossip" in path.read_text("utf-8", errors="replace")
    }

    assert with_flags == {"deploy/systemd/pairing-worker.service"}


def test_celery_knows_every_flag() -> None:
    for command in (WORKER, BEAT):
        parser = celery_command.commands[command[3]]
        known = {option for parameter in parser.params for option in parameter.opts}
        used = {word.partition("=")[0] for word in command[4:] if word.startswith("--")}
        assert used <= known, used - known


def test_the_worker_in_make_run_does_without_the_same_things() -> None:
    assert worker_options() == {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}


def test_the_remote_control_listens() -> None:
    """It is what hears of a broker that goes while every child is busy, and what the worker's health check in compose asks."""
    from config.celery import app

    assert app.conf.worker_enable_remote_control is True
    assert settings.CELERY["broker_connection_max_retries"] is None
