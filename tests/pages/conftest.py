"""The pages as somebody sees them, without a browser."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import httpx
import pytest

from kdt.store.engine import Store
from tests import canary
from tests.api.conftest import OFFICER, SECRETARY, furnished, serving, visitor
from tests.support import assert_sound

_FORM = r'<form[^>]* method="post" action="([^"]*)"[^>]*>(.*?)</form>'
_HIDDEN = r'type="hidden" name="(\w+)" value="([^"]*)"'
DILEMMA = "Regel: verzonnen. Twijfel: verzonnen. Voorstel: verzonnen."


@dataclass
class Page:
    """One answer, with what a reader and a form need of it."""

    answer: httpx.Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        """The page as it was sent, with its entities read."""
        return unescape(self.answer.text)

    @property
    def main(self) -> str:
        """What stands between the frame's head and foot."""
        return self.text.partition("<main")[2].partition("</main>")[0]

    @property
    def path(self) -> str:
        return self.answer.url.raw_path.decode()

    def form(self, path: str) -> tuple[str, dict[str, str]]:
        """The form that posts to this path, rather than to one below it: its whole action, and its
        hidden fields."""
        forms = re.findall(_FORM, self.main, re.DOTALL)
        fitting = [one for one in forms if unescape(one[0]).startswith(path)]
        action, inside = min(fitting, key=lambda one: len(one[0].partition("?")[0]))
        return unescape(action), dict(re.findall(_HIDDEN, inside))


class Reader:
    """Somebody at the screen."""

    def __init__(self, base: httpx.URL, person: str) -> None:
        self.client = visitor(base, follow_redirects=True)
        answer = self.client.post("/signin", data={"person": person})
        assert answer.status_code == 200, answer.text

    def get(self, path: str) -> Page:
        return Page(canary.look_at(self.client.get(path)))

    def send(self, page: Page, path: str, **filled: str | list[str]) -> Page:
        """Fill in the form on a page that posts to `path`, and send it."""
        action, hidden = page.form(path)
        sent = self.client.post(action, data={**hidden, **canary.told(filled)})
        return Page(canary.look_at(sent))

    def fill(self, path: str, **filled: str | list[str]) -> Page:
        """Open a form, fill it in and send it."""
        return self.send(self.get(path), path, **filled)


@dataclass
class Desk:
    """A running application with Den Bosch and the national KDT, both meeting today."""

    base: httpx.URL
    local: str
    national: str
    today: date
    sign_in: Callable[[str], Reader]

    @property
    def meeting(self) -> str:
        """Today's meeting in Den Bosch."""
        return f"/meetings/{self.local}/{self.today.isoformat()}"

    def brought(self, case: str = "Z-1", by: str = OFFICER, **filled: str) -> str:
        """A case brought by an officer of Den Bosch: the path of its page."""
        given = {"case": case, "question": "decision", "summary": DILEMMA, "ground": "buikpijn"}
        page = self.sign_in(by).fill("/escalations/new", **{**given, **filled})
        assert page.path.startswith("/escalations/V-"), page.main
        return page.path

    def listed(self, case: str = "Z-1", by: str = OFFICER) -> str:
        """The same, on today's agenda of its own panel."""
        path = self.brought(case, by)
        secretary = self.sign_in(SECRETARY)
        listing = {"escalation": path.rpartition("/")[2], "meetingOn": self.today.isoformat()}
        assert secretary.fill("/queue", **listing).path == self.meeting
        return path


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Iterator[Desk]:
    readers: list[Reader] = []
    with serving(store, tmp_path) as client:

        def sign_in(person: str) -> Reader:
            readers.append(Reader(client.base_url, person))
            return readers[-1]

        yield Desk(client.base_url, *furnished(store), sign_in)
        for one in readers:
            one.client.close()
    assert_sound(store)


@pytest.fixture
def not_a_demo(store: Store, tmp_path: Path) -> Iterator[httpx.Client]:
    """The application over a record that is no example."""
    with serving(store, tmp_path, demo=False) as client:
        yield client
