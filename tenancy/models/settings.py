"""What a county decides for itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import TenantModel
from tenancy.versions import versioned


@versioned()
class TenantSettings(TenantModel):
    """One row a county: the words of its footer and how its papers look. Lives as long as the county."""

    class DateStyle(models.TextChoices):
        WORDS = "words", _("2024年9月3日")
        DOTS = "dots", "2024.9.3"

    sponsor = models.CharField(_("sponsor"), max_length=80, blank=True, help_text=_("主办单位, shown at the foot of each page."))
    registration_no = models.CharField(
        _("registration number"), max_length=60, blank=True, help_text=_("备案编号, shown at the foot of each page.")
    )
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    retirement_note = models.TextField(
        _("retirement"), max_length=500, blank=True, help_text=_("How the data is handed out when the system is closed.")
    )
    date_style = models.CharField(_("dates on papers"), max_length=6, choices=DateStyle, default=DateStyle.WORDS)
    phone_pages = models.BooleanField(
        _("phone pages"), default=True, help_text=_("Off where the province allows no phone service of counties.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="settings_one_a_tenant"),
        ]

    def __str__(self) -> str:
        return self.sponsor
