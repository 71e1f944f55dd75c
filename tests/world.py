"""Two counties of the same shape, every text a canary: whatever of B shows up in A's answers is a leak (reliability.md T5).

A's canaries read ``zqa0001`` and so on, B's ``zqb0001``. Surnames, a telephone and the division codes are the same
on purpose: only the wall keeps them apart. Each county has an account for each role; what the roles with a scope of
their own are granted stands in ``inside``, and a second set that is connected to none of it in ``outside``.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, models, transaction
from pghistory.models import Event

from tenancy import audit
from tenancy.models import Account, AuditEntry, Feedback, Grant, Job, Tenant, TenantModel
from tenancy.policy import ROLES
from tenancy.scope import Actor, tenant_scope
from tests import factories as make
from tests import factories_judgement as judged
from tests.live import session_key, wipe

CANARY = {"a": "zqa", "b": "zqb"}
SHARED_PHONE = "13900001234"
SHARED_CODES = {"town": "440981101", "village": "440981101201"}
# Texts that the program reads rather than shows, or that its own constraints shape: left as the factories made them.
PLAIN = {
    "Job": {"task", "state"},
    "ImportBatch": {"kind", "stored_as", "sha256"},
    "ImportAnswer": {"kind", "question", "column"},
    "Unit": {"division_code"},
    "DivisionRevision": {"edition"},
    "OutboxMessage": {"kind", "channel"},
    "Notice": {"kind"},
    "ActivityType": {"code"},
    "Record": {"type"},
    "RecordEvent": {"deed", "from_status", "to_status"},
    "Share": {"type", "step"},
    "ObligationFlip": {"period_kind", "from_state", "to_state"},
    "Rubric": {"code"},
    "RubricGroup": {"code"},
    "RubricLine": {"code", "reading", "pattern"},
    "Entry": {"value"},
    "Assessed": {"exempt_because"},  # a reason means that there is no score to show
    "Snapshot": {"sha256"},
    "PublishedSum": {"rule_code", "period_kind"},
}
# Tables that the application only adds to: their rows are made with canaries.
ADDED_TO = {"RecordEvent", "Snapshot", "SheetChange", "Correction"}
STAFF_LOGIN = "{role}.{side}"

Objects = dict[str, Any]


@dataclass
class Side:
    """One of the two counties: its accounts by role (with a session and an API token each) and its objects by kind."""

    letter: str
    tenant: Tenant
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    inside: Objects = field(default_factory=dict)
    outside: Objects = field(default_factory=dict)

    @property
    def canary(self) -> str:
        return CANARY[self.letter]


@dataclass
class World:
    """County A, whose people try; county B, which they try to reach; and accounts that stand across or outside."""

    a: Side
    b: Side


def tenant_models() -> list[type[models.Model]]:
    """Models whose rows belong to a county, their versions included."""
    return [model for model in apps.get_models() if any(f.name == "tenant" and f.remote_field for f in model._meta.fields)]


_numbers = itertools.count(1)


def _canary(side: Side) -> str:
    return f"{side.canary}{next(_numbers):04d}"


def _fill(side: Side) -> None:
    """Put a canary into every text field of every row of the county in scope that has none yet."""
    for model in tenant_models():
        if issubclass(model, Event) or model is AuditEntry:
            continue  # written by triggers and by app.audit_append: they copy the canaries
        if model.__name__ in ADDED_TO:
            continue
        plain = PLAIN.get(model.__name__, set())
        fields = [
            f
            for f in model._meta.fields
            if isinstance(f, (models.CharField, models.TextField)) and not f.choices and f.name not in plain
        ]
        for row in model._base_manager.filter(tenant=side.tenant):
            new: dict[str, Any] = {}
            for f in fields:
                old, mark = str(getattr(row, f.attname) or ""), _canary(side)
                if side.canary in old or old == SHARED_PHONE:
                    continue
                room = (f.max_length or 200) - len(mark)
                new[f.attname] = old[: max(0, room)] + mark
            if new:
                model._base_manager.filter(pk=row.pk).update(**new)


def _objects(side: Side, mark: str) -> Objects:
    """One connected set: a town with a village, a unit paired with it, people, lists, an import …"""
    from pairing.models import PairingPost
    from units.models import (
        DivisionChange,
        DivisionRevision,
        ImportAnswer,
        ImportBatch,
        ImportChange,
        ImportRow,
        Listing,
        UnitAlias,
    )

    tenant = side.tenant
    codes = SHARED_CODES if mark == "inside" else {"town": "440981102", "village": "440981102202"}
    phone = SHARED_PHONE if mark == "inside" else ""
    town = make.make_town(f"曹江镇{mark}", division_code=codes["town"])
    village = make.make_village(f"荷垌村{mark}", town=town, division_code=codes["village"])
    # A number of its own, so that it is known when it shows up: B's must not, anywhere.
    number: dict[str, Any] = {"id": {"a": 900_000_001, "b": 987_654_321}[side.letter]} if mark == "inside" else {}
    unit = make.make_unit(f"林业局{mark}", notes="x", short_name="x", **number)
    party = make.make_unit(f"党支部{mark}", "party_organisation", parent=unit)
    group = make.make_unit(f"一组{mark}", "group", parent=village)
    ended = make.make_unit(f"旧局{mark}", ends_on=date(2024, 12, 31))
    leader = make.make_person(f"陈{mark}", phone=phone)
    liaison = make.make_person(f"陈乙{mark}", phone="13900005678")
    post = make.make_post(unit, leader, "principal", phone=phone)
    make.make_post(village, liaison, "village_secretary")
    programme = make.make_programme(2024 if mark == "inside" else 2025)
    waived = {"agreement_waived": "x", "agreement_waived_on": date(2024, 9, 3)}
    pairing = make.make_pairing(unit, village, programme, party_org=party, **waived)
    pairing_post = PairingPost.objects.create(
        tenant=tenant, pairing=pairing, person=leader, kind="group_leader", starts_on=date(2024, 9, 3), phone=phone
    )
    suspension = make.make_suspension(pairing, date(2024, 11, 4), date(2024, 11, 10))
    change_of_pairing = make.make_pairing_change(
        pairing, "moved", from_unit=ended, to_unit=unit, effective_on=date(2024, 10, 1), doc_no="x", reason="x"
    )
    listing = Listing.objects.create(tenant=tenant, unit=village, kind="key_village", starts_on=date(2024, 1, 1))
    alias = UnitAlias.objects.create(tenant=tenant, unit=unit, name="林业局", key="林业局")
    revision = DivisionRevision.objects.create(tenant=tenant, edition="2024-06-30" if mark == "inside" else "2025-06-30")
    change = DivisionChange.objects.create(
        tenant=tenant, revision=revision, kind="renamed", unit=village, code=codes["village"], name="荷花村"
    )
    job = Job.objects.create(tenant=tenant, task="tenancy.tasks.nothing", state="done", n_done=1, n_total=1)
    mark_in_json = _canary(side)
    batch = ImportBatch.objects.create(
        tenant=tenant, kind="units", state="preview", file_name="单位花名册.xlsx", sha256=mark.ljust(64, "0"), job=job
    )
    row = ImportRow.objects.create(
        tenant=tenant, batch=batch, sheet="Sheet1", row=3, status="ok", original={"单位名称": mark_in_json}, values={}
    )
    imported = ImportChange.objects.create(
        tenant=tenant, batch=batch, model="units.Unit", object_id=unit.pk, object_uid=unit.uid, is_new=True
    )
    answer = ImportAnswer.objects.create(
        tenant=tenant, kind="units", question="unit", column="name", asked=f"林业{mark}", answer={"uid": str(unit.uid)}
    )
    feedback = Feedback.objects.create(tenant=tenant, text="x", due_on=date(2024, 9, 10))
    done = _done(side, pairing)
    ruled = _ruled(pairing, mark)
    assessed = _assessed(pairing, done["record"], mark, lambda: _canary(side))
    return {
        "town": town,
        "village": village,
        "unit": unit,
        "party_organisation": party,
        "group": group,
        "ended_unit": ended,
        "person": leader,
        "post": post,
        "programme": programme,
        "pairing": pairing,
        "pairing_post": pairing_post,
        "suspension": suspension,
        "pairing_change": change_of_pairing,
        "listing": listing,
        "alias": alias,
        "revision": revision,
        "division_change": change,
        "job": job,
        "batch": batch,
        "import_row": row,
        "import_change": imported,
        "answer": answer,
        "feedback": feedback,
        **done,
        **ruled,
        **assessed,
    }


def _done(side: Side, pairing: Any) -> Objects:
    """What was done in a pairing: a reception with a visitor, a project with its milestone, an item, a courtyard."""
    from activities.models import ItemLead, RecordEvent
    from tenancy import clock

    tenant, programme = side.tenant, pairing.programme
    kind = make.make_type(programme, "reception", "接待群众来访", "reception")
    project = make.make_item(pairing)
    lead = ItemLead.objects.create(tenant=tenant, item=project, pairing=pairing)
    record = make.make_record(pairing, type="reception", form="at_desk", visitors=1, item=project, step="started")
    event = RecordEvent.objects.create(
        tenant=tenant, record=record, deed="returned", to_status="returned", at=clock.now(),
        **{name: _canary(side) for name in ("actor_name", "basis", "reason")},
    )  # fmt: skip
    return {
        "type": kind,
        "item": project,
        "livelihood_item": make.make_item(pairing, "livelihood_item", "安装路灯"),
        "courtyard": make.make_item(pairing, "courtyard", "户主甲"),
        "co_lead": lead,
        "record": record,
        "record_event": event,
        "visitor": make.make_visitor(record, phone="13900007890"),
    }


def _ruled(pairing: Any, mark: str) -> Objects:
    """A year that has been set up: deadlines, a class, a rule with a draft, a day of the calendar, a waiver, a reopened month."""
    programme = pairing.programme
    day = date(2025, 5, 6 if mark == "inside" else 7)
    rule = make.make_rule(programme, "reception", "接待群众来访", period_kind="week")
    cell = make.make_obligation(pairing, rule, "2024-W45")
    return {
        "year_settings": make.make_year(programme),
        "content_class": make.make_class(programme),
        "rule": rule,
        "obligation": cell,
        "obligation_flip": make.make_flip(cell, "open", "missed"),
        "obligation_answer": make.make_answer(cell, "已知,月底前补做"),
        "rule_draft": make.make_terms(rule, 2, is_draft=True, minimum=2),
        "working_day": make.make_working_day(day, note="x"),
        "waiver": make.make_waiver(programme, day, day, scope="pairing", pairing=pairing, approver="x", doc_no="x"),
        "reopening": make.make_reopening(programme, date(2025, 2, 1), date(2025, 12, 31), pairing=pairing),
    }


def _assessed(pairing: Any, record: Any, mark: str, canary: Callable[[], str]) -> Objects:
    """What is judged of a pairing: its households, figures, warnings; a rubric; a cycle that is open for self-reports
    and one that is closed, with sheet, results and archive; a joint report."""
    rubric = judged.make_rubric(f"rubric-{mark}", copied_from=judged.make_rubric(f"earlier-{mark}"))
    group = judged.make_group(rubric)
    line = judged.make_line(group)
    mark_line = judged.make_line(group, "A2", source="other_side")
    cycle = judged.make_cycle(pairing.programme, rubric, 2025, state="self_report")
    sheet = judged.make_sheet(cycle, pairing)
    closed = judged.make_cycle(pairing.programme, rubric, 2024, state="final")
    judged.make_assessed(closed, pairing)
    judged.make_sheet_line(judged.make_sheet(closed, pairing), line, figures={"value": "3"})
    judged.make_entry(closed, pairing, mark_line)
    judged.make_result(closed, pairing.unit)
    judged.make_snapshot(closed, content=canary(), author_name=canary())
    return {
        "figure": judged.make_figure(pairing.village),
        "household": judged.make_household(pairing),
        "warning": judged.make_warning(pairing, withdrawn_on=date(2025, 4, 1), withdrawn_because="x"),
        "finding": judged.make_finding(
            pairing, number=f"督{mark}", extension_until=date(2025, 7, 6), extension_because=f"雨季{mark}"
        ),
        "rubric": rubric,
        "rubric_group": group,
        "rubric_line": line,
        "rubric_band": rubric.bands.first(),
        "what_if": judged.make_rubric(f"what-if-{mark}", copied_from=rubric, is_what_if=True),
        "cycle": cycle,
        "closed_cycle": closed,
        "assessed": judged.make_assessed(cycle, pairing),
        "self_report": judged.make_self_report(cycle, pairing),
        "dispute": judged.make_dispute(cycle, pairing, line, record=record),
        "unit_result": judged.make_result(cycle, pairing.unit),
        "snapshot": judged.make_snapshot(cycle, content=canary(), author_name=canary()),
        "entry": judged.make_entry(cycle, pairing, line),
        "poll": judged.make_poll(cycle, pairing),
        "honour": judged.make_honour(pairing),
        "veto": judged.make_veto(cycle, pairing),
        "sheet": sheet,
        "sheet_line": judged.make_sheet_line(sheet, line),
        "sheet_change": judged.make_sheet_change(cycle, pairing, reason=canary(), author_name=canary()),
        "correction": judged.make_correction(cycle, reason=canary(), author_name=canary(), minutes_no=canary()),
        "paper_template": judged.make_paper_template(),
        "joint_report": judged.make_joint_report(pairing, record=record),
        "published_sum": judged.make_published_sum("reception" if mark == "inside" else "courtyard"),
    }


def _grants(side: Side) -> None:
    """One account for each role, over the inside objects where the role has a scope of its own."""
    inside = side.inside
    scopes: dict[str, dict[str, Any]] = {
        "CA": {},
        "CS": {},
        "AU": {},
        "IN": {"scope_kind": "round", "scope_object": uuid.uuid4()},
        "JC": {"scope_kind": "committee", "scope_object": uuid.uuid4()},
        "CL": {"unit": inside["village"]},
        "VS": {"unit": inside["village"]},
        "HC": {"unit": inside["village"]},
        "TO": {"unit": inside["town"]},
        "UL": {"unit": inside["unit"]},
        "UG": {"unit": inside["unit"]},
    }
    for role, scope in scopes.items():
        account = make.make_account(STAFF_LOGIN.format(role=role.lower(), side=side.canary))
        side.accounts[role] = account
        inside[f"grant_{role}"] = make.make_grant(account, role, **scope)
        person = make.make_person(f"陈{role}", account=account, phone=SHARED_PHONE)
        message = make.make_message(person, payload={"title": _canary(side)})
        notice = make.make_notice(
            person, level=1, outbox=message, pairing_uid=inside["pairing"].uid, payload={"title": _canary(side)}
        )
        inside[f"notice_{role}"] = notice
    inside["grant"], inside["account"] = inside["grant_UL"], side.accounts["UL"]
    inside["notice"], side.outside["notice"] = inside["notice_CA"], inside["notice_CS"]
    side.outside["grant"], side.outside["account"] = inside["grant_CS"], side.accounts["CS"]


def _side(letter: str, slug: str, code: str, name: str) -> Side:
    side = Side(letter, make.make_tenant(slug, code, name))
    with tenant_scope(side.tenant, actor=Actor(name=CANARY[letter] + "0000")):
        side.inside = _objects(side, "inside")
        side.outside = _objects(side, "outside")
        _grants(side)
        _fill(side)
        for mark in ("inside", "outside"):
            text = _canary(side)
            audit.append(Actor(name=text, roles="CA", address="127.0.0.1"), text[:60], object_kind=text, note=text)
            getattr(side, mark)["audit"] = AuditEntry.objects.order_by("-seq").first()
    return side


def _sign_in(side: Side, role: str, account: Account) -> None:
    side.accounts[role] = account
    side.sessions[role] = session_key(account)
    side.tokens[role] = session_key(account, is_token=True)


def build() -> World:
    """The two counties, committed unless the caller holds a transaction. Takes about half a second."""
    world = World(_side("a", "jia-xian", "440981", "甲县"), _side("b", "yi-xian", "440605", "乙县"))
    for side in (world.a, world.b):
        for role, account in list(side.accounts.items()):
            _sign_in(side, role, account)
    # Across and outside: an operator, a member of B alone, an administrator of both counties, one whose grant ended.
    _sign_in(world.a, "OP", make.make_account("operator", is_operator=True))
    _sign_in(world.a, "stranger", world.b.accounts["CA"])
    both = make.make_account("both")
    past = make.make_account("past")
    yesterday = date.today() - timedelta(days=1)
    for side in (world.a, world.b):
        with tenant_scope(side.tenant):
            make.make_grant(both, "CA")
            make.make_grant(past, "CA", ends_on=yesterday)
    _sign_in(world.a, "both", both)
    _sign_in(world.a, "past", past)
    return world


# Whoever asks in the tests: the twelve roles, the administrator of both counties, the two who may not come in, nobody.
ASKERS = (*ROLES, "both", "stranger", "past", "nobody")
MEMBERS = tuple(role for role in ROLES if role != "OP")


def n_rows(side: Side) -> dict[str, int]:
    """Rows of the county by table."""
    with tenant_scope(side.tenant):
        return {model._meta.db_table: model._base_manager.count() for model in tenant_models()}


def digest(side: Side) -> dict[str, str]:
    """A digest of all the county's rows by table, as this connection sees them now; its accounts and its directory entry too."""
    tables = sorted(model._meta.db_table for model in tenant_models())
    parts = [f"SELECT '{t}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {t} t" for t in tables]
    accounts = [account.pk for role, account in side.accounts.items() if role in ROLES and role != "OP"]
    parts += [
        "SELECT 'accounts', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM tenancy_account t WHERE id = ANY(%s)",
        "SELECT 'tenant', md5(t::text) FROM tenancy_tenant t WHERE id = %s",
    ]
    with tenant_scope(side.tenant), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [accounts, side.tenant.pk])
        return dict(cursor.fetchall())


@contextmanager
def untouched() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(migrated_tables: frozenset[str], django_db_blocker: Any) -> Iterator[World]:
    """The two counties, committed for a module's tests; each test (``db``) works in a transaction of its own."""
    with django_db_blocker.unblock():
        try:
            yield build()
        finally:
            connections.close_all()
            wipe(migrated_tables)


__all__ = [
    "ASKERS",
    "MEMBERS",
    "Grant",
    "Side",
    "TenantModel",
    "World",
    "build",
    "digest",
    "n_rows",
    "tenant_models",
    "untouched",
    "world",
]
