"""A pairing's quarterly joint reports: drafted with one click, edited and signed by both sides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.hands import sides_of
from activities.models import ActivityType, AuthorSide, Carrier, Obligation, PeriodKind, Record
from activities.queries.records import visible_records
from activities.reminders.telling import period_words
from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.pages.places import breadcrumb
from lib.kinds.panels import Action, Panel
from lib.periods import period_named, period_of
from pairing.kinds.pairing import PAIRING
from pairing.models import Pairing
from pairing.queries import visible_pairings
from reports.actions import joint_reports as actions
from reports.forms.joint_reports import ProxyForm, SignForm, TextForm
from reports.models import JointReport, JointReportState
from reports.papers.joint import footnote_line, joint_report_word, title_of
from reports.queries import joint_reports as queries
from reports.refusals import refusal
from tenancy import clock
from tenancy.access import TenantRequest, allow
from tenancy.views.files import WORD, file_answer

_CHIPS = {
    JointReportState.DRAFT: ("grey", "half"),
    JointReportState.SIGNED_BY_UNIT: ("indigo", "hourglass"),
    JointReportState.SIGNED_BY_VILLAGE: ("indigo", "hourglass"),
    JointReportState.SIGNED: ("green", "tick"),
}
_SHOWN = 8


def report_chip(report: JointReport) -> dict[str, str]:
    """The mark of a report's state, for templates/parts/chip.html."""
    if report.state == JointReportState.SIGNED and not queries.is_closed(report):
        return {"word": _("its record is void"), "tone": "red", "mark": "cross"}
    tone, mark = _CHIPS[JointReportState(report.state)]
    return {"word": str(JointReportState(report.state).label), "tone": tone, "mark": mark}


def _pairing(request: TenantRequest, uid: UUID) -> Pairing:
    rows = visible_pairings(request.access).select_related("programme", "unit", "village__parent")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def _quarter(code: str) -> date:
    try:
        span = period_named(code)
    except ValueError as problem:
        raise Http404 from problem
    if span.kind != "quarter":
        raise Http404
    return span.starts_on


def _report(pairing: Pairing, quarter: date) -> JointReport | None:
    rows = JointReport.objects.filter(pairing=pairing, quarter=quarter)
    found: JointReport | None = rows.select_related("record", "pairing__unit", "pairing__village__parent").first()
    return found


def _place(request: TenantRequest, pairing: UUID, quarter: str) -> tuple[Pairing, JointReport]:
    found = _pairing(request, pairing)
    report = _report(found, _quarter(quarter))
    if report is None:
        raise Http404
    return found, report


def address(tenant: str, pairing: Pairing, quarter: date, route: str = "joint_report") -> str:
    """The address of a quarter's report; ``route``: one of its pages."""
    return reverse(f"reports:{route}", args=[tenant, pairing.uid, period_of("quarter", quarter).code])


def _frame(pairing: Pairing, quarter: date, tenant: str, *, last: str = "") -> dict[str, Any]:
    words = period_words(period_of("quarter", quarter).code)
    heading = _("Joint report, %(quarter)s") % {"quarter": words}
    name = f"{pairing.unit.name} — {pairing.village.name}"
    above = [{"label": name, "url": reverse("pairing:pairing", args=[tenant, pairing.uid])}]
    if last:
        above.append({"label": heading, "url": address(tenant, pairing, quarter)})
    trail = breadcrumb(PAIRING, tenant, last=last or heading)
    return {"heading": last or heading, "who": above[0], "breadcrumb": [*trail[:-1], *above, trail[-1]]}


@allow("record", GET="R")
def report(request: TenantRequest, tenant: str, pairing: UUID, quarter: str) -> HttpResponse:
    """The report as it stands, or the offer to draft it."""
    return _page(request, _pairing(request, pairing), _quarter(quarter))


