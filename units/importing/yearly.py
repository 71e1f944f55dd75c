"""Village economy by year (村集体经济收入台账): what each village earned, found by village, figure and year.

A figure that stands there already is corrected, which keeps what stood there as a version; the preview shows from
what to what. An empty cell says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from lib.chinese.text import match_key
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice, MoneyValue
from tenancy import clock
from units.actions.figures import MOST_YUAN
from units.importing.asking import find_village
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context, ImportKind, register
from units.importing.rows import Row
from units.importing.yearly_sheet import FIGURES, FIRST_YEAR, OF_LAST_YEAR, figure_of
from units.models import Figure, Metric, Unit

THIS_ROW, LEAVE = "this", "leave"
_YEAR = re.compile(r"(20[0-9]{2})\s*年?度?")
_CENT = Decimal("0.01")
# So many years back from this one are offered when a sheet does not say which year it speaks of.
_OFFERED = 2

Place = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Said:
    """One figure that a row states."""

    metric: str
    year: int
    value: Decimal
    column: str
    is_approx: bool = False

    @property
    def name(self) -> str:
        return f"{self.year} {Metric(self.metric).label}"


class VillageFigures(ImportKind):
    """One row a village with a column for each year; or one row a figure, as the product exports them."""

    code = "figures"
    sheet: ClassVar[SheetKind] = FIGURES
    aliases = ("figure", "村集体经济", "集体经济收入", "集体经济收入台账", "薄弱村台账", "村集体经济台账")

    def headings(self) -> list[str]:
        """Of the two hundred columns by year, those that are filled in now."""
        year = clock.today().year
        wide = [f"{metric}_{one}" for metric in Metric for one in range(year - 3, year)]
        return ["镇(街道)", "村", *(FIGURES.column(name).heading for name in wide), "数据来源"]

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        last_years = {sheet.sheet: _last_year(sheet.columns) for sheet in context.sheets}
        titles = {sheet.sheet: _year_in(f"{sheet.title} {sheet.sheet}") for sheet in context.sheets}
        context.facts["of_last_year"] = {
            name: year for name, year in last_years.items() if year and any(row.read(OF_LAST_YEAR) for row in rows)
        }
        first: dict[Place, Row] = {}
        for row in rows:
            village = find_village(row, "village", "town", context)
            sheet = row.reading.sheet
            said = list(self._said(row, context, last_years.get(sheet), titles.get(sheet)))
            row.found = {"village": village, "said": {(one.metric, one.year): one for one in said}}
            row.values = {
                "town": context.places.town_of(village) if village is not None else row.text("town"),
                "village": village.name if village is not None else row.text("village"),
                "source": row.text("source"),
                **{f"{one.metric}_{one.year}": plain_yuan(one.value) for one in said},
            }
            if village is not None:
                row.key = f"{village.uid}:{':'.join(sorted(f'{one.metric}{one.year}' for one in said))}"[:64]
                self._settle_doubles(row, village, first)
            if not said and row.is_ok:
                row.error("", "no_figure", _("No amount stands in this row. Fill one in, or take the row out."))

    def _said(self, row: Row, context: Context, last_year: int | None, titled: int | None) -> Iterator[Said]:
        for column, value in list(row.reading.values.items()):
            if not isinstance(value, MoneyValue):
                continue
            known = figure_of(column)
            if known is not None:
                metric, year = known
            elif column == OF_LAST_YEAR and last_year is not None:
                metric, year = Metric.OPERATING_INCOME, last_year
            else:
                found = self._year(row, context, titled)
                if found is None:
                    continue
                year = found
                metric = Metric.OPERATING_INCOME if column == OF_LAST_YEAR else row.text("metric") or Metric.COLLECTIVE_INCOME
            if self._fits(row, column, year, value.yuan, context):
                yield Said(metric, year, value.yuan.quantize(_CENT), column, value.approx)
                if value.approx:
                    message = _("%(figure)s is written as about; it is taken as %(yuan)s yuan.")
                    row.note(column, "about", message % {"figure": year, "yuan": _words(value.yuan)})

    def _year(self, row: Row, context: Context, titled: int | None) -> int | None:
        """The year of a row that is one figure: its own column, else the title's, else asked once for the file."""
        text = row.text("year")
        if text:
            year = _year_in(text)
            if year is None:
                row.error("year", "year_unreadable", _("“%(text)s” is not a year. Write it like 2024.") % {"text": text[:20]})
            return year
        if titled is not None:
            return titled
        answer = row.asked("year_missing", "year", row.reading.sheet)
        if answer and (year := _year_in(answer)) is not None:
            return year
        today = context.today.year
        choices = tuple(Choice(str(today - n), str(today - n)) for n in range(1, _OFFERED + 1))
        message = _("Neither a column nor the title says which year. Which one is it?")
        row.ask("year_missing", "year", row.reading.sheet, message, choices, free=True, per_file=True)
        return None

    def _fits(self, row: Row, column: str, year: int, yuan: Decimal, context: Context) -> bool:
        if not FIRST_YEAR <= year <= context.today.year:
            message = _("The year must lie between 2000 and %(year)s.") % {"year": context.today.year}
            row.error("year" if figure_of(column) is None else column, "year_out_of_range", message)
            return False
        if yuan >= MOST_YUAN:
            row.error(column, "too_much", _("%(n)s yuan cannot be. Correct the amount.") % {"n": yuan})
            return False
        return True

    def _settle_doubles(self, row: Row, village: Unit, first: dict[Place, Row]) -> None:
        """Of a figure that two rows give: nothing when they agree, a question when they do not."""
        said: dict[tuple[str, int], Said] = row.found["said"]
        for place, one in list(said.items()):
            here: Place = (village.pk, *place)
            earlier = first.setdefault(here, row)
            if earlier is row:
                continue
            before: Said = earlier.found["said"][place]
            where = {"row": earlier.reading.row, "sheet": earlier.reading.sheet}
            if before.value == one.value:
                message = _("The same stands in row %(row)d of sheet %(sheet)s, in the same words: it is imported once.")
                row.note(one.column, "same_twice", message % where)
                del said[place]
                continue
            subject = f"{village.uid}{one.metric}{one.year}{one.value}"
            answer = row.asked("twice", one.column, subject, per_cell=True)
            if answer == LEAVE:
                del said[place]
            elif answer == THIS_ROW:
                message = _("Row %(row)d of sheet %(sheet)s holds, as somebody answered.")
                earlier.note(before.column, "gave_way", message % {"row": row.reading.row, "sheet": row.reading.sheet})
                del earlier.found["said"][place]
                first[here] = row
            else:
                self._ask_which(row, one, before, where, subject)

    @staticmethod
    def _ask_which(row: Row, one: Said, before: Said, where: dict[str, Any], subject: str) -> None:
        told = {**where, "figure": one.name, "other": _words(before.value), "this": _words(one.value)}
        message = _("%(figure)s: row %(row)d of sheet %(sheet)s says %(other)s yuan, this row %(this)s. Which holds?") % told
        choices = (
            Choice(THIS_ROW, _("This row: %(this)s yuan") % told),
            Choice(LEAVE, _("Row %(row)d: %(other)s yuan") % told),
        )
        row.ask("twice", one.column, subject, message, choices, per_cell=True)

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        villages = {row.found["village"].pk for row in rows}
        stored: dict[Place, Figure] = {
            (one.unit_id, one.metric, one.year): one for one in Figure.objects.filter(unit__in=villages).order_by("id")
        }
        for row in rows:
            self._plan_row(row, stored, context, plan)

    def _plan_row(self, row: Row, stored: dict[Place, Figure], context: Context, plan: Plan) -> None:
        village: Unit = row.found["village"]
        said: Sequence[Said] = list(row.found["said"].values())
        known = [stored.get((village.pk, one.metric, one.year)) for one in said]
        row.effect = "add" if said and not any(known) else "change"
        source = row.text("source")
        n_changed = 0
        for one, held in zip(said, known, strict=True):
            if held is None:
                made = new(
                    Figure, tenant=context.tenant, unit=village, metric=one.metric, year=one.year, value=one.value, source=source
                )
                plan.add(row, Wave.LEDGER, made, shown=(one.name, _words(one.value)))
                n_changed += 1
                continue
            if held.value != one.value:
                row.tell(one.name, _words(held.value), _words(one.value))
                n_changed += plan.change(row, held, "value", one.value)
            if source:
                n_changed += plan.change(row, held, "source", source, label=f"{one.name}: {_('source')}")
        if not n_changed:
            row.effect = "same"

    def information(self, rows: Sequence[Row], context: Context) -> list[str]:
        return [
            _("Sheet %(sheet)s: the operating income without a year is taken for %(year)d, the last year in the sheet.")
            % {"sheet": sheet, "year": year}
            for sheet, year in context.facts["of_last_year"].items()
        ]


def plain_yuan(yuan: Decimal) -> str:
    """An amount as programs read it: 86000, 86000.5."""
    return f"{yuan.normalize():f}"


def _words(yuan: Decimal) -> str:
    """An amount as people read it: 86,000 or 86,000.50."""
    return f"{yuan:,.2f}".removesuffix(".00")


def _year_in(text: str) -> int | None:
    found = _YEAR.search(match_key(text))
    return int(found[1]) if found else None


def _last_year(columns: dict[str, str]) -> int | None:
    """The last year that has a column of collective income."""
    years = [known[1] for name in columns if (known := figure_of(name)) and known[0] == Metric.COLLECTIVE_INCOME]
    return max(years, default=None)


register(VillageFigures())
