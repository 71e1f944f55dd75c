"""The shared parts, rendered without a browser: what they say and how things hang together."""

import re
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from tools.front import samples

STATES = {
    "not_due": ("未到期", "hollow"),
    "open": ("进行中", "half"),
    "waiting": ("待确认", "hourglass"),
    "met": ("已完成", "tick"),
    "met_late": ("补录完成", "tick-clock"),
    "missed": ("未完成", "cross"),
    "waived": ("已豁免", "dash"),
    "ok": ("可导入", "tick"),
    "question": ("有疑问", "question"),
    "error": ("错误", "cross"),
}
ERROR_PAGES = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


@pytest.fixture(autouse=True)
def _in_chinese() -> Any:
    with translation.override("zh-hans"):
        yield


def part(name: str, **context: Any) -> str:
    return render_to_string(f"parts/{name}.html", {"csrf_token": "sample", **context})


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_told_by_word_and_by_shape(state: str) -> None:
    word, mark = STATES[state]

    html = part("chip", chip={"state": state})

    assert word in html
    assert f'marks.svg#{mark}"' in html


def test_each_cell_of_a_list_carries_the_name_of_its_column_for_the_phone() -> None:
    table = samples.table()

    html = part("table", table=table)

    labels = [column["label"] for column in table["columns"]]
    assert re.findall(r'<td data-label="([^"]*)"', html)[: len(labels) - 1] == labels[1:]
    assert html.count('<th scope="row">') == len(table["rows"])


def test_the_sorted_column_says_so_to_screen_readers() -> None:
    html = part("table", table=samples.table())

    assert html.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in html


def test_a_list_without_rows_says_what_to_do_and_shows_no_table() -> None:
    empty = {"title": "还没有村", "text": "先导入区划。", "action_url": "/x/", "action_label": "去导入"}

    html = part("table", table={"id": "t", "caption": "村", "rows": [], "columns": [], "empty": empty})

    assert "还没有村" in html
    assert 'href="/x/">去导入' in html
    assert "<table" not in html


def test_text_of_a_cell_is_escaped() -> None:
    table = samples.table()
    table["rows"][0]["cells"][1]["text"] = "<script>alert(1)</script>"

    assert "<script>" not in part("table", table=table)


def test_a_wrong_form_keeps_what_was_typed_and_leads_from_the_summary_to_the_field() -> None:
    html = part("form", form=samples.UnitForm({"phone": "1390000", "name": samples.UNIT}))

    assert 'value="1390000"' in html
    assert '<a href="#id_phone">联络员电话</a>：请填 11 位手机号码。' in html
    phone = re.search(r'<input[^>]*name="phone"[^>]*>', html)
    assert phone is not None
    assert 'aria-invalid="true"' in phone.group()
    described = re.search(r'aria-describedby="([^"]+)"', phone.group())
    assert described is not None
    assert all(f'id="{name}"' in html for name in described.group(1).split())


def test_help_of_a_field_is_tied_to_its_input() -> None:
    html = part("field", field=samples.UnitForm()["name"])

    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html


def test_a_form_with_a_file_is_sent_as_one() -> None:
    assert 'enctype="multipart/form-data"' in part("form", form=samples.UploadForm())
    assert "enctype" not in part("form", form=samples.UnitForm())


def test_running_work_asks_again_and_finished_work_does_not() -> None:
    work = {"label": "导入", "done": 1, "total": 2, "url": "/p/", "state": "running"}

    assert 'hx-get="/p/" hx-trigger="every 1s"' in part("progress", progress=work)
    assert "hx-trigger" not in part("progress", progress={**work, "state": "done"})


def test_a_masked_number_is_shown_only_by_a_post() -> None:
    masked = part("masked_phone", phone={"masked": "139****0001", "reveal_url": "/r/"})
    refused = part("masked_phone", phone={"masked": "139****0001"})

    assert 'method="post" action="/r/"' in masked
    assert "<form" not in refused


def test_the_frame_renders_without_any_context() -> None:
    html = render_to_string("base.html")

    assert "结对帮扶平台" in html
    assert 'id="main"' in html


def test_the_frame_marks_the_current_place_and_says_who_is_signed_in() -> None:
    html = render_to_string("base.html", {**samples.frame(), "heading": "结对"})

    assert re.findall(r'<a href="#" aria-current="page">([^<]+)</a>', html) == ["结对", "结对"]  # the bar and the phone's menu
    assert "县级经办" in html
    assert "<title>结对 · 高州市结对帮扶平台</title>" in html


@pytest.mark.parametrize("text", [16, 18, 30])
def test_the_size_of_the_letters_comes_from_the_server(text: int) -> None:
    html = render_to_string("base.html", samples.frame(text))

    assert f'data-text="{text}"' in html
    assert ('<html lang="zh-Hans" class="elder"' in html) is (text > 16)


@pytest.mark.parametrize("page", ERROR_PAGES)
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "结对帮扶平台"), ("en", "Pairing platform")])
def test_an_error_page_needs_no_context_and_leads_home(page: str, language: str, word: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{page}.html")

    assert word in html
    assert 'href="/"' in html
    assert html.count("<h1>") == 1


def test_the_sign_in_page_names_the_county_and_keeps_the_login() -> None:
    html = render_to_string("tenancy/login.html", samples.sign_in())

    assert "高州市 · 登录" in html
    assert 'value="chenshili"' in html
    assert "请联系本县（市、区）党委组织部" in html


def test_hidden_fields_are_not_given_a_label() -> None:
    class Secret(forms.Form):
        next = forms.CharField(widget=forms.HiddenInput)

    assert part("field", field=Secret()["next"]).strip() == '<input type="hidden" name="next" id="id_next">'