def _page(
    request: TenantRequest, pairing: Pairing, quarter: date, *, proxy: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    tenant = request.tenant.slug
    found = _report(pairing, quarter)
    if found is None and quarter not in {span.starts_on for span in queries.quarters_of(pairing)}:
        raise Http404
    sides = sides_of(request.access, pairing)
    context = _frame(pairing, quarter, tenant) | {
        "help_text": _(
            "Drafted from the records that both sides have confirmed. Either side may edit it; both sign; then it counts."
        ),
        "report": found,
        "may_draft": bool(sides) and (found is None or not queries.is_closed(found)),
        "urls": {
            route: address(tenant, pairing, quarter, f"joint_report_{route}") for route in ("draft", "edit", "sign", "word")
        },
    }
    if found is not None:
        context |= _told(request, found) | _signing(found, sides, proxy)
    return answer(request, "reports/joint/page.html", context, status=status)


def _types(pairing: Pairing) -> dict[str, str]:
    return dict(ActivityType.objects.filter(programme=pairing.programme_id).values_list("code", "name"))


def _told(request: TenantRequest, found: JointReport) -> dict[str, Any]:
    """The words in pieces, so that each mark leads to its footnote, and each footnote to its record."""
    notes = queries.footnotes_of(found)
    numbers = {note.number for note in notes}
    types = _types(found.pairing)
    ids = [note.record.pk for note in notes if note.record is not None]
    visible = set(visible_records(request.access).filter(pk__in=ids).values_list("pk", flat=True))
    return {
        "paragraphs": [_pieces(line, numbers) for line in found.text.split("\n") if line.strip()],
        "notes": [
            {
                "number": note.number,
                "text": footnote_line(note, types).partition(" ")[2],
                "url": _record_url(request, note.record) if note.record and note.record.pk in visible else "",
            }
            for note in notes
        ],
        "chip": report_chip(found),
        "signatures": [_signature(found, side) for side in (AuthorSide.UNIT, AuthorSide.VILLAGE)],
        "record_url": _record_url(request, found.record) if found.record is not None else "",
    }


def _pieces(line: str, numbers: set[int]) -> list[dict[str, Any]]:
    """Text and marks in turn; a mark that names no footnote is text."""
    found: list[dict[str, Any]] = []
    end = 0
    for mark in queries.MARK.finditer(line):
        if int(mark.group(1)) in numbers:
            found += [{"text": line[end : mark.start()]}, {"number": int(mark.group(1))}]
            end = mark.end()
    return [*found, {"text": line[end:]}]


def _record_url(request: TenantRequest, record: Record) -> str:
    return reverse("activities:record", args=[request.tenant.slug, record.uid])


def _signature(found: JointReport, side: AuthorSide) -> dict[str, Any]:
    on = getattr(found, f"{side}_signed_on")
    basis = getattr(found, f"{side}_basis")
    return {
        "side": found.pairing.unit.name if side == AuthorSide.UNIT else found.pairing.village.name,
        "name": getattr(found, f"{side}_signed_name"),
        "on": cells.long_day(on) if on else "",
        "basis": _("signed by proxy: %(basis)s") % {"basis": basis} if basis else "",
    }


def _signing(found: JointReport, sides: frozenset[str], proxy: forms.Form | None) -> dict[str, Any]:
    """What this account may sign: its own side's place where it is empty, or by proxy."""
    if queries.is_closed(found):
        return {}
    first_day = queries.signed_from(found.pairing, found.quarter)
    if sides and clock.today() < first_day:
        return {"sign_from": cells.long_day(first_day)}
    initial = {"seen": queries.seen(found)}
    own = next((side for side in (AuthorSide.UNIT, AuthorSide.VILLAGE) if side in sides), None)
    is_void = found.state == JointReportState.SIGNED
    if own is not None:
        return {"sign_form": SignForm(initial=initial)} if is_void or getattr(found, f"{own}_signed_on") is None else {}
    return {"proxy_form": proxy or ProxyForm(initial=initial)} if "proxy" in sides else {}


@allow("record", POST="C")
def draft(request: TenantRequest, tenant: str, pairing: UUID, quarter: str) -> HttpResponse:
    """Draft from the records; what was there before stays in the versions."""
    found, first = _pairing(request, pairing), _quarter(quarter)
    try:
        actions.draft_report(access=request.access, pairing=found, quarter=first)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Drafted from the records. Read it, edit it where needed, then sign."))
    back = address(tenant, found, first) if _report(found, first) else reverse("pairing:pairing", args=[tenant, found.uid])
    return HttpResponseRedirect(back)


@allow("record", GET="C", POST="C")
def edit(request: TenantRequest, tenant: str, pairing: UUID, quarter: str) -> HttpResponse:
    """Edit the words. What was typed is kept when something is wrong, or when somebody else was quicker."""
    found, one = _place(request, pairing, quarter)
    back = address(tenant, found, one.quarter)
    if queries.is_closed(one) or not sides_of(request.access, found):
        refused = refusal("closed" if queries.is_closed(one) else "not_yours")
        messages.error(request, " ".join(refused.messages))
        return HttpResponseRedirect(back)
    form = TextForm(request.POST or None, initial={"text": one.text, "seen": queries.seen(one)})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            actions.edit_report(access=request.access, report=one, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("text" if refused.code == "no_footnote" else None, refused)
            status = 409 if refused.code in ("changed", "closed") else 422
        else:
            messages.success(request, _("Saved. Signatures under the earlier words are taken back."))
            return HttpResponseRedirect(back)
    notes = [{"number": number, "text": line} for number, line in enumerate(_all_lines(one), 1)]
    last = _("Edit the report")
    context = _frame(found, one.quarter, tenant, last=last) | {"form": form, "cancel_url": back, "notes": notes}
    return answer(request, "reports/joint/edit.html", context, status=status)


def _all_lines(one: JointReport) -> list[str]:
    """Every footnote that the text may name, in words."""
    rows = {str(row.uid): row for row in Record.objects.filter(uid__in=one.footnotes)}
    types = _types(one.pairing)
    return [
        footnote_line(queries.Footnote(number, rows.get(str(uid))), types).partition(" ")[2]
        for number, uid in enumerate(one.footnotes, 1)
    ]


@allow("record", POST="C")
def sign(request: TenantRequest, tenant: str, pairing: UUID, quarter: str) -> HttpResponse:
    """Sign for one's own side, or by proxy. The second signature submits the report."""
    found, one = _place(request, pairing, quarter)
    is_proxy = not sides_of(request.access, found) & {AuthorSide.UNIT, AuthorSide.VILLAGE}
    form = (ProxyForm if is_proxy else SignForm)(request.POST)
    if not form.is_valid():
        return _page(request, found, one.quarter, proxy=form if is_proxy else None, status=422)
    try:
        signed = actions.sign_report(access=request.access, report=one, **form.cleaned_data)
    except ValidationError as refused:
        if is_proxy:
            form.add_error(None, refused)
            return _page(request, found, one.quarter, proxy=form, status=422)
        messages.error(request, " ".join(refused.messages))
        return HttpResponseRedirect(address(tenant, found, one.quarter))
    if signed.state == JointReportState.SIGNED:
        messages.success(request, _("Signed by both sides. The report is submitted and counts for its quarter."))
    else:
        messages.success(request, _("Signed. It waits for the other side."))
    return HttpResponseRedirect(address(tenant, found, one.quarter))


@allow("record", GET="R")
def word(request: TenantRequest, tenant: str, pairing: UUID, quarter: str) -> HttpResponse:
    """The report as Word."""
    _found, one = _place(request, pairing, quarter)
    content = joint_report_word(one, queries.footnotes_of(one), _types(one.pairing))
    return file_answer(request, content, f"{title_of(one)}.docx", WORD, of="joint_report", uid=one.uid)


# -- on other pages -------------------------------------------------------------------------------
def reports_panel(request: Any, pairing: Pairing) -> Panel | None:
    """The quarters of a pairing with how far their reports are, on its page."""
    if not request.access.can("record", "R"):
        return None
    spans = queries.quarters_of(pairing)[:_SHOWN]
    if not spans:
        return None
    made = queries.reports_of(pairing)
    links = [
        {
            "label": period_words(span.code),
            "url": address(request.tenant.slug, pairing, span.starts_on),
            "chip": report_chip(made[span.starts_on])
            if span.starts_on in made
            else {"word": _("not drafted"), "tone": "grey", "mark": "hollow"},
        }
        for span in spans
    ]
    return Panel(
        key="joint-reports",
        title=_("Quarterly joint reports"),
        template="kinds/parts/links.html",
        context={"links": links, "empty": ""},
        order=30,
    )


def of_cell_action(request: Any, cell: Obligation) -> Action | None:
    """On the page of a cell that asks for a quarter's report: the report, or drafting one."""
    if cell.pairing is None or cell.period_kind != PeriodKind.QUARTER or not request.access.can("record", "R"):
        return None
    reports = ActivityType.objects.filter(programme=cell.programme_id, carrier=Carrier.REPORT, code__in=cell.terms.types)
    if not reports.exists() or cell.starts_on > clock.today():
        return None
    found = _report(cell.pairing, cell.starts_on)
    if found is None and not sides_of(request.access, cell.pairing):
        return None
    label = _("The joint report of this quarter") if found is not None else _("Draft the joint report")
    return Action(label, address(request.tenant.slug, cell.pairing, cell.starts_on), primary=True)


def of_record_panel(request: Any, record: Record) -> Panel | None:
    """On the page of a record that is a joint report: the report itself."""
    found = JointReport.objects.filter(record=record).select_related("pairing").first()
    if found is None:
        return None
    link = {"label": _("The whole report, with its footnotes"), "url": address(request.tenant.slug, found.pairing, found.quarter)}
    return Panel(
        key="joint-report",
        title=_("Joint report"),
        template="kinds/parts/links.html",
        context={"links": [link], "empty": ""},
        order=20,
    )


def to_sign_panel(request: Any, access: Any) -> Panel | None:
    """On the first page: reports that the other side has signed and that wait for one's own signature."""
    if not access.can("record", "C"):
        return None
    waiting = queries.waiting_reports(access)
    if not waiting:
        return None
    links = [
        {
            "label": f"{one.pairing.unit.name} — {one.pairing.village.name}",
            "note": period_words(period_of("quarter", one.quarter).code),
            "url": address(request.tenant.slug, one.pairing, one.quarter),
        }
        for one in waiting
    ]
    title = _("Joint reports to sign: %(n)d") % {"n": len(links)}
    context = {"links": links, "empty": ""}
    return Panel(key="to-sign", title=title, template="kinds/parts/links.html", context=context, order=2, waits=title)
