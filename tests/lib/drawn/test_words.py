"""Text and figures on their way into a page: as Django itself would write them."""

from __future__ import annotations

import pytest
from django.utils.html import json_script
from django.utils.translation import gettext_lazy

from lib.drawn.words import as_json


@pytest.mark.parametrize(
    "value",
    [
        {"urls": ["/gaozhou/obligations/?rule=1&state=done", ""], "shares": [None, 0, 100]},
        {"name": "</script><script>alert(1)</script>&amp;", "quoted": "\"'\\", "lines": "a\u2028b\n"},
        [gettext_lazy("Month"), "接待群众来访", 1.5, True],
    ],
)
def test_figures_for_a_script_stand_as_the_filter_writes_them(value: object) -> None:
    assert as_json(value, "board-charts") == json_script(value, "board-charts")
