"""A county's own Word template for a report; without one the product's own is used."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class PaperTemplateKind(models.TextChoices):
    MONTH = "month", _("month report")
    NOTICE = "notice", _("score notice")


class PaperTemplate(TenantModel):
    """One uploaded .docx, tried before it was kept. The newest of a kind is in use; earlier ones stay."""

    kind = models.CharField(_("for"), max_length=6, choices=PaperTemplateKind)
    file_name = models.CharField(_("file"), max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    author_name = models.CharField(_("by"), max_length=60)
    # Taken out of use: the product's own template is used again.
    is_dropped = models.BooleanField(default=False)
    at = models.DateTimeField(_("at"))

    class Meta(TenantModel.Meta):
        verbose_name = _("report template")
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "kind", "id"], name="paper_template_newest")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.file_name
