"""The problems a cell can have, each as a sentence that says what to do."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from lib.chinese.dates import DateParse
from lib.chinese.money import MoneyParse
from lib.chinese.numbers import Part
from lib.chinese.phones import PhoneParse
from lib.sheets.columns import Column, Type
from lib.sheets.readings import AnswerType, Choice, NumberValue, Problem

_SHORT = 60


def excel_error(column: Column, text: str) -> Problem:
    message = _("The cell holds the Excel error %(text)s. Repair the formula or write the value.")
    return _error(column, "excel_error", message % {"text": text})


def required(column: Column) -> Problem:
    return _error(column, "required", _("“%(heading)s” is empty. Fill it in.") % {"heading": column.heading})


def missing_column(headings: str) -> Problem:
    message = _("The sheet has no column “%(headings)s”. Add it and upload again.")
    return Problem("error", "", "missing_column", message % {"headings": headings})


def too_long(column: Column, length: int, limit: int | None = None) -> Problem:
    message = _("The text has %(length)d characters; “%(heading)s” takes at most %(limit)d. Shorten it.")
    say = {"length": length, "heading": column.heading, "limit": limit or column.max_length}
    return _error(column, "too_long", message % say)


def ditto_without_source(column: Column) -> Problem:
    message = _("“Same as above” stands here, but there is nothing above. Write the value itself.")
    return _error(column, "ditto_without_source", message)


def repeated_heading(column: Column, first: str, second: str) -> Problem:
    message = _("Two columns are headed “%(heading)s” and differ here. Which one holds?")
    choices = (Choice(first, first), Choice(second, second))
    return _question(column, "repeated_heading", message % {"heading": column.heading}, choices, "text")


def merged_number(column: Column, shown: str, key: str) -> Problem:
    message = _("%(text)s stands in a cell merged over several rows. Does it hold for each of them, or once for all?")
    once = Choice("", _("Once: leave this row empty"))
    each = Choice(key, _("For each row: %(text)s") % {"text": shown})
    answer_type: AnswerType = "money" if column.type is Type.MONEY else "number"
    return _question(column, "merged_number", message % {"text": shown}, (once, each), answer_type)


def date(column: Column, found: DateParse, text: str, iso_choices: tuple[str, ...]) -> Problem:
    """The doubt of a parsed date; `iso_choices` are the days it can mean."""
    match found.doubt:
        case "ambiguous":
            message = _("%(text)s can be read in two ways. Which is meant?")
        case "needs_year":
            message = _("%(text)s has no year, and neither title, tab nor filled-in date says one. Which day is meant?")
        case "after_filled":
            message = _(
                "%(text)s has no year, and in the year of the filled-in date it lies after that date. Which day is meant?"
            )
        case "several":
            message = _("%(text)s names several days. Write one row for each.")
            return _error(column, "date_several", message % {"text": _cut(text)})
        case "impossible":
            message = _("There is no such day: %(text)s. Correct the date.")
            return _error(column, "date_impossible", message % {"text": _cut(text)})
        case _:
            message = _("%(text)s is not a date we can read. Write it as 2024-09-03.")
            return _error(column, "date_unreadable", message % {"text": _cut(text)})
    choices = (Choice(iso, _iso_label(iso)) for iso in iso_choices)
    return _question(column, f"date_{found.doubt}", message % {"text": _cut(text)}, choices, "date")


def needs_day(column: Column, text: str) -> Problem:
    message = _("%(text)s does not say the day. Write the full date, such as 2024-09-03.")
    return _error(column, "date_needs_day", message % {"text": _cut(text)})


def number_unreadable(column: Column, text: str) -> Problem:
    message = _("%(text)s is not a number we can read. Write digits, such as 30.")
    return _error(column, "number_unreadable", message % {"text": _cut(text)})


def not_whole(column: Column, text: str) -> Problem:
    message = _("%(text)s must be a whole number, 0 or more.")
    return _error(column, "number_not_whole", message % {"text": _cut(text)})


def number_range(column: Column, value: NumberValue) -> Problem:
    message = _("%(low)s to %(high)s was written; the lower number is counted.")
    say = {"low": _digits(value.low), "high": _digits(value.high)}
    return Problem("note", column.name, "number_range", message % say)


def number_parts(column: Column, parts: tuple[Part, ...], text: str) -> Problem:
    """Several numbers in a cell: their sum is offered first, then each."""
    total = sum((part.value for part in parts), Decimal(0))
    say = {"sum": "+".join(_digits(part.value) for part in parts), "total": _digits(total)}
    labels = {_digits(total): _("Together: %(sum)s = %(total)s") % say}
    for part in parts:
        label = _("Only %(part)s") % {"part": f"{part.label}{_digits(part.value)}{part.unit}"}
        labels.setdefault(_digits(part.value), label)
    message = _("%(text)s holds several numbers. Do they add up?")
    choices = (Choice(key, label) for key, label in labels.items())
    return _question(column, "number_parts", message % {"text": _cut(text)}, choices, "number")


def money(column: Column, found: MoneyParse, text: str, heading: str) -> Problem:
    """The doubt of a parsed amount, under its heading."""
    say = {"text": _cut(text), "heading": heading or column.heading}
    match found.doubt:
        case "no_unit":
            message = _("Neither “%(heading)s” nor the cell says 元 or 万元. Which unit is it?")
            units = (Choice("yuan", "元"), Choice("wan", "万元"))
            return _question(column, "money_no_unit", message % say, units, subject=say["heading"])
        case "too_large":
            message = _("%(text)s under “%(heading)s” is unusually much. Is it written in 元?")
        case "parts":
            message = _("%(text)s holds several amounts. Do they add up?")
        case _:
            message = _("%(text)s is not an amount we can read. Write digits, such as 1.4.")
            return _error(column, "money_unreadable", message % say)
    choices = (Choice(_digits(yuan), _yuan_label(yuan)) for yuan in found.choices)
    return _question(column, f"money_{found.doubt}", message % say, choices, "money")


def phone(column: Column, found: PhoneParse, text: str) -> Problem:
    """The doubt of a parsed phone number. An error only where the column cannot do without."""
    say = {"text": _cut(text)}
    match found.doubt:
        case "several":
            message = _("%(text)s holds several numbers. Which one is to be kept?")
            choices = (Choice(number, number) for number in found.choices)
            return _question(column, "phone_several", message % say, choices, "phone")
        case "scientific":
            message = _(
                "%(text)s is a phone number that Excel shortened; its last digits are lost."
                " Format the column as text and write it again."
            )
        case "truncated":
            message = _(
                "%(text)s was cut to 15 digits by Excel; its last digits are lost. Format the column as text and write it again."
            )
        case _:
            message = _("%(text)s is not a phone number we know. Correct it, or leave it empty for now.")
    if column.required and column.type is Type.PHONE:
        return _error(column, f"phone_{found.doubt}", message % say)
    return _question(column, f"phone_{found.doubt}", message % say, (_leave_empty(),), "phone")


def person_without_name(column: Column, text: str) -> Problem:
    message = _("There is a phone number (%(text)s) but no name. Write the name, or leave both empty for now.")
    return _question(column, "person_without_name", message % {"text": _cut(text)}, (_leave_empty(),), "text")


def yes_no(column: Column, text: str) -> Problem:
    message = _("Does “%(text)s” mean yes or no?")
    choices = (Choice("yes", _("Yes")), Choice("no", _("No")), _leave_empty())
    return _question(column, "yes_no_unknown", message % {"text": _cut(text)}, choices, subject=text)


def choice(column: Column, text: str) -> Problem:
    message = _("“%(text)s” is not one of the words of “%(heading)s”. Which one is meant?")
    choices = (*(Choice(option.code, option.label) for option in column.options), _leave_empty())
    say = {"text": _cut(text), "heading": column.heading}
    return _question(column, "choice_unknown", message % say, choices, subject=text)


def _error(column: Column, code: str, message: str) -> Problem:
    return Problem("error", column.name, code, message)


def _question(
    column: Column, code: str, message: str, choices: Iterable[Choice], answer_type: AnswerType = "", subject: str = ""
) -> Problem:
    """A question; with a subject it is about that word, wherever it stands."""
    return Problem("question", column.name, code, message, tuple(choices), answer_type, "value" if subject else "cell", subject)


def _leave_empty() -> Choice:
    return Choice("", _("Leave it empty for now"))


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"


def _digits(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


def _yuan_label(yuan: Decimal) -> str:
    return f"{_digits(yuan)}元" if abs(yuan) < 10_000 else f"{_digits(yuan)}元（{_digits(yuan / 10_000)}万元）"


def _iso_label(iso: str) -> str:
    """2024-09-03 as 2024年9月3日; a span with a dash."""
    ends = []
    for end in iso.split("~"):
        year, month, *day = end.split("-")
        ends.append(f"{year}年{int(month)}月" + (f"{int(day[0])}日" if day else ""))
    return "—".join(ends)
