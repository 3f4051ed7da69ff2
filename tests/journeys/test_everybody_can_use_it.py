"""Every page that a link leads to, for everybody who may sign in: axe finds nothing, nothing has
to be scrolled sideways at 320 pixels, and no script or style is refused by our own policy.

Once with the example year in it, once without a case, and once with every form gone wrong.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from kdt.demo.playing import begin, play
from kdt.store.engine import Store
from kdt.store.moments import now
from kdt.store.transaction import reading
from tests.api.conftest import (
    ADMINISTRATOR,
    ADVISER,
    AUDITOR,
    OFFICER,
    SECRETARY,
    furnished,
    serving,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MANAGER = "manager-1"
PEOPLE = (OFFICER, SECRETARY, MANAGER, ADVISER, ADMINISTRATOR, AUDITOR)
# One of each kind is enough: a case, a panel, a day, a theme, a person.
_ONE_OF_MANY = re.compile(
    r"/([VG]-\w+|kdt-[\w-]+|\d[\d-]*|(?<=themes/)(?!new)[\w-]+|(?<=people/)[\w-]+)(?=/|$)"
)
_ALIKE = {"/answers", "/dictionary", "/figures", "/procedure"}
# Links that hand out a file.
_FILES = re.compile(r"\.(bpmn|csv|ics|json|pdf|txt)$")
_REFUSED = """
  window.refused = [];
  addEventListener("securitypolicyviolation", (one) => window.refused.push(one.violatedDirective));
  addEventListener("error", (one) => window.refused.push(String(one.message)));
"""
_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 150)}`);
}"""

# Of a group of round choices the keyboard reaches the chosen one or else the first, and the arrows
# the others.
_REACHABLE = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
  const seen = all.filter((one) => one.checkVisibility() && one.type !== "hidden");
  const group = (one) => seen.filter((other) => other.type === "radio" && other.name === one.name);
  window.wanted = seen.filter((one) => one.type !== "radio"
    || one === (group(one).find((other) => other.checked) ?? group(one)[0]));
  return window.wanted.length;
}"""


class Visitor:
    """Somebody who looks at pages and notes what is wrong with them."""

    def __init__(self, browser: Browser, base: httpx.URL, axe: str, person: str) -> None:
        self._axe, self._person = axe, person
        self.wrong: list[str] = []
        self.context = browser.new_context(base_url=str(base), locale="nl-NL")
        self.context.add_init_script(_REFUSED)
        self.page: Page = self.context.new_page()
        self.page.goto("/signin")
        self.page.locator(f"button[value='{person}']").click()

    def look(self) -> None:
        """Note what is wrong with the page that is open."""
        # Asked before axe, which itself tries styles that our policy refuses.
        found = self.page.evaluate("window.refused")
        self.page.evaluate(self._axe)
        found += self.page.evaluate(_AXE)
        self.page.set_viewport_size({"width": 320, "height": 640})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size({"width": 1280, "height": 800})
        if wide > 320:
            found.append(f"{wide} pixels wide")
        self.wrong += [f"{self._person} {self.page.url}: {one}" for one in found]

    def walk(self, seen: set[str]) -> set[str]:
        """Open everything that links lead to, one of each kind, and look at it; gives the kinds.
        What looks alike to everybody is passed by when it is in `seen`."""
        waiting, own = ["/"], seen & _ALIKE
        while waiting:
            path = waiting.pop(0)
            answer = self.page.goto(path)
            assert answer is not None
            if answer.status != 200:
                self.wrong.append(f"{self._person} {path}: {answer.status}")
            self.look()
            hrefs = self.page.eval_on_selector_all(
                "a[href]:not([download])", "links => links.map((one) => one.href)"
            )
            for address in hrefs:
                parts = urlsplit(address)
                kind = _ONE_OF_MANY.sub("/*", parts.path)
                if kind not in own and not _FILES.search(parts.path):
                    own.add(kind)
                    waiting.append(parts.path)
        return own


@pytest.fixture
def base(store: Store, tmp_path: Path) -> Iterator[httpx.URL]:
    with serving(store, tmp_path) as client:
        yield client.base_url


def walked(browser: Browser, base: httpx.URL, axe: str, people: Iterable[str]) -> set[str]:
    """The kinds of pages all these people together came by; fails when one was not right."""
    seen: set[str] = set()
    wrong: list[str] = []
    for person in people:
        visitor = Visitor(browser, base, axe, person)
        seen |= visitor.walk(seen)
        visitor.context.close()
        wrong += visitor.wrong
    assert not wrong, "\n".join(wrong)
    return seen


def test_every_page_of_the_example_year(
    browser: Browser, store: Store, base: httpx.URL, axe: str, tmp_path: Path
) -> None:
    begin(store)
    with reading(store) as connection:
        moment = now(connection)
    play(store, tmp_path, moment, size=150)
    seen = walked(browser, base, axe, [*PEOPLE, "chair-national"])
    assert seen >= {
        "/answers",
        "/dictionary",
        "/escalations/*",
        "/escalations/*/entries/*/correct",
        "/escalations/new",
        "/figures",
        "/meetings/*/*",
        "/panels/*/close",
        "/procedure",
        "/queue",
        "/themes/*",
        "/themes/*/edit",
    }


def test_every_page_of_a_record_without_a_case(
    browser: Browser, store: Store, base: httpx.URL, axe: str
) -> None:
    furnished(store)
    seen = walked(browser, base, axe, PEOPLE)
    assert seen >= {"/answers", "/escalations", "/figures", "/panels", "/queue", "/themes"}
    assert seen >= {"/people", "/people/*/disable", "/mappings", "/mappings/new", "/sessions"}


def test_every_page_that_says_what_is_wrong(
    browser: Browser, store: Store, base: httpx.URL, axe: str
) -> None:
    furnished(store)
    wrong: list[str] = []
    for person, forms, addresses in (
        (OFFICER, ["/escalations/new", "/themes/new"], ["/nergens", "/panels/new"]),
        (MANAGER, [], ["/figures?from=2026-02-01&until=2026-01-01", "/answers?asOf=2999-01-01"]),
        (
            ADMINISTRATOR,
            ["/locations/new", "/panels/new", "/panels/kdt-den-bosch/close", "/mappings/new"],
            [],
        ),
    ):
        visitor = Visitor(browser, base, axe, person)
        for path in forms:
            visitor.page.goto(path)
            visitor.page.locator("main form button").last.click()
            visitor.page.locator(".error-summary").wait_for()
            visitor.look()
        for path in addresses:
            visitor.page.goto(path)
            visitor.look()
        visitor.context.close()
        wrong += visitor.wrong
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("person", "path"),
    [(OFFICER, "/escalations/new"), (MANAGER, "/figures"), (ADMINISTRATOR, "/panels")],
)
def test_everything_on_a_page_is_reached_by_keyboard_and_seen_to_be(
    browser: Browser, store: Store, base: httpx.URL, axe: str, person: str, path: str
) -> None:
    furnished(store)
    visitor = Visitor(browser, base, axe, person)
    visitor.page.goto(path)
    wanted = visitor.page.evaluate(_REACHABLE)
    seen: set[int] = set()
    # A field for a day has a stop for the day, the month, the year and its calendar.
    for _ in range(wanted * 4):
        visitor.page.keyboard.press("Tab")
        place, outline = visitor.page.evaluate(
            """() => [window.wanted.indexOf(document.activeElement),
                      getComputedStyle(document.activeElement).outlineStyle]"""
        )
        if outline != "none":
            seen.add(place)
    visitor.context.close()
    assert seen >= set(range(wanted))
