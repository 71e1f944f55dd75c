"""A programme year: everything that is owed, counted and scored hangs on one (architecture.md, decision 5)."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from tenancy.versions import versioned


@versioned()
class Programme(TenantModel):
    """One year of a county's pairing work, as an issued plan says. Closed years stay readable."""

    # What ``str`` says, for lists to choose from (lib/kinds/filters.py).
    named_by = ("title",)

    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=120)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("programme")
        ordering = ["-year", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "year", "title"], name="programme_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=F("starts_on")), name="programme_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title
