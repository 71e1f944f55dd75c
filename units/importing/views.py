"""The import pages: list, upload, preview with answers, commit, undo."""

from __future__ import annotations

import io
import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from lib.htmx import answer as page_of
from lib.sheets.annotate import annotate_errors
from lib.sheets.blank import write_blank
from lib.sheets.refusals import SheetRefused
from tenancy import audit
from tenancy.access import TenantRequest, allow
from tenancy.names import names_of
from units.importing import actions, pages, queries, registry, storage
from units.importing.actions import FileRefused, ImportRefused
from units.importing.forms import AlikeForm, AnswerForm, PlaceForm, SheetsForm, UploadForm
from units.models import ImportBatch

State = ImportBatch.State
# A page that comes a moment later with the result is better than one that shows a bar for a moment.
SHORT_WAIT = 2.0
LIST_SIZE = 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 20 * 1024 * 1024


def _crumbs(tenant: str, *last: str) -> list[dict[str, str]]:
    trail = [
        {"label": _("Home"), "url": f"/{tenant}/"},
        {"label": _("Import"), "url": reverse("importing:list", args=[tenant]) if last else ""},
    ]
    return [*trail, *({"label": label, "url": ""} for label in last)]


@allow("import", GET="I")
def batch_list(request: TenantRequest, tenant: str) -> HttpResponse:
    form = PlaceForm(request.GET)
    found = Paginator(queries.visible_batches(request.access), LIST_SIZE)
    page = found.get_page(form.place()[1])
    here = reverse("importing:list", args=[tenant])
    table = pages.batch_list(list(page.object_list), tenant, whole_county=request.access.everywhere("import", "I"))
    table["pager"] = {
        "count": found.count,
        "first": page.start_index(),
        "last": page.end_index(),
        "page": page.number,
        "pages": found.num_pages,
        "prev_url": f"{here}?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"{here}?page={page.next_page_number()}" if page.has_next() else "",
    }
    context = {
        "heading": _("Import"),
        "breadcrumb": _crumbs(tenant),
        "help_text": _("Files that were uploaded, what became of them, and previews that wait for a decision."),
        "table": table,
        "new_url": reverse("importing:new", args=[tenant]),
    }
    return page_of(request, "importing/list.html", context)


@allow("import", GET="I", POST="I")
def new(request: TenantRequest, tenant: str) -> HttpResponse:
    """Choose a ledger and a file. Nothing is written but the preview."""
    kind = _chosen_kind(request)
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None, kind=kind)
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = actions.begin_import(
                kind=kind,
                file_name=upload.name or "",
                chunks=upload.chunks(),
                options=form.kept,
                actor=request.access.actor,
            )
        except (SheetRefused, FileRefused) as refusal:
            form.add_error("file", refusal.message)
        except storage.StorageFull as problem:
            form.add_error("file", str(problem))
            return _upload_page(request, tenant, kind, form, status=507)
        else:
            return HttpResponseRedirect(pages.url(batch, "batch", tenant))
    return _upload_page(request, tenant, kind, form, status=422 if posted else 200)


def _chosen_kind(request: TenantRequest) -> registry.ImportKind:
    open_kinds = registry.open_kinds(request.access)
    if not open_kinds:
        raise PermissionDenied
    wanted = registry.find(request.GET.get("kind", "")[:60])
    if wanted is not None and wanted not in open_kinds:
        raise PermissionDenied
    return wanted or open_kinds[0]


def _upload_page(
    request: TenantRequest, tenant: str, kind: registry.ImportKind, form: UploadForm, *, status: int
) -> HttpResponse:
    here = reverse("importing:new", args=[tenant])
    context = {
        "heading": _("Import a file"),
        "breadcrumb": _crumbs(tenant, _("Import a file")),
        "help_text": _("Choose the ledger and the file. You see each row before anything is written."),
        "tabs": [
            {"label": other.label, "url": f"{here}?kind={other.code}", "active": other is kind, "count": None}
            for other in registry.open_kinds(request.access)
        ],
        "kind": kind,
        "headings": "、".join(kind.headings()),
        "required": "、".join(column.heading for column in kind.sheet.columns if column.required),
        "form": form,
        "max_bytes": MAX_BYTES,
        "template_url": reverse("importing:template", args=[tenant]) + f"?kind={kind.code}",
        "cancel_url": reverse("importing:list", args=[tenant]),
    }
    return page_of(request, "importing/new.html", context, status=status)


