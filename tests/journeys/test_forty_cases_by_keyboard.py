"""The national KDT works through forty cases by keyboard alone, at three keystrokes a case."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from kdt.access.permissions import Actor
from kdt.cases.importing import import_history
from kdt.meetings.attendance import attend
from kdt.panels.model import meetings
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.vocabulary import Role
from tests.api.conftest import NATIONAL_CHAIR, NATIONAL_SECRETARY
from tests.journeys.conftest import SignIn
from tests.verify.record import Line, write

pytestmark = pytest.mark.browser

CASES, PANEL = 40, "kdt-national"
# An outcome and a reason: a letter and a digit.
# An inquiry takes more, on purpose: it asks what it is for.
USUAL = ("i 1", "f 2", "d 1", "m 1", "v 3", "z 1")


def history(number: int, now: datetime, today: date, summary: str) -> Iterator[Line]:
    """A case on its way to today's agenda of the national KDT."""
    local: Line = {"panel": "kdt-den-bosch", "meetingOn": today.isoformat()}
    moves: list[tuple[str, str, Line]] = [
        ("officer", "open", {"case": f"Z-{number}", "location": "Den Bosch"}),
        ("officer", "submit", {}),
        ("secretary", "list", local),
        ("secretary", "consider", {"outcome": "referred_up", "reasons": "Verzonnen."}),
        ("secretary", "list", {"panel": PANEL, "meetingOn": today.isoformat()}),
    ]
    opening: Line = {"question": "decision", "ground": "complex", "summary": summary}
    for place, (role, action, given) in enumerate(moves):
        yield {
            "ref": f"{action}-{number}-{place}",
            "recordedAt": (now - timedelta(seconds=CASES - number)).isoformat(),
            "occurredOn": today.isoformat(),
            "actor": f"{role}-9",
            "role": role,
            "action": action,
            "escalation": f"V-{number}",
            **(opening if action == "open" else {}),
            **given,
        }


def prepared(store: Store, folder: Path, summary: str = "Verzonnen dilemma.") -> str:
    """Forty cases on today's agenda, and enough people there; where the meeting is found."""
    with writing(store) as connection:
        now, today = moments.now(connection), moments.today(connection)
        known = {"attendance": 2, "item_minutes": 3, "capacity": 120}
        connection.execute(update(meetings).values(known))
    lines: list[Line] = [{"kind": "history", "version": 1}]
    lines += [line for number in range(CASES) for line in history(number, now, today, summary)]
    assert import_history(store, write(folder / "veertig.jsonl", lines), by="beheer").bad == []
    present = [NATIONAL_CHAIR, NATIONAL_SECRETARY]
    attend(store, [Actor(NATIONAL_CHAIR, Role.CHAIR)], PANEL, today, arrived=present)
    return f"/meetings/{PANEL}/{today.isoformat()}"


class Keyboard:
    """Somebody's keyboard, every stroke of it counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, keys: str) -> None:
        for key in keys.split():
            self.page.keyboard.press(key)
            self.strokes += 1

    def handled(self, count: int) -> None:
        """The page says so, and its shortcuts listen."""
        expect(self.page.locator("main")).to_contain_text(f"{count} van {CASES} behandeld")
        if count < CASES:
            expect(self.page.locator("[data-needs]")).to_have_text("Kies een uitkomst.")


@pytest.mark.slow
@pytest.mark.parametrize("script", [True], indirect=True)
def test_forty_cases_take_three_keystrokes_each_and_a_slip_is_undone(
    sign_in: SignIn, store: Store, tmp_path: Path
) -> None:
    meeting = prepared(store, tmp_path)
    secretary = sign_in(NATIONAL_SECRETARY)
    secretary.goto(meeting)
    keys, outcomes = Keyboard(secretary), Counter[str]()
    expect(secretary.locator("[data-clock]")).to_contain_text("van 3 min")
    for number in range(CASES):
        keys.handled(number)
        letter, digit = USUAL[number % len(USUAL)].split()
        outcomes[letter] += 1
        before = keys.strokes
        keys.press(f"{letter} {digit} Enter")
        assert keys.strokes - before <= 3
        if number == 0:
            # Not what was decided: back, and then as it was.
            keys.handled(1)
            keys.press("u")
            expect(secretary.get_by_role("status")).to_contain_text("ongedaan gemaakt")
            keys.handled(0)
            # To another case and back, and a reason of one's own.
            case = secretary.locator("#case-title").inner_text()
            keys.press("n")
            expect(secretary.locator("#case-title")).not_to_have_text(case)
            keys.press("p")
            expect(secretary.locator("#case-title")).to_contain_text(case.split()[1])
            keys.press(f"{letter} s")
            secretary.keyboard.type("Verzonnen reden.")
            keys.press("Enter")
    keys.handled(CASES)
    assert keys.strokes <= 3 * CASES + 6
    expect(secretary.get_by_text("Alle zaken van dit overleg zijn behandeld.")).to_be_visible()
    expect(secretary.get_by_text("Aangehouden", exact=True)).to_have_count(outcomes["v"])
    # Both the slip and that it was one stay readable.
    secretary.get_by_role("link", name="Z-0", exact=True).click()
    expect(secretary.locator("main")).to_contain_text("Ongedaan gemaakt tijdens het overleg.")
    expect(secretary.locator("main")).to_contain_text("Verzonnen reden.")


@pytest.mark.parametrize("script", [True], indirect=True)
def test_letters_do_nothing_once_the_shortcuts_are_off_and_that_is_remembered(
    sign_in: SignIn, store: Store, tmp_path: Path
) -> None:
    meeting = prepared(store, tmp_path)
    secretary = sign_in(NATIONAL_SECRETARY)
    secretary.goto(meeting)
    secretary.get_by_role("button", name="Sneltoetsen uitzetten").click()
    secretary.goto(meeting)
    expect(secretary.get_by_role("button", name="Sneltoetsen aanzetten")).to_be_visible()
    secretary.keyboard.press("i")
    expect(secretary.locator("[name=outcome]:checked")).to_have_count(0)
    expect(secretary.get_by_text("Letter: uitkomst")).to_be_hidden()


@pytest.mark.parametrize("script", [True], indirect=True)
def test_what_records_an_outcome_stays_in_view_beside_a_long_case(
    sign_in: SignIn, store: Store, tmp_path: Path
) -> None:
    meeting = prepared(store, tmp_path, summary="Verzonnen dilemma, over van alles. " * 300)
    secretary = sign_in(NATIONAL_SECRETARY)
    for width, height in ((1440, 900), (1280, 720)):
        secretary.set_viewport_size({"width": width, "height": height})
        secretary.goto(meeting)
        button = secretary.get_by_role("button", name="Vastleggen en verder")
        for seen in range(4):
            secretary.evaluate("part => scrollTo(0, part * innerHeight)", seen)
            expect(button).to_be_in_viewport(ratio=1)
        # What is chosen last is not behind it either.
        secretary.evaluate("scrollTo(0, 0)")
        secretary.locator("textarea").first.focus()
        field, bar = (one.bounding_box() for one in (secretary.locator("textarea").first, button))
        assert field is not None
        assert bar is not None
        assert field["y"] + field["height"] <= bar["y"]
