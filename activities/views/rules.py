"""Rules of a programme year: in words, with what they cost; one rule with its versions; editing, previewing, publishing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.actions import rules as actions
from activities.actions.terms import TERM_FIELDS
from activities.forms.rules import NewRuleForm, PublishForm, TermsForm, choices_of_types, initial_of
from activities.models import ActivityType, Rule, RuleTerms, YearSettings
from activities.queries.rule_words import differences, in_words
from activities.queries.rules import (
    Burden,
    Reckoning,
    as_if_published,
    in_force,
    rules_of,
    versions_of,
    year_to_tell,
)
from activities.queries.years import county_size, current_programme, publishers
from activities.views.frame import address, attempt, chosen_year, done, form_page, programme_of, trail, year_page, year_tabs
from lib.htmx import answer
from lib.kinds import cells
from pairing.models import Programme
from tenancy import clock
from tenancy.access import TenantRequest, allow

_UNITS_TOLD = (1, 2, 3)


@allow("programme", GET="R")
def home(request: TenantRequest, tenant: str) -> HttpResponse:
    """The rules of the year that is on: the newest programme that has begun, else the newest."""
    programme = current_programme(clock.today())
    if programme is None:
        empty = {
            "title": _("No programme year yet."),
            "text": _("Rules belong to a programme year. Make one, or import the pairing table: it brings its year along."),
            "action_url": reverse("pairing:programme_create", args=[tenant]) if request.access.can("programme", "C") else "",
            "action_label": _("New programme year"),
        }
        context = {"heading": _("Rules"), "breadcrumb": _crumbs(tenant), "empty": empty}
        return answer(request, "activities/rules/none.html", context)
    return HttpResponseRedirect(address("year_rules", tenant, programme.uid))


def _crumbs(tenant: str) -> list[dict[str, Any]]:
    return [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": _("Rules"), "url": ""}]


def _types(programme: Programme) -> dict[str, str]:
    return dict(ActivityType.objects.filter(programme=programme).values_list("code", "name"))


def _span(terms: RuleTerms) -> str:
    words = {"start": cells.long_day(terms.effective_from)}
    if terms.effective_to is None:
        return _("in force since %(start)s") % words
    if terms.effective_to < terms.effective_from:
        return _("never in force: replaced before %(start)s") % words
    return _("in force from %(start)s to %(end)s") % {**words, "end": cells.long_day(terms.effective_to)}


def _version(terms: RuleTerms) -> str:
    return _("Version %(n)d, %(since)s") % {"n": terms.number, "since": _span(terms)}


def _chip(rule: Rule) -> dict[str, Any]:
    if rule.is_active:
        return {"word": _("in use"), "tone": "green", "mark": "tick"}
    return {"word": _("not in use"), "tone": "grey", "mark": "dash"}


def _cost(asked: Burden, code: str, told: int) -> str:
    n = asked.by_rule.get(code, 0)
    words = ngettext("%(n)d record in %(year)d", "%(n)d records in %(year)d", n) % {"n": n, "year": told}
    minutes = asked.record_minutes(code) + asked.confirm_minutes(code)
    return _("%(records)s, about %(minutes)d minutes for both sides") % {"records": words, "minutes": minutes}


@allow("programme", GET="R")
def of_year(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Every rule in words, and what they ask of a village in a year."""
    year, today = programme_of(programme), clock.today()
    settings = YearSettings.objects.filter(programme=year).first()
    told = chosen_year(request, year)
    reckoning = Reckoning(year, told)
    asked = reckoning.total([reckoning.anybody()], with_village=False)
    own = reckoning.total([reckoning.anybody()], with_village=True)
    types, day = _types(year), min(max(today, year.starts_on), year.ends_on)
    names = {rule.code: rule.name for rule in reckoning.rules}
    cards = []
    for rule in reckoning.rules:
        terms = in_force(versions_of(rule), day) or (versions_of(rule)[-1] if versions_of(rule) else None)
        cards.append(
            {
                "name": rule.name,
                "url": address("rule", tenant, rule.uid),
                "chip": _chip(rule),
                "words": in_words(terms, types, lock_day=settings.lock_day if settings else None) if terms else None,
                "version": _version(terms) if terms else "",
                "source": terms.source_text if terms else "",
                "doc_no": terms.doc_no if terms else "",
                "part_of": names.get(rule.within, ""),
                "cost": _cost(own, rule.code, told) if rule.is_active and not rule.within else "",
                "is_used": rule.is_active,
                "has_draft": bool(rule.drafts),  # type: ignore[attr-defined]
            }
        )
    context = {
        **year_page(
            year, request, tenant, here="rules", heading="", help_text=_("What is owed, in words made of the rules themselves.")
        ),
        "cards": cards,
        "n_unused": sum(not card["is_used"] for card in cards),
        "is_open": settings is not None,
        "open_url": address("year_open", tenant, year.uid) if request.access.can("programme", "C") else "",
        "new_url": address("rule_new", tenant, year.uid) if request.access.can("programme", "C") and settings else "",
        "burden": _burden_table(reckoning, asked, own) if settings else None,
        "told": told,
        "told_years": year_tabs(year, address("year_rules", tenant, year.uid), told),
        "figures": _figures(year, asked, own),
        "years": [
            {"label": one.title, "url": address("year_rules", tenant, one.uid)}
            for one in Programme.objects.exclude(pk=year.pk).order_by("-year", "id")
        ],
    }
    return answer(request, "activities/rules/year.html", context)


