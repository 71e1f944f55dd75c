"""Putting a county's own Word template to use, and taking it out again."""

from __future__ import annotations

import hashlib

from django.db import transaction

from lib.chinese.text import tidy
from lib.papers.package import check_docx
from lib.papers.trial import try_template
from reports.models import PaperTemplate
from reports.papers.fields import PAPERS
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import current_tenant
from units.signing import name_of

_NAME = 120


@transaction.atomic
def keep_template(*, access: Access, kind: str, file_name: str, content: bytes) -> PaperTemplate:
    """Try it with samples in every field, then keep it: it is in use from now on.

    Raises TemplateRefused with what is wrong with it; KeyError for a kind of paper that there is not.
    """
    check_docx(content)
    try_template(content, PAPERS[kind].fields)
    row: PaperTemplate = PaperTemplate.objects.create(
        tenant=current_tenant(),
        kind=kind,
        file_name=tidy(file_name)[-_NAME:] or f"{PAPERS[kind].title}.docx",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        author_name=name_of(access.actor),
        at=clock.now(),
    )
    audit.append(access, "paper_template_kept", object_kind="paper_template", object_uid=row.uid, kind=kind)
    return row


@transaction.atomic
def drop_template(*, access: Access, row: PaperTemplate) -> None:
    """Take the newest out of use: the product's own is used again. Safe to do twice."""
    if PaperTemplate.objects.filter(pk=row.pk, is_dropped=False).update(is_dropped=True):
        audit.append(access, "paper_template_dropped", object_kind="paper_template", object_uid=row.uid, kind=row.kind)
