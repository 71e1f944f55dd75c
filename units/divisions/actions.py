"""Setting a county up from the division codes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tenancy import audit
from tenancy.models import Division, Tenant, TenantSettings
from tenancy.models.tenant import RESERVED_SLUGS
from tenancy.scope import Actor, tenant_scope
from units.divisions.counties import CountyRefused, find_county
from units.divisions.edition import EDITION, EDITION_DATE, CountyList, read_shipped
from units.divisions.loading import load_units
from units.divisions.slugs import default_slug

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
_KINDS = {2: Division.Kind.PROVINCE, 4: Division.Kind.PREFECTURE, 6: Division.Kind.COUNTY}


class CountyExists(CountyRefused):
    """The county was set up before; ``tenant`` is it. Nothing was changed."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(
            "code",
            _("%(name)s is set up already, at /%(slug)s/. Nothing was changed.") % {"name": tenant.name, "slug": tenant.slug},
        )
        self.tenant = tenant


@transaction.atomic
def create_county(*, code: str, slug: str = "", name: str = "", actor: Actor, now: datetime) -> Tenant:
    """Set a county up: the divisions above it, its settings, its towns and villages of the shipped edition.

    ``slug`` and ``name`` are made from the list when empty. Raises CountyExists (nothing was changed) or
    CountyRefused, whose text says what to do.
    """
    entry = find_county(code)
    with connection.cursor() as cursor:
        # Two operators at once: the second waits, and is then told that the county exists.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('create_county'))")
    existing = Tenant.objects.filter(division_id=entry.code).first()
    if existing is not None:
        raise CountyExists(existing)
    slug = _checked_slug(slug, entry.name)
    county = read_shipped(entry.code)
    _record_divisions(county)
    tenant = Tenant.objects.create(slug=slug, name=name.strip()[:60] or entry.name, division_id=entry.code)
    Tenant.objects.filter(pk=tenant.pk).update(created_at=now)
    with tenant_scope(tenant, actor=actor, reason=_("division codes, edition of %(edition)s") % {"edition": EDITION}):
        TenantSettings.objects.create(tenant=tenant)
        n_towns, n_villages = load_units(tenant, county, starts_on=EDITION_DATE)
        counts: dict[str, Any] = {"edition": EDITION, "n_towns": n_towns, "n_villages": n_villages}
        audit.append(actor, "county_created", object_kind="tenant", object_uid=tenant.uid, **counts)
    audit.platform("county_created", actor=actor, slug=slug, code=entry.code, **counts)
    return tenant


def _record_divisions(county: CountyList) -> None:
    Division.objects.bulk_create(
        [
            Division(code=entry.code, name=entry.name, kind=_KINDS[len(entry.code)], parent_id=entry.parent_code or None)
            for entry in county.above
        ],
        ignore_conflicts=True,
    )


def _checked_slug(slug: str, county_name: str) -> str:
    proposed = slug.strip() or default_slug(county_name)
    if not _SLUG.fullmatch(proposed):
        raise CountyRefused(
            "slug",
            _("The address name “%(slug)s” cannot be used. Write 3 to 40 small letters, digits and hyphens, for example gaozhou.")
            % {"slug": proposed[:40]},
        )
    if proposed in RESERVED_SLUGS:
        raise CountyRefused(
            "slug", _("The address name “%(slug)s” is used by the product itself. Choose another.") % {"slug": proposed}
        )
    holder = Tenant.objects.filter(slug=proposed).first()
    if holder is not None:
        raise CountyRefused(
            "slug",
            _("The address name “%(slug)s” belongs to %(holder)s. Choose another, for example %(other)s.")
            % {"slug": proposed, "holder": holder.name, "other": _free_slug(proposed)},
        )
    return proposed


def _free_slug(slug: str) -> str:
    taken = set(Tenant.objects.filter(slug__startswith=slug[:36]).values_list("slug", flat=True))
    return next(other for n in range(2, 1000) if (other := f"{slug[:36]}-{n}") not in taken)
