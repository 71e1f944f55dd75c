"""``manage.py rehearse FILE…``: play a programme year through before it is switched on (docs/rehearsal.md)."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from activities.rehearsal.faults import ScenarioRefused
from activities.rehearsal.playing import play
from activities.rehearsal.scenario import Scenario, read_scenario

# Something in a file cannot be played; 1 is left to what nobody foresaw.
FAULTY = 2


class Command(BaseCommand):
    """Reads all files first: one that is faulty keeps the others from being played."""

    help = "Play scenarios against the real rules in a county that never was, and print what comes of them as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="scenarios as JSON; - reads standard input")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        read: list[tuple[str, Scenario]] = []
        faults: list[str] = []
        for name in files:
            try:
                read.append((name, read_scenario(_bytes_of(name))))
            except OSError as problem:
                reason = problem.strerror or str(problem)
                faults.append(_("%(file)s: cannot be read (%(reason)s).") % {"file": name, "reason": reason})
            except ScenarioRefused as refused:
                faults += [f"{name}: {fault}" for fault in refused.faults]
        if faults:
            raise CommandError("\n".join(faults), returncode=FAULTY)
        outcomes = [self._played(name, scenario) for name, scenario in read]
        # One file answers by itself; several answer as a list in their order, each naming its file.
        answer = (
            outcomes[0]
            if len(read) == 1
            else [{"file": name, **one} for (name, _scenario), one in zip(read, outcomes, strict=True)]
        )
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))

    def _played(self, name: str, scenario: Scenario) -> dict[str, Any]:
        try:
            return play(scenario).as_json()
        except ScenarioRefused as refused:
            raise CommandError("\n".join(f"{name}: {fault}" for fault in refused.faults), returncode=FAULTY) from refused


def _bytes_of(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
