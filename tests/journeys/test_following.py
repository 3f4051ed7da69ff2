"""What the secretary records shows on the others' screens by itself."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.test_a_case_climbs_the_ladder import (
    CHAIR,
    OFFICER,
    SECRETARY,
    brings_a_case,
    goes_to_the_meeting,
    puts_the_queue_on_the_agenda,
    records,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True], indirect=True)
def test_the_chairs_screen_follows_what_the_secretary_records(sign_in: SignIn) -> None:
    brings_a_case(sign_in(OFFICER), "Z1-2026-0000001")
    secretary, chair = sign_in(SECRETARY), sign_in(CHAIR)
    puts_the_queue_on_the_agenda(secretary)
    goes_to_the_meeting(secretary)
    goes_to_the_meeting(chair)
    expect(chair.locator("#progress")).to_contain_text("0 van 1 behandeld")
    records(secretary, "Aangehouden", "Morgen verder.")
    expect(chair.locator("#progress")).to_contain_text("1 van 1 behandeld")
    expect(chair.locator("#following tr.changed")).to_have_count(1)
