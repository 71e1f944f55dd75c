"""The problems a cell can have, each as a sentence that says what to do."""

from decimal import Decimal

from django.utils.translation import gettext as _

from lib.chinese.dates import DateParse
from lib.chinese.money import MoneyParse
from lib.chinese.numbers import Part
from lib.chinese.phones import PhoneParse
from lib.sheets.columns import Column, Type
from lib.sheets.readings import Choice, NumberValue, Problem

_SHORT = 60


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"


def excel_error(column: Column, text: str) -> Problem:
    return Problem(
        "error",
        column.name,
        "excel_error",
        _("The cell holds the Excel error %(text)s. Repair the formula or write the value.") % {"text": text},
    )


def required(column: Column) -> Problem:
    return Problem("error", column.name, "required", _("“%(heading)s” is empty. Fill it in.") % {"heading": column.heading})


def missing_column(headings: str) -> Problem:
    return Problem(
        "error",
        "",
        "missing_column",
        _("The sheet has no column “%(headings)s”. Add it and upload again.") % {"headings": headings},
    )


def too_long(column: Column, length: int, limit: int | None = None) -> Problem:
    return Problem(
        "error",
        column.name,
        "too_long",
        _("The text has %(length)d characters; “%(heading)s” takes at most %(limit)d. Shorten it.")
        % {"length": length, "heading": column.heading, "limit": limit or column.max_length},
    )


def ditto_without_source(column: Column) -> Problem:
    return Problem(
        "error",
        column.name,
        "ditto_without_source",
        _("“Same as above” stands here, but there is nothing above. Write the value itself."),
    )


def repeated_heading(column: Column, first: str, second: str) -> Problem:
    return Problem(
        "question",
        column.name,
        "repeated_heading",
        _("Two columns are headed “%(heading)s” and differ here. Which one holds?") % {"heading": column.heading},
        (Choice(first, first), Choice(second, second)),
        "text",
    )


def merged_number(column: Column, shown: str, key: str) -> Problem:
    return Problem(
        "question",
        column.name,
        "merged_number",
        _("%(text)s stands in a cell merged over several rows. Does it hold for each of them, or once for all?")
        % {"text": shown},
        (Choice("", _("Once: leave this row empty")), Choice(key, _("For each row: %(text)s") % {"text": shown})),
        "money" if column.type is Type.MONEY else "number",
    )


def date(column: Column, found: DateParse, text: str, iso_choices: tuple[str, ...]) -> Problem:
    say = {"text": _cut(text)}
    choices = tuple(Choice(iso, _iso_label(iso)) for iso in iso_choices)
    match found.doubt:
        case "ambiguous":
            message = _("%(text)s can be read in two ways. Which is meant?") % say
        case "needs_year":
            message = _("%(text)s has no year, and neither title, tab nor filled-in date says one. Which day is meant?") % say
        case "after_filled":
            message = (
                _("%(text)s has no year, and in the year of the filled-in date it would lie after that date. Which day is meant?")
                % say
            )
        case "several":
            return Problem("error", column.name, "date_several", _("%(text)s names several days. Write one row for each.") % say)
        case "impossible":
            return Problem("error", column.name, "date_impossible", _("There is no such day: %(text)s. Correct the date.") % say)
        case _:
            return Problem(
                "error", column.name, "date_unreadable", _("%(text)s is not a date we can read. Write it as 2024-09-03.") % say
            )
    return Problem("question", column.name, f"date_{found.doubt}", message, choices, "date")


def needs_day(column: Column, found: DateParse, text: str) -> Problem:
    return Problem(
        "error",
        column.name,
        "date_needs_day",
        _("%(text)s does not say the day. Write the full date, such as 2024-09-03.") % {"text": _cut(text)},
    )


def _iso_label(iso: str) -> str:
    """2024-09-03 as 2024年9月3日; a span with a dash."""
    ends = []
    for end in iso.split("~"):
        year, month, *day = end.split("-")
        ends.append(f"{year}年{int(month)}月" + (f"{int(day[0])}日" if day else ""))
    return "—".join(ends)


def number_unreadable(column: Column, text: str) -> Problem:
    return Problem(
        "error",
        column.name,
        "number_unreadable",
        _("%(text)s is not a number we can read. Write digits, such as 30.") % {"text": _cut(text)},
    )


def not_whole(column: Column, text: str) -> Problem:
    return Problem(
        "error", column.name, "number_not_whole", _("%(text)s must be a whole number, 0 or more.") % {"text": _cut(text)}
    )


