"""Rules and their versions: drafting, publishing, switching, and rules of a county's own (docs/decisions/0012).

A published version is never changed but for its last day. Publishing for a day in the past is allowed, with a reason:
periods that end on or after that day are judged by the new version, those before keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from activities.actions.terms import check_together, clean_terms, clean_value, copied, same_terms
from activities.models import Rule, RuleTerms
from activities.obligations import refresh
from activities.queries.versions import last_day_before, terms_on
from pairing.models import Programme
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant


class RuleRefused(Refused):
    """The rule cannot be written, changed or published so. ``code`` is a stable word."""


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleRefused({"reason": _("Say why: the reason stands in the history.")})
    if len(reason) > 200:
        raise RuleRefused({"reason": _("Write at most 200 characters.")})
    return reason.strip()


def _lock(rule: Rule) -> Rule:
    """The rule's row, locked: numbers of versions are given one after another."""
    locked: Rule = Rule.objects.select_for_update().get(pk=rule.pk)
    return locked


def _next_number(rule: Rule) -> int:
    last: int | None = RuleTerms.objects.filter(rule=rule).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def base_of(rule: Rule, day: date) -> RuleTerms | None:
    """The version that a change from ``day`` on starts from: that in force on the day, else the nearest one."""
    published = RuleTerms.objects.filter(rule=rule).exclude(published_at=None)
    found: RuleTerms | None = (
        terms_on(rule, day)
        or published.filter(effective_from__lte=day).order_by("-effective_from", "-number").first()
        or published.order_by("effective_from", "number").first()
    )
    return found


def draft_of(rule: Rule) -> RuleTerms | None:
    """The version that is being drafted, if any."""
    found: RuleTerms | None = RuleTerms.objects.filter(rule=rule, published_at=None).first()
    return found


def _within_year(rule: Rule, day: date) -> None:
    if day > rule.programme.ends_on:
        raise RuleRefused({"effective_from": _("The programme year has ended by then. Choose an earlier day.")}, "outside")


@transaction.atomic
def draft_terms(
    *, rule: Rule, changes: Mapping[str, object], effective_from: date | None = None, reason: str = "", actor: Actor
) -> RuleTerms:
    """Write the next version of a rule as a draft that binds nobody; a second time, change that draft.

    Raises TermsRefused for values that a rule cannot have, RuleRefused for a day after the year.
    """
    values = clean_terms(changes)
    rule = _lock(rule)
    day = effective_from or clock.today()
    _within_year(rule, day)
    if len(reason) > 200:
        raise RuleRefused({"reason": _("Write at most 200 characters.")})
    draft = draft_of(rule)
    base = base_of(rule, day)
    if draft is None:
        draft = RuleTerms(tenant=current_tenant(), rule=rule, number=_next_number(rule), **(copied(base) if base else {}))
    for name, value in values.items():
        setattr(draft, name, value)
    draft.effective_from, draft.reason = day, reason.strip()
    check_together(rule, draft)
    draft.save()
    changed = sorted(name for name in values if base is None or getattr(base, name) != getattr(draft, name))
    audit.append(actor, "rule_drafted", object_kind="rule", object_uid=rule.uid, fields=changed)
    return draft


@transaction.atomic
def drop_draft(*, rule: Rule, actor: Actor) -> None:
    """Throw the draft of a rule away. Raises RuleRefused when there is none."""
    n_dropped, _kinds = RuleTerms.objects.filter(rule=rule, published_at=None).delete()
    if n_dropped == 0:
        raise RuleRefused(_("There is no draft any more. Reload the page."), "not_found")
    audit.append(actor, "rule_draft_dropped", object_kind="rule", object_uid=rule.uid)


@transaction.atomic
def publish_draft(*, rule: Rule, effective_from: date, reason: str, actor: Actor) -> RuleTerms:
    """Put the draft of a rule in force from a day on, and count anew.

    Raises RuleRefused when there is no draft, it changes nothing, the day is after the year or the reason is missing.
    """
    reason = _reason(reason)
    rule = _lock(rule)
    draft = draft_of(rule)
    if draft is None:
        raise RuleRefused(_("There is no draft any more. Reload the page."), "not_found")
    _publish(rule, draft, effective_from, reason, actor)
    return draft


