"""``manage.py open_year COUNTY YEAR PRESET``: give a programme year its rules, types and calendar."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from activities.actions.year import YearRefused, open_year
from activities.presets import PRESETS
from pairing.models import Programme
from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope


class Command(BaseCommand):
    """The same as the page does; a year that is open already is left as it is, with a sentence."""

    help = "为一个方案年度启用预设规则,例如:open_year gaozhou 2024 five_ones。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", help="address name or division code, for example gaozhou or 440981")
        parser.add_argument("year", type=int, help="year of the programme")
        parser.add_argument("preset", nargs="?", default="five_ones", choices=sorted(PRESETS))

    def handle(self, *args: Any, **options: Any) -> None:
        by = {"division_id": options["county"]} if options["county"].isdigit() else {"slug": options["county"]}
        tenant = Tenant.objects.filter(is_active=True, **by).first()
        if tenant is None:
            raise CommandError(f"没有这个县：{options['county']}。")
        with tenant_scope(tenant):
            programmes = list(Programme.objects.filter(year=options["year"]).order_by("id"))
            if len(programmes) != 1:
                raise CommandError(f"{options['year']} 年有 {len(programmes)} 个方案；请在“规则”页选择要开启的那一个。")
            try:
                open_year(programme=programmes[0], preset=options["preset"], actor=SYSTEM)
            except YearRefused as refused:
                raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"{tenant.name} {programmes[0].title} 已开启。")
