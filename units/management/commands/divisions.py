"""``manage.py divisions compare gaozhou list.csv.xz --edition 2024-06-30``: what a newer list would change."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from units.divisions import queries
from units.divisions.edition import EditionUnreadable, read_brought
from units.divisions.revising import RevisionRefused, compare_edition, edition_date


class Command(BaseCommand):
    """Writes the lines down for the county to decide; changes no town or village."""

    help = "Compare a county's towns and villages with a newer list of division codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["compare"])
        parser.add_argument("tenant", help="address name of the county, for example gaozhou")
        parser.add_argument("file", type=Path, help="lines of code,name as .csv or .csv.xz")
        parser.add_argument("--edition", required=True, help="the day that the list describes, for example 2024-06-30")

    def handle(self, *args: Any, tenant: str, file: Path, edition: str, **options: Any) -> None:
        county = Tenant.objects.filter(slug=tenant).first()
        if county is None:
            known = _(", ").join(Tenant.objects.values_list("slug", flat=True)) or "—"
            raise CommandError(_("There is no county at /%(slug)s/. There are: %(known)s.") % {"slug": tenant, "known": known})
        try:
            if file.stat().st_size > settings.IMPORT_MAX_BYTES:
                raise CommandError(_("The file is larger than 20 MB. Compress it to .csv.xz, or keep this county's lines only."))
            raw = file.read_bytes()
        except OSError as problem:
            raise CommandError(_("The file %(file)s cannot be read. Check its name.") % {"file": file}) from problem
        now = timezone.now()
        try:
            day = edition_date(edition, today=timezone.localdate())
            listed = read_brought(raw, county.division_id)
            with tenant_scope(county):
                revision = compare_edition(tenant=county, county=listed, edition=day, actor=SYSTEM, now=now)
                for change in queries.changes_of(revision):
                    before = f"  ({change.unit.name} {change.unit.division_code})" if change.unit else ""
                    self.stdout.write(f"{change.get_kind_display()}  {change.code}  {change.name}{before}")
                counts = queries.counts_by_kind(revision)
        except (RevisionRefused, EditionUnreadable) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("%(n)d lines. Nothing was changed; decide them at %(address)s")
            % {"n": sum(counts.values()), "address": reverse("divisions:revision", args=[county.slug, revision.uid])}
        )