def _burden_table(reckoning: Reckoning, asked: Burden, own: Burden) -> dict[str, Any]:
    """Records and minutes by rule, of one pairing and of villages with one, two and three units."""
    rows = []
    shared = {code: own.by_rule[code] - asked.by_rule.get(code, 0) for code in own.by_rule}
    for rule in reckoning.rules:
        if not rule.is_active:
            continue
        n, mine = asked.by_rule.get(rule.code, 0), shared.get(rule.code, 0)
        rows.append(
            {
                "name": rule.name,
                "note": _("among those of another rule") if reckoning.costs_nothing(rule) else "",
                "pairing": n,
                "minutes": asked.record_minutes(rule.code),
                "confirm_minutes": asked.confirm_minutes(rule.code),
                "villages": [n * units + mine for units in _UNITS_TOLD],
            }
        )
    return {
        "rows": rows,
        "units": [ngettext("village with %(n)d unit", "village with %(n)d units", n) % {"n": n} for n in _UNITS_TOLD],
        "pairing": asked.records,
        "minutes": asked.record_minutes(),
        "confirm_minutes": asked.confirm_minutes(),
        "villages": [asked.records * units + sum(shared.values()) for units in _UNITS_TOLD],
    }


def _figures(year: Programme, asked: Burden, own: Burden) -> list[dict[str, Any]]:
    n_pairings, n_villages = county_size(year)
    every = asked.times(n_pairings)
    stats = [
        {"label": _("Records of one pairing"), "value": cells.number(asked.records), "note": _minutes(asked.record_minutes())},
        {
            "label": _("Confirmations of one pairing"),
            "value": cells.number(asked.confirmations),
            "note": _minutes(asked.confirm_minutes()),
        },
    ]
    if n_villages:
        each = every.times(1).confirmations // n_villages
        stats += [
            {
                "label": _("Records of the county"),
                "value": cells.number(every.records + (own.records - asked.records) * n_villages),
                "note": ngettext("of %(n)d pairing", "of %(n)d pairings", n_pairings) % {"n": n_pairings},
            },
            {
                "label": _("Confirmations of a village, on average"),
                "value": cells.number(each),
                "note": ngettext("of %(n)d village", "of %(n)d villages", n_villages) % {"n": n_villages},
            },
        ]
    return stats


def _minutes(n: int) -> str:
    return ngettext("about %(n)d minute", "about %(n)d minutes", n) % {"n": n}


# -- one rule ------------------------------------------------------------------------------------


def _rule(uid: UUID) -> Rule:
    found: Rule = get_object_or_404(Rule.objects.select_related("programme"), uid=uid)
    return next(rule for rule in rules_of(found.programme) if rule.pk == found.pk)


def _above(rule: Rule, tenant: str) -> tuple[str, str]:
    return rule.name, address("rule", tenant, rule.uid)


