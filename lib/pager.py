"""What ``templates/parts/pager.html`` says of a page of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page


def pager(page: Page[Any], at: Callable[[int], str]) -> dict[str, Any]:
    """Count, first and last row, and the addresses of the pages beside it; ``at(number)`` gives a page's address."""
    return {
        "count": page.paginator.count,
        "first": page.start_index(),
        "last": page.end_index(),
        "page": page.number,
        "pages": page.paginator.num_pages,
        "prev_url": at(page.previous_page_number()) if page.has_previous() else "",
        "next_url": at(page.next_page_number()) if page.has_next() else "",
    }