@allow("import", GET="I")
def template(request: TenantRequest, tenant: str) -> HttpResponse:
    """A blank form of the ledger, with a second sheet that says how it is filled in."""
    kind = _chosen_kind(request)
    by_heading = {column.heading: column for column in kind.sheet.columns}
    file = io.BytesIO()
    write_blank(file, kind.sheet, [by_heading[heading] for heading in kind.headings()])
    return _file(file.getvalue(), f"{kind.sheet.title}_空表.xlsx", _XLSX)


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(data, content_type=content_type, headers={"Content-Disposition": disposition or "attachment"})


def batch_for(request: TenantRequest, uid: UUID) -> ImportBatch:
    """An import that the person may see; 404 for any other."""
    batch = queries.visible_batches(request.access).filter(uid=uid).first()
    kind = registry.kinds_by_code().get(batch.kind) if batch is not None else None
    if batch is None or (kind is not None and not registry.may_import(request.access, kind)):
        raise Http404
    return batch


def waited_for(batch: ImportBatch, seconds: float) -> ImportBatch:
    """The import once no worker is busy with it, or as it is when the time is up."""
    end = time.monotonic() + seconds
    while batch.state in pages.WORKING and time.monotonic() < end:
        time.sleep(0.15)
        batch.refresh_from_db()
    return batch


