"""Every page that a link leads to, for everybody who may sign in: axe finds nothing, nothing has
to be scrolled sideways at 320 pixels, and no script or style is refused by our own policy.

Once with the example year in it, once without a case, and once with every form gone wrong. A page
of a kind that was looked at before, with no part on it that was not there then, is read only.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

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
from tests.journeys.parts import Parts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MANAGER = "manager-1"
PEOPLE = (OFFICER, SECRETARY, MANAGER, ADVISER, ADMINISTRATOR, AUDITOR)
# One of each kind is enough: a case, a panel, a day, a theme, a person.
_ONE_OF_MANY = re.compile(
    r"/([AGKV]-\w+|kdt-[\w-]+|\d[\d-]*|(?<=themes/)(?!new)[\w-]+|(?<=people/)[\w-]+)(?=/|$)"
)
# Links that hand out a file.
_FILES = re.compile(r"\.(bpmn|csv|ics|json|jsonld|ods|pdf|txt|xlsx|zip)$")
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


# The parts of pages that were looked at, by kind of page.
Looked = dict[str, frozenset[str]]


class Visitor:
    """Somebody who looks at pages and notes what is wrong with them."""

    def __init__(
        self, browser: Browser, base: httpx.URL, axe: str, person: str, looked: Looked | None = None
    ) -> None:
        self._axe, self._person = axe, person
        self._looked: Looked = {} if looked is None else looked
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

    def walk(self) -> set[str]:
        """Open everything that links lead to, one of each kind; gives the kinds."""
        waiting, seen = ["/"], set[str]()
        while waiting:
            path = waiting.pop(0)
            for address in self._read(path, _kind(path)).links:
                onward = urlsplit(urljoin(path, address)).path
                if _kind(onward) not in seen and not _FILES.search(onward):
                    seen.add(_kind(onward))
                    waiting.append(onward)
        return seen

    def _read(self, path: str, kind: str) -> Parts:
        """Read a page, and look at it when there is something on it to look at."""
        before = self._looked.get(kind)
        opened = self.page.goto(path) if before is None else self.context.request.get(path)
        assert opened is not None
        if opened.status != 200:
            self.wrong.append(f"{self._person} {path}: {opened.status}")
        parts = Parts(opened.text())
        if before is not None and not parts.found <= before:
            self.page.goto(path)
        if before is None or not parts.found <= before:
            self.look()
            self._looked[kind] = parts.found.union(before or ())
        return parts


def _kind(path: str) -> str:
    return _ONE_OF_MANY.sub("/*", path)


@pytest.fixture
def base(store: Store, tmp_path: Path) -> Iterator[httpx.URL]:
    with serving(store, tmp_path) as client:
        yield client.base_url


def walked(browser: Browser, base: httpx.URL, axe: str, people: Iterable[str]) -> set[str]:
    """The kinds of pages all these people together came by; fails when one was not right."""
    seen: set[str] = set()
    wrong: list[str] = []
    looked: Looked = {}
    for person in people:
        visitor = Visitor(browser, base, axe, person, looked)
        seen |= visitor.walk()
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
        "/dashboard",
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
        (MANAGER, [], ["/dashboard?from=gisteren", "/figures?from=2026-02-01&until=2026-01-01"]),
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
