"""What an account may do in a county, where, and from when to when (domain.md §7)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.models.account import Account
from tenancy.models.base import TenantModel
from tenancy.versions import versioned


class Role(models.TextChoices):
    """The twelve roles of domain.md §7. The operator's is held platform-wide, never by a grant."""

    OP = "OP", _("platform operator")
    CA = "CA", _("county administrator")
    CS = "CS", _("county staff")
    IN = "IN", _("inspector")
    CL = "CL", _("county leader")
    TO = "TO", _("town officer")
    UL = "UL", _("unit liaison")
    UG = "UG", _("group leader")
    VS = "VS", _("village secretary")
    JC = "JC", _("joint committee member")
    HC = "HC", _("household contact")
    AU = "AU", _("auditor")


class ScopeKind(models.TextChoices):
    TENANT = "tenant", _("whole county")
    TOWN = "town", _("town")
    UNIT = "unit", _("unit")
    VILLAGE = "village", _("village")
    PAIRING = "pairing", _("pairing")
    COMMITTEE = "committee", _("joint committee")
    ROUND = "round", _("inspection round")


# Which scopes a role may be granted over (domain.md §7, column Scope).
ROLE_SCOPES: dict[str, tuple[str, ...]] = {
    Role.CA: (ScopeKind.TENANT,),
    Role.CS: (ScopeKind.TENANT,),
    Role.IN: (ScopeKind.ROUND,),
    Role.CL: (ScopeKind.VILLAGE,),
    Role.TO: (ScopeKind.TOWN,),
    Role.UL: (ScopeKind.UNIT,),
    Role.UG: (ScopeKind.UNIT,),
    Role.VS: (ScopeKind.VILLAGE,),
    Role.JC: (ScopeKind.COMMITTEE,),
    Role.HC: (ScopeKind.UNIT, ScopeKind.VILLAGE),
    Role.AU: (ScopeKind.TENANT,),
}
_UNIT_SCOPES = [ScopeKind.TOWN, ScopeKind.UNIT, ScopeKind.VILLAGE]
_OBJECT_SCOPES = [ScopeKind.PAIRING, ScopeKind.COMMITTEE, ScopeKind.ROUND]


@versioned()
class Grant(TenantModel):
    """One role of one account over one scope, from a day to a day (both included; no end: until revoked).

    Never deleted: a grant that ends gets its last day.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"), db_index=False)
    role = models.CharField(_("role"), max_length=2, choices=[c for c in Role.choices if c[0] != Role.OP])
    scope_kind = models.CharField(_("scope"), max_length=10, choices=ScopeKind, default=ScopeKind.TENANT)
    # Units stand a floor above: the key to units_unit is added by the migration of that app.
    scope_unit_id = models.BigIntegerField(null=True, blank=True)
    scope_object = models.UUIDField(null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="grant_by_account")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="grant_ends_after_start"),
            models.CheckConstraint(
                condition=Q(scope_kind=ScopeKind.TENANT, scope_unit_id=None, scope_object=None)
                | Q(scope_kind__in=_UNIT_SCOPES, scope_unit_id__isnull=False, scope_object=None)
                | Q(scope_kind__in=_OBJECT_SCOPES, scope_unit_id=None, scope_object__isnull=False),
                name="grant_scope_is_named",
            ),
            models.CheckConstraint(condition=~Q(role="OP"), name="grant_is_no_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.starts_on}"
