"""Records and figures as plain Chinese sentences, for papers. Papers are Chinese in every interface language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from activities.models import PlaceKind, Record, Step
from lib.periods import Span

_ENDS = "。；;,，.、 "
_STEPS = {
    Step.STARTED: "已开工",
    Step.STAGE: "完成阶段任务",
    Step.COMPLETED: "已完工",
    Step.CLOSED: "已办结",
    Step.BUILT: "已建成",
    Step.AWARDED: "已授牌",
}
_DIGITS = "一二三四五六七八九"
_QUARTERS = "一二三四"


def ordinal(n: int) -> str:
    """A Chinese numeral of 1 to 99: 一, 十二, 二十三."""
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens - 1]}十"
    return head + (_DIGITS[ones - 1] if ones else "")


def quarter_words(first: date) -> str:
    """2025年第一季度."""
    return f"{first.year}年第{_QUARTERS[(first.month - 1) // 3]}季度"


def period_words(span: Span) -> str:
    """A period beside others of its year: 第41周, 10月, 第四季度."""
    if span.kind == "week":
        return f"第{span.starts_on.isocalendar().week}周"
    if span.kind == "month":
        return f"{span.starts_on.month}月"
    if span.kind == "quarter":
        return f"第{_QUARTERS[(span.starts_on.month - 1) // 3]}季度"
    if span.kind == "half":
        return "上半年" if span.starts_on.month == 1 else "下半年"
    return f"{span.starts_on.year}年"


def short_day(day: date) -> str:
    """1月8日: the year stands in the heading."""
    return f"{day.month}月{day.day}日"


def money(yuan: Decimal) -> str:
    """35000 → 3.5万元; below 10,000 in 元."""
    if abs(yuan) >= 10_000:
        return f"{(yuan / 10_000).normalize():f}万元"
    return f"{yuan.normalize():f}元"


def told(record: Record, village: str) -> str:
    """What was done, in one sentence without its full stop. ``village``: where it was if nothing else is said."""
    when = short_day(record.occurred_on)
    if record.ends_on is not None and record.ends_on != record.occurred_on:
        when += f"至{short_day(record.ends_on)}"
    parts = [when + _where(record, village), _what(record)]
    if record.leader_present:
        parts.append("组长参加")
    if record.person_times is not None:
        parts.append(f"{'约' if record.persons_approx else ''}{record.person_times}人次参加")
    if record.visitors is not None:
        parts.append(f"接待来访群众{record.visitors}人次")
    if record.money_yuan is not None:
        parts.append(f"投入资金{'约' if record.money_approx else ''}{money(record.money_yuan)}")
    return "，".join(part for part in parts if part)


def _where(record: Record, village: str) -> str:
    if record.place_kind == PlaceKind.ONLINE:
        return "通过线上或电话方式"
    if record.place:
        return f"在{record.place}"
    return f"在{village}" if record.place_kind == PlaceKind.IN_VILLAGE else ""


def _what(record: Record) -> str:
    said = (record.title or record.text).strip(_ENDS)
    if record.title and record.text and record.text.strip(_ENDS) != said:
        said = f"{said}：{record.text.strip(_ENDS)}"
    step = _STEPS.get(Step(record.step)) if record.step else None
    if record.item is None:
        return said
    named = f"“{record.item.name}”{step or '有新进展'}"
    return f"{named}（{said}）" if said and said != record.item.name else named
