"""记一笔 and the confirm card in a real browser: taps counted, no signal, both widths, large text, the policy in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from activities.models import Record
from tenancy.scope import tenant_scope
from tests import browser as look
from tests.activities.records.conftest import County, build
from tests.factories import make_item, make_record, make_tenant, make_visitor
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}
LONG = "高州市自来水有限公司与中国人民银行高州营业部联合工作委员会"


class Taps:
    """A finger that counts: each tap, each choice in a list is two."""

    def __init__(self, page: Page) -> None:
        self.page, self.n = page, 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.n += 1

    def type(self, selector: str, words: str) -> None:
        """A tap into the field, then the keyboard."""
        self.tap(selector)
        self.page.keyboard.insert_text(words)


@dataclass
class Place:
    """A county that all tests of this file share, active up to now."""

    live: LiveServer
    county: County
    pages: dict[str, tuple[str, str]]


def _days_ago(n: int) -> Any:
    return timezone.localdate() - timedelta(days=n)


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    year = datetime.now().year
    county = build(make_tenant(), year=year)
    with tenant_scope(county.tenant):
        county.water.name = LONG
        county.water.save(update_fields=["name"])
        project = make_item(county.first, details={"progress": 40, "households": 120})
        make_item(county.first, "livelihood_item", "安装路灯")
        make_item(county.first, "courtyard", "户主甲", householder="户主甲")
        common = {"occurred_on": _days_ago(1), "submitted_on": _days_ago(1)}
        joint = make_record(
            county.first, county.second, text="清理村道两侧杂草,修整沟渠", person_times=32, is_proxy=True,
            proxy_basis="联络员来电", proxy_for=county.forestry, author=county.members["CS"], **common,
        )  # fmt: skip
        reception = make_record(
            county.second, type="reception", form="house_visit", visitors=3, text="走访反映饮水问题",
            author=county.members["water"], **common,
        )  # fmt: skip
        make_visitor(reception, "来访甲", phone="13900001234", matter="水渠堵塞,影响灌溉")
        make_record(county.third, type="training", text="电商培训", person_times=25, **common)
        make_record(county.first, type="benefit_project", item=project, step="started", text="开工", status="confirmed", **common)
        make_record(county.first, text="上次写的话", status="confirmed", author=county.members["UG"], person_times=12, **common)
        make_record(county.first, text="需要改的", status="returned", author=county.members["UL"], **common)
    pages = {
        "home-village": ("VS", ""),
        "home-unit": ("UL", ""),
        "write": ("VS", "records/new/"),
        "write-proxy": ("CS", "records/new/"),
        "to-confirm": ("VS", "records/confirm/"),
        "record": ("CS", f"records/{joint.uid}/"),
        "record-confirm": ("VS", f"records/{joint.uid}/"),
        "return": ("VS", f"records/{joint.uid}/return/"),
        "void": ("CS", f"records/{joint.uid}/void/"),
        "visitors": ("UL2", f"records/{reception.uid}/visitors/"),
        "records": ("CS", "records/"),
        "receptions": ("CS", "receptions/"),
        "projects": ("CS", "projects/"),
        "livelihood": ("CS", "livelihood/"),
        "courtyards": ("CS", "courtyards/"),
        "item": ("UL", f"items/{project.uid}/"),
        "item-edit": ("UL", f"items/{project.uid}/edit/"),
        "item-state": ("UL", f"items/{project.uid}/state/"),
    }
    county.members["UL2"] = county.members["water"]
    return Place(live_module, county, pages)


@pytest.fixture
def context(chrome: Browser) -> Iterator[BrowserContext]:
    made = chrome.new_context(viewport=look.PHONE, locale="zh-CN", has_touch=True)
    yield made
    made.close()


def opened(place: Place, context: BrowserContext, role: str, path: str = "") -> Page:
    place.live.sign_in(context, place.county.members[role])
    page = context.new_page()
    page.goto(place.live.address(place.county.url(path)))
    return page


def n_records(place: Place, **asked: Any) -> int:
    with tenant_scope(place.county.tenant):
        return int(Record.objects.filter(**asked).count())


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("letters", ["16", "22"])
def test_pages_hold_at_both_widths_and_in_large_letters(place: Place, chrome: Browser, width: str, letters: str) -> None:
    wrong: list[str] = []
    least = 60 if letters != "16" and width == "phone" else 40
    for role in sorted({role for role, _path in place.pages.values()}):
        with look.tab(chrome, place.live, place.county.members[role], SIZES[width], text=letters) as (page, troubles):
            for name, path in ((name, path) for name, (who, path) in place.pages.items() if who == role):
                page.goto(place.live.address(place.county.url(path)))
                found = [*look.objections(page), *(f"small: {one}" for one in look.small_targets(page, least))]
                look.screenshot(page, f"records-{name}-{width}-{letters}")
                wrong += [f"{name}: {one}" for one in (*found, *look.taken(troubles))]
    assert wrong == []


def test_a_new_type_takes_six_taps_at_most(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL")
    before = n_records(place, type="research_visit", status="submitted")
    finger = Taps(page)
    finger.tap("#write a.btn-primary")
    finger.tap("label.tile:has(input[value=research_visit])")
    finger.type("#id_text", "调研村集体经济")
    finger.tap("[data-save]")
    expect(page.locator("h1")).to_contain_text("调研村集体经济")

    assert finger.n <= 6
    assert finger.n == 4
    assert n_records(place, type="research_visit", status="submitted") == before + 1


def test_the_same_as_last_time_takes_three_taps_at_most(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UG")
    finger = Taps(page)
    finger.tap("#write a:not(.btn-primary)")
    finger.tap("[data-save]")
    expect(page.locator("h1")).to_contain_text("上次写的话")

    assert finger.n <= 3
    with tenant_scope(place.county.tenant):
        made = Record.objects.filter(text="上次写的话").order_by("-id").first()
        assert made is not None
        assert (made.occurred_on, made.person_times, made.status) == (timezone.localdate(), 12, "submitted")


def test_a_card_is_confirmed_in_one_tap_and_taken_back_in_another(place: Place, context: BrowserContext) -> None:
    with tenant_scope(place.county.tenant):
        record = make_record(place.county.first, text="待确认的一条", occurred_on=_days_ago(1), submitted_on=_days_ago(9))
    page = opened(place, context, "VS")
    finger = Taps(page)
    card = f"#card-{record.uid}"
    finger.tap(f"{card} [data-confirm]")
    expect(page.locator(f"{card} [data-undo]")).to_be_visible()
    assert n_records(place, pk=record.pk, status="confirmed") == 1
    finger.tap(f"{card} [data-undo]")
    expect(page.locator(f"{card} [data-confirm]")).to_be_visible()

    assert finger.n == 2
    assert n_records(place, pk=record.pk, status="submitted") == 1


def test_undo_goes_away_after_ten_seconds(place: Place, context: BrowserContext) -> None:
    with tenant_scope(place.county.tenant):
        record = make_record(place.county.first, text="十秒以后", occurred_on=_days_ago(1), submitted_on=_days_ago(9))
    # The page's own clock is what the seconds are counted by.
    context.clock.install()
    page = opened(place, context, "VS", "records/confirm/")
    card = f"#card-{record.uid}"
    page.locator(f"{card} [data-confirm]").click()
    expect(page.locator(f"{card} [data-undo]")).to_be_visible()
    page.clock.run_for(5_000)
    expect(page.locator(f"{card} [data-undo]")).to_be_visible()
    page.clock.run_for(6_000)
    expect(page.locator(f"{card} [data-undo]")).to_be_hidden()
    expect(page.locator(card)).to_contain_text("已确认")


def test_not_so_asks_why_on_the_card(place: Place, context: BrowserContext) -> None:
    with tenant_scope(place.county.tenant):
        record = make_record(place.county.first, text="不属实的一条", occurred_on=_days_ago(1), submitted_on=_days_ago(9))
    page = opened(place, context, "VS", "records/confirm/")
    card = page.locator(f"#card-{record.uid}")
    card.get_by_text("不属实", exact=True).click()
    card.locator("textarea").fill("当天没有来")
    card.get_by_role("button", name="退回").click()
    expect(card).to_contain_text("已退回")

    assert n_records(place, pk=record.pk, status="returned") == 1


def test_without_signal_it_is_kept_shown_and_sent_once_when_the_signal_is_back(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/")
    found = look.watch(page)
    context.set_offline(True)
    for words in ("没有信号时写的:清理沟渠", "没有信号时写的:走访困难群众并了解就医情况"):
        page.locator("#id_text").fill(words)
        page.locator("[data-save]").click()
        expect(page.locator("#id_text")).to_have_value("")
    bar = page.locator("[data-queue-bar]")
    expect(bar).to_contain_text("已存本机 2 条，待上传")
    assert n_records(place, text__startswith="没有信号时写的") == 0

    context.set_offline(False)
    expect(bar).to_contain_text("已上传 2 条")
    expect(bar).to_have_attribute("data-tone", "success")
    page.goto(place.live.address(place.county.url()))
    expect(page.locator("[data-queue-bar]")).to_be_hidden()
    assert n_records(place, text__startswith="没有信号时写的", status="submitted") == 2
    assert [one for one in found if "policy" in one or "script" in one] == []


def test_a_queue_whose_sign_in_ran_out_says_so_and_keeps_what_was_typed(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/")
    context.set_offline(True)
    page.locator("#id_text").fill("登录过期后上传的")
    page.locator("[data-save]").click()
    bar = page.locator("[data-queue-bar]")
    expect(bar).to_contain_text("已存本机 1 条，待上传")
    context.clear_cookies()
    context.set_offline(False)
    expect(bar).to_contain_text("登录已过期，请重新登录")
    expect(bar).to_contain_text("已存本机 1 条，待上传")
    expect(bar).not_to_contain_text("暂无信号")

    assert n_records(place, text="登录过期后上传的") == 0


def test_a_server_that_rested_is_tried_again_without_a_tap(place: Place, context: BrowserContext) -> None:
    place.live.sign_in(context, place.county.members["UL"])
    page = context.new_page()
    page.clock.install()
    page.goto(place.live.address(place.county.url("records/new/")))
    page.route("**/api/v1/records/", lambda route: route.fulfill(status=503))
    page.locator("#id_text").fill("服务器休息时写的")
    page.locator("[data-save]").click()
    bar = page.locator("[data-queue-bar]")
    expect(bar).to_contain_text("已存本机 1 条，待上传")
    page.unroute("**/api/v1/records/")
    page.clock.fast_forward(61_000)
    expect(bar).to_contain_text("已上传 1 条")

    assert n_records(place, text="服务器休息时写的", status="submitted") == 1


def test_what_the_server_refuses_later_stays_with_its_reason(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/")
    context.set_offline(True)
    page.locator("#id_text").fill("日期写错了")
    page.locator("#id_occurred_on").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.locator("[data-save]").click()
    bar = page.locator("[data-queue-bar]")
    expect(bar).to_contain_text("已存本机 1 条，待上传")
    context.set_offline(False)
    expect(bar).to_contain_text("将来")
    bar.get_by_role("button", name="打开修改").click()
    expect(page.locator("#id_text")).to_have_value("日期写错了")
    page.locator("#id_occurred_on").fill(timezone.localdate().isoformat())
    page.locator("[data-save]").click()
    expect(page.locator("h1")).to_contain_text("日期写错了")

    assert n_records(place, text="日期写错了", status="submitted") == 1


def test_a_likely_double_in_the_queue_is_sent_as_another_one_in_one_tap(place: Place, context: BrowserContext) -> None:
    with tenant_scope(place.county.tenant):
        today = timezone.localdate()
        make_record(place.county.first, type="forum", text="座谈村务公开", occurred_on=today, submitted_on=today)
    page = opened(place, context, "UL", "records/new/?type=forum")
    context.set_offline(True)
    page.locator("#id_text").fill("座谈村务公开")
    page.locator("[data-save]").click()
    bar = page.locator("[data-queue-bar]")
    expect(bar).to_contain_text("已存本机 1 条，待上传")
    context.set_offline(False)
    expect(bar).to_contain_text("这是另一次吗")
    bar.get_by_role("button", name="这是另一次").click()
    expect(bar).to_contain_text("已上传 1 条")

    assert n_records(place, text="座谈村务公开") == 2


def test_another_account_on_the_same_telephone_does_not_see_what_is_kept(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/")
    context.set_offline(True)
    page.locator("#id_text").fill("只属于写的人")
    page.locator("[data-save]").click()
    expect(page.locator("[data-queue-bar]")).to_contain_text("已存本机 1 条")
    context.clear_cookies()
    context.set_offline(False)
    other = opened(place, context, "VS")
    expect(other.locator("[data-queue-bar]")).to_be_hidden()
    assert n_records(place, text="只属于写的人") == 0


def test_a_lost_page_gives_back_what_was_typed(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "VS", "records/new/")
    page.locator("#id_text").fill("写到一半")
    page.locator("label.tile:has(input[value=forum])").first.evaluate(
        "(e) => e.closest('details') && (e.closest('details').open = true)"
    )
    page.locator("label.tile:has(input[value=forum])").first.click()
    page.close(run_before_unload=False)
    again = opened(place, context, "VS", "records/new/")

    expect(again.locator("#id_text")).to_have_value("写到一半")
    expect(again.locator("input[value=forum]")).to_be_checked()


def test_the_form_asks_what_the_chosen_type_asks(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/?type=labour_day")
    expect(page.locator("#id_house_no")).to_be_hidden()
    page.locator("label.tile:has(input[value=courtyard])").click()
    expect(page.locator("#id_house_no")).to_be_visible()
    expect(page.locator("label[for=id_occurred_on]")).to_contain_text("建成日期")
    page.locator("label.tile:has(input[value=labour_day])").click()
    expect(page.locator("label[for=id_occurred_on]")).to_contain_text("日期")
    expect(page.locator("#id_house_no")).to_be_hidden()


def test_a_theme_typed_after_the_type_was_changed_is_kept_in_a_draft(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/?type=labour_day")
    expect(page.locator(".write-more [name=title]")).to_have_count(1)
    page.locator("label.tile:has(input[value=research_visit])").click()
    expect(page.locator("[name=title]")).to_have_count(1)
    expect(page.locator("label[for=id_title]")).to_contain_text("调研主题")
    page.locator("#id_title").fill("产业发展")
    page.locator("button[value=draft]").click()
    expect(page.locator("h1")).to_contain_text("产业发展")

    assert n_records(place, title="产业发展", status="draft") == 1


def test_lists_offer_what_fits_the_type(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", "records/new/?type=labour_day")

    def offered(name: str) -> list[str]:
        found: list[str] = page.locator(f"select[name={name}] option:not([hidden])").all_inner_texts()
        return found[1:]

    page.locator("label.tile:has(input[value=benefit_project])").click()
    assert offered("step") == ["开工", "阶段完成", "完工"]
    assert offered("item") == ["文化楼修缮"]
    assert "道路" not in offered("category")
    page.locator("#id_step").select_option(label="完工")
    page.locator("label.tile:has(input[value=courtyard])").click()
    assert offered("step") == ["已建成", "已授牌"]
    expect(page.locator("#id_step")).to_have_value("")
    page.locator("label.tile:has(input[value=livelihood_item])").click()
    assert offered("item") == ["安装路灯"]


def test_how_many_came_last_time_is_offered_to_the_same_type_only(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UG", "records/new/")
    expect(page.locator("input[value=labour_day]")).to_be_checked()
    expect(page.locator("#id_person_times")).to_have_value("12")
    page.locator("label.tile:has(input[value=courtyard])").click()
    expect(page.locator("#id_person_times")).to_have_value("")
    page.locator("label.tile:has(input[value=labour_day])").click()
    expect(page.locator("#id_person_times")).to_have_value("12")
    page.locator("#id_person_times").fill("7")
    page.locator("label.tile:has(input[value=forum])").evaluate("(e) => e.click()")
    expect(page.locator("#id_person_times")).to_have_value("7")


def test_whoever_must_sign_in_again_is_told_and_finds_what_was_typed(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UL", f"records/new/?pairing={place.county.first.uid}&type=reception")
    page.locator("#id_text").fill("登录过期前写的")
    context.clear_cookies()
    page.locator("[data-save]").click()
    expect(page.locator("[data-signed-out]")).to_contain_text("登录已过期")
    place.live.sign_in(context, place.county.members["UL"])
    page.locator("[data-signed-out] a").click()
    expect(page.locator("#id_text")).to_have_value("登录过期前写的")
    page.locator("[data-save]").click()
    expect(page.locator("h1")).to_contain_text("登录过期前写的")

    assert n_records(place, text="登录过期前写的") == 1


def test_the_first_visit_of_the_form_weighs_less_than_100_kb(place: Place, context: BrowserContext) -> None:
    import gzip

    sizes: dict[str, int] = {}

    def weigh(response: Any) -> None:
        if response.url.startswith(place.live.url):
            # nginx and whitenoise send them compressed; the test server does not.
            sizes[response.url] = len(gzip.compress(response.body(), 6))

    place.live.sign_in(context, place.county.members["UL"])
    page = context.new_page()
    page.on("response", weigh)
    page.goto(place.live.address(place.county.url("records/new/")), wait_until="networkidle")

    assert len(sizes) > 6
    assert sum(sizes.values()) < 100_000, sizes


def test_no_picture_and_no_place_is_asked_for() -> None:
    """domain.md §5.1, 1 and 2: no check-in, no track, no photograph."""
    root = Path(__file__).parents[3]
    for path in [
        *root.glob("static/js/*.js"),
        *root.glob("templates/activities/records/**/*.html"),
        root / "activities/forms/records.py",
    ]:
        text = path.read_text(encoding="utf-8")
        assert "geolocation" not in text
        assert 'type="file"' not in text
        assert "FileField" not in text
