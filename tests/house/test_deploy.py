"""The production files agree with the code: services, secrets, roles, settings, headers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from config.launch.roles import SIGN_IN

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def test_compose_has_every_part_of_production(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == ["beat", "db", "dispatcher", "migrate", "nginx", "redis", "web", "worker"]
    assert compose["services"]["beat"]["deploy"] == {"replicas": 1}


def test_only_the_proxy_is_reachable_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["nginx"]
    assert [name for name, service in compose["services"].items() if "outside" in service["networks"]] == ["nginx"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_each_service_holds_only_the_passwords_it_needs(compose: dict[str, Any]) -> None:
    held = {name: set(service.get("secrets", [])) & set(SIGN_IN.values()) for name, service in compose["services"].items()}

    assert held == {
        "migrate": {"pair_app", "pair_owner"},
        "web": {"pair_app", "pair_pref"},
        "worker": {"pair_app"},
        "beat": {"pair_app"},
        "dispatcher": {"pair_app", "pair_dispatch"},
        "db": set(SIGN_IN.values()),
        "redis": set(),
        "nginx": set(),
    }


def test_every_secret_is_a_file_that_the_script_makes(compose: dict[str, Any]) -> None:
    script = (DEPLOY / "make-secrets.sh").read_text(encoding="utf-8")
    made = re.search(r"for name in (.+); do", script)
    assert made is not None

    assert set(made[1].split()) == set(compose["secrets"])
    assert {secret["file"] for secret in compose["secrets"].values()} == {
        f"./deploy/secrets/{name}" for name in compose["secrets"]
    }
    assert {name for service in compose["services"].values() for name in service.get("secrets", [])} == set(compose["secrets"])


def test_what_compose_names_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists(), source
            elif not source.startswith("${"):
                assert source in compose["volumes"]
        for other, wanted in service.get("depends_on", {}).items():
            healthy = wanted["condition"] != "service_healthy" or "healthcheck" in compose["services"][other] or other == "web"
            assert healthy, f"{other} has no health check"
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_application_containers_run_with_as_little_as_possible(compose: dict[str, Any]) -> None:
    for name in ("migrate", "web", "worker", "beat", "dispatcher"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER [1-9]\d*$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_containers_first_start_sets_every_roles_password() -> None:
    script = (DEPLOY / "container/roles.sh").read_text(encoding="utf-8")
    set_in = re.search(r"for role in (.+); do", script)
    assert set_in is not None

    assert set(set_in[1].split()) == set(SIGN_IN.values())
    assert "/sql/roles.sql" in script
    assert "/sql/database.sql" in script


def test_commands_that_production_starts_exist(compose: dict[str, Any]) -> None:
    texts = [str(service.get("command", "")) for service in compose["services"].values()]
    texts += [path.read_text(encoding="utf-8") for path in DEPLOY.glob("systemd/*.service")]
    started = {name for text in texts for name in re.findall(r"manage\.py[', ]+([a-z_]+)", text)}

    assert started == {"migrate", "collectstatic", "dispatch"}
    assert started <= set(get_commands())


def test_every_setting_that_is_read_is_told_in_the_example() -> None:
    code = (ROOT / "config/settings.py").read_text(encoding="utf-8") + (DEPLOY / "gunicorn.conf.py").read_text()
    read = set(re.findall(r"""(?:env\.\w+|_from_file|environ\.get)\(\s*"([A-Z_0-9]+)\"""", code))
    read |= set(re.findall(r'"(DATABASE_\w+)"', code))
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    told = set(re.findall(r"^#?([A-Z_0-9]+)=", example, re.MULTILINE))
    # Set by the units themselves, or never in production.
    apart = {"COLLECTING_STATIC", "DEBUG"}

    assert read - told - apart == set()
    assert told - read == set()


def test_the_proxy_hands_on_no_header_that_a_client_could_forge() -> None:
    site = (DEPLOY / "nginx/site.conf.template").read_text(encoding="utf-8")
    written = dict(re.findall(r"proxy_set_header\s+(\S+)\s+(.+);", site))

    assert written["X-Forwarded-For"] == "$remote_addr"
    assert written["X-Forwarded-Proto"] == "$scheme"
    assert {written[name] for name in ("X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "Forwarded")} == {'""'}
    # A location with one proxy_set_header of its own inherits none of the server's.
    server = site[site.index("listen 443 ssl;") :]
    assert [part for part in server.split("location ")[1:] if "proxy_set_header" in part] == []


def test_the_counties_files_are_served_only_through_the_application() -> None:
    site = (DEPLOY / "nginx/site.conf.template").read_text(encoding="utf-8")
    parts = site.split("location ")
    serving = [part for part in parts if "/srv/pairing/media" in part]

    assert len(serving) == 1
    assert "internal;" in serving[0]


def test_units_can_reach_nothing_but_their_own_folders() -> None:
    for unit in DEPLOY.glob("systemd/*.service"):
        text = unit.read_text(encoding="utf-8")
        for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "User=pairing"):
            assert f"\n{line}\n" in text, f"{unit.name}: {line}"
    with_owner = [unit.name for unit in DEPLOY.glob("systemd/*") if "env.owner" in unit.read_text(encoding="utf-8")]
    assert with_owner == ["pairing-migrate.service"]


def test_the_image_holds_every_app_and_not_the_tests() -> None:
    kept = {
        line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    ours = {app.split(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()}

    assert ours <= kept
    assert {"templates", "static", "locale", "lib", "manage.py", "requirements.txt"} <= kept
    assert kept.isdisjoint({"tests", ".local", ".venv", "bench", "deploy/secrets"})


def test_both_guides_have_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        blocks = re.findall(r"```sh\n(.*?)```", (DEPLOY / name).read_text(encoding="utf-8"), re.DOTALL)
        return [line.split("  #")[0].split("      #")[0].strip() for block in blocks for line in block.splitlines()]

    def bare(lines: list[str]) -> list[str]:
        return [line.split(" 然后")[0].split(" then")[0].strip() for line in lines]

    assert bare(commands("README.md")) == bare(commands("README.zh-CN.md"))