@allow("import", GET="I")
def batch(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    found = waited_for(batch_for(request, uid), SHORT_WAIT)
    return _batch_page(request, tenant, found, PlaceForm(request.GET))


def _batch_page(
    request: TenantRequest, tenant: str, found: ImportBatch, form: PlaceForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    kind = registry.kinds_by_code().get(found.kind)
    context: dict[str, Any] = {
        "heading": found.file_name,
        "breadcrumb": _crumbs(tenant, found.file_name),
        "batch": found,
        "kind_label": kind.label if kind else found.kind,
        "chip": pages.chip(found),
        "by": pages.who(found, names_of([found.created_by_id] if found.created_by_id else [])),
        "problem": problem,
        "urls": {
            name: pages.url(found, name, tenant)
            for name in ("batch", "answer", "alike", "sheets", "commit", "undo", "drop", "download")
        },
        "new_url": reverse("importing:new", args=[tenant]) + f"?kind={found.kind}",
        "list_url": reverse("importing:list", args=[tenant]),
        "states": {state.name: state.value for state in State},
    }
    if found.state in pages.WORKING:
        context["progress"] = pages.progress(found, tenant)
    elif found.state in (State.PREVIEW, State.COMMITTED, State.UNDONE):
        chosen, page_number = form.place()
        context |= pages.preview(found, tenant, chosen, page_number)
        if found.state == State.PREVIEW and found.summary.get("question"):
            context["alike"] = pages.alike(queries.open_questions(found, most=1000))
    return page_of(request, "importing/batch.html", context, status=status)


@allow("import", GET="I")
def progress(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """The bar, asked for each second; sends the reader on when the work has ended."""
    found = batch_for(request, uid)
    here = pages.url(found, "batch", tenant)
    if found.state not in pages.WORKING:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": here})
        return HttpResponseRedirect(here)
    return page_of(request, "parts/progress.html", {"progress": pages.progress(found, tenant)})


def _back(request: TenantRequest, tenant: str, found: ImportBatch) -> HttpResponse:
    """The rows where the reader was. htmx follows and swaps them in."""
    status, page = PlaceForm(request.POST).place()
    return HttpResponseRedirect(pages.url(found, "batch", tenant, status=status, page=page if page > 1 else 0))


def _refused(request: TenantRequest, tenant: str, uid: UUID, problem: ImportRefused, status: int = 409) -> HttpResponse:
    found = batch_for(request, uid)
    return _batch_page(request, tenant, found, PlaceForm(request.POST), problem=problem.message, status=status)


@allow("import", POST="I")
def answer(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """One answer; every row that asked the same is judged anew."""
    found, form = batch_for(request, uid), AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise ImportRefused("bad_answer", _("Choose one of the answers offered, or write one of up to 200 characters."))
        actions.answer_question(
            batch=found, key=form.cleaned_data["key"], answer=form.cleaned_data["answer"], actor=request.access.actor
        )
    except ImportRefused as problem:
        return _refused(request, tenant, uid, problem, 422 if problem.code == "bad_answer" else 409)
    return _back(request, tenant, found)


@allow("import", POST="I")
def alike(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """The same answer to all open questions of one kind."""
    found, form = batch_for(request, uid), AlikeForm(request.POST)
    try:
        if not form.is_valid():
            raise ImportRefused("bad_answer", _("Choose one of the answers offered, or write one of up to 200 characters."))
        actions.answer_alike(
            batch=found,
            **form.cleaned_data,
            questions=queries.open_questions(found, most=10_000),
            actor=request.access.actor,
        )
    except ImportRefused as problem:
        return _refused(request, tenant, uid, problem, 422 if problem.code == "bad_answer" else 409)
    return _back(request, tenant, found)


@allow("import", POST="I")
def sheets(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Read the ticked sheets only."""
    found = batch_for(request, uid)
    form = SheetsForm(request.POST, names=[sheet["name"] for sheet in found.sheets])
    try:
        if not form.is_valid():
            raise ImportRefused("no_sheets", _("Tick at least one sheet."))
        actions.choose_sheets(batch=found, names=form.cleaned_data["sheets"], actor=request.access.actor)
    except ImportRefused as problem:
        return _refused(request, tenant, uid, problem, 409 if problem.code == "wrong_state" else 422)
    return _back(request, tenant, found)


@allow("import", POST="I")
def commit(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """确认导入."""
    found = batch_for(request, uid)
    try:
        actions.commit_import(batch=found, actor=request.access.actor)
    except ImportRefused as problem:
        return _refused(request, tenant, uid, problem)
    return HttpResponseRedirect(pages.url(found, "batch", tenant))


@allow("import", GET="I", POST="I")
def undo(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """撤销: asks first, then puts everything back or says what is in the way."""
    found = batch_for(request, uid)
    if request.method == "POST":
        try:
            actions.undo_import(batch=found, actor=request.access.actor)
        except ImportRefused as problem:
            return _refused(request, tenant, uid, problem)
        return HttpResponseRedirect(pages.url(found, "batch", tenant))
    if found.state != State.COMMITTED:
        return HttpResponseRedirect(pages.url(found, "batch", tenant))
    context = {
        "heading": _("Undo the import"),
        "breadcrumb": [
            *_crumbs(tenant, "")[:-1],
            {"label": found.file_name, "url": pages.url(found, "batch", tenant)},
            {"label": _("Undo the import"), "url": ""},
        ],
        "confirm": {
            "title": _("Undo the import of %(file)s?") % {"file": found.file_name},
            "points": [
                _("%(n)d rows that it added are removed, unless something else uses them by now.")
                % {"n": found.summary.get("added", 0)},
                _("%(n)d rows that it changed get their former values, unless somebody changed them since.")
                % {"n": found.summary.get("changed", 0)},
                _("If anything is in the way, nothing is undone, and you are told what it is."),
            ],
            "action": pages.url(found, "undo", tenant),
            "label": _("Undo the import"),
            "cancel_url": pages.url(found, "batch", tenant),
            "grave": True,
        },
    }
    return page_of(request, "importing/undo.html", context)


@allow("import", POST="I")
def drop(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """放弃."""
    found = batch_for(request, uid)
    try:
        actions.drop_import(batch=found, actor=request.access.actor, now=timezone.now())
    except ImportRefused as problem:
        return _refused(request, tenant, uid, problem)
    messages.success(request, _("%(file)s was dropped; nothing of it was written.") % {"file": found.file_name})
    return HttpResponseRedirect(reverse("importing:list", args=[tenant]))


@allow("import", GET="I")
def download(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """The same file with a last column 错误说明."""
    found = batch_for(request, uid)
    path = storage.path_of(found.stored_as)
    if found.state in pages.WORKING or not found.stored_as or not path.is_file():
        raise Http404
    words = {"question": _("Question"), "error": _("Error")}
    left = queries.rows_of(found).exclude(status="ok").values_list("sheet", "row", "status", "reason")
    notes = {(sheet, row): f"{words[status]}：{reason}" for sheet, row, status, reason in left}
    headings = {sheet["name"]: sheet["header_row"] for sheet in found.sheets if sheet["header_row"]}
    try:
        data = annotate_errors(path.read_bytes(), found.file_name, notes, headings)
    except SheetRefused as refusal:
        return _refused(request, tenant, uid, FileRefused("file_refused", refusal.message), 422)
    audit.append(
        request.access, "import_downloaded", object_kind="import", object_uid=found.uid, ledger=found.kind, n_rows=len(notes)
    )
    stem, _dot, ending = found.file_name.rpartition(".")
    is_csv = not data.startswith(b"PK")
    return _file(data, f"{stem or ending}-错误说明.{'csv' if is_csv else 'xlsx'}", "text/csv" if is_csv else _XLSX)
