"""Signing in and out as somebody sees it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.signing_in.conftest import Site

pytestmark = pytest.mark.browser


def test_what_was_seen_is_not_seen_again_after_signing_out(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.address, locale="nl-NL")
    page = context.new_page()
    page.goto("/people")
    page.get_by_role("link", name="Aanmelden").click()
    page.locator("button[value='bob']").click()
    expect(page.get_by_role("heading", name="Mensen")).to_be_visible()
    held = {one["name"]: one for one in context.cookies(site.address)}
    assert held["kdt"]["httpOnly"]
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("heading", name="U bent afgemeld")).to_be_visible()
    assert "kdt" not in {one["name"] for one in context.cookies(site.address)}
    page.go_back()
    expect(page.get_by_role("heading", name="Aanmelden")).to_be_visible()
    assert "Bob Verzonnen" not in page.content()
    context.close()
