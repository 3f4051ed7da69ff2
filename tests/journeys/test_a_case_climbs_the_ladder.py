"""A case that hurts, from the officer who brings it to the answer that comes back.

In a real browser, with JavaScript and without.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.browser

DILEMMA = (
    "Regel: het pleegkind moet al in het land van herkomst bij het gezin horen. "
    "Twijfel: dat hoort het, maar geen papier bewijst het. "
    "Voorstel: aannemen op de verklaringen. (Verzonnen voorbeeld.)"
)
OFFICER, SECRETARY, CHAIR = "officer-den-bosch-1", "secretary-den-bosch-1", "chair-den-bosch"
NATIONAL_SECRETARY, NATIONAL_CHAIR = "secretary-national-1", "chair-national"


def test_an_officer_brings_a_case_and_gets_the_answer_of_the_national_kdt_back(
    sign_in: SignIn,
) -> None:
    officer = sign_in(OFFICER)
    brings_a_case(officer, "Z1-2026-0000001")
    expect(officer.get_by_role("status")).to_contain_text("De zaak is voorgelegd.")
    case = officer.url

    secretary = sign_in(SECRETARY)
    puts_the_queue_on_the_agenda(secretary)
    records(secretary, "Doorverwezen: hier niet uitgekomen", "Wij komen hier niet uit.")
    expect(secretary.locator("main")).to_contain_text("Alle zaken van dit overleg zijn behandeld.")

    national = sign_in(NATIONAL_SECRETARY)
    puts_the_queue_on_the_agenda(national)
    chair = sign_in(NATIONAL_CHAIR)
    goes_to_the_meeting(chair)
    expect(chair.locator("main")).to_contain_text(DILEMMA)
    expect(chair.locator("main")).to_contain_text("Wij komen hier niet uit.")
    records(
        chair,
        "Besloten: inwilligen",
        "De verklaringen zijn genoeg.",
        theme="Pleegkinderen in het gezin",
    )

    officer.goto("/")
    came_back = officer.get_by_role("region", name="Teruggekomen met een antwoord")
    expect(came_back).to_contain_text("Besloten: inwilligen")
    came_back.get_by_role("link", name="Opvolging vastleggen").click()
    assert officer.url == case
    expect(officer.get_by_role("heading", name="Besloten: inwilligen")).to_be_visible()
    expect(officer.locator("main")).to_contain_text("De verklaringen zijn genoeg.")
    theme = officer.get_by_role("link", name="Pleegkinderen in het gezin", exact=True)
    expect(theme).to_be_visible()

    officer.get_by_role("link", name="Opvolging vastleggen").click()
    officer.get_by_label("Uitgevoerd").check()
    officer.get_by_role("button", name="Opvolging vastleggen").click()
    expect(officer.locator("main")).to_contain_text("Opgevolgd: uitgevoerd")


@pytest.mark.parametrize("script", [True], indirect=True)
def test_an_outcome_is_recorded_by_a_letter_a_reason_and_enter(sign_in: SignIn) -> None:
    for number in range(2):
        brings_a_case(sign_in(OFFICER), f"Z1-2026-000000{number}")
    secretary = sign_in(SECRETARY)
    puts_the_queue_on_the_agenda(secretary)
    goes_to_the_meeting(secretary)
    for handled in range(1, 3):
        # Shown once the shortcuts listen.
        expect(secretary.get_by_text("Enter: vastleggen")).to_be_visible()
        secretary.keyboard.press("f")
        secretary.keyboard.press("s")
        secretary.keyboard.type("De regel is helder.")
        secretary.keyboard.press("Shift+Enter")
        secretary.keyboard.type("Verzonnen.")
        secretary.keyboard.press("Enter")
        expect(secretary.locator("main")).to_contain_text(f"{handled} van 2 behandeld")
    expect(secretary.get_by_role("table").get_by_text("Besloten: afwijzen")).to_have_count(2)


def test_a_panel_asks_for_information_and_the_officer_brings_the_case_again(
    sign_in: SignIn,
) -> None:
    officer = sign_in(OFFICER)
    brings_a_case(officer, "Z1-2026-0000002")
    case = officer.url
    secretary = sign_in(SECRETARY)
    puts_the_queue_on_the_agenda(secretary)
    records(secretary, "Om informatie gevraagd", "Wat zegt de school?")

    officer.goto("/")
    mine = officer.get_by_role("region", name="Dit wacht op u")
    mine.get_by_role("link", name="Voorleggen").click()
    assert officer.url == case
    expect(officer.locator("main")).to_contain_text("Wat zegt de school?")
    officer.get_by_role("button", name="Voorleggen").click()
    expect(officer.locator("main")).to_contain_text("In de wachtrij")


def test_a_panel_takes_its_agenda_one_item_after_another(sign_in: SignIn) -> None:
    officer = sign_in(OFFICER)
    for number in range(3):
        brings_a_case(officer, f"Z1-2026-000001{number}")
    chair = sign_in(CHAIR)
    puts_the_queue_on_the_agenda(sign_in(SECRETARY))
    goes_to_the_meeting(chair)
    for taken in range(3):
        expect(chair.locator("main")).to_contain_text(f"{taken} van 3 behandeld")
        records(chair, "Aangehouden", "Morgen verder.")
    expect(chair.locator("main")).to_contain_text("Alle zaken van dit overleg zijn behandeld.")


def test_an_officer_withdraws_a_case_only_after_being_told_what_that_means(
    sign_in: SignIn,
) -> None:
    officer = sign_in(OFFICER)
    brings_a_case(officer, "Z1-2026-0000003")
    officer.get_by_role("link", name="Voorlegging intrekken").click()
    expect(officer.locator("main")).to_contain_text("kan daarna niet meer worden voorgelegd")
    officer.get_by_label("Reden").fill("De aanvraag is ingetrokken.")
    officer.get_by_role("button", name="Voorlegging intrekken").click()
    ladder = officer.get_by_role("list", name="Waar de voorlegging staat")
    expect(ladder.locator("[aria-current=step]")).to_contain_text("Ingetrokken")
    expect(officer.get_by_role("link", name="Voorlegging intrekken")).to_have_count(0)


def test_a_wrong_outcome_is_put_right_and_both_stay_readable(sign_in: SignIn) -> None:
    brings_a_case(sign_in(OFFICER), "Z1-2026-0000004")
    secretary = sign_in(SECRETARY)
    puts_the_queue_on_the_agenda(secretary)
    records(secretary, "Besloten: inwilligen", "Verkeerd aangevinkt.")
    secretary.get_by_role("link", name="Z1-2026-0000004").click()
    secretary.get_by_role("link", name="Corrigeren").filter(has_text="inwilligen").click()
    secretary.get_by_label("Besloten: afwijzen").check()
    secretary.get_by_label("Reden").fill("Ik klikte een regel te hoog.")
    secretary.get_by_role("button", name="Correctie vastleggen").click()
    expect(secretary.get_by_role("heading", name="Besloten: afwijzen")).to_be_visible()
    expect(secretary.locator("del").filter(has_text="inwilligen")).to_be_visible()


def brings_a_case(officer: Page, number: str) -> None:
    """Three things to fill in, one press."""
    officer.goto("/")
    officer.get_by_role("link", name="Zaak voorleggen").first.click()
    officer.get_by_label("Zaaknummer").fill(number)
    officer.get_by_label("Besluit", exact=True).check()
    officer.get_by_label("Wat is het dilemma?").fill(DILEMMA)
    officer.get_by_role("button", name="Voorleggen aan KDT Den Bosch").click()
    expect(officer.get_by_role("heading", name=f"Zaak {number}")).to_be_visible()


def puts_the_queue_on_the_agenda(secretary: Page) -> None:
    """What waits is ticked already: one press."""
    secretary.get_by_role("link", name="Wachtrij", exact=True).click()
    secretary.get_by_role("button", name="Aangevinkte zaken op de agenda").click()
    expect(secretary.get_by_role("status")).to_contain_text("De agenda is opgesteld.")


def goes_to_the_meeting(somebody: Page) -> None:
    """From the start page."""
    somebody.goto("/")
    somebody.get_by_role("link", name="Naar het overleg").click()


def records(somebody: Page, outcome: str, reasons: str, theme: str | None = None) -> None:
    """An outcome, a reason, and on."""
    somebody.get_by_label(outcome).check()
    somebody.get_by_label("Motivering").fill(reasons)
    if theme is not None:
        somebody.get_by_label("Rode draad").select_option(label=theme)
    somebody.get_by_role("button", name="Vastleggen en verder").click()
    expect(somebody.get_by_role("status")).to_contain_text("Het is vastgelegd.")