@allow("programme", GET="R")
def one(request: TenantRequest, tenant: str, rule: UUID) -> HttpResponse:
    """A rule with all its versions."""
    row = _rule(rule)
    year = row.programme
    settings = YearSettings.objects.filter(programme=year).first()
    types, versions = _types(year), versions_of(row)
    now = in_force(versions, min(max(clock.today(), year.starts_on), year.ends_on))
    who = publishers(versions)
    can_edit, can_publish = request.access.can("programme", "U"), request.access.can("programme", "X")
    events = []
    before: RuleTerms | None = None
    for terms in versions:
        changes = differences(before, terms, TERM_FIELDS, types) if before is not None else []
        events.append(
            {
                "when": cells.minute(terms.published_at) if terms.published_at else "",
                "datetime": terms.published_at.isoformat() if terms.published_at else "",
                "who": who.get(terms.pk, ""),
                "title": _version(terms),
                "text": terms.reason,
                "chip": {"word": _("in force"), "tone": "green", "mark": "tick"} if terms is now else None,
                "changes": changes,
            }
        )
        before = terms
    draft = actions.draft_of(row)
    context = {
        "heading": row.name,
        "breadcrumb": trail(year, tenant, last=row.name),
        "help_text": _("Each version stays readable; a period is judged by the version in force on its last day."),
        "chip": _chip(row),
        "words": in_words(now, types, lock_day=settings.lock_day if settings else None) if now else None,
        "version": _version(now) if now else _("No version is in force."),
        "source": now.source_text if now else "",
        "doc_no": now.doc_no if now else "",
        "part_of": next((other.name for other in rules_of(year) if other.code == row.within), ""),
        "events": events[::-1],
        "edit_url": address("rule_edit", tenant, row.uid) if can_edit else "",
        "draft_url": address("rule_draft", tenant, row.uid) if draft and can_edit else "",
        "switch_url": address("rule_switch", tenant, row.uid) if can_publish else "",
        "is_active": row.is_active,
    }
    return answer(request, "activities/rules/rule.html", context)


@allow("programme", POST="X")
def switch(request: TenantRequest, tenant: str, rule: UUID) -> HttpResponse:
    """Put the rule to use or out of use."""
    row = _rule(rule)
    is_active = request.POST.get("is_active") == "yes"
    actions.switch_rule(rule=row, is_active=is_active, actor=request.access.actor)
    sentence = _("The rule is in use. What is owed has been counted again.")
    if not is_active:
        sentence = _("The rule is out of use: it asks for nothing any more. Its versions stay.")
    return done(request, sentence, address("rule", tenant, row.uid))


@allow("programme", GET="C", POST="C")
def new(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """A rule of the county's own. It stays out of use until it is put to use."""
    year = programme_of(programme)
    form = NewRuleForm(request.POST or None, types=choices_of_types(ActivityType.objects.filter(programme=year)))
    row = attempt(
        form,
        lambda: actions.create_rule(
            programme=year,
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            terms=form.terms(),
            is_active=False,
            actor=request.access.actor,
        ),
    )
    if row is not None:
        return done(request, _("The rule is written down, not in use yet. Look at its words, then put it to use."),
                    address("rule", tenant, row.uid))  # fmt: skip
    heading = _("New rule")
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(year, tenant, last=heading),
        cancel_url=address("year_rules", tenant, year.uid),
        help_text=_("The least that a rule must say. Everything else can be set in the editor afterwards."),
    )


@allow("programme", GET="U", POST="U")
def edit(request: TenantRequest, tenant: str, rule: UUID) -> HttpResponse:
    """Change a rule: what is written here is a draft that binds nobody."""
    row = _rule(rule)
    year = row.programme
    draft = actions.draft_of(row)
    day = draft.effective_from if draft else _next_month(year)
    start = draft or actions.base_of(row, day)
    rows = list(ActivityType.objects.filter(programme=year))
    form = TermsForm(
        request.POST or None,
        types=choices_of_types(rows, start.types if start else None),
        initial=initial_of(start, day),
    )
    saved = attempt(
        form,
        lambda: actions.draft_terms(
            rule=row,
            changes=form.changes(),
            effective_from=form.cleaned_data["effective_from"],
            actor=request.access.actor,
        ),
    )
    if saved is not None:
        return HttpResponseRedirect(address("rule_draft", tenant, row.uid))
    heading = _("Change the rule")
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(year, tenant, _above(row, tenant), last=heading),
        cancel_url=address("rule", tenant, row.uid),
        submit_label=_("Show what it would change"),
        help_text=_("This makes a draft. Nothing changes for anybody until it is published."),
    )


