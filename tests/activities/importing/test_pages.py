"""The ledger on the pages: uploaded, asked about, written, marked with its errors, taken away again as people know it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from activities.models import Record
from tests.activities.importing.conftest import Place, Send, ledger, row
from tests.factories import make_member
from tests.units.importing.conftest import commit, rows
from units.models import ImportBatch

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def staff(place: Place) -> Client:
    client = Client()
    client.force_login(make_member(place.tenant, "CS"), backend="tenancy.backends.AccountBackend")
    return client


def address(place: Place, name: str, *args: Any) -> str:
    return reverse(f"importing:{name}", args=[place.tenant.slug, *args])


def upload(client: Client, place: Place, content: bytes) -> ImportBatch:
    file = SimpleUploadedFile("10月台账.xlsx", content)
    answer = client.post(address(place, "new") + "?kind=activities", {"kind": "activities", "file": file}, follow=True)
    assert answer.status_code == 200
    batch: ImportBatch = ImportBatch.objects.get()
    return batch


def test_question_about_the_type_is_answered_on_the_page_and_the_row_written(place: Place, staff: Client) -> None:
    batch = upload(staff, place, ledger(row(), row(活动类型="下乡", 活动内容="了解情况", 时间="2024.10.11")))
    page = staff.get(address(place, "batch", batch.uid)).content.decode()
    assert "“下乡”不是 2024 年度的活动类型，是下面哪一种？" in page
    assert "将代单位填报 1 条记录，等待村里确认。" in page
    key = rows(batch)[1].problems[0]["key"]
    staff.post(address(place, "answer", batch.uid), {"key": json.dumps(key), "answer": "research_visit"})
    staff.post(address(place, "commit", batch.uid))
    batch.refresh_from_db()
    assert (batch.state, batch.summary["added"]) == ("committed", 2)
    assert Record.objects.get(type="research_visit").text == "了解情况"


def test_errors_come_back_in_the_last_column_of_the_same_file(place: Place, staff: Client) -> None:
    batch = upload(staff, place, ledger(row(), row(时间="2024年10月"), row(时间="2033.10.9")))
    file = staff.get(address(place, "download", batch.uid))
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    lines = [list(line) for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert lines[0][-1] == "错误说明"
    assert [bool(line[-1]) for line in lines[1:]] == [False, True, True]
    assert "日期在将来" in str(lines[3][-1])


@pytest.mark.parametrize("form", ["ledger", "machine", "official"])
def test_ledger_taken_from_the_list_of_records_comes_in_with_no_change(
    place: Place, staff: Client, send: Send, form: str
) -> None:
    lines = (
        row(单位="林业局、水务局", 带队领导="王建华", 佐证材料="照片3张", 填报人="李华") | {"投入资金(万元)": 1.4},
        row(时间="2024.10.11-10.12", 活动类型="接访", 参加人次="约30人次", 地点="村委会", 备注="补报"),
        row(时间="2024.10.14", 活动类型="美丽庭院", 活动内容="指导1户"),
    )
    commit(send("activities", ledger(*lines)))
    columns = "occurred_on place units villages towns type title text participants person_times leader_name money_yuan notes"
    answer = staff.get(f"/{place.tenant.slug}/records/export/", {"form": form, "col": columns.split()})
    assert answer.status_code == 200
    batch = send("activities", answer.content, name="导出.xlsx")
    told = [(found.status, found.effect, found.reason, found.changes) for found in rows(batch)]
    assert told == [("ok", "same", "", [])] * 3
