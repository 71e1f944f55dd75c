"""A module that an app may have is imported at the first call only, and one that fails is tried again."""

from __future__ import annotations

import pytest

from lib.discovered import discover


def test_the_apps_are_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    monkeypatch.setattr("lib.discovered.autodiscover_modules", searched.append)
    discover.cache_clear()

    discover("importing")
    discover("importing")
    discover("sweeps")

    assert searched == ["importing", "sweeps"]
    discover.cache_clear()


def test_what_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def fail(name: str) -> None:
        searched.append(name)
        raise ImportError(name)

    monkeypatch.setattr("lib.discovered.autodiscover_modules", fail)
    discover.cache_clear()
    for _attempt in range(2):
        with pytest.raises(ImportError):
            discover("importing")

    assert searched == ["importing"] * 2
    discover.cache_clear()
