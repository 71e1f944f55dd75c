"""The ledgers of facts in a real browser, at a desk and on a telephone: sent, answered, written, undone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from assessment.models import Cycle, Poll
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.browser import DESK, PHONE, launch, no_horizontal_scroll, screenshot, watch
from tests.factories import make_member, make_pairing, make_tenant, make_town, make_unit, make_village
from tests.live import LiveServer
from tests.units.importing.files import workbook

pytestmark = [pytest.mark.browser]

YEAR = timezone.localdate().year - 1
SIDES = {"镇(街道)": "曹江镇", "村": "荷垌村", "结对单位": "市林业局"}
FILES: Mapping[str, list[dict[str, Any]]] = {
    "polls": [
        SIDES | {"满意": 13, "基本满意": 5, "不满意": 1, "不了解": 1, "参评人数": 20},
        SIDES | {"满意": 3, "基本满意": 1, "不满意": 0, "不了解": 2, "备注": "电话测评"},
        SIDES | {"结对单位": "高州市水利电力技术服务中心", "满意": 12, "基本满意": 4, "不满意": 1, "不了解": 1},
        SIDES | {"结对单位": "水务局", "满意": "约12", "基本满意": 4, "不满意": 1, "不了解": 1},
    ],
    "honours": [
        SIDES | {"经验事项": "支部联建助农直播", "推广级别": "省级", "推广时间": f"{YEAR}年6月3日", "文号": "粤办发〔2025〕1号"},
        SIDES | {"经验事项": "支部联建助农直播经验做法", "推广级别": "市级", "推广时间": f"{YEAR}年3月", "文号": ""},
        SIDES | {"经验事项": "红色驿站", "推广级别": "县级", "推广时间": "去年", "文号": ""},
    ],
    "vetoes": [
        SIDES
        | {"类型": "弄虚作假", "事实": "补造接访登记", "认定单位": "县督导组", "文号": "督字7号", "认定时间": f"{YEAR}.11.5"},
        SIDES | {"类型": "违纪", "事实": "违规收受土特产", "认定单位": "县纪委监委", "文号": "", "认定时间": f"{YEAR}.11.6"},
    ],
    "figures": [
        {"镇": "曹江镇", "村": "荷垌村", f"{YEAR - 1}年收入(万元)": 8.6, f"{YEAR}年收入": 9.3, "其中经营性收入": "3.5万元"},
        {"镇": "曹江镇", "村": "荷洞村", f"{YEAR - 1}年收入(万元)": 86000, f"{YEAR}年收入": ""},
    ],
    "households": [
        {
            "村": "荷垌村",
            "户主姓名": "张三",
            "门牌号": "12号",
            "结对单位党员": "党员甲",
            "农村党员": "党员乙",
            "联系电话": "13900001111",
        },
        {"村": "荷垌村", "户主姓名": "李四", "门牌号": "", "结对单位党员": "党员甲", "农村党员": ""},
        {"村": "荷垌村", "户主姓名": "", "门牌号": "", "结对单位党员": "党员甲", "农村党员": ""},
    ],
}


def sheet(rows: list[dict[str, Any]]) -> bytes:
    heads = list(dict.fromkeys(head for row in rows for head in row))
    return workbook({"表": [[f"{YEAR}年度"], heads, *([row.get(head, "") for head in heads] for row in rows)]})


@pytest.fixture
def staff(live: LiveServer, settings: Any, tmp_path: Path) -> Account:
    settings.MEDIA_ROOT = tmp_path / "media"
    tenant: Tenant = make_tenant()
    with tenant_scope(tenant):
        village = make_village(town=make_town())
        first = make_pairing(make_unit(), village)
        cycle: Cycle = judged.make_cycle(first.programme, judged.make_rubric(), YEAR, state="review")
        judged.make_assessed(cycle, first)
        judged.make_assessed(cycle, make_pairing(make_unit("高州市水务局"), village, first.programme))
    return make_member(tenant, "CA")


def send(page: Page, live: LiveServer, kind: str) -> None:
    page.goto(live.address("/gaozhou/imports/new/", kind=kind))
    assert no_horizontal_scroll(page)
    file = {"name": f"{kind}.xlsx", "mimeType": "application/octet-stream", "buffer": sheet(FILES[kind])}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/imports/*-*/**")


@pytest.mark.parametrize(("size", "name"), [(DESK, "desk"), (PHONE, "phone")])
def test_polls_are_sent_answered_written_and_undone(live: LiveServer, staff: Account, size: ViewportSize, name: str) -> None:
    with launch() as browser:
        context = browser.new_context(viewport=size, locale="zh-CN")
        live.sign_in(context, staff)
        page = context.new_page()
        found = watch(page)
        send(page, live, "polls")
        screenshot(page, f"import-polls-1-preview-{name}")
        page.get_by_role("button", name="两行都算：与第 3 行相加").first.click()
        page.wait_for_load_state("networkidle")
        screenshot(page, f"import-polls-2-answered-{name}")
        page.get_by_role("button", name="确认导入").first.click()
        page.wait_for_load_state("networkidle")
        screenshot(page, f"import-polls-3-written-{name}")
        with tenant_scope(Tenant.objects.get()):
            written = Poll.objects.get()
        assert (written.satisfied, written.unknown) == (16, 3)
        batch = page.url.split("?")[0]
        page.goto(live.address("/gaozhou/assessment/polls/"))
        assert no_horizontal_scroll(page)
        screenshot(page, f"import-polls-4-list-{name}")
        page.goto(live.address(f"/gaozhou/assessment/polls/{written.uid}/history/"))
        assert "由表格“polls.xlsx”导入" in page.locator("main").inner_text()
        screenshot(page, f"import-polls-5-history-{name}")
        page.goto(batch)
        page.get_by_role("link", name="撤销").first.click()
        page.locator("main form button").first.click()
        page.wait_for_load_state("networkidle")
        screenshot(page, f"import-polls-6-undone-{name}")
        with tenant_scope(Tenant.objects.get()):
            assert not Poll.objects.exists()
        assert no_horizontal_scroll(page)
        assert found == []


@pytest.mark.parametrize(("size", "name"), [(DESK, "desk"), (PHONE, "phone")])
def test_each_ledger_says_of_each_row_what_is_to_do(live: LiveServer, staff: Account, size: ViewportSize, name: str) -> None:
    with launch() as browser:
        context = browser.new_context(viewport=size, locale="zh-CN")
        live.sign_in(context, staff)
        page = context.new_page()
        found = watch(page)
        for kind in FILES:
            page.goto(live.address("/gaozhou/imports/new/", kind=kind))
            screenshot(page, f"import-{kind}-new-{name}")
            send(page, live, kind)
            screenshot(page, f"import-{kind}-preview-{name}")
            text = page.locator("main").inner_text()
            assert "有疑问" in text
            assert no_horizontal_scroll(page), kind
        assert found == []
