"""Quarterly joint reports of a pairing: which quarters, and what both sides' records say of one (domain.md §2.2)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from activities.hands import sides_of
from activities.kinds.obligations import DONE, OWED, WAITING, in_span
from activities.models import ActivityType, AuthorSide, Carrier, Obligation, Record, Share, Status
from lib.periods import Span, period_of, periods
from pairing.models import Pairing
from pairing.queries import visible_pairings
from reports.models import JointReport, JointReportState
from reports.papers import sentences
from tenancy import clock
from tenancy.access import Access
from units.models import Unit

MARK = re.compile(r"\[(\d{1,4})\]")
_WAITING_FOR = {JointReportState.SIGNED_BY_UNIT: AuthorSide.VILLAGE, JointReportState.SIGNED_BY_VILLAGE: AuthorSide.UNIT}


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as the records tell it: paragraphs, and the records that their footnotes name, from 1 on."""

    text: str
    footnotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """One footnote. ``record`` is None where it is not there any more for the reader."""

    number: int
    record: Record | None


def quarters_of(pairing: Pairing) -> list[Span]:
    """Quarters in which the pairing was active, the newest first; none that has not begun."""
    if pairing.active_from is None:
        return []
    last = min(pairing.ends_on or pairing.programme.ends_on, pairing.programme.ends_on, clock.today())
    return list(periods("quarter", pairing.active_from, last))[::-1]


def signed_from(pairing: Pairing, quarter: date) -> date:
    """The first day on which a quarter's report may be signed: after its last day, or after that of the pairing."""
    last = period_of("quarter", quarter).ends_on
    return min(last, pairing.ends_on or last) + timedelta(days=1)


def reports_of(pairing: Pairing) -> dict[date, JointReport]:
    """The pairing's reports by the first day of their quarter."""
    rows = JointReport.objects.filter(pairing=pairing).select_related("record")
    return {row.quarter: row for row in rows}


def is_closed(report: JointReport) -> bool:
    """Signed by both, and its record stands: nothing is changed any more. A void record opens it again."""
    return report.state == JointReportState.SIGNED and report.record is not None and report.record.status != Status.VOIDED


def seen(report: JointReport) -> str:
    """Changes with every word: who signs or saves says by it what was on the screen."""
    return hashlib.sha256(json.dumps([report.text, report.footnotes], ensure_ascii=False).encode()).hexdigest()[:16]


def marks_in(text: str) -> list[int]:
    """Numbers of the footnotes that the text names, each once, in their order."""
    return sorted({int(found) for found in MARK.findall(text)})


def footnotes_of(report: JointReport) -> list[Footnote]:
    """The records behind the footnotes that the text still names; two queries."""
    rows = {str(row.uid): row for row in Record.objects.filter(uid__in=report.footnotes)}
    named = [number for number in marks_in(report.text) if 0 < number <= len(report.footnotes)]
    return [Footnote(number, rows.get(str(report.footnotes[number - 1]))) for number in named]


def waiting_reports(access: Access) -> list[JointReport]:
    """Reports that the other side has signed and that wait for one's own signature."""
    reach = access.reach("record", "C")
    if not reach:
        return []
    mine = Q(pairing__unit__in=reach) | Q(pairing__party_org__in=reach) | Q(pairing__village__in=reach)
    rows: QuerySet[JointReport] = JointReport.objects.filter(mine, state__in=list(_WAITING_FOR)).select_related(
        "pairing__unit", "pairing__village__parent"
    )
    # Twice as many as a page of cards would show: few are ever open at once.
    found = rows.filter(pairing__in=visible_pairings(access)).order_by("quarter", "id")[:40]
    return [row for row in found if _WAITING_FOR[JointReportState(row.state)] in sides_of(access, row.pairing)]


