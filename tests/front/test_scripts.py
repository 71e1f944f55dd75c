"""Our own scripts: small, and free of what the content policy forbids or what opens a hole."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_below_4_kb(path: Path) -> None:
    assert len(path.read_bytes()) < 4096


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_builds_no_code_and_no_markup_from_text_and_stores_nothing(path: Path) -> None:
    code = r"\beval\(|new Function|document\.write"
    markup = r"innerHTML|outerHTML\s*=|insertAdjacentHTML|\.style\b"
    # What was typed and has no signal yet is kept in the browser, by one script alone.
    stores = r"sessionStorage(?!\.removeItem)" if path.name == "kept.js" else r"localStorage|sessionStorage(?!\.removeItem)"

    assert re.findall(f"{code}|{markup}|{stores}", path.read_text(encoding="utf-8")) == []
