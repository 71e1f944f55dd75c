"""The Chinese catalogue: collect, fill, check, compile. Needs no gettext binaries.

Source strings are English (decision 11 of docs/architecture.md); the catalogue is
``locale/zh_Hans/LC_MESSAGES/django.po``. Babel collects from Python; Django's own
``templatize`` turns templates into what Babel reads.

    python tools/messages.py collect            # add new strings, drop those no longer used
    python tools/messages.py fill words.json     # merge {"English": "中文"} under a lock
    python tools/messages.py missing [PREFIX]    # what has no Chinese yet
    python tools/messages.py check               # exit 1 when a string is missing or stale
    python tools/messages.py compile             # write the .mo that the server reads
"""

from __future__ import annotations

import fcntl
import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
APPS = ("config", "reports", "assessment", "supervision", "activities", "pairing", "notices", "units", "tenancy", "lib")
KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
COMMENTS = ("Translators:",)
HOLES = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


# What is not prose: holes, tags, entities, addresses.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&\w+;|https?://\S+")
_WIDE = str.maketrans(",;:?!", "，；：？！")
_HAN = "\u3400-\u9fff\uf000-\uf8ff“”‘’《》〔〕、。，；：？！（）…—"
_SIGN = re.compile(f"(?<=[{_HAN}])[,;:?!]|[,;:?!](?=[{_HAN}])")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def typeset(chinese: str) -> str:
    """Chinese prose with Chinese signs: a comma, colon or bracket beside Chinese is a full-width one."""
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match.group())
        return chr(0xF000 + len(kept) - 1)

    text = _KEPT.sub(hide, chinese)
    if not re.search(r"[\u3400-\u9fff]", text):
        return chinese
    text = _SIGN.sub(lambda match: match.group().translate(_WIDE), text)
    text = _BRACKETS.sub(lambda m: f"（{m[1]}）" if re.search(f"[{_HAN}]", m[1]) else m[0], text)
    return re.sub("[\uf000-\uf8ff]", lambda match: kept[ord(match.group()) - 0xF000], text)


def _typeset_all(catalog: Catalog) -> None:
    for message in catalog:
        if message.id and message.string:
            words = message.string
            message.string = typeset(words) if isinstance(words, str) else tuple(typeset(word) for word in words)


def _sources() -> Iterator[tuple[str, str]]:
    """(path, Python-like text) of every file that may hold a message."""
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    from django.utils.translation.template import templatize

    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            text = path.read_text(encoding="utf-8")
            yield str(path.relative_to(ROOT)), templatize(text, origin=str(path))


def collect() -> Catalog:
    """A catalogue of every message in the code, untranslated."""
    found = Catalog(locale="zh_Hans", charset="utf-8")
    for path, text in _sources():
        source = io.BytesIO(text.encode("utf-8"))
        for line, message, comments, context in extract(
            "python",
            source,
            KEYWORDS,
            COMMENTS,
            {"encoding": "utf-8"},
        ):
            if message and (message[0] if isinstance(message, tuple) else message):
                found.add(message, locations=[(path, line)], auto_comments=comments, context=context)
    return found


def _read() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans", charset="utf-8", project="pairing platform", version="1")
    with PO.open("rb") as handle:
        return read_po(handle, locale="zh_Hans")


def _write(catalog: Catalog) -> None:
    catalog.fuzzy = False
    PO.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    # No line numbers and no date: the file changes only when a string does.
    for message in catalog:
        message.locations = sorted({(path, 0) for path, _line in message.locations})
    write_po(buffer, catalog, sort_output=True, include_lineno=False, omit_header=False, width=100)
    text = re.sub(r'"(POT-Creation-Date|PO-Revision-Date|Generated-By)[^\n]*\n', "", buffer.getvalue().decode())
    _replace(PO, text.encode())


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as handle:
        handle.write(content)
    Path(handle.name).chmod(0o644)
    Path(handle.name).replace(path)


@contextmanager
def _lock() -> Iterator[None]:
    PO.parent.mkdir(parents=True, exist_ok=True)
    with (PO.parent / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(words) and all(words) and not message.fuzzy


def compile_catalog() -> None:
    """Write the .mo beside the .po."""
    buffer = io.BytesIO()
    write_mo(buffer, _read())
    _replace(PO.with_suffix(".mo"), buffer.getvalue())


def merge(words: dict[str, str] | None = None, *, drop_unused: bool) -> Catalog:
    """Bring the catalogue up to the code and put ``words`` in.

    A key "one|many" fills a plural (Chinese has one form); "context|:|text" a message with a context.
    """
    catalog = _read()
    known = {(message.id, message.context): message.string for message in catalog if message.id}
    fresh = collect()
    catalog.update(fresh, no_fuzzy_matching=True)
    for message in catalog:
        if message.id and not _is_translated(message):
            message.string = known.get((message.id, message.context)) or message.string
    if drop_unused:
        catalog.obsolete.clear()
    for key, chinese in (words or {}).items():
        context, _sep, text = key.rpartition("|:|")
        message_id: str | tuple[str, str] = text
        found = catalog.get(text, context or None)
        if found is None and "|" in text:
            one, _bar, many = text.partition("|")
            message_id, found = (one, many), catalog.get(one, context or None)
        value: str | tuple[str, ...] = chinese
        if found is not None and isinstance(found.id, (tuple, list)):
            message_id, value = tuple(found.id), (chinese,)
        if found is not None:
            # Catalog.add() keeps the old words of a message it already has.
            found.string = value
        else:
            catalog.add(message_id, value, context=context or None)
    _typeset_all(catalog)
    _write(catalog)
    return catalog


def problems() -> list[str]:
    """What is wrong with the catalogue, one line each; empty when it is complete."""
    catalog, fresh = _read(), collect()
    told = []
    for message in fresh:
        if not message.id:
            continue
        kept = catalog.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if kept is None or not _is_translated(kept):
            told.append(f"no Chinese: {message.id!r} ({', '.join(path for path, _ in message.locations[:2])})")
            continue
        ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
        words = kept.string if isinstance(kept.string, (list, tuple)) else [kept.string]
        needed = {match.group(0) for match in HOLES.finditer(ids[-1])} if "python-format" in message.flags else set()
        for word in words:
            if needed != {match.group(0) for match in HOLES.finditer(word)} and needed:
                told.append(f"holes differ: {message.id!r} / {word!r}")
    return told


def main(arguments: list[str]) -> int:
    """Run one of the sub-commands of the module's docstring."""
    match arguments:
        case ["collect"]:
            with _lock():
                merge(drop_unused=True)
                compile_catalog()
        case ["fill", *files]:
            words: dict[str, str] = {}
            for file in files:
                words |= json.loads(Path(file).read_text(encoding="utf-8"))
            with _lock():
                merge(words, drop_unused=False)
                compile_catalog()
        case ["compile"]:
            with _lock():
                compile_catalog()
        case ["missing", *prefix]:
            print(*[line for line in problems() if not prefix or prefix[0] in line], sep="\n")
        case ["check"]:
            told = problems()
            print(*told, sep="\n")
            print(f"messages: {len(told)} problems")
            return 1 if told else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
