"""What is owed, as a list of cells: a kind that is only read, for its cells are judged and never written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Obligation, ObligationState, Period, PeriodKind, Rule
from activities.queries import changes, lasts
from activities.queries.obligations import visible_obligations, within
from lib.kinds.declare import Empty, Field, Filter, Kind, Search, State, Type
from lib.periods import Span
from pairing.models import Programme
from pairing.queries import visible_pairings
from units.queries import visible_organisations, visible_towns, visible_villages

# Days from the Monday of a week to its Thursday, whose month and year it belongs to (domain.md §2.3).
_THURSDAY = timedelta(days=3)
# What a rule asks for, unless waived; done, waiting and not done add up to it; not done is overdue or going on.
OWED = Q(is_due=True, waived_because="")
# Of what is owed, the states that each part of it has.
STATES_OF: Mapping[str, tuple[ObligationState, ...]] = {
    "done": (ObligationState.MET, ObligationState.MET_LATE),
    "waiting": (ObligationState.WAITING,),
    "going": (ObligationState.OPEN, ObligationState.NOT_DUE),
    "overdue": (ObligationState.MISSED,),
}
DONE, WAITING, GOING, OVERDUE = (OWED & Q(state__in=STATES_OF[code]) for code in ("done", "waiting", "going", "overdue"))
LEFT = OWED & Q(state__in=[ObligationState.OPEN, ObligationState.MISSED, ObligationState.NOT_DUE])


def in_span(span: Span) -> Q:
    """Cells whose period lies in a period: a week where its Thursday does; a week asked for is that week."""
    if span.kind == PeriodKind.WEEK:
        return Q(period_kind=PeriodKind.WEEK, starts_on=span.starts_on)
    weeks = Q(
        period_kind=PeriodKind.WEEK,
        starts_on__gte=span.starts_on - _THURSDAY,
        starts_on__lte=span.ends_on - _THURSDAY,
    )
    others = ~Q(period_kind=PeriodKind.WEEK) & Q(starts_on__gte=span.starts_on, ends_on__lte=span.ends_on)
    # Both lie within these days: said once more, so that an index leads there and older years are not gone through.
    days = Q(period_kind__in=PeriodKind.values, starts_on__gte=span.starts_on - _THURSDAY, starts_on__lte=span.ends_on)
    return days & (weeks | others)


def _code() -> Subquery:
    named = Period.objects.filter(kind=OuterRef("period_kind"), starts_on=OuterRef("starts_on"))
    return Subquery(named.values("code")[:1])


def _pairings(access: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = visible_pairings(access).select_related("unit", "village")
    return rows.order_by("-programme__year", "village__pinyin", "-is_lead", "unit__pinyin", "id")


def _rules(access: Any) -> QuerySet[Rule]:
    rows: QuerySet[Rule] = Rule.objects.order_by("-programme__year", "position", "id")
    return rows


def _programmes(access: Any) -> QuerySet[Programme]:
    rows: QuerySet[Programme] = Programme.objects.order_by("-year", "id")
    return rows


def _by_deadline(code: str) -> Q:
    return lasts.CONDITIONS[code]()


_OWED_BY: dict[str, Q] = {
    "pairing": Q(pairing__isnull=False),
    "village": Q(pairing=None, village__isnull=False),
    "county": Q(pairing=None, village=None),
}
_OWED_BY_WORDS = (("pairing", _("a pairing")), ("village", _("a village itself")), ("county", _("the county")))


def _on_own_board(access: Any, is_wanted: bool) -> Q:
    """Cells that the asker's own board counts, where the policy table gives it another scope than this list."""
    reach = access.reach("dashboard", "R")
    if reach is None:
        return Q() if is_wanted else Q(pk__in=[])
    return within(reach) if is_wanted else ~within(reach)


def _of_town(town: Any) -> Q:
    return Q(pairing__village__parent=town) | Q(village__parent=town)


