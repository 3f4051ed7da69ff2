"""A meeting with more on its agenda than a page shows: with a script and without, by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.pages.agenda_parts import SIZE
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from tests.api.conftest import SECRETARY
from tests.journeys.conftest import SignIn
from tests.pages.long_agendas import list_many

pytestmark = pytest.mark.browser

ITEMS = SIZE + 2
CHAIR = "chair-den-bosch"


def meeting(store: Store, folder: Path) -> str:
    """Where a meeting is found that has two items more than a page shows."""
    list_many(store, folder, ITEMS)
    with reading(store) as connection:
        return f"/meetings/kdt-den-bosch/{today(connection).isoformat()}"


def numbers(page: Page) -> list[str]:
    """The numbers of the items that are shown."""
    return page.locator("#following td.numeric").all_inner_texts()


def test_the_parts_lead_to_one_another_and_the_item_taken_stays(
    sign_in: SignIn, store: Store, tmp_path: Path, axe: str, script: bool
) -> None:
    here = meeting(store, tmp_path)
    secretary = sign_in(SECRETARY)
    secretary.goto(here)
    taken = secretary.locator("#case-title").inner_text()
    assert numbers(secretary) == [str(one) for one in range(1, SIZE + 1)]
    # By keyboard alone.
    secretary.get_by_role("link", name="Volgende zaken").focus()
    secretary.keyboard.press("Enter")
    expect(
        secretary.get_by_text(f"Zaak {SIZE + 1} tot en met {ITEMS} van {ITEMS}.")
    ).to_be_visible()
    expect(secretary.get_by_role("heading", name="Agenda")).to_be_in_viewport()
    expect(secretary.locator("#case-title")).to_have_text(taken)
    assert numbers(secretary) == [str(SIZE + 1), str(ITEMS)]
    if script:
        secretary.evaluate(axe)
        assert (
            secretary.evaluate("async () => (await axe.run()).violations.map(one => one.id)") == []
        )
    secretary.get_by_role("link", name="Vorige zaken").click()
    assert numbers(secretary)[0] == "1"


@pytest.mark.parametrize("script", [True], indirect=True)
def test_a_screen_follows_in_the_part_it_shows(
    sign_in: SignIn, store: Store, tmp_path: Path
) -> None:
    here = meeting(store, tmp_path)
    secretary, chair = sign_in(SECRETARY), sign_in(CHAIR)
    chair.goto(f"{here}?part=2")
    secretary.goto(here)
    secretary.keyboard.press("v")
    secretary.keyboard.press("1")
    secretary.keyboard.press("Enter")
    expect(secretary.locator("#progress")).to_contain_text(f"1 van {ITEMS} behandeld")
    expect(chair.locator("#progress")).to_contain_text(f"1 van {ITEMS} behandeld")
    assert numbers(chair) == [str(SIZE + 1), str(ITEMS)]
    # To the last of a part, and on to the first of the next.
    secretary.locator("#following tbody tr").last.get_by_role("link").first.click()
    case = secretary.locator("#case-title").inner_text()
    secretary.keyboard.press("n")
    expect(secretary.locator("#case-title")).not_to_have_text(case)
    expect(secretary.locator("#following tr.now td.numeric")).to_have_text(str(SIZE + 1))
