"""``manage.py rebuild_obligations``: make all cells anew from the records alone, and say how many differed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from activities import obligations
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


class Command(BaseCommand):
    """Obligations are derived (architecture.md, decision 6): nothing is lost by making them again."""

    help = "由规则、结对、记录、豁免和日历重新计算各项任务;--check 只比较,不写入,有差异时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", nargs="*", help="address names or division codes; all counties without any")
        parser.add_argument("--check", action="store_true", help="compare only; exit code 1 when something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.filter(is_active=True).order_by("slug")
        if options["county"]:
            tenants = tenants.filter(Q(slug__in=options["county"]) | Q(division_id__in=options["county"]))
            known = {name for tenant in tenants for name in (tenant.slug, tenant.division_id)}
            unknown = set(options["county"]) - known
            if unknown:
                raise CommandError(f"没有这个县：{'、'.join(sorted(unknown))}。")
        differing = 0
        for tenant in tenants:
            changes = self._one(tenant, check=options["check"])
            differing += bool(changes)
            self.stdout.write(f"{tenant.name}：新增 {changes.made}，改变 {changes.changed}，删除 {changes.removed}")
        if options["check"] and differing:
            raise CommandError("已保存的任务与重新计算的不一致。去掉 --check 再运行一次即可改正。")

    def _one(self, tenant: Tenant, *, check: bool) -> obligations.Changes:
        class Undo(Exception):
            pass

        changes = obligations.Changes()
        try:
            with tenant_scope(tenant):
                changes = obligations.refresh()
                if check:
                    raise Undo
        except Undo:
            pass
        return changes
