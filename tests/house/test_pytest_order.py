"""The longest tests begin first, so that no process of a run waits for one that began last."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tools.places import ROOT
from tools.pytest_order import LONG, pytest_collection_modifyitems


class Item:
    """As much of a pytest item as the plugin asks."""

    def __init__(self, path: str, *, browser: bool = False) -> None:
        self.path, self.browser = Path(path), browser

    def get_closest_marker(self, name: str) -> bool | None:
        return (name == "browser" and self.browser) or None


def test_long_files_come_first_then_the_browser_then_the_others_in_their_order() -> None:
    long, seen = Item(f"tests/{LONG[0]}"), Item("tests/units/test_in_browser.py", browser=True)
    quick = [Item(f"tests/lib/test_{n}.py") for n in range(20)]
    random.shuffle(quick)
    items: list[Any] = [*quick[:10], seen, *quick[10:], long]

    pytest_collection_modifyitems(items)

    assert items == [long, seen, *quick]


def test_the_long_files_exist() -> None:
    assert [name for name in LONG if not (ROOT / "tests" / name).is_file()] == []
