"""Lists drawn in Python: everything escaped, empty cells told apart, names and links where they belong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

EVIL = "<script>alert('1')</script>\"&"
SAFE = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&quot;&amp;"


def table(**changed: Any) -> dict[str, Any]:
    return {
        "id": "t",
        "caption": "村",
        "columns": [{"key": "name", "label": "名称", "sort_url": "?sort=name"}, {"key": "n", "label": "户数", "numeric": True}],
        "rows": [{"url": "/a/", "cells": [{"text": "荷垌村"}, {"text": "12", "label": "户数", "numeric": True}]}],
        **changed,
    }


def drawn(**changed: Any) -> str:
    return render_to_string("parts/table.html", {"table": table(**changed)})


def cell(**told: Any) -> str:
    html = drawn(rows=[{"cells": [{"text": "荷垌村"}, {"label": "户数", **told}]}])
    found = re.search(r"<td.*?</td>", html, re.DOTALL)
    assert found is not None
    return found.group()


def test_a_row_is_named_by_its_first_cell_which_opens_it() -> None:
    html = drawn()

    assert '<tr><th scope="row"><a href="/a/">荷垌村</a></th><td data-label="户数" class="num"><div>12</div></td></tr>' in html


def test_a_row_without_a_page_has_a_plain_name() -> None:
    assert '<th scope="row">荷垌村</th>' in drawn(rows=[{"cells": [{"text": "荷垌村"}]}])


@pytest.mark.parametrize("text", ["", None])
def test_an_empty_cell_shows_a_dash_and_is_left_out_on_a_phone(text: str | None) -> None:
    assert cell(text=text) == '<td data-label="户数" data-empty><div><span class="none">—</span></div></td>'


def test_nought_is_no_empty_cell() -> None:
    assert cell(text=0) == '<td data-label="户数"><div>0</div></td>'


def test_a_cell_has_a_link_a_note_a_chip_or_several_links() -> None:
    assert cell(text="水务局", url="/b/", note="139****0001").endswith(
        '<div><a href="/b/">水务局</a><small>139****0001</small></div></td>'
    )
    assert 'data-tone="green"' in cell(chip={"state": "met"})
    several = cell(links=[{"label": "甲", "url": "/1/"}, {"label": "乙", "url": "/2/"}])
    assert '<a href="/1/">甲</a>、<a href="/2/">乙</a>' in several
    assert "data-empty" not in several


def test_no_text_of_a_list_reaches_the_page_unescaped() -> None:
    whole = {"text": EVIL, "label": EVIL, "url": EVIL, "note": EVIL, "chip": None}
    html = drawn(
        id=EVIL,
        caption=EVIL,
        columns=[{"key": EVIL, "label": EVIL, "sort_url": EVIL, "sort_state": EVIL}],
        rows=[
            {
                "url": EVIL,
                "cells": [
                    {**whole, "chip": {"word": EVIL, "tone": EVIL, "mark": EVIL, "title": EVIL}},
                    whole,
                    {"links": [{"label": EVIL, "url": EVIL}]},
                    {"chip": {"word": EVIL}},
                ],
                "actions": [{"label": EVIL, "url": EVIL}],
            }
        ],
        has_actions=True,
        totals=[{"text": EVIL}, {"text": EVIL, "label": EVIL}],
        chooser={
            "action": EVIL,
            "name": EVIL,
            "columns": [{"key": EVIL, "label": EVIL}],
            "hidden": [{"name": EVIL, "value": EVIL}],
        },
        summary=EVIL,
    )

    assert "<script" not in html
    assert "alert('1')" not in html
    assert '"&"' not in html
    assert html.count(SAFE) > 30


def test_what_is_marked_safe_stays_as_it_is() -> None:
    assert "<b>&lt;</b>" in cell(text=format_html("<b>{}</b>", "<"))


def test_words_come_in_the_readers_language() -> None:
    assert cell(text=gettext_lazy("yes")) == '<td data-label="户数"><div>是</div></td>'


def test_the_sorted_column_leads_to_the_other_order() -> None:
    html = drawn(columns=[{"key": "name", "label": "名称", "sort_url": "?sort=-name&size=20", "sort_state": "ascending"}])

    assert (
        '<th scope="col" aria-sort="ascending"><a class="sort" id="t-sort-name" href="?sort=-name&amp;size=20">名称</a></th>'
        in html
    )


def test_a_column_that_cannot_be_sorted_by_is_no_link() -> None:
    html = drawn(columns=[{"key": "a", "label": "甲", "wide": True}, {"key": "b", "label": "乙", "numeric": True}])

    assert '<tr><th scope="col" class="wide">甲</th><th scope="col" class="num">乙</th></tr>' in html


def test_the_choice_of_columns_ticks_the_chosen_and_fixes_the_name() -> None:
    columns = [
        {"key": "name", "label": "名称", "fixed": True},
        {"key": "n", "label": "户数", "chosen": True},
        {"key": "m", "label": "面积"},
    ]
    html = drawn(chooser={"action": "/x/", "name": "col", "columns": columns, "hidden": [{"name": "q", "value": "a"}]})

    assert re.findall(r'<input type="checkbox" name="col" value="(\w+)"([^>]*)>', html) == [
        ("name", " checked disabled"),
        ("n", " checked"),
        ("m", ""),
    ]
    assert '<input type="hidden" name="q" value="a">' in html


def test_the_last_line_holds_sums_and_leaves_room_for_the_buttons() -> None:
    html = drawn(
        totals=[{"text": "合计 1 行"}, {"text": "12", "label": "户数", "numeric": True}, {"text": "", "label": "面积"}],
        has_actions=True,
    )

    assert (
        '<tfoot><tr><th scope="row">合计 1 行</th><td data-label="户数" class="num"><div>12</div></td>'
        '<td data-label="面积" data-empty><div></div></td><td data-empty></td></tr></tfoot>'
    ) in html


def test_buttons_stand_at_the_end_of_a_row() -> None:
    html = drawn(rows=[{"cells": [{"text": "甲"}], "actions": [{"label": "记一笔", "url": "/w/"}]}], has_actions=True)

    assert '<td class="row-actions"><a class="btn btn-sm" href="/w/">记一笔</a></td></tr>' in html
    assert '<th scope="col">操作</th></tr></thead>' in html
