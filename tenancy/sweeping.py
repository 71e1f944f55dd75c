"""Housekeeping that time alone makes due. Each app says what it tidies in its module ``sweeps``.

A sweep may run once, ten times or after a day's outage and leaves the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

import structlog
from django.db import connections

from lib.discovered import discover
from tenancy.models.job import Heartbeat
from tenancy.models.tenant import Tenant
from tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)
CountySweep = Callable[[Tenant, datetime], int]
PlatformSweep = Callable[[datetime], int]
C = TypeVar("C", bound=CountySweep)
P = TypeVar("P", bound=PlatformSweep)

_county: dict[str, CountySweep] = {}
_platform: dict[str, PlatformSweep] = {}


def each_county(function: C) -> C:
    """Run for every county in use, in its scope: ``(tenant, now) -> how many things were tidied``."""
    _county[function.__name__] = function
    return function


def whole_platform(function: P) -> P:
    """Run once, with no tenant in scope: ``(now) -> how many things were tidied``."""
    _platform[function.__name__] = function
    return function


def sweep_all(*, now: datetime) -> dict[str, int]:
    """Do every sweep; one that fails is logged and keeps the others from nothing. Returns counts by name."""
    discover("sweeps")
    counts: dict[str, int] = {}
    for name, platform_sweep in _platform.items():
        try:
            counts[name] = platform_sweep(now)
        except Exception:
            log.exception("sweep_failed", sweep=name)
    for tenant in Tenant.objects.filter(is_active=True):
        for name, county_sweep in _county.items():
            try:
                with tenant_scope(tenant):
                    counts[name] = counts.get(name, 0) + county_sweep(tenant, now)
            except Exception:
                log.exception("sweep_failed", sweep=name, tenant=tenant.slug)
    beat("sweeper")
    return counts


def sweep_county(tenant: Tenant, *, now: datetime, but: Collection[str] = ()) -> dict[str, int]:
    """Do every sweep of one county, in the scope that the caller holds: for rehearsals, which play a day at a time.

    ``but``: names of sweeps that could find nothing to do. Raises what a sweep raises, for nothing that comes after
    would be true.
    """
    discover("sweeps")
    return {name: county_sweep(tenant, now) for name, county_sweep in _county.items() if name not in but}


def beat(*names: str) -> None:
    """Write down that these parts of the platform are alive. PostgreSQL's clock is the one that counts."""
    with connections["default"].cursor() as cursor:
        for name in names:
            cursor.execute(
                f"INSERT INTO {Heartbeat._meta.db_table} (name, at) VALUES (%s, now()) "  # noqa: S608 - our own table's name
                "ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at",
                [name],
            )