OBLIGATION = Kind(
    code="obligation",
    one=_("obligation"),
    many=_("Obligations"),
    model=Obligation,
    object="pairing",
    namespace="activities",
    path="obligations",
    title="结对帮扶应完成事项表",
    title_path="rule__name",
    name_of=lambda row: f"{row.rule.name} {row.starts_on.isoformat()}",
    order=("starts_on", "rule__position", "pairing__village__pinyin", "-pairing__is_lead", "pairing__unit__pinyin"),
    visible=visible_obligations,
    within=lambda rows, units: rows.filter(within(units)),
    states=(
        State("owed", _("Owed"), lambda on: OWED),
        State("done", pgettext_lazy("state", "Done, in time or late"), lambda on: DONE),
        State("left", pgettext_lazy("state", "Not done yet"), lambda on: LEFT),
        State("overdue", pgettext_lazy("state", "Overdue"), lambda on: OVERDUE),
        State("going", pgettext_lazy("state", "Going on"), lambda on: GOING),
        State("met", pgettext_lazy("state", "Met"), lambda on: Q(state=ObligationState.MET)),
        State("met_late", pgettext_lazy("state", "Met late"), lambda on: Q(state=ObligationState.MET_LATE)),
        State("waiting", pgettext_lazy("state", "To be confirmed"), lambda on: WAITING),
        State("open", pgettext_lazy("state", "Open"), lambda on: Q(state=ObligationState.OPEN)),
        State("missed", pgettext_lazy("state", "Missed"), lambda on: Q(state=ObligationState.MISSED)),
        State("not_due", pgettext_lazy("state", "Not due"), lambda on: Q(state=ObligationState.NOT_DUE)),
        State("waived", pgettext_lazy("state", "Waived"), lambda on: Q(state=ObligationState.WAIVED)),
    ),
    search=Search(
        names=("pairing__unit__name", "pairing__village__name"),
        pinyin=("pairing__unit__pinyin", "pairing__village__pinyin"),
        initials=("pairing__unit__initials", "pairing__village__initials"),
        help=_("Unit or village: characters, pinyin or initials"),
    ),
    fields=(
        Field(
            key="rule",
            label=_("Rule"),
            path="rule__name",
            sort=("rule__position", "rule_id"),
            filter=Filter(widget="row", path="rule", rows=_rules),
            heading="规则",
        ),
        Field(
            key="period",
            label=_("Which period"),
            annotate=_code,
            sort=("starts_on",),
            filter=Filter(widget="period", where=in_span, label=_("Month or period")),
            heading="期次",
        ),
        Field(
            key="unit",
            label=_("Unit"),
            type=Type.ROW,
            path="pairing__unit__name",
            uid="pairing__uid",
            route="pairing:pairing",
            sort=("pairing__unit__pinyin",),
            filter=Filter(widget="row", path="pairing__unit", rows=visible_organisations, folded=True),
            wide=True,
            heading="单位",
        ),
        Field(
            key="village",
            label=_("Village"),
            type=Type.ROW,
            annotate=lambda: Coalesce(F("pairing__village__name"), F("village__name")),
            uid=lambda: Coalesce(F("pairing__village__uid"), F("village__uid")),
            route="units:village",
            sort=("pairing__village__pinyin", "village__pinyin"),
            filter=Filter(
                widget="row", rows=visible_villages, where=lambda one: Q(pairing__village=one) | Q(village=one), folded=True
            ),
            heading="结对村",
        ),
        Field(
            key="town",
            label=_("Town"),
            annotate=lambda: Coalesce(F("pairing__village__parent__name"), F("village__parent__name")),
            sort=("pairing__village__parent__division_code",),
            filter=Filter(widget="row", rows=visible_towns, where=_of_town),
            heading="镇(街道)",
        ),
        Field(
            key="required",
            label=_("Asked for"),
            type=Type.INTEGER,
            total=True,
            heading="应完成",
        ),
        Field(key="counted", label=_("Counted"), type=Type.INTEGER, total=True, heading="已计入"),
        Field(key="waiting", label=_("Waiting"), type=Type.INTEGER, total=True, shown=False, heading="待确认"),
        Field(key="ends_on", label=_("Last day"), type=Type.DATE, heading="截止日期"),
        Field(key="grace_until", label=_("In time until"), type=Type.DATE, shown=False, heading="宽限至"),
        Field(
            key="outcome",
            label=_("State"),
            path="state",
            type=Type.CHOICE,
            choices=ObligationState,
            shown=False,
            heading="状态",
        ),
        Field(
            key="pairing",
            label=_("Pairing"),
            path="pk",
            listed=False,
            sheet=False,
            filter=Filter(widget="row", path="pairing", rows=_pairings, folded=True),
        ),
        Field(
            key="programme",
            label=_("Programme"),
            path="programme__title",
            shown=False,
            filter=Filter(widget="row", path="programme", rows=_programmes),
            heading="工作方案",
        ),
        Field(
            key="period_kind",
            label=_("Kind of period"),
            type=Type.CHOICE,
            choices=PeriodKind,
            shown=False,
            filter=Filter(folded=True),
            heading="周期",
        ),
        Field(
            key="deadline",
            label=_("Deadline"),
            path="state",
            listed=False,
            sheet=False,
            filter=Filter(where=_by_deadline, choices=lasts.WORDS, folded=True),
        ),
        Field(
            key="changed",
            label=_("Changed"),
            path="state",
            listed=False,
            sheet=False,
            filter=Filter(where=changes.changed, choices=changes.WORDS, folded=True),
        ),
        Field(
            key="owed_by",
            label=_("Owed by"),
            path="state",
            listed=False,
            sheet=False,
            filter=Filter(where=_OWED_BY.__getitem__, choices=_OWED_BY_WORDS, folded=True),
        ),
        Field(
            key="board",
            label=_("On my board"),
            path="state",
            listed=False,
            sheet=False,
            filter=Filter(widget="yes_no", where_for=_on_own_board, folded=True),
        ),
        Field(
            key="is_carrier",
            label=_("Joint duties counted once"),
            type=Type.YES_NO,
            shown=False,
            filter=Filter(widget="yes_no", folded=True),
            heading="计数行",
        ),
    ),
    chip=lambda found: {"state": found["state"]},
    chip_paths=("state",),
    page="activities:obligation",
    empty=Empty(_("Nothing is owed yet."), _("What is owed appears once a programme year with its rules is switched on.")),
    help=_("What each pairing owes by each rule, period by period, and how it stands today."),
)
