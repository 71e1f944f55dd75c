"""What a board is asked for: periods and rows that there are not are refused in words, and stay as typed."""

from __future__ import annotations

import pytest

from tests.reports.boards.conftest import Place
from tests.reports.boards.test_figures import read


@pytest.mark.parametrize("period", ["20", "9999", "9999-12", "0001-01", "2024-13", "2024-W54", "上个月"])
def test_what_is_no_period_is_told_and_kept(place: Place, period: str) -> None:
    _client, html = read(place, "CA", f"?period={period}", 422)
    assert f'value="{period}"' in html
    assert "时段请写成" in html


def test_full_width_digits_of_a_period_are_read(place: Place) -> None:
    _client, html = read(place, "CA", "?period=２０２４-１０")
    assert "2024年10月" in html


@pytest.mark.parametrize("query", ["?town=7", "?rule=nonsense", "?programme=00000000-0000-0000-0000-000000000000"])
def test_what_is_no_row_is_told_without_a_word_of_ids(place: Place, query: str) -> None:
    _client, html = read(place, "CA", query, 422)
    assert "所选的一项已不在列表中" in html
    assert "UUID" not in html
