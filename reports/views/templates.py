"""The county's own Word templates: what is in use, what a template may name, trying and keeping one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds import cells
from lib.papers.package import MAX_BYTES
from lib.papers.refusals import TemplateRefused
from reports.actions.templates import drop_template, keep_template
from reports.forms.templates import TemplateForm
from reports.models import PaperTemplateKind
from reports.papers.fields import PAPERS
from reports.queries.templates import own_template, template_in_use
from tenancy.access import TenantRequest, allow
from tenancy.views.files import WORD, file_answer


def _kind(code: str) -> PaperTemplateKind:
    if code not in PaperTemplateKind.values:
        raise Http404
    return PaperTemplateKind(code)


def _url(tenant: str, route: str, *args: str) -> str:
    return reverse(f"reports:{route}", args=[tenant, *args])


@allow("settings", GET="R")
def template_list(request: TenantRequest, tenant: str) -> HttpResponse:
    """One card for each paper, with its template and the fields it knows."""
    return _page(request, {})


def _page(request: TenantRequest, forms: dict[str, TemplateForm], *, status: int = 200) -> HttpResponse:
    tenant = request.tenant.slug
    may_change = request.access.can("settings", "U")
    heading = _("Report templates")
    context = {
        "heading": heading,
        "breadcrumb": [
            {"label": _("Home"), "url": f"/{tenant}/"},
            {"label": _("Month report"), "url": _url(tenant, "month")},
            {"label": heading, "url": ""},
        ],
        "help_text": _("Take a template, change its words in Word or WPS, and upload it. Fields in {{ }} are filled in."),
        "papers": [_card(tenant, kind, forms.get(kind, TemplateForm()) if may_change else None) for kind in PaperTemplateKind],
        "max_bytes": MAX_BYTES,
    }
    return answer(request, "reports/templates/list.html", context, status=status)


def _card(tenant: str, kind: PaperTemplateKind, form: TemplateForm | None) -> dict[str, Any]:
    used = template_in_use(kind).row
    fields = PAPERS[kind].fields
    return {
        "kind": kind.value,
        "title": kind.label,
        "used": {"name": used.file_name, "by": used.author_name, "at": cells.minute(used.at)} if used is not None else None,
        "texts": [f"{{{{ {name} }}}}" for name, columns in fields.items() if columns is None],
        "lists": [_list(name, columns) for name, columns in fields.items() if columns],
        "form": form,
        "urls": {route: _url(tenant, f"template_{route}", kind) for route in ("take", "own", "keep", "drop")},
    }


def _list(name: str, columns: Sequence[str]) -> tuple[str, list[str]]:
    return f"{{%tr for 行 in {name} %}}", [f"{{{{ 行.{one} }}}}" for one in columns]


@allow("settings", GET="R")
def take(request: TenantRequest, tenant: str, paper: str) -> HttpResponse:
    """The template in use, to change it."""
    kind = _kind(paper)
    used = template_in_use(kind)
    name = used.row.file_name if used.row is not None else f"{PAPERS[kind].title}模板.docx"
    return file_answer(request, used.content, name, WORD, of="paper_template", uid=used.row.uid if used.row is not None else None)


@allow("settings", GET="R")
def own(request: TenantRequest, tenant: str, paper: str) -> HttpResponse:
    """The product's own template, to begin again from."""
    kind = _kind(paper)
    return file_answer(request, own_template(kind), f"{PAPERS[kind].title}模板.docx", WORD, of="paper_template")


@allow("settings", POST="U")
def keep(request: TenantRequest, tenant: str, paper: str) -> HttpResponse:
    """Try an uploaded template and put it to use; or say what is wrong with it."""
    kind = _kind(paper)
    form = TemplateForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            keep_template(access=request.access, kind=kind, file_name=upload.name or "", content=upload.read(MAX_BYTES + 1))
        except TemplateRefused as refused:
            form.add_error("file", refused.message)
        else:
            messages.success(request, _("The template was tried and is in use from now on."))
            return HttpResponseRedirect(_url(tenant, "template_list"))
    return _page(request, {kind: form}, status=422)


@allow("settings", POST="U")
def drop(request: TenantRequest, tenant: str, paper: str) -> HttpResponse:
    """Back to the product's own template; the county's stays kept."""
    used = template_in_use(_kind(paper))
    if used.row is not None:
        drop_template(access=request.access, row=used.row)
        messages.success(request, _("The product's own template is in use again."))
    return HttpResponseRedirect(_url(tenant, "template_list"))
