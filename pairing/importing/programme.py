"""For which programme a list of pairings is: chosen, of the year that it speaks for, or asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from lib.sheets.readings import Choice
from pairing.importing.cells import day_of
from pairing.models import Programme
from units.importing.plan import new
from units.importing.registry import Context
from units.importing.rows import Row


def programme_of(rows: Sequence[Row], context: Context) -> Programme | None:
    """The programme that the file is for: chosen, else of the year that the file itself speaks for.

    None with a question on every row when that is not plain. A new one is made at the commit only.
    """
    programmes = list(Programme.objects.order_by("-year", "id"))
    by_uid = {str(programme.uid): programme for programme in programmes}
    chosen: Programme | None = by_uid.get(str(context.options.get("programme", "")))
    year = context.options.get("year")
    if chosen is None and not year:
        answer = rows[0].asked("programme", "", "programme") if rows else None
        chosen = by_uid.get(answer or "")
        year = int(answer) if answer and answer.isdigit() else year
    if chosen is not None:
        return chosen
    year = year or _stated_year(rows, context)
    of_year: list[Programme] = [programme for programme in programmes if programme.year == year]
    title = str(context.options.get("title", "")).strip()
    if title:
        of_year = [programme for programme in of_year if programme.title == title]
    if len(of_year) == 1:
        return of_year[0]
    if year and not of_year:
        return _new_programme(context, year, title)
    _ask_programme(rows, of_year or programmes, context)
    return None


def _stated_year(rows: Sequence[Row], context: Context) -> int | None:
    """The year of the title, else of the filled-in date, else of the first pairing."""
    for sheet in context.sheets:
        if found := re.search(r"20[0-9]{2}(?=年|度)", sheet.title):
            return int(found[0])
    filled = [sheet.filled_on.year for sheet in context.sheets if sheet.filled_on]
    started = [day.year for row in rows if (day := day_of(row, "starts_on"))]
    return min(filled) if filled else min(started, default=None)


def _new_programme(context: Context, year: int, title: str) -> Programme:
    stated = next((sheet.title for sheet in context.sheets if sheet.title), "")
    return new(
        Programme,
        tenant=context.tenant,
        year=year,
        title=(title or stated or _("Pairing programme %(year)d") % {"year": year})[:120],
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )


def _ask_programme(rows: Sequence[Row], programmes: list[Programme], context: Context) -> None:
    choices = [Choice(str(programme.uid), f"{programme.year} {programme.title}") for programme in programmes]
    if not choices:
        choices = [
            Choice(str(year), _("New: %(year)d") % {"year": year}) for year in (context.today.year, context.today.year - 1)
        ]
    message = _("The file does not say for which programme it is. Choose one.")
    for row in rows:
        row.ask("programme", "", "programme", message, tuple(choices), per_file=True)
