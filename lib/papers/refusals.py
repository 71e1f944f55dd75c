"""Why a Word template is not kept, in sentences that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Promise] = {
    "empty_file": _("The file is empty (0 bytes). Choose the file again."),
    "too_big": _("The file is larger than %(limit)s MB. Remove pictures, and upload it again."),
    "not_word": _("This is not a Word document. In Word or WPS choose Save as, Word document (.docx), and upload that."),
    "old_doc": _("This is an old .doc or a WPS .wps file, or it is locked. Save it as Word document (.docx) without a password."),
    "macros": _("The document contains macros. Choose Save as, Word document (.docx, without macros), and upload that."),
    "embedded": _("The document contains embedded files or objects. Take them out, and upload it again."),
    "outside": _(
        "The document fetches something from outside (a linked picture, a template on a server, an inserted file). "
        "Put it into the document itself or take it out."
    ),
    "damaged": _("The file is damaged or was not transferred completely. Save it under a new name and upload that."),
    "unpacks_too_big": _("Unpacked, the document is far larger than a template can be. Copy its text into a new document."),
    "dangerous_xml": _("The document contains definitions (DTD) that no Word program writes. Copy its text into a new document."),
    "too_heavy": _("Trying the template took too long, so it was stopped. Copy its text into a new document and upload that."),
    "unknown_field": _(
        "The template asks for “%(field)s”, which there is not. Fields that there are stand below; write one of them."
    ),
    "not_a_list": _("“%(field)s” is one text and no list: take the {%% for %%} around it out."),
    "is_a_list": _("“%(field)s” is a list. Write {%%tr for row in %(field)s %%} … {%%tr endfor %%} around a row of a table."),
    "not_allowed": _(
        "The template contains “%(what)s”. Allowed are fields in {{ }}, {%% for %%} over a list, and {%% if field %%}; "
        "nothing is computed in a template."
    ),
    "too_deep": _("A {%% for %%} stands within another one. Write them one after the other."),
    "syntax": _("A {{ }} or {%% %%} is not closed, or a {%% for %%} or {%% if %%} has no end. Near: “%(near)s”"),
    "no_fields": _(
        "The document names no field at all, so that every report would be the same. Begin with the product's own template."
    ),
}


class TemplateRefused(Exception):
    """A template is refused; ``code`` is for programs, ``message`` for people."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """The sentence in the reader's language, made late: a child process has no languages."""
        return str(SENTENCES[self.code]) % self.params

    def __str__(self) -> str:
        return self.code