@transaction.atomic
def publish_terms(*, rule: Rule, changes: Mapping[str, object], effective_from: date, reason: str, actor: Actor) -> RuleTerms:
    """Change a rule from a day on, without a draft in between.

    Raises TermsRefused for values that a rule cannot have; RuleRefused when somebody's draft waits, nothing changes,
    the day is after the year or the reason is missing.
    """
    values, reason = clean_terms(changes), _reason(reason)
    rule = _lock(rule)
    if draft_of(rule) is not None:
        raise RuleRefused(_("A draft of this rule waits. Publish it or drop it first."), "draft_waits")
    base = base_of(rule, effective_from)
    terms = RuleTerms(
        tenant=current_tenant(), rule=rule, number=_next_number(rule), **{**(copied(base) if base else {}), **values}
    )
    _publish(rule, terms, effective_from, reason, actor)
    return terms


def _publish(rule: Rule, terms: RuleTerms, effective_from: date, reason: str, actor: Actor) -> None:
    _within_year(rule, effective_from)
    check_together(rule, terms)
    now_in_force = terms_on(rule, effective_from)
    later = RuleTerms.objects.filter(rule=rule, effective_from__gt=effective_from).exclude(published_at=None).exclude(pk=terms.pk)
    if now_in_force is not None and same_terms(now_in_force, terms) and not later.exists():
        raise RuleRefused(_("Nothing differs from the version in force. Change something first."), "unchanged")
    because(reason, actor=actor)
    _end_before(rule, effective_from)
    terms.effective_from, terms.effective_to = effective_from, None
    terms.reason, terms.published_at = reason, clock.now()
    terms.save()
    audit.append(actor, "rule_published", object_kind="rule", object_uid=rule.uid, n=terms.number)
    refresh(rules=[rule.pk])


def _end_before(rule: Rule, day: date) -> None:
    """Versions in force on ``day`` or later end the day before; one that had not begun by then never is in force."""
    reaching = RuleTerms.objects.filter(Q(effective_to=None) | Q(effective_to__gte=day), rule=rule).exclude(published_at=None)
    for terms in reaching:
        terms.effective_to = last_day_before(terms, day)
        terms.save(update_fields=["effective_to"])


@transaction.atomic
def switch_rule(*, rule: Rule, is_active: bool, reason: str = "", actor: Actor) -> None:
    """Put a rule to use or out of use, for the whole year, and count anew. The rule and its versions stay."""
    if reason:
        because(reason, actor=actor)
    n_changed = 0
    for row in Rule.objects.select_for_update().filter(pk=rule.pk).exclude(is_active=is_active):
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        n_changed += 1
    rule.is_active = is_active
    if n_changed:
        deed = "rule_switched_on" if is_active else "rule_switched_off"
        audit.append(actor, deed, object_kind="rule", object_uid=rule.uid)
        refresh(rules=[rule.pk])


@transaction.atomic
def create_rule(
    *,
    programme: Programme,
    code: str,
    name: str,
    terms: Mapping[str, object],
    effective_from: date | None = None,
    within: str = "",
    is_active: bool = True,
    actor: Actor,
) -> Rule:
    """Add a rule of the county's own to a programme year, in force from its first day unless another is named.

    Raises TermsRefused or RuleRefused: a code in use, a rule to be part of that does not exist, wrong values.
    """
    values = clean_terms({"source_text": "", **terms})
    facts = {}
    problems: dict[str, Any] = {}
    for field, value in (("code", code), ("name", name), ("within", within)):
        try:
            facts[field] = clean_value(Rule, field, value)
        except ValidationError as problem:
            problems[field] = problem.messages
    for required in ("types", "period_kind"):
        if required not in values:
            problems[required] = _("This is needed.")
    others = set(Rule.objects.filter(programme=programme).values_list("code", flat=True))
    if code in others:
        problems["code"] = _("This programme year has a rule of this code already.")
    if within and within not in others:
        problems["within"] = _("There is no rule %(code)s in this programme year.") % {"code": within}
    if problems:
        raise RuleRefused(problems)
    tenant = current_tenant()
    position = Rule.objects.filter(programme=programme).aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            rule: Rule = Rule.objects.create(
                tenant=tenant, programme=programme, position=position + 1, is_active=is_active, **facts
            )
    except IntegrityError as problem:
        raise RuleRefused({"code": _("This programme year has a rule of this code already.")}) from problem
    row = RuleTerms(tenant=tenant, rule=rule, number=1, effective_from=effective_from or programme.starts_on, **values)
    _within_year(rule, row.effective_from)
    check_together(rule, row)
    row.published_at = clock.now()
    row.save()
    audit.append(actor, "rule_created", object_kind="rule", object_uid=rule.uid)
    refresh(rules=[rule.pk])
    return rule
