"""What cases like the one somebody describes got, beside the form: without a script too, without a
text of anybody else, and only of what they may know of."""

from sqlalchemy import text

from kdt import words
from kdt.similar.keeping import keep_up
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.api.conftest import OFFICER, OTHER_OFFICER, SECRETARY
from tests.pages.conftest import Desk, Page, Reader
from tests.pages.test_statements import statements

DILEMMA = "Het pleegkind woonde al jaren bij de tante, de gezinsband is niet te bewijzen."
REASONS = "Vertrouwelijke overweging van het overleg."
_FORM, _SEARCH = "/escalations/new", "/escalations/new/similar"


def searched(reader: Reader, summary: str, **filled: str) -> Page:
    """Press the button beside the form."""
    _, hidden = reader.get(_FORM).form(_FORM)
    given = {**hidden, "summary": summary, "question": "decision", **filled}
    return Page(reader.client.post(_SEARCH, data=given))


def decided(desk: Desk) -> str:
    """A case that was decided today: the path of its page."""
    path = desk.brought("Z-1", summary=DILEMMA)
    escalation = path.rpartition("/")[2]
    secretary = desk.sign_in(SECRETARY)
    secretary.fill("/queue", escalation=escalation, meetingOn=desk.today.isoformat())
    outcome = {"outcome": "decided.in_favour", "reasons": REASONS}
    secretary.fill(f"{desk.meeting}?item={escalation}", **outcome)
    return path


def test_whoever_describes_a_case_sees_what_one_like_it_got_and_reads_why_on_a_press(
    desk: Desk, store: Store
) -> None:
    officer = desk.sign_in(OFFICER)
    assert words.say("similar.begin") in searched(officer, "Kort.").main
    assert words.say("similar.empty_record") in searched(officer, DILEMMA).main
    path = decided(desk)
    assert keep_up(store) == 1
    with reading(store) as connection:
        before = connection.scalar(text("select count(*) from reads"))
    with statements(store) as made:
        page = searched(officer, f"{DILEMMA} Wat nu?", case="Z-2")
    assert len(made) <= 30
    assert page.status == 200
    # What was filled in is still there, and the case is still to be brought.
    assert 'value="Z-2"' in page.main
    assert f"{DILEMMA} Wat nu?" in page.main
    for told in ("Besloten: inwilligen", "dezelfde vraag", "Nog niet bekend", "Lees de redenen"):
        assert told in page.main
    assert f'href="{path}"' in page.main
    assert REASONS not in page.text
    # They stay where what was filled in comes back.
    incomplete = officer.fill(_FORM, summary=DILEMMA, question="decision")
    assert incomplete.status == 400
    assert "Besloten: inwilligen" in incomplete.main
    with reading(store) as connection:
        assert connection.scalar(text("select count(*) from reads")) == before
    assert REASONS in officer.get(path).main
    with reading(store) as connection:
        assert connection.scalar(text("select count(*) from reads")) == (before or 0) + 1


def test_whoever_reads_a_case_asks_what_those_like_it_got(desk: Desk, store: Store) -> None:
    path = decided(desk)
    other = desk.brought("Z-2", summary=f"{DILEMMA} Een tweede keer.")
    keep_up(store)
    secretary = desk.sign_in(SECRETARY)
    assert f'href="{other}/similar"' in secretary.get(other).main
    page = secretary.get(f"{other}/similar")
    assert page.status == 200
    assert "Zaak Z-1" in page.text.replace('<span class="nowrap">', "")
    assert f'href="{path}"' in page.main
    assert REASONS not in page.text
    # Not itself, nor what has no answer yet.
    assert words.say("similar.none") in secretary.get(f"{path}/similar").main


def test_a_colleague_is_told_nothing_of_it(desk: Desk, store: Store) -> None:
    path = decided(desk)
    keep_up(store)
    page = searched(desk.sign_in(OTHER_OFFICER), DILEMMA)
    assert words.say("similar.none") in page.main
    assert path not in page.text
    assert "Z-1" not in page.text
