"""What people bring to a score: reviewers' figures, polls, honours, vetoes (domain.md §3.2, A2, B2, F, G, H, J)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.cycle import Cycle
from assessment.models.rubric import RubricLine
from pairing.models import Pairing
from tenancy.models import Account, TenantModel
from tenancy.versions import versioned


@versioned()
class Entry(TenantModel):
    """The raw figure that one scorer gives for one line of one pairing, with a note. A correction is a version.

    ``value`` is text as typed and checked against the line's pattern: a number, or one of its words ("adopted").
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="entries", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(RubricLine, models.PROTECT, related_name="+", db_index=False)
    scorer = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    scorer_name = models.CharField(_("by"), max_length=60)
    value = models.CharField(_("figure"), max_length=20)
    note = models.CharField(_("note"), max_length=400, blank=True)
    entered_on = models.DateField(_("entered on"))
    # A third scorer's figure settles a difference of the first two.
    is_settling = models.BooleanField(_("settles a difference"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("reviewer's figure")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "cycle", "pairing", "line"], name="entry_of_line")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "cycle", "pairing", "line", "scorer"], nulls_distinct=False, name="entry_once_a_scorer"
            ),
        ]

    def __str__(self) -> str:
        return self.value


@versioned()
class Poll(TenantModel):
    """The villagers' poll on one pairing in one cycle: how many answered what (群众测评)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="polls", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", verbose_name=_("pairing"), db_index=False)
    satisfied = models.PositiveIntegerField(_("satisfied"))
    fairly = models.PositiveIntegerField(_("fairly satisfied"))
    dissatisfied = models.PositiveIntegerField(_("dissatisfied"))
    unknown = models.PositiveIntegerField(_("do not know"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    author_name = models.CharField(max_length=60, blank=True)
    held_on = models.DateField(_("held on"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("poll")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "cycle", "pairing"], name="poll_once"),
        ]

    def __str__(self) -> str:
        return f"{self.satisfied}/{self.fairly}/{self.dissatisfied}/{self.unknown}"


class HonourLevel(models.TextChoices):
    TOWN = "town", _("town")
    COUNTY = "county", _("county")
    CITY = "city", _("city")
    PROVINCE = "province", _("province")
    NATION = "nation", _("national")


@versioned()
class Honour(TenantModel):
    """An experience of a pairing that was promoted higher up. Of one matter the highest level counts."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="honours", verbose_name=_("pairing"), db_index=False)
    matter = models.CharField(_("matter"), max_length=120)
    level = models.CharField(_("promoted by"), max_length=8, choices=HonourLevel)
    promoted_on = models.DateField(_("promoted on"))
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("promoted experience")
        ordering = ["-promoted_on", "-id"]
        indexes = [models.Index(fields=["tenant", "pairing", "promoted_on"], name="honour_of_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "pairing", "matter", "level"], condition=Q(withdrawn_because=""), name="honour_once"
            ),
        ]

    def __str__(self) -> str:
        return self.matter


class VetoKind(models.TextChoices):
    """Facts that hold a grade down (domain.md §3.2, J)."""

    FABRICATION = "fabrication", _("fabrication proven by the supervision team")
    ACCIDENT = "accident", _("serious safety accident")
    DISCIPLINE = "discipline", _("discipline case from the pairing work")


@versioned()
class Veto(TenantModel):
    """A fact that holds the grade of a pairing down in a cycle; the score stays as it is."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="vetoes", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", verbose_name=_("pairing"), db_index=False)
    kind = models.CharField(_("kind"), max_length=11, choices=VetoKind)
    fact = models.CharField(_("fact"), max_length=400)
    decided_by = models.CharField(_("decided by"), max_length=60)
    doc_no = models.CharField(_("document number"), max_length=60)
    decided_on = models.DateField(_("decided on"))
    lifted_because = models.CharField(_("lifted because"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("veto")
        ordering = ["-decided_on", "-id"]
        indexes = [models.Index(fields=["tenant", "cycle", "pairing"], name="veto_of_pairing")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.fact
