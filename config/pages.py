"""What every page's frame needs: navigation, who is signed in, the footer's words (templates/base.html)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of ``base.html``. Asks no query on pages without a tenant."""
    return {}
