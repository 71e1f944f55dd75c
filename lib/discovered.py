"""Modules that each app may have, imported once: Django's own search tries every app anew at each call."""

from __future__ import annotations

from functools import cache

from django.utils.module_loading import autodiscover_modules


@cache
def discover(name: str) -> None:
    """Import the module ``name`` of every installed app that has one. Raises what importing it raises, each time."""
    autodiscover_modules(name)
