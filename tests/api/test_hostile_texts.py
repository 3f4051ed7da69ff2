"""What somebody types is text: in a real browser nothing of it runs, and nothing of it is a tag."""

import pytest
from playwright.sync_api import Browser, Page

from tests.api.conftest import ADVISER, OFFICER, SECRETARY, Api

pytestmark = pytest.mark.browser

CALL = "window.ran=(window.ran||0)+1"
HOSTILE = (
    f"<script>{CALL}</script>",
    f'"><img src=x onerror="{CALL}"><svg/onload={CALL}>',
    f"</textarea></title><iframe srcdoc='<script>parent.{CALL}</script>'></iframe>",
    "{{ 7 * 7 }} ${7*7} {% raw %} %s {0}",
    f"javascript:{CALL}",
    '=HYPERLINK("http://example.invalid","klik") +1 -1 @SUM(1)',
    "\u202egnirts nesrever\u202c \u2066isolaat\u2069 \u200b\ufeff",
    "\u001b[31mrood\u0007 \u0085 \u2028 \u2029",
)
LONG = "Verzonnen en lang. " * 5_400


def test_no_text_becomes_a_script_or_a_tag(api: Api, browser: Browser) -> None:
    texts = [*HOSTILE, LONG]
    seen = {}
    for number, text in enumerate(texts):
        case = f"Z-{number} {text}"[:190].replace("\u001b", "").replace("\u0007", "")
        body = {
            "case": case, "location": "Den Bosch", "question": "decision", "ground": "buikpijn",
            "summary": text, "submit": True,
        }  # fmt: skip
        opened = api.post(OFFICER, "/escalations", body)
        assert opened.status_code in (201, 400), opened.text[:300]
        if opened.status_code == 400:
            body["case"] = f"Z-{number}"
            opened = api.post(OFFICER, "/escalations", body)
        assert opened.status_code == 201, opened.text[:300]
        escalation = opened.json()["escalation"]
        wish = {"outcome": "decided", "ruling": "other", "reasons": text}
        proposed = api.post(OFFICER, f"/escalations/{escalation}/proposals", wish)
        assert proposed.status_code == 201, proposed.text[:300]
        listed = api.post(SECRETARY, f"/escalations/{escalation}/listings", api.for_today, 2)
        assert listed.status_code == 201
        outcome = {"outcome": "decided", "ruling": "other", "reasons": text}
        path = f"/escalations/{escalation}/considerations"
        assert api.post(SECRETARY, path, outcome, 3).status_code == 201
        seen[escalation] = text
    theme = api.post(ADVISER, "/themes", {"name": HOSTILE[0], "description": HOSTILE[1]})
    assert theme.status_code == 201, theme.text

    base = str(api.client.base_url)
    for person, paths in (
        (OFFICER, ["/", "/escalations", *(f"/escalations/{one}" for one in seen)]),
        (SECRETARY, [f"/meetings/{api.local}/{api.today}", "/themes"]),
    ):
        window = browser.new_context(base_url=base)
        page = window.new_page()
        page.goto("/signin")
        page.locator(f"button[value='{person}']").click()
        for path in paths:
            _harmless(page, path)
            text = seen.get(path.removeprefix("/escalations/"), "")
            shown = page.locator("main").inner_text()
            # What people can read of it is there, as they typed it.
            assert all(word in shown for word in text.split()[:3] if word.isprintable()), path
        window.close()


def _harmless(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, (path, answer.status)
    assert page.evaluate("window.ran") is None, path
    strange = page.locator("main").locator("script, iframe, svg[onload], img[onerror], [srcdoc]")
    assert strange.count() == 0, path
