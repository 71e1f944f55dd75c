"""Sending a finished file: built whole before a byte is sent, its name in Chinese, its taking away logged."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tenancy import audit
from tenancy.access import TenantRequest

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def file_answer(
    request: TenantRequest, content: bytes, name: str, kind: str, *, of: str, uid: UUID | None = None, n_rows: int = 1
) -> HttpResponse:
    """The file, and an entry in the audit chain. ``of``: what was taken away, a word of ``tenancy.deeds.OBJECTS``."""
    audit.append(request.access, "exported", object_kind=of, object_uid=uid, form=name.rpartition(".")[2], n_rows=n_rows)
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": header})