def draft_of(pairing: Pairing, quarter: date) -> Draft:
    """What both sides' confirmed records of the quarter say, by content; a footnote to each. Four queries."""
    span = period_of("quarter", quarter)
    records = _records(pairing, span)
    types = _types(pairing)
    footnotes = [str(record.uid) for record in records]
    numbers = {record.pk: number for number, record in enumerate(records, 1)}
    paragraphs = [_opening(pairing, span, records)]
    n_section = 0
    for code, name in types.items():
        own = [record for record in records if record.type == code]
        if own:
            n_section += 1
            paragraphs.append(_section(n_section, name, own, numbers, pairing.village))
    standing = _standing(pairing, span)
    if standing:
        paragraphs.append(f"{sentences.ordinal(n_section + 1)}、应完成事项情况。{standing}")
    return Draft("\n\n".join(paragraphs), tuple(footnotes))


def _records(pairing: Pairing, span: Span) -> list[Record]:
    """Confirmed by both sides and counting in the quarter, as the types are listed, then by day."""
    order = list(_types(pairing))
    parts = Share.objects.filter(
        pairing=pairing, status=Status.CONFIRMED, counts_on__gte=span.starts_on, counts_on__lte=span.ends_on
    )
    rows = Record.objects.filter(pk__in=parts.values("record"), type__in=order).select_related("item")
    return sorted(rows, key=lambda row: (order.index(row.type), row.occurred_on, row.pk))


def report_type(pairing: Pairing) -> str:
    """Code of the activity type that the pairing's year keeps such reports under."""
    rows = ActivityType.objects.filter(programme=pairing.programme_id, carrier=Carrier.REPORT, is_active=True)
    return rows.order_by("position", "id").values_list("code", flat=True).first() or "joint_report"


def _types(pairing: Pairing) -> dict[str, str]:
    rows = ActivityType.objects.filter(programme=pairing.programme_id).exclude(carrier=Carrier.REPORT)
    return dict(rows.order_by("position", "id").values_list("code", "name"))


def _opening(pairing: Pairing, span: Span, records: Sequence[Record]) -> str:
    who = f"{pairing.unit.name}与{pairing.village.name}"
    when = sentences.quarter_words(span.starts_on)
    today = clock.today()
    until = f"（截至{sentences.short_day(today)}）" if today < span.ends_on else ""
    if not records:
        return f"{when}{until}，{who}没有经双方确认的共建记录。"
    by_village = sum(record.author_side == AuthorSide.VILLAGE for record in records)
    return (
        f"{when}{until}，{who}共开展结对共建活动{len(records)}次，均经双方确认；"
        f"其中由单位记录{len(records) - by_village}次，由村记录{by_village}次。"
    )


def _section(n: int, name: str, records: Sequence[Record], numbers: dict[int, int], village: Unit) -> str:
    said = "；".join(f"{sentences.told(record, village.name)}[{numbers[record.pk]}]" for record in records)
    return f"{sentences.ordinal(n)}、{name}。共{len(records)}次：{said}。"


def _standing(pairing: Pairing, span: Span) -> str:
    """How the rules stood in the quarter, a sentence each; the same cells as the list of what is owed."""
    owed = Obligation.objects.filter(OWED, in_span(span), pairing=pairing)
    done, waiting = set(owed.filter(DONE).values_list("pk", flat=True)), set(owed.filter(WAITING).values_list("pk", flat=True))
    today = clock.today()
    by_rule: dict[str, list[Obligation]] = {}
    own_type = report_type(pairing)
    for cell in owed.select_related("rule", "terms").order_by("rule__position", "rule_id", "starts_on"):
        # Of the report itself the report does not tell.
        if own_type not in cell.terms.types:
            by_rule.setdefault(cell.rule.name, []).append(cell)
    told: list[str] = []
    for name, cells in by_rule.items():
        n_done, n_waiting = sum(cell.pk in done for cell in cells), sum(cell.pk in waiting for cell in cells)
        open_ = [cell for cell in cells if cell.pk not in done and cell.pk not in waiting]
        left = [cell for cell in open_ if cell.ends_on < today]
        words = f"{name}应完成{len(cells)}期，已完成{n_done}期"
        if n_waiting:
            words += f"，待确认{n_waiting}期"
        if left:
            periods_left = "、".join(sentences.period_words(period_of(cell.period_kind, cell.starts_on)) for cell in left)
            words += f"，未完成{len(left)}期（{periods_left}）"
        if len(open_) > len(left):
            words += f"，未到期{len(open_) - len(left)}期"
        told.append(words)
    return "；".join(told) + "。" if told else ""
