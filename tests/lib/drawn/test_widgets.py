"""Boxes and choices drawn here are Django's own, to the letter but for white space; fields keep what ties them together."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from lib.drawn.widgets import INPUTS, SELECT, Renderer

EVIL = "<script>alert('1')</script>\"&"


class Wide(forms.Form):
    """Boxes of all sorts, with values that a page must escape."""

    word = forms.CharField(label=EVIL, help_text="甲 <b>", max_length=9, widget=forms.TextInput(attrs={EVIL: EVIL}))
    number = forms.IntegerField(min_value=1000, required=False)
    money = forms.DecimalField(required=False)
    mail = forms.EmailField(required=False)
    page = forms.URLField(required=False, assume_scheme="https")
    day = forms.DateField(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    tick = forms.BooleanField(label="属实", required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    one = forms.ChoiceField(choices=[("", gettext_lazy("All")), ("1", EVIL), (EVIL, "乙")], required=False)
    grouped = forms.ChoiceField(choices=[("一", [("1", "甲"), ("2", "乙")]), ("", "丙")], required=False, disabled=True)
    several = forms.MultipleChoiceField(choices=[("1", "甲"), ("2", "乙")], required=False)
    flag = forms.NullBooleanField(required=False)
    of_day = forms.TypedChoiceField(choices=[(1000, 1000), (2000, date(2024, 9, 3))], coerce=int, required=False)
    radio = forms.ChoiceField(choices=[("1", "甲"), ("2", "乙")], widget=forms.RadioSelect, required=False)
    text = forms.CharField(widget=forms.Textarea, required=False)


TYPED = {
    "word": EVIL,
    "number": "x",
    "money": "1234.5",
    "mail": "no",
    "day": "2024-09-03",
    "tick": "on",
    "kept": EVIL,
    "one": EVIL,
    "several": ["1", "2"],
    "of_day": "2000",
    "radio": "2",
    "text": EVIL,
}


def _plain(html: str) -> str:
    return re.sub(r"\s*(<|>)\s*", r"\1", re.sub(r"\s+", " ", html))


@pytest.mark.parametrize("data", [None, TYPED], ids=["empty", "typed"])
@pytest.mark.parametrize("name", Wide.base_fields)
def test_a_box_is_the_one_that_django_draws(name: str, data: dict[str, Any] | None) -> None:
    initial = {"number": 1234567, "day": date(2024, 9, 3)}
    ours, djangos = Wide(data, initial=initial, renderer=Renderer()), Wide(data, initial=initial, renderer=DjangoTemplates())

    assert _plain(str(ours[name])) == _plain(str(djangos[name]))


def test_the_forms_of_the_product_are_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    drawn = DjangoTemplates.render

    def told(self: DjangoTemplates, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        asked.append(template_name)
        return drawn(self, template_name, context, request)

    monkeypatch.setattr(DjangoTemplates, "render", told)
    for name in ("word", "number", "mail", "page", "day", "tick", "kept", "one"):
        str(Wide()[name])

    assert asked == []
    str(Wide()["text"])
    assert asked == ["django/forms/widgets/textarea.html"]
    assert SELECT not in INPUTS


def test_an_option_with_a_template_of_its_own_keeps_it() -> None:
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    html = Own(choices=[("1", "甲")]).render("of", "1", renderer=Renderer())

    assert '<label><input type="select" name="of" value="1"' in html


def test_a_field_is_labelled_explained_and_told_what_is_wrong() -> None:
    form = Wide({"word": "", "mail": "no"})

    word, mail = (render_to_string("parts/field.html", {"field": form[name]}) for name in ("word", "mail"))

    assert word.startswith('<div class="field" data-wrong>')
    assert '<label for="id_word">&lt;script&gt;' in word
    assert '<span class="must">必填</span></label>' in word
    assert '<p class="field-help" id="id_word_helptext">甲 &lt;b&gt;</p>' in word
    assert 'aria-describedby="id_word_helptext id_word_error"' in word
    assert re.search(r'<div class="field-error" id="id_word_error"><p>[^<]+</p></div>', word)
    assert "must" not in mail
    assert 'id="id_mail_error"' in mail


def test_a_filter_leaves_out_that_it_is_required() -> None:
    assert "must" not in render_to_string("parts/field.html", {"field": Wide()["word"], "plain": True})


def test_a_tick_stands_before_its_label_and_choices_stand_in_a_fieldset() -> None:
    tick, radio, kept = (render_to_string("parts/field.html", {"field": Wide()[name]}) for name in ("tick", "radio", "kept"))

    assert re.search(r'<label class="tickline" for="id_tick"><input type="checkbox"[^>]*> 属实</label>', tick)
    assert radio.startswith('<fieldset class="field">')
    assert '<legend id="id_radio">Radio</legend>' in radio
    assert kept.strip() == '<input type="hidden" name="kept" id="id_kept">'


def test_no_word_of_a_form_reaches_the_page_unescaped() -> None:
    form = Wide(TYPED)
    html = "".join(render_to_string("parts/field.html", {"field": one}) for one in form)

    assert "<script" not in html
    assert "alert('1')" not in html
