"""``manage.py load_demo``: the demonstration, for an empty database; a second time it says that it is there."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.progress import Progress
from units.demo import loading


class Command(BaseCommand):
    """Two counties, the sample ledgers, an account for each role; the accounts go into a file for this machine."""

    help = "Load the demonstration into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--accounts-file",
            type=Path,
            default=settings.BASE_DIR / ".local" / "demo-accounts.json",
            help="where logins and passwords are written",
        )

    def handle(self, *args: Any, accounts_file: Path, **options: Any) -> None:
        now = timezone.now()
        if loading.is_loaded():
            self._again(accounts_file)
            return
        # A bar stays in its line.
        self.stdout.ending = ""
        progress = Progress(self.stdout, loading.n_steps(timezone.localdate(now)))
        try:
            accounts = loading.load(now=now, say=progress.step)
        except loading.DemoRefused as refused:
            raise CommandError(str(refused)) from refused
        except BaseException:
            progress.stop()
            raise
        loading.write_accounts(accounts, accounts_file)
        progress.done(
            _("The demonstration is loaded; %(n)d accounts are in %(file)s.") % {"n": len(accounts), "file": accounts_file}
        )

    def _again(self, accounts_file: Path) -> None:
        if _is_whole(accounts_file):
            self.stdout.write(_("The demonstration is there already. Nothing was changed."))
            return
        # Without the file nobody knows the passwords, and they are kept nowhere else.
        loading.write_accounts(loading.new_passwords(now=timezone.now()), accounts_file)
        self.stdout.write(
            _("The demonstration is there already; its accounts have new passwords, in %(file)s.") % {"file": accounts_file}
        )


def _is_whole(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False
