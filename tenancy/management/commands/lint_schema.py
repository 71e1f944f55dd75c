"""``manage.py lint_schema``: whether the walls between counties stand in the database as it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from tenancy.lint import findings


class Command(BaseCommand):
    """Prints one line for each hole and fails when there is one."""

    help = "Look for holes in the walls between counties (row-level security, keys, rights)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--database", default="default", help="database alias to look through (default: default)")

    def handle(self, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:
            found = findings(cursor)
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} 处不合隔离要求(见上;各条含义见 docs/security/isolation.md)。")
        self.stdout.write("隔离检查通过:没有发现问题。")
