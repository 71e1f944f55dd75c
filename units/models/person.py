"""People and the offices they hold. No dossier: name, post and telephone only (domain.md §5.2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from tenancy.versions import versioned
from units.models.unit import Unit


@versioned()
class Person(TenantModel):
    """Someone the county deals with; may have an account to sign in with. Kept when all posts have ended."""

    name = models.CharField(_("name"), max_length=40)
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=40, editable=False)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    notes = models.CharField(_("notes"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("person")
        ordering = ["pinyin", "id"]
        indexes = [models.Index(fields=["tenant", "pinyin", "id"], name="person_by_pinyin")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "account"], condition=Q(account__isnull=False), name="person_account_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PostKind(models.TextChoices):
    PRINCIPAL = "principal", _("principal")
    GROUP_LEADER = "group_leader", _("group leader")
    LIAISON = "liaison", _("liaison")
    VILLAGE_SECRETARY = "village_secretary", _("village secretary")
    LEADER_CONTACT = "leader_contact", _("county leader in contact")
    TOWN_OFFICER = "town_officer", _("town officer")
    STAFF = "staff", _("staff member")
    OTHER = "other", _("other")


@versioned()
class Post(TenantModel):
    """An office in a unit and who holds it, from a day to a day (the last day included). Never overwritten.

    The telephone is the office's: one person may give another number in another office.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"), db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name=_("person"), db_index=False)
    kind = models.CharField(_("post"), max_length=20, choices=PostKind)
    title = models.CharField(_("title"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("post")
        ordering = ["kind", "id"]
        indexes = [
            models.Index(fields=["tenant", "unit", "kind"], name="post_by_unit"),
            models.Index(fields=["tenant", "person"], name="post_by_person"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "unit", "person", "kind"], condition=Q(ends_on=None), name="post_held_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name="post_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
