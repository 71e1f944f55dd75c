"""Template tags for what is drawn in Python: ``{% load drawn %}``."""

from __future__ import annotations

from django.template import Library

from lib.drawn import chips, fields, tables

register = Library()
register.simple_tag(chips.chip, name="chip")
register.simple_tag(chips.mark, name="mark")
register.simple_tag(tables.rows, name="table_rows")
register.simple_tag(tables.heads, name="table_heads")
register.simple_tag(tables.totals, name="table_totals")
register.simple_tag(tables.kept, name="kept")
register.simple_tag(tables.choices, name="column_choices")
register.simple_tag(fields.field, name="field")
