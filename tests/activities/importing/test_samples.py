"""The sample ledger, row by row as expected; written, written again, undone; out and in again."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from activities.actions import records as one_by_one
from activities.hands import system_hand
from activities.ledgers import ACTIVITIES as FORM
from activities.ledgers import activity_rows
from activities.models import Item, Obligation, Record, RecordEvent, Share
from activities.obligations import refresh
from lib.sheets.machine import write_machine
from lib.sheets.official import OfficialForm, write_official
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import SYSTEM
from tests.activities.importing.conftest import MOMENT, Send
from tests.units.importing.conftest import commit, rows
from tests.units.importing.files import ACTIVITIES, SAMPLES
from units.importing import actions
from units.models import ImportRow

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
FIELDS = ("occurred_on", "unit", "town", "village", "type", "person_times", "approx", "money_yuan")
# What the expected reasons are called here.
CODES = {
    "in the future": "in_future",
    "an event needs a day": "date_needs_day",
    "unit and village are not paired": "not_paired",
    "unit not known: suggest, ask": "unit_unknown",
    "no such village: suggest, ask": "village_unknown",
    "2024.1 in a numeric cell: January or October": "date_ambiguous",
    "35,000 under a 万元 header": "money_too_large",
}


def of(row: ImportRow | dict[str, Any]) -> tuple[str, int]:
    return (row["sheet"], row["row"]) if isinstance(row, dict) else (row.sheet, row.row)


def test_each_of_the_144_rows_comes_out_as_expected(samples: Tenant, send: Send) -> None:
    batch = send("activities", ACTIVITIES)
    found = {of(row): row for row in rows(batch)}
    assert {name: batch.summary[name] for name in ("ok", "question", "error")} == EXPECTED["totals"]
    assert list(found) == [of(row) for row in EXPECTED["rows"]]
    for expected in EXPECTED["rows"]:
        row = found[of(expected)]
        assert row.status == expected["status"], (of(row), row.reason)
        assert (row.values["person_times"], row.values["approx"]) == (expected["person_times"], expected["approx"])
        assert (row.values["type"], row.values["money_yuan"]) == (expected["type"], expected["money_yuan"])
        if row.status == "ok":
            assert {name: row.values[name] for name in FIELDS} == {name: expected[name] for name in FIELDS}
        else:
            told = [problem["code"] for problem in row.problems if problem["level"] == row.status]
            assert told == [CODES[expected["why"]]], of(row)


def test_summary_and_hidden_sheets_are_off_and_each_month_is_a_sheet(samples: Tenant, send: Send) -> None:
    batch = send("activities", ACTIVITIES)
    assert batch.sheets[-1]["visibility"] == "hidden"
    assert [(sheet["name"], sheet["on"], sheet["off_reason"]) for sheet in batch.sheets] == [
        ("9月", True, ""),
        ("10月", True, ""),
        ("11月", True, ""),
        ("12月", True, ""),
        ("汇总", False, "summary"),
        ("Sheet1", False, "empty"),
    ]
    counts = {name: Counter(row.status for row in rows(batch) if row.sheet == name) for name in EXPECTED["sheets"]}
    assert {name: dict(count) for name, count in counts.items()} == EXPECTED["sheets"]


def test_the_command_gives_the_same_as_json(samples: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_sheet", "gaozhou", "activities", str(ACTIVITIES), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["summary"] == EXPECTED["totals"]
    for row, expected in zip(told["rows"], EXPECTED["rows"], strict=True):
        assert (row["sheet"], row["row"], row["status"]) == (expected["sheet"], expected["row"], expected["status"])
        if row["status"] == "ok":
            assert {name: row[name] for name in FIELDS} == {name: expected[name] for name in FIELDS}


def test_committed_rows_are_submitted_by_proxy_and_wait_for_the_village(samples: Tenant, send: Send) -> None:
    batch = send("activities", ACTIVITIES, name="活动台账.xlsx")
    summary = commit(batch)
    assert (summary["added"], summary["changed"]) == (112, 0)
    assert Counter(Record.objects.values_list("status", "is_proxy", "author_side")) == {("submitted", True, "unit"): 112}
    assert Counter(Share.objects.values_list("status", flat=True)) == {"submitted": 112}
    record = Record.objects.get(proxy_basis__contains="9月 第5行")
    assert record.proxy_basis == "导入《活动台账.xlsx》9月 第5行"
    assert record.import_batch == batch.uid
    assert record.proxy_for is not None
    assert (record.proxy_for.name, record.type, record.person_times) == ("高州市委宣传部", "reception", 50)
    assert (record.leader_name, record.details, str(record.money_yuan)) == ("曾伟", {"reporter": "王建华"}, "5000.00")
    step = RecordEvent.objects.get(record=record)
    assert (step.deed, step.to_status, step.basis) == ("submitted", "submitted", record.proxy_basis)
    span = Record.objects.get(proxy_basis__contains="9月 第37行")
    assert span.ends_on == span.occurred_on + timedelta(days=1)


def test_what_is_owed_waits_until_the_village_has_confirmed(samples: Tenant, send: Send) -> None:
    commit(send("activities", ACTIVITIES))
    before = {(o.rule_id, o.pairing_id, o.starts_on): (o.state, o.counted, o.waiting) for o in Obligation.objects.all()}
    assert sum(waiting for _state, _counted, waiting in before.values()) > 0
    assert sum(counted for _state, counted, _waiting in before.values()) == 0
    assert not refresh(), "the commit has counted everything"
    record = Record.objects.filter(type="labour_day").order_by("occurred_on", "id").last()
    assert record is not None
    share = record.shares.get()
    one_by_one.confirm_record(record=record, hand=system_hand("village"))
    cell = Obligation.objects.get(
        pairing=share.pairing_id, rule__code="labour_day", starts_on=record.occurred_on.replace(day=1), period_kind="month"
    )
    assert cell.counted == 1


def test_courtyards_and_projects_become_items(samples: Tenant, send: Send) -> None:
    commit(send("activities", ACTIVITIES))
    assert Counter(Record.objects.exclude(item=None).values_list("type", "step")) == {
        ("benefit_project", "stage"): Record.objects.filter(type="benefit_project").count(),
        ("livelihood_item", "closed"): Record.objects.filter(type="livelihood_item").count(),
        ("courtyard", "built"): Record.objects.filter(type="courtyard").count(),
    }
    courtyard = Item.objects.filter(kind="courtyard").order_by("id")[0]
    assert courtyard.name == courtyard.house_no
    assert courtyard.house_no.startswith("待补：9月第9行#")
    project = Item.objects.filter(kind="project", records__proxy_basis__contains="9月 第12行").get()
    assert project.name == "市委政法委到镇大岭村开展利民项目"


def test_the_same_file_again_adds_and_changes_nothing(samples: Tenant, send: Send) -> None:
    commit(send("activities", ACTIVITIES))
    batch = send("activities", ACTIVITIES, name="又一次.xlsx")
    assert {name: batch.summary[name] for name in ("ok", "add", "change", "same")} == {
        "ok": 112,
        "add": 0,
        "change": 0,
        "same": 112,
    }
    assert "可导入的内容系统中都已经有了" in batch.summary["information"][-1]
    summary = commit(batch)
    assert (summary["added"], summary["changed"]) == (0, 0)
    assert Record.objects.count() == 112


def test_exports_come_in_again_with_no_change(samples: Tenant, send: Send) -> None:
    commit(send("activities", ACTIVITIES))
    lines = activity_rows(Record.objects.order_by("id"))
    machine, official = io.BytesIO(), io.BytesIO()
    write_machine(machine, FORM, lines)
    write_official(official, FORM, lines, OfficialForm(title="高州市结对共建活动台账", filled_on="2025年1月14日"))
    for file in (machine, official):
        summary = send("activities", file.getvalue()).summary
        counts = {name: summary[name] for name in ("ok", "question", "error", "same")}
        assert counts == {"ok": 112, "question": 0, "error": 0, "same": 112}


def test_undone_import_puts_its_records_aside_and_can_be_sent_again(samples: Tenant, send: Send) -> None:
    cells = list(Obligation.objects.order_by("id").values_list("rule_id", "pairing_id", "starts_on", "state", "waiting"))
    batch = send("activities", ACTIVITIES)
    commit(batch)
    actions.undo_import(batch=batch, actor=SYSTEM)
    assert batch.state == "undone"
    assert Counter(Record.objects.values_list("status", flat=True)) == {"abandoned": 112}
    assert Counter(Share.objects.values_list("status", flat=True)) == {"abandoned": 112}
    assert set(Item.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert list(Obligation.objects.order_by("id").values_list("rule_id", "pairing_id", "starts_on", "state", "waiting")) == cells
    record = Record.objects.order_by("id")[0]
    assert [(step.deed, step.to_status) for step in record.events.all()] == [
        ("submitted", "submitted"),
        ("abandoned", "abandoned"),
    ]
    assert commit(send("activities", ACTIVITIES))["added"] == 112


def test_undo_is_refused_once_somebody_confirmed_and_says_which(samples: Tenant, send: Send) -> None:
    batch = send("activities", ACTIVITIES)
    commit(batch)
    record = Record.objects.get(proxy_basis__contains="9月 第5行")
    one_by_one.confirm_record(record=record, hand=system_hand("village"))
    with pytest.raises(actions.ImportRefused, match=r"2024-09-24.*高州市委宣传部—罗平村.*已被确认") as caught:
        actions.undo_import(batch=batch, actor=SYSTEM)
    assert caught.value.code == "in_the_way"
    batch.refresh_from_db()
    assert batch.state == "committed"
    assert Counter(Record.objects.values_list("status", flat=True)) == {"submitted": 111, "confirmed": 1}


def test_later_days_do_not_make_the_rows_of_2033_past(samples: Tenant, send: Send) -> None:
    with clock.at(MOMENT.replace(year=2026)):
        assert {name: send("activities", ACTIVITIES).summary[name] for name in ("ok", "error")} == {"ok": 112, "error": 16}
