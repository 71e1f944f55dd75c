"""``manage.py new_county 440981 --slug gaozhou``: a county with its towns and villages, in a few seconds."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy.scope import SYSTEM, tenant_scope
from units.divisions.actions import CountyExists, create_county
from units.divisions.counties import CountyRefused
from units.divisions.first_admin import LoginRefused, create_first_admin
from units.models import Unit
from units.models.unit import VILLAGE_KINDS, UnitKind


class Command(BaseCommand):
    """Sets a county up from the shipped division codes; run twice, it changes nothing."""

    help = "Set a county up from its six-digit division code (run twice: nothing changes)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="six digits, for example 440981")
        parser.add_argument("--slug", default="", help="part of every address, for example gaozhou; default: made from the name")
        parser.add_argument("--name", default="", help="how the county is called; default: its official name")
        parser.add_argument("--admin-login", default="", help="login of the first county administrator; its password is printed")

    def handle(self, *args: Any, code: str, slug: str, name: str, admin_login: str, **options: Any) -> None:
        now = timezone.now()
        try:
            with transaction.atomic():
                tenant = create_county(code=code, slug=slug, name=name, actor=SYSTEM, now=now)
                password = create_first_admin(tenant=tenant, login=admin_login, actor=SYSTEM, now=now) if admin_login else ""
        except CountyExists as exists:
            if slug and slug != exists.tenant.slug:
                raise CommandError(str(exists)) from exists
            self.stdout.write(str(exists))
            return
        except (CountyRefused, LoginRefused) as refused:
            raise CommandError(str(refused)) from refused
        with tenant_scope(tenant):
            n_towns = Unit.objects.filter(kind=UnitKind.TOWN).count()
            n_villages = Unit.objects.filter(kind__in=VILLAGE_KINDS).count()
        self.stdout.write(
            _("%(name)s is set up: %(towns)d towns, %(villages)d villages and communities. Address: /%(slug)s/")
            % {"name": tenant.name, "towns": n_towns, "villages": n_villages, "slug": tenant.slug}
        )
        if password:
            self.stdout.write(
                _("First administrator: %(login)s, password %(password)s (shown once; to be changed within 7 days).")
                % {"login": admin_login.strip().lower(), "password": password}
            )
