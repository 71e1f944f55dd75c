"""Asking the product as somebody, and reading the whole answer: the body, what is packed in it, the headers."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.test import RequestFactory
from django.test.client import ClientHandler

from tests.routes import Route
from tests.world import Side

NOBODY = "nobody"
# Public ids of A's rows, filled by the fixture that builds the world.
KNOWN: set[str] = set()
# What differs between two answers to the same question: the CSRF token is masked anew each time.
_TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")
# When a paper was made.
_MADE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
# The secret of a new second factor, as text and as a picture.
_SECRET = re.compile(r"\b[A-Z2-7]{32}\b|data:image/svg\+xml;base64,[A-Za-z0-9+/=]+")
# A first password, made at random.
_PASSWORD = re.compile(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CANARY = re.compile(r"[\w.]*zq[ab]\d{4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, and all that the answer says as one text."""

    status: int
    text: str
    location: str
    # What was raised, where an answer is our fault (5xx).
    fault: str = ""

    def masked(self, *values: str) -> tuple[int, str, str]:
        """The answer without what differs by nature: masked tokens, and the ids that were asked for."""
        return (self.status, _masked(self.text, values), _masked(self.location, values))

    def canaries(self) -> set[str]:
        """All canaries of either county in the answer, with what stands in front of them in the same word."""
        return set(_CANARY.findall(self.text + self.location))

    def says(self, canary: str) -> str:
        """Where the canary stands, with its surroundings; empty when nowhere."""
        whole = self.text + self.location
        found = re.search(rf"{canary}\d{{4}}", whole, re.IGNORECASE)
        return whole[max(0, found.start() - 60) : found.end() + 60] if found else ""


def _masked(text: str, values: Iterable[str]) -> str:
    text = _MADE.sub("TIME", _SECRET.sub("SECRET", _TOKEN.sub("TOKEN", text)))
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "ID")
    # Ids of rows that the request itself made; those of A's own rows stay, so that other rows are other answers.
    return _PASSWORD.sub("PASSWORD", _UUID.sub(lambda found: found.group() if found.group() in KNOWN else "ID", text))


def _unpacked(content: bytes) -> str:
    """The text of a body; of every member where it is a zip (xlsx, docx)."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in sorted(archive.namelist()))
    text = content.decode("utf-8", "replace")
    if text[:1] in "{[":
        # Escaped characters of JSON would hide a word.
        try:
            return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True)
        except ValueError:
            return text
    return text


class _Browser(RequestFactory):
    """Sends what it makes to the product. Django's own test client would load the middleware anew for each request
    and copy the context of every template: ten thousand probes feel that."""

    def request(self, **request: Any) -> Any:
        return _handler(self._base_environ(**request))  # type: ignore[attr-defined]


_handler = ClientHandler(enforce_csrf_checks=False)
_raised: list[str] = []


def _remember(**_: Any) -> None:
    problem = sys.exc_info()[1]
    _raised.append(f"{type(problem).__name__}: {problem}")


got_request_exception.connect(_remember)


def ask(
    side: Side,
    role: str,
    route: Route,
    method: str,
    path: str,
    *,
    data: Any = None,
    is_json: bool = False,
    query: dict[str, Any] | None = None,
    **headers: str,
) -> Answer:
    """Send a request as ``role`` of ``side``: with the session's cookie to pages, with the token to the API."""
    browser = _Browser()
    if role != NOBODY and route.is_api:
        headers.setdefault("Authorization", f"Bearer {side.tokens[role]}")
    elif role != NOBODY:
        browser.cookies[settings.SESSION_COOKIE_NAME] = side.sessions[role]
    options: dict[str, Any] = {"headers": headers, "query_params": query}
    response: Any
    if method in ("GET", "HEAD"):
        response = browser.generic(method, path, **options)
    elif method == "POST" and not is_json:
        response = browser.post(path, data or {}, **options)
    else:
        response = browser.generic(method, path, json.dumps(data or {}), content_type="application/json", **options)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    told = "\n".join(f"{name}: {value}" for name, value in response.headers.items() if name not in ("Content-Length", "Location"))
    fault = _raised[-1] if _raised and response.status_code >= 500 else ""
    _raised.clear()
    return Answer(response.status_code, told + "\n\n" + _unpacked(content), response.headers.get("Location", ""), fault)
