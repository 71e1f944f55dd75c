"""The corpus of bad input (reliability.md §4) against the API and the list pages: answered, never a fault of ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import get_resolver

from config.api_schema import described
from tests.api.conftest import Api

# Never 5xx; 3xx is a page asking to sign in, or a slash that was missing.
FINE = frozenset({200, 201, 204, 301, 302, 400, 403, 404, 405, 409, 413, 415, 422, 429})

TEXTS = {
    "nul": "%00",
    "lone surrogate": "%ED%A0%80",
    "no utf-8": "%FF%FE",
    "overlong": "%C0%AF",
    "word": "abc",
    "empty": "",
    "huge id": "1" + "0" * 40,
    "5000 digits": "9" * 5000,
    "negative": "-1",
    "nan": "NaN",
    "infinity": "Infinity",
    "exponent": "1e1000000",
    "arabic digits": "%D9%A1%D9%A2",
    "full width": "%EF%BC%91%EF%BC%92",
    "day": "2026-99-99",
    "day zero": "0000-00-00",
    "year one": "0001-01-01T00:00:00%2B23:59",
    "year 9999": "9999-12-31T23:59:59-23:59",
    "sql": "name;drop table units_unit",
    "hop": "account__password",
    "minus hop": "-account__password",
    "regex": "(((",
    "path": "../../etc/passwd",
    "encoded path": "%2e%2e%2f%2e%2e%2f",
    "script": "<script>alert(1)</script>",
    "javascript": "javascript:alert(1)",
    "other host": "//evil.com",
    "backslashes": "%5C%5Cevil.com",
    "crlf": "a%0d%0aSet-Cookie:%20x=1",
    "bidi": "%E2%80%AEabc",
    "zero width": "%E2%80%8B%CC%81",
    "four bytes": "%F0%A0%AE%B7",
    "emoji family": "%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7",
    "percent": "%25%00",
    "long": "x" * 7000,
    "uuid": "00000000-0000-0000-0000-000000000000",
    "braces": "{{7*7}}",
    "wildcards": "%25_%5C",
}
PARAMETERS = (
    "q", "kind", "state", "town", "parent", "unit", "village", "programme", "year", "nature", "is_stationed", "designation",
    "updated_since", "cursor", "limit", "page", "size", "sort", "order", "columns", "next", "reveal", "post", "tab",
)  # fmt: skip
# A page takes a tenth of a second to draw; these stand for the others, which middleware or the same field refuses.
FOR_PAGES = ("word", "huge id", "arabic digits", "day", "year one", "sql", "regex", "other host", "crlf", "four bytes", "uuid")
API_LISTS = ("units/", "villages/", "towns/", "people/", "programmes/", "pairings/", "imports/")


def page_lists() -> Iterator[str]:
    """Every page of a county whose address takes nothing but the county: lists, among others."""
    for pattern in _patterns(get_resolver().url_patterns, ""):
        if pattern.startswith("<slug:tenant>/") and pattern.count("<") == 1 and "/api/" not in pattern:
            yield "/" + pattern.replace("<slug:tenant>", "gaozhou")


def _patterns(patterns: Any, before: str) -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _patterns(one.url_patterns, route)
        else:
            yield route


@pytest.fixture
def quiet(api: Api, things: dict[str, Any]) -> Client:
    """The administrator's browser; a fault is an answer, as it is outside tests."""
    api.client.raise_request_exception = False
    return api.client


def check(response: Any, what: Any) -> None:
    assert response.status_code in FINE, (what, response.status_code, response.content[:300])
    text = response.content.decode("utf-8", "replace")
    for word in ("Traceback", "psycopg2", "django.db", "SELECT "):
        assert word not in text, (what, word)
    if "/api/" in getattr(response, "wsgi_request", None).path_info and response.status_code >= 400:  # type: ignore[union-attr]
        assert {"code", "message"} <= set(json.loads(text)), what


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_parameters_of_the_api_take_anything(quiet: Client, text: str) -> None:
    for path in API_LISTS:
        parameters = described("zh-hans")["paths"][f"/{path}"]["get"]["parameters"]
        for name in [parameter["name"] for parameter in parameters]:
            check(quiet.get(f"/gaozhou/api/v1/{path}?{name}={text}"), (path, name, text[:40]))
        unknown = "&".join(f"{name}={text[:200]}" for name in ("order", "format", "page", "fields", "reveal"))
        check(quiet.get(f"/gaozhou/api/v1/{path}?{unknown}"), (path, text[:40]))


