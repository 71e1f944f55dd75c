"""Shows every part of the interface with long names, on loopback: `.venv/bin/python tools/front/styleguide.py [port]`.

The pages are rendered without database, tenant or request, and served under the content security policy of production,
so that an inline style or a picture from elsewhere is seen here first. The browser tests serve the same pages.
"""

import mimetypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


def pages() -> dict[str, Callable[[int], str]]:
    """Name of each sample page and what renders it for a text size in px."""
    from django.template.loader import render_to_string

    from tools.front import samples

    found: dict[str, Callable[[int], str]] = {
        "sheet": lambda text: render_to_string("parts/styleguide.html", samples.sheet(text)),
        "login": lambda text: render_to_string("tenancy/login.html", samples.sign_in(text)),
    }
    for name in ERRORS:
        found[name] = lambda text, name=name: render_to_string(f"{name}.html")  # type: ignore[misc]
    return found


def _static_file(path: str) -> Path | None:
    import django_htmx

    for folder in (ROOT / "static", Path(django_htmx.__file__).parent / "static"):
        file = (folder / path).resolve()
        if file.is_relative_to(folder) and file.is_file():
            return file
    return None


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        from django.utils import translation

        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path.startswith("/static/"):
            file = _static_file(url.path.removeprefix("/static/"))
            if file is None:
                self._answer(404, "text/plain", b"")
            else:
                self._answer(200, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes())
            return
        render = pages().get(url.path.strip("/") or "sheet")
        if render is None:
            self._answer(404, "text/plain", b"")
            return
        with translation.override(query.get("language", ["zh-hans"])[0]):
            html = render(int(query.get("text", ["16"])[0]))
        self._answer(200, "text/html; charset=utf-8", html.encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the browser shows what is missing."""


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Serve the sample pages on loopback while the block runs; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _configure() -> None:
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "template_partials"],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [ROOT / "templates"], "APP_DIRS": True}
        ],
        STATIC_URL="/static/",
        LANGUAGE_CODE="zh-hans",
        LOCALE_PATHS=[ROOT / "locale"],
        USE_TZ=True,
    )
    django.setup()


def main(port: int) -> None:
    """Serve until Ctrl-C."""
    _configure()
    with serving(port) as address:
        print(address, *(f"{address}/{name}" for name in pages()), sep="\n")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8099)
