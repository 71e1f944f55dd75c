"""Signing in as people do it, on a desk and on a phone: nothing to object to, and the keyboard suffices."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tenancy.models import Account, Tenant
from tests.browser import DESK, PHONE, axe_violations, no_horizontal_scroll, small_targets, watch
from tests.factories import PASSWORD, make_member, make_tenant
from tests.live import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def member(chrome: Browser, live: LiveServer) -> Account:
    # After the browser: its loop makes Django refuse queries unless `launch` has allowed them.
    return make_member(make_tenant(), "CA", login="guanli", password=PASSWORD)


@pytest.mark.parametrize("text", ["16", "22"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_signing_in_and_out(chrome: Browser, live: LiveServer, member: Account, size: dict[str, int], text: str) -> None:
    context = chrome.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    context.add_cookies([{"name": "text", "value": text, "url": live.url}])
    page = context.new_page()
    found = watch(page)
    page.goto(live.address("/gaozhou/login/"))
    assert axe_violations(page) == []
    assert no_horizontal_scroll(page)
    assert small_targets(page, 60 if text != "16" else 44) == []
    page.focus("[name=login]")
    page.keyboard.type("guanli")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong-password-1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    found.clear()  # the browser itself writes a line about the 422
    assert page.input_value("[name=login]") == "guanli"
    assert page.input_value("[name=password]") == ""
    assert axe_violations(page) == []
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gaozhou/")
    page.goto(live.address("/gaozhou/security/"))
    assert axe_violations(page) == []
    assert no_horizontal_scroll(page)
    page.click("details.menu-end > summary")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/gaozhou/login/")
    assert found == []
    page.goto(live.address("/gaozhou/security/"))
    assert "/gaozhou/login/" in page.url
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    context.close()


def test_the_back_button_after_signing_out_shows_nothing(chrome: Browser, live: LiveServer, member: Account) -> None:
    context = chrome.new_context(locale="zh-CN")
    live.sign_in(context, member)
    page = context.new_page()
    page.goto(live.address("/gaozhou/settings/"))
    page.click("details.menu-end > summary")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/gaozhou/login/")
    page.go_back()
    assert "/gaozhou/login/" in page.url
    assert Tenant.objects.count() == 1
    context.close()