@pytest.mark.parametrize("name", FOR_PAGES)
def test_parameters_of_pages_take_anything(quiet: Client, name: str) -> None:
    text = TEXTS[name]
    together = "&".join(f"{name}={text[:400]}" for name in PARAMETERS)
    for path in page_lists():
        check(quiet.get(f"{path}?{together}"), (path, text[:40]))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_ids_in_addresses_take_anything(quiet: Client, text: str) -> None:
    for path in API_LISTS:
        check(quiet.get(f"/gaozhou/api/v1/{path}{text}/"), (path, text[:40]))
    for tenant in (text, f"gaozhou{text}"):
        check(quiet.get(f"/{tenant}/api/v1/units/"), text[:40])
        check(quiet.get(f"/{tenant}/"), text[:40])


BODIES: dict[str, bytes] = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "string": b'"x"',
    "number": b"1e1000000",
    "nan": b'{"name": NaN, "n_party_members": Infinity}',
    "nul in value": b'{"name": "a\\u0000b"}',
    "nul in key": b'{"na\\u0000me": "a"}',
    "raw nul": b'{"name": "a\x00b"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "escaped backslash before u": b'{"name": "\\\\u0000"}',
    "surrogate pair": b'{"name": "\\ud842\\udfb7"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "unclosed": b'{"name": ',
    "utf-16": '{"name": "甲"}'.encode("utf-16"),
    "bom": '\ufeff{"name": "甲"}'.encode(),
    "gb18030": '{"name": "甲"}'.encode("gb18030"),
    "huge number": b'{"name": "a", "n_party_members": ' + b"9" * 5000 + b"}",
    "float": b'{"name": "a", "n_party_members": 1.5}',
    "wrong types": b'{"name": {"a": 1}, "kind": [], "is_stationed": "maybe", "starts_on": 20240903, "parent": 5}',
    "control characters": b'{"name": "a\\u0008\\u001b[31m"}',
    "crlf": b'{"name": "a\\r\\nSet-Cookie: x=1"}',
    "bidi": '{"name": "\u202egnp.exe"}'.encode(),
    "doubled key": b'{"name": "a", "name": "b"}',
    "3 MB": b'{"name": "' + b"x" * 3_000_000 + b'"}',
    "mass assignment": b'{"name": "a", "tenant": 1, "id": 1, "uid": "x", "pk": 1, "ends_on": "2020-01-01", "is_operator": true}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_bodies_of_the_api_take_anything(quiet: Client, things: dict[str, Any], body: bytes) -> None:
    targets = [("post", path) for path in ("units/", "villages/", "people/", "pairings/", "imports/", "auth/token/")]
    targets += [("patch", f"units/{things['unit'].uid}/"), ("patch", f"pairings/{things['pairing'].uid}/")]
    for method, path in targets:
        for kind in ("application/json", "application/x-www-form-urlencoded", "nonsense"):
            response = getattr(quiet, method)(f"/gaozhou/api/v1/{path}", body, content_type=kind)
            check(response, (path, kind, body[:60]))


def test_what_the_server_sets_is_not_taken_from_the_body(quiet: Client, things: dict[str, Any]) -> None:
    from tenancy.scope import tenant_scope
    from units.models import Unit

    quiet.post("/gaozhou/api/v1/units/", BODIES["mass assignment"], content_type="application/json")
    with tenant_scope(things["tenant"]):
        unit = Unit.objects.get(name="a")
        assert (unit.tenant_id, unit.ends_on) == (things["tenant"].pk, None)


FORMS: dict[str, tuple[bytes, str]] = {
    "wrong boundary": (
        b'--a\r\nContent-Disposition: form-data; name="kind"\r\n\r\nunits\r\n--a--\r\n', "multipart/form-data; boundary=b",
    ),
    "no boundary": (b"--a\r\n\r\n--a--\r\n", "multipart/form-data"),
    "odd boundary": (b"x", 'multipart/form-data; boundary="\xff"'),
    "broken part": (b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--\r\n", "multipart/form-data; boundary=a"),
    "nul in field": (
        b'--a\r\nContent-Disposition: form-data; name="kind"\r\n\r\nun\x00its\r\n--a--\r\n', "multipart/form-data; boundary=a",
    ),
    "nul in file name": (
        b'--a\r\nContent-Disposition: form-data; name="file"; filename="a\x00.xlsx"\r\n\r\nx\r\n--a--\r\n',
        "multipart/form-data; boundary=a",
    ),
    "crlf in file name": (
        b'--a\r\nContent-Disposition: form-data; name="file"; filename="a%0d%0ab.xlsx"\r\n\r\nx\r\n--a--\r\n',
        "multipart/form-data; boundary=a",
    ),
    "path in file name": (
        b'--a\r\nContent-Disposition: form-data; name="file"; filename="../../../etc/x.xlsx"\r\n\r\nx\r\n--a--\r\n',
        "multipart/form-data; boundary=a",
    ),
    "long file name": (
        b'--a\r\nContent-Disposition: form-data; name="file"; filename="' + b"x" * 5000 + b'.xlsx"\r\n\r\nx\r\n--a--\r\n',
        "multipart/form-data; boundary=a",
    ),
    "no utf-8": (
        b'--a\r\nContent-Disposition: form-data; name="kind"\r\n\r\n\xff\xfe\r\n--a--\r\n', "multipart/form-data; boundary=a",
    ),
    "10 MB field": (
        b'--a\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + b"x" * 10_000_000 + b"\r\n--a--\r\n",
        "multipart/form-data; boundary=a",
    ),
    "2001 fields": (b"&".join(b"f%d=1" % n for n in range(2001)), "application/x-www-form-urlencoded"),
    "duplicate parameters": (b"name=a&name=b&kind=organisation&kind=external", "application/x-www-form-urlencoded"),
    "percent nonsense": (b"name=%zz&kind=%", "application/x-www-form-urlencoded"),
    "nul": (b"name=%00", "application/x-www-form-urlencoded"),
    "odd charset": (b"name=a", "application/x-www-form-urlencoded; charset=nonsense"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), FORMS.values(), ids=FORMS.keys())
def test_forms_take_anything(quiet: Client, body: bytes, kind: str) -> None:
    for path in ("units/", "imports/", "auth/token/"):
        check(quiet.generic("POST", f"/gaozhou/api/v1/{path}", body, content_type=kind), path)
    for page in page_lists():
        check(quiet.generic("POST", page, body, content_type=kind), page)


HEADERS: dict[str, dict[str, str]] = {
    "evil host": {"HTTP_HOST": "evil.com"},
    "host with a space": {"HTTP_HOST": "local host"},
    "host with a path": {"HTTP_HOST": "localhost/x"},
    "forwarded host": {"HTTP_X_FORWARDED_HOST": "evil.com"},
    "forwarded address": {"HTTP_X_FORWARDED_FOR": "'; drop table x; --, 1.2.3.4"},
    "8 kB cookie": {"HTTP_COOKIE": "session=" + "x" * 8000},
    "cookie without sense": {"HTTP_COOKIE": "session=\x01\xff; ;;=,;language=../..;csrftoken="},
    "long token": {"HTTP_AUTHORIZATION": "Bearer " + "a" * 8000},
    "token in capitals": {"HTTP_AUTHORIZATION": "BEARER " + "a" * 32},
    "basic": {"HTTP_AUTHORIZATION": "Basic \xff"},
    "accept": {"HTTP_ACCEPT": "text/html;q=abc, */nonsense"},
    "accept language": {"HTTP_ACCEPT_LANGUAGE": "zz-" + "x" * 600 + ";q=nan"},
    "range": {"HTTP_RANGE": "bytes=-1-2,x"},
    "condition": {"HTTP_IF_MODIFIED_SINCE": "yesterday", "HTTP_IF_NONE_MATCH": "x"},
    "length": {"CONTENT_LENGTH": "abc"},
    "negative length": {"CONTENT_LENGTH": "-5"},
    "htmx": {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "\xff<x>", "HTTP_HX_CURRENT_URL": "javascript:1"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_headers_take_anything(quiet: Client, headers: dict[str, str]) -> None:
    for path in ("/gaozhou/api/v1/units/", "/gaozhou/", "/gaozhou/login/", "/"):
        for method in ("GET", "POST"):
            response = quiet.generic(method, path, b"", **headers)  # type: ignore[arg-type]
            assert "evil" not in response.content.decode(), path
            assert response.status_code < 500, (path, headers, response.status_code)
            assert "evil.com" not in response.headers.get("Location", "")


@pytest.mark.parametrize(
    "target", ["//evil.com", "/\\evil.com", "javascript:alert(1)", "https://evil.com", "\x00", "/gaozhou/\r\nX: 1"]
)
def test_next_leads_nowhere_else(quiet: Client, target: str) -> None:
    for path in ("/language/", "/elder/", "/gaozhou/login/"):
        response = quiet.post(path, {"next": target, "language": "en", "text": "18", "login": "x", "password": "y"})
        assert response.status_code < 500
        location = response.headers.get("Location", "/")
        assert location.startswith("/"), (path, location)
        assert not location.startswith(("//", "/\\")), (path, location)


def test_bad_bytes_in_the_path_are_answered_by_the_real_handler(db: None) -> None:
    answers: list[str] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Callable[..., Any]:
        answers.append(status)
        return lambda *_args: None

    for path in (
        "/\xff\xfe/api/v1/units/",
        "/gaozhou\x00/",
        "/gaozhou/api/v1/\xed\xa0\x80/",
        "//gaozhou//",
        "/gaozhou/api/v1/units/\xe4",
    ):
        environ = RequestFactory().get("/").environ | {"PATH_INFO": path}
        list(WSGIHandler()(environ, start))
    assert [status[:3] for status in answers if status[0] == "5"] == []
