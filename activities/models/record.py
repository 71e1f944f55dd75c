"""Records: something done on a day, written by one side and confirmed by the other (domain.md §4.2)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.item import Item
from pairing.models import Pairing, Programme
from tenancy.models import Account, TenantModel
from tenancy.versions import versioned
from units.models import Unit


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    RETURNED = "returned", _("returned")
    VOIDED = "voided", _("void")
    ABANDONED = "abandoned", _("abandoned")


class AuthorSide(models.TextChoices):
    UNIT = "unit", _("the unit")
    VILLAGE = "village", _("the village")
    COUNTY = "county", _("the county")


class PlaceKind(models.TextChoices):
    IN_VILLAGE = "in_village", _("in the village")
    AT_UNIT = "at_unit", _("at the unit")
    ONLINE = "online", _("online or by telephone")
    ELSEWHERE = "elsewhere", _("elsewhere")


class Form(models.TextChoices):
    """How a reception was held (A13)."""

    AT_DESK = "at_desk", _("reception at the desk")
    HOUSE_VISIT = "house_visit", _("house visit")
    NIGHT_VISIT = "night_visit", _("evening visit")


class Step(models.TextChoices):
    """What a record says of its item."""

    STARTED = "started", _("started")
    STAGE = "stage", _("stage reached")
    COMPLETED = "completed", _("completed")
    CLOSED = "closed", pgettext_lazy("state of an item", "closed")
    BUILT = "built", _("built")
    AWARDED = "awarded", _("awarded")


@versioned()
class Record(TenantModel):
    """One thing that happened, of one type, for one or several pairings of one programme.

    Never deleted: a draft is abandoned, anything else is voided with a reason. Every edit is a version, every step
    a RecordEvent.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(_("type"), max_length=30)
    also_types = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    # Made by the form that wrote it: sent twice, it is one record.
    client_id = models.UUIDField(null=True, blank=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="records", db_index=False)
    step = models.CharField(_("step"), max_length=9, choices=Step, blank=True)
    occurred_on = models.DateField(_("day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    raised_on = models.DateField(_("raised on"), null=True, blank=True)
    # A joint report: the first day of the period it reports on.
    reports_on = models.DateField(_("reports on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    place_kind = models.CharField(_("where"), max_length=10, choices=PlaceKind, default=PlaceKind.IN_VILLAGE)
    form = models.CharField(_("form"), max_length=11, choices=Form, blank=True)
    title = models.CharField(_("theme"), max_length=120, blank=True)
    text = models.CharField(_("what was done"), max_length=1000, blank=True)
    participants = models.CharField(_("participants"), max_length=400, blank=True)
    leader_name = models.CharField(_("led by"), max_length=60, blank=True)
    leader_present = models.BooleanField(_("the group leader was present"), default=False)
    principal_present = models.BooleanField(_("the head of the unit was present"), default=False)
    person_times = models.PositiveIntegerField(_("person-times"), null=True, blank=True)
    persons_approx = models.BooleanField(_("about"), default=False)
    due_count = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    visitors = models.PositiveIntegerField(_("visitors"), null=True, blank=True)
    was_announced = models.BooleanField(_("announced beforehand"), default=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    beneficiaries = models.CharField(_("beneficiaries"), max_length=120, blank=True)
    money_yuan = models.DecimalField(_("money (yuan)"), max_digits=16, decimal_places=2, null=True, blank=True)
    money_approx = models.BooleanField(_("about"), default=False)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    notes = models.CharField(_("notes"), max_length=400, blank=True)
    details = models.JSONField(default=dict, blank=True)

    status = models.CharField(_("state"), max_length=9, choices=Status, default=Status.DRAFT)
    author_side = models.CharField(_("written by"), max_length=7, choices=AuthorSide)
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    author_name = models.CharField(max_length=60, blank=True)
    # Entered by a superior: for whom, and on what basis (domain.md fact 6).
    is_proxy = models.BooleanField(_("entered by proxy"), default=False)
    proxy_for = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    proxy_basis = models.CharField(_("on what basis"), max_length=200, blank=True)
    # First submission: what grace and lateness are measured by. A return does not make it late.
    submitted_on = models.DateField(null=True, blank=True)
    status_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=1)
    # Voided because a check found that it did not happen, not because of a slip of the pen: it costs points (domain.md §3.2 I).
    found_untrue = models.BooleanField(_("found untrue"), default=False)
    import_batch = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("record")
        indexes = [
            models.Index(fields=["tenant", "occurred_on", "id"], name="record_by_day"),
            models.Index(fields=["tenant", "item"], name="record_by_item", condition=Q(item__isnull=False)),
            models.Index(fields=["tenant", "status", "occurred_on"], name="record_by_status"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "client_id"], condition=Q(client_id__isnull=False), name="record_sent_once"
            ),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("occurred_on")), name="record_ends_after_start"),
            models.CheckConstraint(condition=Q(found_untrue=False) | Q(status="voided"), name="record_untrue_is_void"),
            models.CheckConstraint(condition=Q(is_proxy=False) | ~Q(proxy_basis=""), name="record_proxy_says_why"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:40] or self.type


class Share(TenantModel):
    """One pairing's part in a record: what is counted, and whether its other side has confirmed.

    Narrow on purpose: obligations are counted from here alone. The facts are copies of the record's, written in the
    same transaction. Without a pairing: the county's own doing (``village`` empty) or a village's own.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="shares", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, null=True, blank=True, related_name="shares", db_index=False)
    village = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    type = models.CharField(max_length=30)
    also_types = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    step = models.CharField(max_length=9, blank=True)
    # The day that counts: it happened, was closed, was built; of a report, the first day of its period.
    counts_on = models.DateField()
    raised_on = models.DateField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status)
    is_lead = models.BooleanField(default=True)
    leader_present = models.BooleanField(default=False)
    principal_present = models.BooleanField(default=False)
    place_kind = models.CharField(max_length=10, choices=PlaceKind, default=PlaceKind.IN_VILLAGE)
    visitors = models.PositiveIntegerField(null=True, blank=True)
    was_announced = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    confirmed_name = models.CharField(max_length=60, blank=True)
    confirmed_by_proxy = models.BooleanField(default=False)
    confirm_basis = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("part in a record")
        indexes = [
            models.Index(fields=["tenant", "pairing", "type", "counts_on"], include=["status"], name="share_by_pairing"),
            models.Index(fields=["tenant", "counts_on"], include=["pairing", "type", "status"], name="share_by_day"),
            models.Index(fields=["tenant", "village", "status"], name="share_by_village"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "record", "pairing"], nulls_distinct=False, name="share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.counts_on}"


class RecordEvent(TenantModel):
    """One step of a record: who, in which role, for whom, from what to what, why, from where. Only ever added."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="events", db_index=False)
    deed = models.CharField(max_length=12)
    from_status = models.CharField(max_length=9, blank=True)
    to_status = models.CharField(max_length=9)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=60)
    roles = models.CharField(max_length=40, blank=True)
    acting_for = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    basis = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("step of a record")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "record", "id"], name="record_event_of")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.deed
