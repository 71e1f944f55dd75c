"""What a page's forms would send: the names that an address listens to, learnt from the pages themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form: where it goes, how, and what it would send as it stands."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def add(self, name: str, value: str | None) -> None:
        known = self.values.setdefault(name, [])
        if value is not None:
            known.append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select: str | None = None
        self.first_option: str | None = None
        self.has_choice = False
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "form":
            self.open = Form(told.get("action") or "", (told.get("method") or "get").upper())
            self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "input" and name:
            self._input(name, told)
        elif tag == "select" and name:
            self.open.add(name, None)
            self.select, self.first_option, self.has_choice = name, None, "multiple" in told
        elif tag == "option" and self.select:
            value = told.get("value") or ""
            self.first_option = self.first_option if self.first_option is not None else value
            if "selected" in told:
                self.open.add(self.select, value)
                self.has_choice = True
        elif tag == "textarea" and name:
            self.open.add(name, None)
            self.textarea = name
        elif tag == "button" and name and self.open:
            self.open.add(name, None)

    def _input(self, name: str, told: dict[str, str | None]) -> None:
        assert self.open is not None
        kind = told.get("type") or "text"
        if kind == "file":
            self.open.files.append(name)
        elif kind in ("checkbox", "radio"):
            self.open.add(name, (told.get("value") or "on") if "checked" in told else None)
        elif name != "csrfmiddlewaretoken":
            self.open.add(name, told.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.textarea and self.open:
            self.open.values[self.textarea] = [data.lstrip("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select" and self.select and self.open:
            # A browser sends the first option when none is chosen.
            if not self.has_choice and self.first_option is not None:
                self.open.add(self.select, self.first_option)
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def forms_of(html: str) -> list[Form]:
    """The forms of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
