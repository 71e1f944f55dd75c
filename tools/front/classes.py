"""Which CSS classes the product uses, read from templates, scripts and Python.

Printed one a line for `trim.mjs`; `tests/front/test_css.py` holds the style sheets to the same list. A class must be written out
whole (`btn-primary`, never `btn-{{ kind }}`): a name put together at run time can be seen neither here nor by a reader.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_CLASS_ATTRIBUTE = re.compile(r"""\bclass=(?:"([^"]*)"|'([^']*)')""", re.DOTALL)
_COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
_TAG = re.compile(r"{%.*?%}", re.DOTALL)
_VARIABLE = re.compile(r"{{.*?}}", re.DOTALL)
_WIDGET_CLASS = re.compile(r"""["']class["']\s*:\s*["']([^"']*)["']""")
_SCRIPT_CLASS = re.compile(r"""classList\.(?:add|remove|toggle|contains)\(\s*["']([^"']+)["']|className\s*=\s*["']([^"']*)["']""")
_HOLE = "\x00"


class BuiltClassName(ValueError):
    """A class name is glued together from text and a template variable."""


def _words(attribute: str, where: Path) -> Iterator[str]:
    # A tag such as {% if %} separates words; a variable inside a word does not.
    for word in _VARIABLE.sub(_HOLE, _TAG.sub(" ", attribute)).split():
        if word == _HOLE:
            continue
        if _HOLE in word:
            name = word.replace(_HOLE, "{{ … }}")
            raise BuiltClassName(f"{where}: write class names out whole instead of {name!r} (or use a data- attribute).")
        yield word


def in_template(path: Path) -> set[str]:
    """Classes in a template. Raises BuiltClassName for a name put together at run time."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    # Quotes inside template tags would end the attribute early: {% if x == "y" %}.
    text = _TAG.sub(lambda tag: tag.group().replace('"', " ").replace("'", " "), text)
    text = _VARIABLE.sub(lambda hole: hole.group().replace('"', " ").replace("'", " "), text)
    found: set[str] = set()
    for match in _CLASS_ATTRIBUTE.finditer(text):
        found.update(_words(match.group(1) or match.group(2) or "", path))
    return found


def in_script(path: Path) -> set[str]:
    """Classes that a script of ours sets, or that Python puts into a widget or a piece of HTML."""
    text = path.read_text(encoding="utf-8")
    found: set[str] = set()
    for match in _SCRIPT_CLASS.finditer(text):
        found.update((match.group(1) or match.group(2) or "").split())
    if path.suffix == ".py":
        for match in _WIDGET_CLASS.finditer(text):
            found.update(word for word in match.group(1).split() if "." not in word)
        for match in _CLASS_ATTRIBUTE.finditer(text):
            # format_html holes ({} or {name}) and f-strings: whole words only.
            found.update(word for word in (match.group(1) or match.group(2) or "").split() if "{" not in word)
    return found


def _code(root: Path) -> Iterator[Path]:
    for folder in sorted(root.iterdir()):
        if (folder / "__init__.py").exists() and folder.name != "tests":
            yield from sorted(folder.rglob("*.py"))
    yield from sorted((root / "static" / "js").glob("*.js"))


def used(root: Path = ROOT) -> dict[str, set[str]]:
    """Each class used, with the files (relative names) that use it."""
    places: dict[str, set[str]] = {}
    for path in sorted((root / "templates").rglob("*.html")):
        for name in in_template(path):
            places.setdefault(name, set()).add(str(path.relative_to(root)))
    for path in _code(root):
        for name in in_script(path):
            places.setdefault(name, set()).add(str(path.relative_to(root)))
    return places


if __name__ == "__main__":
    sys.stdout.write("\n".join(sorted(used())) + "\n")
