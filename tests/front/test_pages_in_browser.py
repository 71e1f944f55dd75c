"""The sheet of all parts, the sign-in page and an error page in a real browser, at the sizes people use."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route

from tests import browser as look
from tools.front.styleguide import serving

pytestmark = pytest.mark.browser

SIZES = {"desk": look.DESK, "phone": look.PHONE}
PAGES = ["sheet", "login", "404"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


def _open(chrome: Browser, url: str, size: str) -> tuple[Page, list[str]]:
    page = chrome.new_page(viewport=SIZES[size])
    troubles = look.watch(page)
    page.route("**/progress", lambda route: route.fulfill(status=204))
    page.goto(url)
    return page, troubles


@pytest.mark.parametrize("text", [16, 18, 30])
@pytest.mark.parametrize("size", SIZES)
def test_a_page_fits_obeys_the_policy_and_is_usable_by_everyone(chrome: Browser, address: str, size: str, text: int) -> None:
    page = chrome.new_page(viewport=SIZES[size])
    troubles = look.watch(page)
    page.route("**/progress", lambda route: route.fulfill(status=204))
    wrong = []
    for name in PAGES:
        page.goto(f"{address}/{name}?text={text}")
        look.screenshot(page, f"parts-{name}-{size}-{text}")
        found = [*look.objections(page), *look.small_targets(page, 60 if text > 16 and name != "404" else 44)]
        wrong += [f"{name}: {one}" for one in (*found, *look.taken(troubles))]
    page.close()
    assert wrong == []


def test_what_axe_objects_to_is_told(chrome: Browser) -> None:
    """A picture without words and text that hardly stands out: the eyes of the tests above work."""
    page = chrome.new_page()
    page.set_content('<html lang="zh"><title>x</title><main><h1>x</h1><img src="x.png"><p style="color: #ddd">pale</p></main>')
    assert [line.partition(":")[0] for line in look.axe_violations(page)] == ["color-contrast", "image-alt"]
    page.close()


@pytest.mark.parametrize("menu", [".site-menu", ".menu-end"])
@pytest.mark.parametrize("text", [16, 30])
def test_an_open_menu_stays_on_the_phone_s_screen(chrome: Browser, address: str, menu: str, text: int) -> None:
    page, troubles = _open(chrome, f"{address}/sheet?text={text}", "phone")

    page.locator(f".site-tools {menu} > summary").first.click()

    assert look.no_horizontal_scroll(page)
    assert look.axe_violations(page) == []
    assert troubles == []
    page.close()


def test_at_200_percent_zoom_nothing_is_cut_off(chrome: Browser, address: str) -> None:
    # Zoom halves the width that the page sees.
    page = chrome.new_page(viewport={"width": 683, "height": 384}, device_scale_factor=2)
    page.goto(f"{address}/sheet")

    assert look.no_horizontal_scroll(page)
    page.close()


def test_on_a_phone_a_row_is_a_card_with_the_column_names_beside_the_values(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "phone")

    cell = page.locator("#pairings tbody td").first
    label = cell.evaluate("(e) => getComputedStyle(e, '::before').content")

    assert label == '"结对村"'
    assert cell.evaluate("(e) => getComputedStyle(e).display") == "flex"
    assert page.locator("#pairings .table-box").evaluate("(e) => e.scrollWidth <= e.clientWidth")
    page.close()


def test_on_a_desk_the_header_of_a_list_stays_while_its_rows_scroll(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "desk")

    moved = page.locator("#pairings .table-box").evaluate(
        "(box) => { box.scrollTop = 200; const top = box.querySelector('thead th').getBoundingClientRect().top;"
        " return [box.scrollTop, Math.round(top - box.getBoundingClientRect().top)] }"
    )

    assert moved[0] == 200
    assert moved[1] <= 1
    page.close()


def test_the_keyboard_skips_to_the_content_and_walks_the_rows(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "desk")
    page.evaluate("document.activeElement.blur()")
    page.locator(".skip").focus()
    assert page.locator(".skip").evaluate("(e) => e.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    rows = page.locator("#pairings tbody th a")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    assert rows.nth(1).evaluate("(e) => e === document.activeElement")
    page.keyboard.press("End")
    assert rows.last.evaluate("(e) => e === document.activeElement")
    page.close()


def test_escape_closes_a_menu_and_gives_the_focus_back(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "desk")
    summary = page.locator(".site-tools .menu-end > summary")
    summary.click()

    page.keyboard.press("Escape")

    assert page.locator(".menu[open]").count() == 0
    assert summary.evaluate("(e) => e === document.activeElement")
    page.close()


def test_after_a_refused_form_the_focus_is_on_the_list_of_corrections(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/login", "phone")

    assert page.evaluate("document.activeElement.className").split()[-1] == "error-summary"
    page.close()


@pytest.mark.parametrize(("status", "words"), [(503, "系统繁忙"), (429, "请求过多"), (500, "没有成功"), (0, "网络没有回应")])
def test_a_failed_request_is_said_in_words_and_leaves_the_page_as_it_is(
    chrome: Browser, address: str, status: int, words: str
) -> None:
    page = chrome.new_page(viewport=SIZES["phone"])

    def answer(route: Route) -> None:
        if status:
            route.fulfill(status=status, body="<p>nothing for people</p>")
        else:
            route.abort()

    page.route("**/progress", answer)
    page.goto(f"{address}/sheet")
    toast = page.locator("#toast")
    toast.wait_for(state="visible")

    assert words in toast.inner_text()
    assert page.locator("#work").count() == 1
    assert "nothing for people" not in page.content()
    page.close()


@pytest.mark.parametrize("status", [409, 422])
def test_a_form_to_correct_and_a_lost_race_replace_the_part(chrome: Browser, address: str, status: int) -> None:
    page = chrome.new_page(viewport=SIZES["desk"])
    page.route("**/progress", lambda route: route.fulfill(status=status, body='<section id="work">已被他人修改</section>'))
    page.goto(f"{address}/sheet")

    page.get_by_text("已被他人修改").wait_for()

    assert page.locator("#toast").is_hidden()
    page.close()


def test_htmx_sends_the_token_with_a_post_and_not_with_a_get(chrome: Browser, address: str) -> None:
    page = chrome.new_page(viewport=SIZES["desk"])
    seen: dict[str, str | None] = {}

    def answer(route: Route) -> None:
        seen[route.request.method] = route.request.headers.get("x-csrftoken")
        route.fulfill(status=200, body='<span class="phone">13900000001</span>')

    page.route("**/progress", answer)
    page.goto(f"{address}/sheet")
    page.evaluate("document.querySelector('.phone form').setAttribute('hx-post', '/progress'); htmx.process(document.body)")
    page.evaluate("htmx.ajax('POST', '/progress', {target: '.phone', swap: 'outerHTML'})")
    page.get_by_text("13900000001").wait_for()
    # The page asks by itself, once a second.
    for _try in range(600):
        if "GET" in seen:
            break
        page.wait_for_timeout(100)

    assert seen == {"POST": "sample", "GET": None}
    page.close()


def test_htmx_keeps_no_page_in_the_browser_s_storage(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "desk")
    page.locator("#pairings thead a").nth(1).click()
    page.wait_for_timeout(300)

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.close()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "phone")
    file = page.locator("[data-upload] input[type=file]")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)

    file.set_input_files({"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": b"x" * 3000})
    assert "台账.xlsx" in page.locator(".drop-chosen").inner_text()
    assert "文件超过 20 MB" in page.locator("[data-upload] .field-error").inner_text()
    page.locator("form:has([data-upload]) button").click()
    assert sent == []

    file.set_input_files({"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": b"x" * 1000})
    assert page.locator("[data-upload] .field-error").inner_text() == ""
    page.close()


def test_leaving_a_changed_form_is_asked_about_first(chrome: Browser, address: str) -> None:
    page, _ = _open(chrome, f"{address}/sheet", "desk")
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.locator("#id_remark").fill("改了一个字")
    page.goto(f"{address}/login")

    assert asked == ["beforeunload"]
    page.close()


def test_everything_works_without_scripts(chrome: Browser, address: str) -> None:
    context = chrome.new_context(java_script_enabled=False, viewport=SIZES["phone"])
    page = context.new_page()
    page.goto(f"{address}/sheet")
    page.locator(".site-tools .menu-end > summary").click()

    assert page.get_by_role("button", name="退出").is_visible()
    assert page.locator("#pairings .when-plain").is_visible()
    context.close()


def test_a_first_visit_weighs_less_than_100_kb_packed(chrome: Browser, address: str) -> None:
    page = chrome.new_page(viewport=SIZES["phone"])
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(gzip.compress(response.body(), 6))}))
    page.goto(f"{address}/login", wait_until="networkidle")

    assert sum(sizes.values()) < 60_000, sizes  # the sign-in page; pages with records may use the rest of the 100 KB
    page.close()
