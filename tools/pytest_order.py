"""A pytest plugin that lets the longest tests begin first: one that began last would be waited for alone.

Otherwise tests keep their order, which pytest-randomly has shuffled by then.
"""

from __future__ import annotations

import pytest

# Files in which single tests take many seconds, whatever their order among themselves.
LONG = ("house/test_run_all.py", "api/test_fuzz.py", "units/demo/test_loading.py", "activities/test_obligations_property.py")


def weight(item: pytest.Item) -> int:
    """0 for a test that may take half a minute, 1 for one with a browser, 2 for any other."""
    if item.path.as_posix().endswith(LONG):
        return 0
    return 1 if item.get_closest_marker("browser") else 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=weight)
