"""``manage.py migrate``: as the owner, then rights and the signing key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from tenancy import rights
from tenancy.migrating import models_built_once
from tenancy.scope import signing_keys


class Command(DjangoMigrate):
    """Migrates alias ``owner``; the web's role may create nothing."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] not in connections.settings:
            raise CommandError("没有数据库所有者的连接:请设置 DATABASE_OWNER_URL 后再运行 migrate。")
        with models_built_once():
            super().handle(*args, **options)
        if options.get("check_unapplied") or options.get("plan"):
            return
        with connections[options["database"]].cursor() as cursor:
            cursor.execute("SELECT to_regclass('app.signing_key')")
            if cursor.fetchone()[0] is None:
                return
            rights.apply(cursor)
            inner, outer = signing_keys(settings.TENANT_KEY)
            cursor.execute(
                "INSERT INTO app.signing_key (inner_pad, outer_pad) VALUES (%s, %s) ON CONFLICT DO NOTHING", [inner, outer]
            )
