"""A checked template and the values of its fields become a Word document."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.sax import SAXException

from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from lib.chinese.text import tidy
from lib.papers.language import Fields, PaperLanguage
from lib.papers.package import check_docx
from lib.papers.refusals import TemplateRefused


def fill(content: bytes, fields: Fields, values: Mapping[str, Any]) -> bytes:
    """The document with ``values`` in it: a text for a field, a list of rows (name → text) for a list.

    Raises TemplateRefused with what is wrong with the template.
    """
    check_docx(content)
    language = PaperLanguage(fields)
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.render(_tidied(fields, values), jinja_env=language, autoescape=True)
        if not language.n_named:
            raise TemplateRefused("no_fields")
        file = io.BytesIO()
        template.save(file)
    except TemplateError as problem:
        raise TemplateRefused("syntax", near=_near(problem)) from problem
    except (OpcError, etree.LxmlError, SAXException, KeyError, ValueError, AttributeError, IndexError, TypeError) as problem:
        raise TemplateRefused("damaged") from problem
    return file.getvalue()


def _tidied(fields: Fields, values: Mapping[str, Any]) -> dict[str, Any]:
    """Every field, as text that XML can hold; those left out are empty."""
    found: dict[str, Any] = {}
    for name, columns in fields.items():
        if columns is None:
            found[name] = tidy(str(values.get(name, "")))
        else:
            found[name] = [{column: tidy(str(row.get(column, ""))) for column in columns} for row in values.get(name, ())]
    return found


def _near(problem: TemplateError) -> str:
    """Some words of the document where the mistake was noticed."""
    lines = [line.strip() for line in getattr(problem, "docx_context", ()) if line.strip()]
    return lines[len(lines) // 2][:60] if lines else "…"
