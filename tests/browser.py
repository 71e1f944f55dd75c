"""A real browser for tests: start it, look at a page with it, collect what a person or a policy would object to.

Marked ``browser``; a machine without one is told so by `launch` in a sentence. Set PAIRING_CHROMIUM to name the program.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect, sync_playwright

if TYPE_CHECKING:
    from tenancy.models import Account
    from tests.live import LiveServer

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "tests/front/vendor/axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 90_000.0
PHONE: ViewportSize = {"width": 360, "height": 640}
DESK: ViewportSize = {"width": 1366, "height": 768}


class NoBrowser(RuntimeError):
    """No chromium on this machine."""


def chromium() -> str | None:
    """Path of the browser to use; None when there is none but playwright's own."""
    return os.environ.get("PAIRING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launch() -> Iterator[Browser]:
    """A headless browser, closed at the end of the block. Raises NoBrowser."""
    # Playwright's synchronous interface keeps an event loop in this thread, and Django then refuses every query of the test.
    # Nothing here runs at the same time, so the refusal protects nothing.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            path = chromium()
            if path is None and not Path(playwright.chromium.executable_path).exists():
                raise NoBrowser("No browser found. Install chromium, or name one in PAIRING_CHROMIUM.")
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            _be_patient(browser)
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def _be_patient(browser: Browser) -> None:
    """Wait for what is expected as long as it takes on a machine with much else to do; what is there is seen at once."""
    expect.set_options(timeout=PATIENCE_MS)
    new_context, new_page = browser.new_context, browser.new_page

    def context(**options: Any) -> BrowserContext:
        made = new_context(**options)
        made.set_default_timeout(PATIENCE_MS)
        return made

    def page(**options: Any) -> Page:
        made = new_page(**options)
        made.set_default_timeout(PATIENCE_MS)
        return made

    browser.new_context, browser.new_page = context, page  # type: ignore[method-assign]


def watch(page: Page) -> list[str]:
    """A list that fills with what goes wrong on the page from now on: broken policy, script errors, missing files."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on("console", lambda message: found.append(f"console: {message.text}") if message.type == "error" else None)
    page.expose_function("reportPolicy", lambda text: found.append(f"policy: {text}"))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " (e) => window.reportPolicy(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber))"
    )
    return found


@contextmanager
def tab(
    browser: Browser, live: "LiveServer", account: "Account", viewport: ViewportSize, *, text: int | str = 16
) -> Iterator[tuple[Page, list[str]]]:
    """A tab in which ``account`` is signed in and reads at ``text`` px, and what goes wrong in it (`watch`).

    To look at many pages, go from one to the next in the same tab: a fresh one fetches every style and script again.
    """
    # Not at the top: conftest reads this file before Django's models and the plugin of the live server are there.
    from tenancy.views.start import TEXT_COOKIE

    context = browser.new_context(viewport=viewport, locale="zh-CN")
    try:
        live.sign_in(context, account)
        context.add_cookies([{"name": TEXT_COOKIE, "value": str(text), "url": live.url}])
        page = context.new_page()
        yield page, watch(page)
    finally:
        context.close()


# Its violations alone: what it has passed is a list many times as long, which the browser would have to hand over. A rule
# has one impact, whatever it finds; those below serious need not look.
_AXE_RUN = """axe.run(document, {
    resultTypes: ['violations'],
    rules: Object.fromEntries(
        axe._audit.rules.filter((r) => !['serious', 'critical'].includes(r.impact)).map((r) => [r.id, {enabled: false}])),
}).then((r) => r.violations)"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def axe_violations(page: Page) -> list[str]:
    """Serious and critical findings of axe-core, one line each: the rule and the first places."""
    # Through the debugger, not as a <script>: the page's own policy stays in force.
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(_AXE_RUN)
    return [
        f"{finding['id']}: {finding['help']}: " + "; ".join(str(node["html"])[:160] for node in finding["nodes"][:3])
        for finding in found
        if finding["impact"] in {"serious", "critical"}
    ]


def no_horizontal_scroll(page: Page) -> bool:
    """Whether the page as a whole fits the width of the screen. Boxes that scroll inside it do not count."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def objections(page: Page) -> list[str]:
    """What axe finds serious, and whether the page scrolls sideways."""
    return axe_violations(page) + ([] if no_horizontal_scroll(page) else ["scrolls sideways"])


def taken(troubles: list[str]) -> list[str]:
    """What `watch` has found up to now; its list begins anew, for the next page."""
    found, troubles[:] = list(troubles), []
    return found


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Buttons, menu lines and inputs that are lower or narrower than `least` px. Links in running text may be small."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll('button, .btn, summary, select, textarea, .tickline,'
              + 'input:not([type=hidden]):not([type=checkbox]):not([type=radio]), .site-nav a, .menu-panel a, .tabs a')]
            .filter((e) => e.checkVisibility() && e.getClientRects().length)
            .map((e) => [e, e.getBoundingClientRect()])
            .filter(([, r]) => r.height < least - 0.5 || r.width < least - 0.5)
            .map(([e, r]) => `${e.tagName} ${e.textContent.trim().slice(0, 20)} ${r.width.toFixed(0)}x${r.height.toFixed(0)}`)""",
        least,
    )
    return found


def screenshot(page: Page, name: str) -> None:
    """The whole page as .local/screenshots/<name>.png, to be looked at: made where PAIRING_SCREENSHOTS=1 asks for it.

    Nothing is asserted of a picture, and it costs as much time as all that is.
    """
    if os.environ.get("PAIRING_SCREENSHOTS") != "1":
        return
    path = ROOT / ".local/screenshots" / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    for _try in range(3):
        # On a machine without a graphics card the browser now and then has no picture ready ("Unable to capture
        # screenshot"). The picture is for people to look at; what the tests assert is asked of the page itself.
        with suppress(Error):
            page.screenshot(path=path, full_page=True)
            break
        page.wait_for_timeout(300)
