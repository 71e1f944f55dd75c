"""The sample ledger in a real browser: sent, asked about, written; the records say that they were entered by proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from activities.actions.year import open_year
from activities.models import Record
from pairing.models import Programme
from tenancy.scope import SYSTEM, tenant_scope
from tests.browser import DESK, launch, no_horizontal_scroll, screenshot, watch
from tests.factories import make_member
from tests.live import LiveServer
from tests.units.importing.files import ACTIVITIES, PAIRINGS, ROSTER
from units.divisions.actions import create_county
from units.importing import actions, registry

pytestmark = [pytest.mark.browser]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def bring_in(kind: str, path: Path) -> None:
    batch = actions.begin_import(
        kind=registry.get(kind), file_name=path.name, chunks=[path.read_bytes()], options={}, actor=SYSTEM, wait=True
    )
    actions.commit_import(batch=batch, actor=SYSTEM, wait=True)


def test_ledger_is_sent_looked_at_and_written_at_a_desk(live: LiveServer, media: Path) -> None:
    tenant = create_county(code="440981", slug="gaozhou", actor=SYSTEM, now=timezone.now())
    with tenant_scope(tenant):
        bring_in("units", ROSTER)
        bring_in("pairings", PAIRINGS)
        open_year(programme=Programme.objects.get(), preset="five_ones", actor=SYSTEM)
        staff = make_member(tenant, "CS")
    with launch() as browser:
        context = browser.new_context(viewport=DESK, locale="zh-CN")
        live.sign_in(context, staff)
        page = context.new_page()
        found = watch(page)
        page.goto(live.address("/gaozhou/imports/new/", kind="activities"))
        screenshot(page, "import-activities-1-new")
        page.locator("input[type=file]").set_input_files(ACTIVITIES)
        page.get_by_role("button", name="上传并检查").click()
        page.wait_for_url("**/imports/*-*/**")
        body = page.locator("main")
        assert "将代单位填报 112 条记录，等待村里确认。" in body.inner_text()
        screenshot(page, "import-activities-2-preview")
        page.goto(page.url.split("?")[0] + "?status=question")
        screenshot(page, "import-activities-3-questions")
        # An answer swaps the page's inside, under the same policy: no style of the swapped one is copied.
        page.locator(".import-answer button").first.click()
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="确认导入").first.click()
        page.wait_for_load_state()
        screenshot(page, "import-activities-4-written")
        with tenant_scope(tenant):
            record = Record.objects.get(proxy_basis__contains="9月 第5行")
        page.goto(live.address(f"/gaozhou/records/{record.uid}/"))
        assert "导入《活动台账.xlsx》9月 第5行" in page.locator("main").inner_text()
        screenshot(page, "import-activities-5-record")
        page.goto(live.address("/gaozhou/records/"))
        screenshot(page, "import-activities-6-list")
        assert no_horizontal_scroll(page)
        assert found == []
