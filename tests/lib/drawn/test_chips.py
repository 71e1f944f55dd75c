"""Chips: every state has a shape of the sprite; other chips have theirs; text is escaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lib.drawn.chips import STATES, chip

SPRITE = (Path(__file__).resolve().parents[3] / "static/img/marks.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_a_shape_that_exists_and_a_word_of_ours(state: str) -> None:
    html = chip({"state": state})

    assert f'<symbol id="{STATES[state].mark}"' in SPRITE
    assert f'#{STATES[state].mark}"></use></svg>' in html
    assert re.sub(r"<[^>]+>", "", html).strip() == str(STATES[state].word)
    assert not re.search("[A-Za-z]", str(STATES[state].word))


def test_late_is_outlined_and_waived_is_struck() -> None:
    assert 'class="chip chip-outline" data-tone="green"' in chip({"state": "met_late"})
    assert "<s>已豁免</s></span>" in chip({"state": "waived"})


def test_another_chip_has_its_own_word_tone_shape_and_explanation() -> None:
    html = chip({"word": "已结束", "tone": "amber", "mark": "lock", "title": "期满"})

    assert html.startswith('<span class="chip" data-tone="amber" title="期满">')
    assert '#lock"' in html
    assert html.endswith("已结束</span>")


def test_a_chip_with_a_word_only_is_grey_with_a_dot() -> None:
    html = chip({"word": "草稿"})

    assert 'data-tone="grey"' in html
    assert '#dot"' in html
    assert "title=" not in html
