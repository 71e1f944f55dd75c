"""The style sheets: complete, small, readable by old browsers, with enough contrast."""

import gzip
import re
from itertools import product
from pathlib import Path

import pytest

from tools.front import classes

ROOT = Path(__file__).resolve().parents[2]
APP = (ROOT / "static/css/app.css").read_text(encoding="utf-8")
TABLER = (ROOT / "static/vendor/tabler/tabler.css").read_text(encoding="utf-8")
ALL_OF_TABLER = set((ROOT / "tools/front/tabler-classes.txt").read_text(encoding="utf-8").split())
HOOKS = {line.split("#")[0].strip() for line in (ROOT / "tools/front/hooks.txt").read_text(encoding="utf-8").splitlines()} - {""}


def _names(css: str) -> set[str]:
    return set(re.findall(r"\.([A-Za-z][\w-]*)", re.sub(r"/\*.*?\*/|url\([^)]*\)", "", css, flags=re.DOTALL)))


def test_every_class_in_use_is_styled_or_known_as_a_hook() -> None:
    # Parts of few pages have sheets of their own.
    own = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "static/css").glob("*.css"))]
    styled = _names(TABLER).union(*map(_names, own))
    missing = []
    for name, places in sorted(classes.used().items()):
        if name in styled or name in HOOKS:
            continue
        cure = "run `make vendor`" if name in ALL_OF_TABLER else "style it in app.css or list it in tools/front/hooks.txt"
        missing.append(f"{name} ({', '.join(sorted(places))}): {cure}")

    assert missing == []


def test_hooks_that_nobody_uses_are_not_kept() -> None:
    assert sorted(HOOKS - set(classes.used())) == []


def test_a_class_name_glued_from_a_variable_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<a class="btn btn-{{ kind }}">', encoding="utf-8")

    with pytest.raises(classes.BuiltClassName, match="write class names out whole"):
        classes.in_template(page)


def test_classes_are_found_in_conditions_and_not_in_comments(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('{# class="old" #}<a class="btn{% if a == "b" %} wide{% endif %} {{ more }}">', encoding="utf-8")

    assert classes.in_template(page) == {"btn", "wide"}


def test_the_style_of_a_page_weighs_less_than_35_kb() -> None:
    assert sum(len(gzip.compress(css.encode(), 9)) for css in (TABLER, APP)) < 35_000


@pytest.mark.parametrize("css", [TABLER, APP], ids=["tabler", "app"])
@pytest.mark.parametrize(
    "newer", ["oklch(", "color-mix(", "light-dark(", ":has(", ":is(", ":where(", "@container", "@layer", "data:", "@import"]
)
def test_nothing_that_a_browser_of_2020_or_the_content_policy_would_drop(css: str, newer: str) -> None:
    assert newer not in css


@pytest.mark.parametrize("css", [TABLER, APP], ids=["tabler", "app"])
def test_no_selector_list_inside_not(css: str) -> None:
    """Chrome learnt it in version 88; before, the whole rule is dropped."""
    assert re.findall(r":not\([^()]*,[^()]*\)", css) == []


def test_pictures_named_by_the_style_sheet_exist() -> None:
    named = set(re.findall(r'url\("(img/[^"]+)"\)', TABLER))
    there = {f"img/{path.name}" for path in (ROOT / "static/vendor/tabler/img").iterdir()}

    assert named == there


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_inline_style_or_script(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|\shx-on|<script(?![^>]*\bsrc=)|javascript:|[\"']js:", text) == []


# ---- Contrast ------------------------------------------------------------------------------------------------------


def _token(name: str) -> str:
    match = re.search(rf"--{name}:\s*(#[0-9a-f]{{3,6}});", APP)
    assert match is not None, f"--{name} is not in app.css"
    digits = match.group(1)[1:]
    return digits if len(digits) == 6 else "".join(c * 2 for c in digits)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(_token(one)), _luminance(_token(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TONES = ["grey", "blue", "indigo", "green", "amber", "red"]
TEXT = [
    *product(["ink", "quiet", "brand", "brand-hover", "link", "link-hover", "red-ink"], ["paper", "ground"]),
    *[(f"{tone}-ink", f"{tone}-paper") for tone in TONES],
    *[(f"{tone}-ink", "paper") for tone in TONES],
    *product(["ink", "link"], ["blue-paper", "green-paper", "amber-paper", "red-paper"]),
    ("brand-hover", "brand-pale"),
    ("paper", "brand"),
    ("paper", "brand-hover"),
    ("paper", "ink"),
    ("quiet", "grey-paper"),
]


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    """WCAG 1.4.3: 4.5 to 1."""
    assert _contrast(text, ground) >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground"),
    [("line-strong", "paper"), ("line-strong", "ground"), ("focus", "paper"), ("focus", "ground"), ("brand", "grey-paper")],
)
def test_edges_of_controls_stand_out(edge: str, ground: str) -> None:
    """WCAG 1.4.11: 3 to 1."""
    assert _contrast(edge, ground) >= 3
