"""Cases of colleagues on the screen: what is asked, what is refused and what is said after."""

from sqlalchemy import text

from kdt import words
from kdt.cases import around
from kdt.procedure import Refusal
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.api.conftest import OFFICER, OTHER_OFFICER, SECRETARY
from tests.pages.conftest import Desk


def test_what_is_no_choice_is_said_at_its_field(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    day = desk.today.isoformat()
    days = {"firstOn": day, "lastOn": day}
    page = officer.fill("/absence/new", capacity="chair.", taker=OTHER_OFFICER, **days)
    assert page.status == 400
    assert words.say("form.not_one_of", field=words.say("absence.capacity").lower()) in page.main
    page = officer.fill("/escalations/inspect", case="Z-1", purpose="curiosity")
    assert page.status == 400
    assert words.say("form.not_one_of", field=words.say("inspect.purpose").lower()) in page.main


def test_who_stands_in_and_who_is_stood_in_for_are_told_apart(desk: Desk) -> None:
    day = desk.today.isoformat()
    officer, other = desk.sign_in(OFFICER), desk.sign_in(OTHER_OFFICER)
    given = {"capacity": "officer.Den Bosch", "taker": OTHER_OFFICER}
    page = officer.fill("/absence/new", **given, firstOn=day, lastOn=day)
    assert "U wordt vervangen door" in page.main
    assert "U vervangt" not in page.main
    page = other.get("/absence")
    assert "U vervangt" in page.main
    assert "U wordt vervangen door" in page.main


def test_a_hand_over_is_refused_or_said_to_be_done(desk: Desk) -> None:
    desk.brought()
    secretary = desk.sign_in(SECRETARY)
    page = secretary.fill("/hand-over", giver=OFFICER, taker="officer-ter-apel-1")
    assert page.status == 409
    assert words.sentence(Refusal(around.Code.NO_COLLEAGUE)) in page.main
    page = secretary.fill("/hand-over", giver=OFFICER, taker=OTHER_OFFICER)
    assert words.say("notice.handed_over", went=1) in page.text
    # What a browser makes of it by itself is no notice, and no error.
    for forged in ("handed_over", "handed_over.went-x", "nieuws.went-1", "." * 50):
        secretary.client.cookies.set("kdt-notice", forged)
        assert secretary.get("/sessions").status == 200


def test_who_takes_no_part_is_said_without_reading_the_case(desk: Desk, store: Store) -> None:
    path = desk.listed()
    secretary = desk.sign_in(SECRETARY)

    def reads() -> int:
        with reading(store) as connection:
            return int(connection.scalar(text("select count(*) from reads")) or 0)

    before = reads()
    page = secretary.get(f"{path}/recuse")
    assert page.status == 200
    assert reads() == before
    assert secretary.get("/escalations/V-NIET/recuse").status == 404
    assert (
        words.say("notice.recused") in secretary.send(page, f"{path}/recuse", person=SECRETARY).text
    )
