"""What a step of the tour stands on: the county, who walks it, their open pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from tenancy.models import Account, Tenant
from tests import browser as look
from tests.live import LiveServer
from tests.tour.pictures import Picture, take

# No step of the walk takes a calm machine a second.
WAIT_MS = 15_000


@dataclass(repr=False)
class Walk:
    """One walk through an empty county; steps leave in ``found`` what later steps need."""

    live: LiveServer
    chrome: Browser
    tenant: Tenant
    members: dict[str, Account] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)
    _pages: dict[str, tuple[Page, list[str]]] = field(default_factory=dict)

    @contextmanager
    def closing(self) -> Iterator[Walk]:
        """Close every page at the end."""
        with self._open:
            yield self

    def page(self, role: str, path: str | None = None) -> Page:
        """The tab of ``role``, at a page of the county if ``path`` names one (no slash at its beginning).

        Those who sit at a desk have a desk's screen, the others a telephone's.
        """
        if role not in self._pages:
            size = look.PHONE if role in ("UL", "VS") else look.DESK
            self._pages[role] = self._open.enter_context(look.tab(self.chrome, self.live, self.members[role], size))
            self._pages[role][0].set_default_timeout(WAIT_MS)
        page, _troubles = self._pages[role]
        if path is not None:
            page.goto(self.live.address(f"/{self.tenant.slug}/{path}"))
        return page

    def look_at(self, role: str, picture: Picture) -> None:
        """Nothing may be wrong with the page by now; then its picture, if pictures are asked for."""
        page, troubles = self._pages[role]
        assert look.no_horizontal_scroll(page), page.url
        take(page, picture)
        assert look.taken(troubles) == [], page.url