def number_range(column: Column, value: NumberValue) -> Problem:
    return Problem(
        "note",
        column.name,
        "number_range",
        _("%(low)s to %(high)s was written; the lower number is counted.")
        % {"low": _digits(value.low), "high": _digits(value.high)},
    )


def number_parts(column: Column, parts: tuple[Part, ...], text: str) -> Problem:
    total = sum((part.value for part in parts), Decimal(0))
    sign = "+".join(_digits(part.value) for part in parts)
    choices = [Choice(_digits(total), _("Together: %(sum)s = %(total)s") % {"sum": sign, "total": _digits(total)})]
    for part in parts:
        label = _("Only %(part)s") % {"part": f"{part.label}{_digits(part.value)}{part.unit}"}
        choices.append(Choice(_digits(part.value), label))
    unique = {choice.key: choice for choice in reversed(choices)}
    return Problem(
        "question",
        column.name,
        "number_parts",
        _("%(text)s holds several numbers. Do they add up?") % {"text": _cut(text)},
        tuple(choice for choice in choices if unique[choice.key] is choice),
        "number",
    )


def money(column: Column, found: MoneyParse, text: str, heading: str) -> Problem:
    say = {"text": _cut(text), "heading": heading or column.heading}
    amounts = tuple(Choice(_digits(yuan), _yuan_label(yuan)) for yuan in found.choices)
    match found.doubt:
        case "no_unit":
            message = _("Neither “%(heading)s” nor the cell says 元 or 万元. Which unit is it?") % say
            return Problem(
                "question",
                column.name,
                "money_no_unit",
                message,
                (Choice("yuan", "元"), Choice("wan", "万元")),
                "",
                "value",
                heading,
            )
        case "too_large":
            message = _("%(text)s under “%(heading)s” is unusually much. Is it written in 元?") % say
        case "parts":
            message = _("%(text)s holds several amounts. Do they add up?") % say
        case _:
            return Problem(
                "error",
                column.name,
                "money_unreadable",
                _("%(text)s is not an amount we can read. Write digits, such as 1.4.") % say,
            )
    return Problem("question", column.name, f"money_{found.doubt}", message, amounts, "money")


def _yuan_label(yuan: Decimal) -> str:
    return f"{_digits(yuan)}元" if abs(yuan) < 10_000 else f"{_digits(yuan)}元（{_digits(yuan / 10_000)}万元）"


def _digits(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


def phone(column: Column, found: PhoneParse, text: str) -> Problem:
    say = {"text": _cut(text)}
    choices = tuple(Choice(number, number) for number in found.choices)
    if found.doubt == "several":
        return Problem(
            "question",
            column.name,
            "phone_several",
            _("%(text)s holds several numbers. Which one is to be kept?") % say,
            choices,
            "phone",
        )
    if found.doubt == "scientific":
        message = (
            _(
                "%(text)s is a phone number that Excel shortened; its last digits are lost. Format the column as text and write it again."
            )
            % say
        )
    elif found.doubt == "truncated":
        message = (
            _("%(text)s was cut to 15 digits by Excel; its last digits are lost. Format the column as text and write it again.")
            % say
        )
    else:
        message = _("%(text)s is not a phone number we know. Correct it, or leave it empty for now.") % say
    if column.required and column.type is Type.PHONE:
        return Problem("error", column.name, f"phone_{found.doubt}", message)
    return Problem("question", column.name, f"phone_{found.doubt}", message, (Choice("", _("Leave it empty for now")),), "phone")


def person_without_name(column: Column, text: str) -> Problem:
    return Problem(
        "question",
        column.name,
        "person_without_name",
        _("There is a phone number (%(text)s) but no name. Write the name, or leave both empty for now.") % {"text": _cut(text)},
        (Choice("", _("Leave it empty for now")),),
        "text",
    )


def yes_no(column: Column, text: str) -> Problem:
    return Problem(
        "question",
        column.name,
        "yes_no_unknown",
        _("Does “%(text)s” mean yes or no?") % {"text": _cut(text)},
        (Choice("yes", _("Yes")), Choice("no", _("No")), Choice("", _("Leave it empty for now"))),
        scope="value",
        subject=text,
    )


def choice(column: Column, text: str) -> Problem:
    choices = tuple(Choice(option.code, option.label) for option in column.options)
    return Problem(
        "question",
        column.name,
        "choice_unknown",
        _("“%(text)s” is not one of the words of “%(heading)s”. Which one is meant?")
        % {"text": _cut(text), "heading": column.heading},
        (*choices, Choice("", _("Leave it empty for now"))),
        scope="value",
        subject=text,
    )
