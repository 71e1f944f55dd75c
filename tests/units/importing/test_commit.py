"""Committing: all or nothing, once, what is ok; undoing: exactly back, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection

from tenancy import audit
from tenancy.models import Tenant
from tenancy.models.audit import AuditEntry
from tenancy.scope import SYSTEM, Actor
from tests.factories import make_member, make_town, make_unit, make_village
from tests.units.importing.conftest import Send, commit, rows
from tests.units.importing.files import pairings, roster
from tests.units.importing.ledger import Visits, ledger_file
from units.importing import actions, jobs, registry
from units.models import ImportBatch, ImportChange, ImportRow, Listing, Person, Post, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TWO = ({"单位名称": "甲局", "组长": "组长甲"}, {"单位名称": "乙局", "单位性质": "怪词"})


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Unit, Person, Post, ImportChange)}


def test_rows_that_are_ok_are_written_and_the_others_left(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    summary = commit(batch)
    assert (batch.state, summary["ok"], summary["question"], summary["added"]) == ("committed", 1, 1, 3)
    assert list(Unit.objects.values_list("name", flat=True)) == ["甲局"]
    assert [row.status for row in rows(batch)] == ["ok", "question"]


def test_error_in_the_middle_leaves_nothing(tenant: Tenant, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = send("units", roster(*TWO))
    before = counted()

    def broken(*args: Any, **kwargs: Any) -> None:
        assert Unit.objects.count() == 1, "the unit has been written by now"
        raise RuntimeError("power cut")

    monkeypatch.setattr("units.importing.writing.ImportChange.objects", _Broken(broken))
    with pytest.raises(RuntimeError):
        actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
    monkeypatch.undo()
    batch.refresh_from_db()
    assert (batch.state, counted()) == ("preview", before)
    assert commit(batch)["added"] == 3


class _Broken:
    def __init__(self, bulk_create: Any) -> None:
        self.bulk_create = bulk_create


def test_conflict_with_somebody_else_is_a_sentence_and_writes_nothing(
    tenant: Tenant, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = send("units", roster(*TWO))

    def conflict(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(jobs, "write_plan", conflict)
    with pytest.raises(actions.ImportRefused, match="没有写入任何内容") as caught:
        actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
    assert caught.value.code == "conflict"
    batch.refresh_from_db()
    assert batch.state == "preview"


def test_two_commits_are_one(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    same = ImportBatch.objects.get(pk=batch.pk)
    actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
    actions.commit_import(batch=same, actor=SYSTEM, wait=True)
    assert same.state == "committed"
    assert Unit.objects.count() == 1
    assert ImportChange.objects.filter(batch=batch).count() == 3


def test_commit_goes_by_the_county_as_it_is_then(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    assert rows(batch)[0].effect == "add"
    make_unit("甲局")
    commit(batch)
    assert Unit.objects.filter(name="甲局").count() == 1
    assert rows(batch)[0].effect == "change", "what was done is what is shown"


def test_nothing_to_write_is_refused(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(TWO[1]))
    with pytest.raises(actions.ImportRefused) as caught:
        actions.commit_import(batch=batch, actor=SYSTEM)
    assert caught.value.code == "nothing_ok"


def test_dropped_import_cannot_be_committed_and_its_rows_are_gone(tenant: Tenant, send: Send) -> None:
    from tests.factories import NOW

    batch = send("units", roster(*TWO))
    actions.drop_import(batch=batch, actor=SYSTEM, now=NOW)
    assert ImportRow.objects.count() == 0
    with pytest.raises(actions.ImportRefused, match="已放弃"):
        actions.commit_import(batch=batch, actor=SYSTEM)


def test_undo_puts_changed_values_back_and_removes_what_was_added(tenant: Tenant, send: Send) -> None:
    old = make_unit("甲局", notes="旧")
    before = counted()
    batch = send("units", roster({"单位名称": "甲局", "备注": "新", "组长": "组长甲"}, {"单位名称": "乙局"}))
    commit(batch)
    actions.undo_import(batch=batch, actor=SYSTEM)
    old.refresh_from_db()
    assert (batch.state, old.notes) == ("undone", "旧")
    assert counted() == before | {"ImportChange": 4}
    assert [version.notes for version in old.versions.order_by("pgh_id")] == ["旧", "新", "旧"], "history shows both"


def test_undo_is_refused_when_somebody_changed_it_since(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    commit(batch)
    Unit.objects.update(notes="后来改的")
    with pytest.raises(actions.ImportRefused, match="“甲局”（单位）在导入之后又被改动过"):
        actions.undo_import(batch=batch, actor=SYSTEM)
    batch.refresh_from_db()
    assert (batch.state, Unit.objects.count()) == ("committed", 1)


def test_undo_is_refused_when_something_uses_it(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    commit(batch)
    make_unit("甲局党支部", "party_organisation", parent=Unit.objects.get())
    with pytest.raises(actions.ImportRefused, match="甲局（单位）：还有 1 条“单位”与之相关"):
        actions.undo_import(batch=batch, actor=SYSTEM)
    assert Unit.objects.count() == 2


def test_undo_is_refused_when_a_grant_names_what_it_added(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    commit(batch)
    make_member(tenant, "UL", unit=Unit.objects.get())
    with pytest.raises(actions.ImportRefused, match="后来新增的内容"):
        actions.undo_import(batch=batch, actor=SYSTEM)
    assert Unit.objects.count() == 1


def test_undone_import_can_be_sent_again(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO))
    commit(batch)
    actions.undo_import(batch=batch, actor=SYSTEM)
    actions.undo_import(batch=batch, actor=SYSTEM)
    assert commit(send("units", roster(*TWO)))["added"] == 3


def test_each_step_is_audited_with_counts_and_no_names(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(*TWO), actor=Actor("jia"))
    actions.commit_import(batch=batch, actor=Actor("jia"), wait=True)
    actions.undo_import(batch=batch, actor=Actor("yi"), wait=True)
    told = [(e.actor, e.action, e.details) for e in AuditEntry.objects.order_by("seq")]
    assert told == [
        ("jia", "import_previewed", {"ledger": "units", "ok": 1, "question": 1, "error": 0}),
        ("jia", "import_committed", {"ledger": "units", "ok": 1, "question": 1, "error": 0, "added": 3, "changed": 0}),
        ("yi", "import_undone", {"ledger": "units", "removed": 3, "restored": 0}),
    ]
    assert audit.verify() is None


def test_permission_is_asked_again_when_a_worker_writes(tenant: Tenant, send: Send) -> None:
    member = make_member(tenant, "CS")
    batch = send("units", roster(*TWO), actor=Actor(member.login, member.pk))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenancy_grant SET ends_on = '2024-01-02' WHERE account_id = %s", [member.pk])
    with pytest.raises(actions.ImportRefused, match="没有导入这种台账的权限"):
        actions.commit_import(batch=batch, actor=Actor(member.login, member.pk))
    assert Unit.objects.count() == 0


def test_a_later_ledger_is_one_declaration(tenant: Tenant, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", dict(registry.kinds_by_code()))
    registry.register(Visits())
    make_unit("高州市林业局")
    make_village("荷垌村", town=make_town("曹江镇"))
    batch = send("visits", ledger_file(40, ["高州市林业局"], ["荷垌村", "曹江镇荷垌村委会"]))
    assert {name: batch.summary[name] for name in ("ok", "question", "error", "add")} == {
        "ok": 40,
        "question": 0,
        "error": 0,
        "add": 40,
    }
    first = rows(batch)[0].values
    assert first == {
        "occurred_on": "2024-01-01",
        "unit": "高州市林业局",
        "village": "荷垌村",
        "person_times": 30,
        "money_yuan": "14000",
    }
    commit(batch)
    assert Listing.objects.count() == 40


def test_number_of_queries_does_not_grow_with_the_rows(tenant: Tenant, send: Send, django_assert_max_num_queries: Any) -> None:
    counts = []
    for n in (5, 150):
        with django_assert_max_num_queries(200) as asked:
            commit(send("units", roster(*({"单位名称": f"第{i}局{n}号", "组长": f"甲{i}"} for i in range(n)))))
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_one_lists_pairing_is_undone_with_its_programme(tenant: Tenant, send: Send) -> None:
    from pairing.models import Pairing, Programme

    make_unit("高州市林业局")
    make_village("荷垌村", town=make_town("曹江镇"))
    batch = send("pairings", pairings({"结对村": "荷垌村", "结对单位": "市林业局", "组长": "组长甲", "结对时间": "2024.8.30"}))
    commit(batch)
    assert (Pairing.objects.count(), Programme.objects.count()) == (1, 1)
    actions.undo_import(batch=batch, actor=SYSTEM)
    assert (Pairing.objects.count(), Programme.objects.count()) == (0, 0)
