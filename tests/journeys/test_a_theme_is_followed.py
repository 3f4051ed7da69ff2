"""From a tag to a closed theme: somebody sees a case that shows it, and reads what became of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.api.conftest import ADVISER, OFFICER
from tests.journeys.conftest import SignIn
from tests.journeys.test_a_case_climbs_the_ladder import brings_a_case

pytestmark = pytest.mark.browser

NAME = "Pleegkinderen in het gezin"
LATER = "Bewijs van een gezinsband"
WHY = "Zij konden de band met het kind niet bewijzen."


def adds_a_theme_afterwards(adviser: Page) -> None:
    """From the page of a theme to a case under it, and back."""
    case = adviser.get_by_role("region", name="Zaken").get_by_role("link").filter(has_text="V-")
    case.click()
    adviser.get_by_role("link", name="Rode draad toekennen").click()
    adviser.get_by_label(LATER).check()
    adviser.get_by_label("Waaruit blijkt dat?").fill(WHY)
    adviser.get_by_role("button", name="Rode draad toekennen").click()
    expect(adviser.locator("main")).to_contain_text(WHY)
    adviser.get_by_role("link", name=NAME).click()


def test_a_theme_goes_from_a_tag_to_its_end_and_who_brought_the_case_reads_it(
    sign_in: SignIn,
) -> None:
    officer = sign_in(OFFICER)
    brings_a_case(officer, "Z1-2026-0000001")
    officer.get_by_role("link", name="Rode draad toekennen").first.click()
    officer.get_by_label(NAME).check()
    officer.get_by_role("button", name="Rode draad toekennen").click()
    expect(officer.locator("main")).to_contain_text("bevestigd")

    adviser = sign_in(ADVISER)
    adviser.goto("/themes/new")
    adviser.get_by_label("Naam").fill(LATER)
    adviser.locator("main").get_by_role("button").click()
    expect(adviser.locator("main h1")).to_have_text(LATER)
    adviser.goto("/themes")
    adviser.get_by_role("link", name=NAME).click()
    adds_a_theme_afterwards(adviser)
    for link, button, words, chosen in (
        ("In gesprek brengen", "In gesprek brengen", None, None),
        ("Actie uitzetten", "Actie uitzetten", "Zoek uit wat als bewijs genoeg is.", "Beleid"),
        ("Antwoord vastleggen", "Antwoord vastleggen", "Een verklaring is genoeg.", None),
        ("Effect volgen", "Effect volgen", None, None),
        ("Sluiten", "Sluiten", None, "Het probleem is weg"),
    ):
        adviser.get_by_role("link", name=link, exact=True).click()
        if words:
            adviser.locator("textarea[name='reasons']").fill(words)
        if link == "Actie uitzetten":
            adviser.get_by_label("Uiterlijk op").fill("2099-01-15")
        if chosen:
            adviser.get_by_label(chosen).check()
        adviser.get_by_role("button", name=button).click()
        expect(adviser.locator("main h1")).to_have_text(NAME)
        expect(adviser.locator("body")).to_contain_text("De stap is vastgelegd.")
    expect(adviser.get_by_role("link", name="Heropenen")).to_be_visible()

    officer.goto("/escalations")
    officer.get_by_role("link", name="Z1-2026-0000001").click()
    expect(officer.locator("main")).to_contain_text(f"Rode draad toegekend: {LATER}")
    expect(officer.locator("main")).to_contain_text(WHY)
    officer.goto("/")
    became = officer.get_by_role("region", name="Wat er met de rode draden uit uw zaken gebeurde")
    expect(became).to_contain_text("Gesloten sinds")
    became.get_by_role("link", name=NAME).click()
    main = officer.locator("main")
    expect(main).to_contain_text("Een verklaring is genoeg.")
    expect(main).to_contain_text("het probleem is weg")
    # What may be done with it is not for whoever only reads it.
    expect(officer.get_by_role("link", name="Heropenen")).to_have_count(0)