def _next_month(year: Programme) -> date:
    """The day that a change most often begins with; inside the year."""
    day = (clock.today().replace(day=28) + timedelta(days=7)).replace(day=1)
    return min(max(day, year.starts_on), year.ends_on)


@allow("programme", GET="U", POST="X")
def draft(request: TenantRequest, tenant: str, rule: UUID) -> HttpResponse:
    """What a draft would change, in words, days and minutes; publishing it."""
    row = _rule(rule)
    year = row.programme
    drafted = actions.draft_of(row)
    if drafted is None:
        return done(request, _("There is no draft of this rule."), address("rule", tenant, row.uid))
    form = PublishForm(request.POST or None, initial={"effective_from": drafted.effective_from, "reason": drafted.reason})
    published = attempt(
        form,
        lambda: actions.publish_draft(
            rule=row,
            effective_from=form.cleaned_data["effective_from"],
            reason=form.cleaned_data["reason"],
            actor=request.access.actor,
        ),
    )
    if published is not None:
        return done(request, _("Published. What is owed has been counted again."), address("rule", tenant, row.uid))
    # The refused attempt may have been rolled back around another's draft: tell the one that is there.
    return _preview(request, tenant, row, actions.draft_of(row) or drafted, form, year)


def _preview(
    request: TenantRequest, tenant: str, row: Rule, drafted: RuleTerms, form: PublishForm, year: Programme
) -> HttpResponse:
    settings = YearSettings.objects.filter(programme=year).first()
    lock_day = settings.lock_day if settings else None
    types, versions = _types(year), versions_of(row)
    day = drafted.effective_from
    before = actions.base_of(row, day)
    told = min(max(day.year, year_to_tell(year, clock.today())), year.ends_on.year)
    instead = as_if_published(versions, drafted, day)
    old, new_one = Reckoning(year, told), Reckoning(year, told, instead={row.code: instead})
    cost = [reckoning.total([reckoning.anybody()], with_village=True) for reckoning in (old, new_one)]
    heading = _("Draft of version %(n)d") % {"n": drafted.number}
    context = {
        "heading": heading,
        "breadcrumb": trail(year, tenant, _above(row, tenant), last=heading),
        "help_text": _("A draft binds nobody. Look at what it changes; the county administrator publishes it."),
        "old": in_words(before, types, lock_day=lock_day) if before else None,
        "new": in_words(drafted, types, lock_day=lock_day),
        "differences": differences(before, drafted, TERM_FIELDS, types),
        "from_day": cells.long_day(day),
        "told": told,
        "due": [_due(one) for one in new_one.due(row, new_one.anybody())],
        "old_cost": cost[0],
        "new_cost": cost[1],
        "old_here": cost[0].by_rule.get(row.code, 0),
        "new_here": cost[1].by_rule.get(row.code, 0),
        "is_active": row.is_active,
        "form": form,
        "can_publish": request.access.can("programme", "X"),
        "edit_url": address("rule_edit", tenant, row.uid),
        "drop_url": address("rule_drop", tenant, row.uid),
    }
    return answer(request, "activities/rules/draft.html", context, status=422 if form.is_bound else 200)


def _due(due: Any) -> dict[str, Any]:
    why = {
        "": "",
        "calendar": _("fewer than %(n)d working days") % {"n": due.terms.min_working_days},
        "waiver": _("waiver of the county"),
        "suspended": _("the pairing rests"),
    }[due.waived]
    return {
        "code": due.span.code,
        "from": cells.day(due.span.starts_on),
        "to": cells.day(due.span.ends_on),
        "until": cells.day(due.span.ends_on + timedelta(days=due.terms.grace_days)),
        "minimum": due.terms.minimum,
        "version": due.terms.number,
        "is_waived": bool(due.waived),
        "why": why,
    }


@allow("programme", POST="U")
def drop(request: TenantRequest, tenant: str, rule: UUID) -> HttpResponse:
    """Throw the draft away."""
    row = _rule(rule)
    if actions.draft_of(row) is not None:
        actions.drop_draft(rule=row, actor=request.access.actor)
    return done(request, _("The draft is gone. The rule stays as it is."), address("rule", tenant, row.uid))
