"""Rode draden: proposed by who sees cases, kept by the policy adviser, counted for everybody."""

import re
from datetime import date

from kdt.access.permissions import Actor
from kdt.store.engine import Store
from kdt.themes import adjusting, signalling
from kdt.vocabulary import Role
from tests.api.conftest import ADVISER, OFFICER, OTHER_OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk, Reader

NAME = "Wachten op stukken"


def propose(somebody: Reader, name: str = NAME) -> str:
    """The path of a new theme."""
    page = somebody.fill("/themes/new", name=name, description="Verzonnen.")
    assert page.status == 200, page.main
    return page.path


def test_a_proposal_is_confirmed_and_closed_by_the_policy_adviser(desk: Desk) -> None:
    path = propose(desk.sign_in(OFFICER))
    adviser = desk.sign_in(ADVISER)
    assert "Voorgesteld" in adviser.get(path).main
    assert f'href="{path}/consult"' in adviser.fill(f"{path}/confirm").main
    closed = adviser.fill(f"{path}/close", closedAs="accepted", reasons="Verzonnen.")
    assert "het blijft zo, met redenen" in closed.main
    assert f'href="{path}/reopen"' in closed.main
    assert f'href="{path}/consult"' not in closed.main


def test_what_the_policy_adviser_enters_is_confirmed_at_once(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    assert "Bevestigd" in adviser.get(propose(adviser)).main


def test_only_who_keeps_the_list_is_offered_changes_and_may_make_them(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    path = propose(officer)
    assert f"{path}/edit" not in officer.get(path).main
    for form in ("edit", "confirm"):
        assert officer.get(f"{path}/{form}").status == 403
    assert desk.sign_in("manager-1").get("/themes/new").status == 403


def test_a_name_that_is_taken_is_said_and_what_was_typed_is_kept(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    propose(adviser)
    page = adviser.fill("/themes/new", name=NAME.upper(), description="Nog een keer.")
    assert page.status == 409
    assert "Er is al een locatie of rode draad met de naam" in page.main
    assert NAME.upper() in page.main
    assert "Nog een keer." in page.main


def test_a_theme_without_a_name_is_said_at_the_name(desk: Desk) -> None:
    page = desk.sign_in(ADVISER).fill("/themes/new", name="  ", description="Wel iets.")
    assert page.status == 400
    assert '<a href="#name">Vul in: naam.</a>' in page.main
    assert "Wel iets." in page.main


def test_a_renamed_theme_keeps_its_address(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    path = propose(adviser)
    page = adviser.fill(f"{path}/edit", name="Stukken die niet komen", description="")
    assert page.path == path
    assert "<h1>Stukken die niet komen</h1>" in page.main


def test_a_tagged_case_counts_for_all_and_is_shown_to_who_may_see_it(desk: Desk) -> None:
    path = propose(desk.sign_in(ADVISER))
    case = desk.brought("Z-tag")
    desk.sign_in(SECRETARY).fill(f"{case}/tag", theme=path.rpartition("/")[2])
    manager = desk.sign_in("manager-1")
    counted = r"1 voorlegging</a> in deze periode\. Laatste vier weken 1, de vier daarvoor 0\."
    board = manager.get("/themes").main
    (opened,) = re.findall(rf'<a href="(/figures/themeSeen\?[^"]*)">{counted}', board)
    behind = manager.get(opened).main
    assert ": 1</h1>" in behind
    assert case.rpartition("/")[2] in behind
    assert "Z-tag</a>" in desk.sign_in(SECRETARY).get(path).main
    page = desk.sign_in(OTHER_OFFICER).get(path)
    assert "Z-tag" not in page.text
    assert "Er is geen zaak met deze rode draad die u mag zien" in page.main


def test_a_policy_adviser_reads_a_case_with_a_theme_without_number_or_names(desk: Desk) -> None:
    adviser, path = desk.sign_in(ADVISER), propose(desk.sign_in(ADVISER))
    case = desk.brought("Z-tag")
    assert adviser.get(case).status == 404
    desk.sign_in(SECRETARY).fill(f"{case}/tag", theme=path.rpartition("/")[2])
    listed, read = adviser.get(path), adviser.get(case)
    assert f'href="{case}"' in listed.main
    assert DILEMMA in read.main
    for page in (listed, read):
        assert "Z-tag" not in page.text
        assert "Den Bosch 1" not in page.text


def test_a_theme_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.sign_in(ADVISER).get("/themes/nergens").status == 404


def test_the_board_tells_who_owes_what_and_what_is_too_late(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    path = propose(adviser)
    out = {"owedBy": "legislator", "reasons": "Verzonnen.", "occurredOn": "2026-01-05"}
    adviser.fill(f"{path}/send_out", **out, dueOn="2026-02-01")
    board = adviser.get("/themes").main
    assert "Te laat" in board
    assert "wetgever" in board
    # A theme that nobody said what it is about is not among those of one stream.
    assert NAME not in adviser.get("/themes?stream=asylum").main
    adviser.fill(f"{path}/edit", name=NAME, stream="both", sources="Vc 2000 C1", codes="")
    assert NAME in adviser.get("/themes?stream=asylum").main
    assert "Vc 2000 C1" in adviser.get(path).main


def test_a_step_filled_in_wrongly_is_said_at_its_field(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    path = propose(adviser)
    page = adviser.fill(f"{path}/send_out", reasons="Zoek het uit.", dueOn="2026-02-01")
    assert page.status == 400
    assert "Wie is aan zet" in page.main
    assert "Zoek het uit." in page.main
    early = adviser.fill(
        f"{path}/send_out", owedBy="policy", reasons="Zoek uit.", dueOn="2001-01-01"
    )
    assert early.status == 409
    assert "ligt voor de dag waarop de actie is uitgezet" in early.main


def test_a_step_is_taken_back_from_the_page_and_both_stay(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    path = propose(adviser)
    page = adviser.fill(f"{path}/consult", reasons="Besproken.")
    number = page.main.partition(f"{path}/steps/")[2].partition("/")[0]
    back = adviser.fill(f"{path}/steps/{number}/correct", reasons="Verkeerde rode draad.")
    assert "Vervallen" in back.main
    assert "Verkeerde rode draad." in back.main
    assert adviser.get(f"{path}/correct").status == 404
    assert desk.sign_in(OFFICER).get(f"{path}/consult").status == 403


def test_whoever_brought_a_case_reads_what_became_of_its_theme(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    path = propose(adviser)
    case = desk.brought("Z-tag")
    desk.sign_in(SECRETARY).fill(f"{case}/tag", theme=path.rpartition("/")[2])
    adviser.fill(f"{path}/consult", reasons="Besproken met VWN.")
    officer = desk.sign_in(OFFICER)
    assert "in gesprek" in officer.get(case).main
    start = officer.get("/").main
    assert "Wat er met de rode draden uit uw zaken gebeurde" in start
    assert "in 1 van uw voorleggingen" in start


def test_a_theme_shows_its_signals_and_what_was_adjusted_for_it(desk: Desk, store: Store) -> None:
    adviser, officer = desk.sign_in(ADVISER), desk.sign_in(OFFICER)
    path = propose(adviser)
    themes = (path.rpartition("/")[2],)
    assert "nog geen aanpassing" in officer.get(path).main
    policy = Actor(ADVISER, Role.POLICY_ADVISER)
    day = date(2026, 1, 15)
    for source, title in (("journal", "Uit een tijdschrift"), ("ind_staff", "Van een medewerker")):
        told = signalling.Told(source, day, title, "Verzonnen.", themes=themes)
        signalling.enter(store, policy, told)
    adjusting.enter(
        store,
        policy,
        adjusting.Told("practice", "in_force", day, "Stukken eerder opvragen", themes=themes),
    )
    seen = officer.get(path).main
    assert "Uit een tijdschrift" in seen
    assert "Stukken eerder opvragen" in seen
    assert "ingevoerd sinds 15 januari 2026" in seen
    # A reply of staff is for whoever assesses signals alone.
    assert "Van een medewerker" not in seen
    assert "Van een medewerker" in adviser.get(path).main


def tagged(desk: Desk) -> tuple[Reader, str, str, str]:
    """A policy adviser; a case that its panel tagged; that theme, and another."""
    adviser = desk.sign_in(ADVISER)
    first, second = propose(adviser), propose(adviser, "Kou in de opvang")
    case = desk.brought("Z-tag")
    desk.sign_in(SECRETARY).fill(f"{case}/tag", theme=first.rpartition("/")[2])
    return adviser, case, first, second


def test_policy_says_afterwards_what_a_case_shows_and_who_brought_it_reads_why(desk: Desk) -> None:
    adviser, case, first, second = tagged(desk)
    theme = second.rpartition("/")[2]
    silent = adviser.fill(f"{case}/tag", theme=theme)
    assert silent.status == 400
    assert '<a href="#reason">Vul in: Waaruit blijkt dat?</a>' in silent.main
    done = adviser.fill(f"{case}/tag", theme=theme, reason="Zij sliep in een tent.")
    assert done.path == case
    assert "Den Bosch 1" not in done.text
    officer = desk.sign_in(OFFICER).get(case)
    assert "Rode draad toegekend: Kou in de opvang" in officer.main
    assert "Zij sliep in een tent." in officer.main
    assert "Kou in de opvang" in desk.sign_in(OFFICER).get("/").main
    # What the panel saw stays its word; what policy saw is policy's to take back.
    assert adviser.get(f"{case}/entries/3/correct").status == 409
    assert f'href="{case}/entries/4/correct"' not in officer.main
    assert "Achteraf, door beleid" not in adviser.get(first).main
    board = adviser.get(second)
    assert "Achteraf, door beleid" in board.main
    assert f'href="{case}/entries/4/correct?kind=void"' in board.main
    back = adviser.fill(f"{case}/entries/4/correct", kind="void", reason="Het was een ander.")
    assert back.path == case
    assert "Er is geen zaak met deze rode draad" in adviser.get(second).main
    assert "Het was een ander." in desk.sign_in(OFFICER).get(case).main


def test_a_case_is_added_from_the_page_of_a_theme(desk: Desk) -> None:
    adviser, case, first, second = tagged(desk)
    assert f'href="{second}/cases/new"' in adviser.get(second).main
    assert f"{second}/cases/new" not in desk.sign_in(OFFICER).get(second).main
    number, why = case.rpartition("/")[2], "Zij sliep in een tent."
    form = f"{second}/cases/new"
    unseen = adviser.fill(form, escalation="V-22ZZZZ", reason=why)
    assert (unseen.status, why in unseen.main) == (400, True)
    assert "U ziet geen voorlegging met dit nummer." in unseen.main
    done = adviser.fill(form, escalation=f" {number} ", reason=why, occurredOn=f"{desk.today}")
    assert (done.path, f'href="{case}"' in done.main) == (second, True)
    again = adviser.fill(form, escalation=number, reason=why)
    assert "Deze voorlegging heeft deze rode draad al." in again.main
    # Once it shows no theme it is no case that policy sees.
    secretary = desk.sign_in(SECRETARY)
    secretary.fill(f"{case}/entries/3/correct", kind="void", reason="Vergist.")
    gone = adviser.fill(f"{case}/entries/4/correct", kind="void", reason="Vergist.")
    assert (gone.status, gone.path) == (200, "/escalations")
    assert adviser.get(case).status == 404
    assert first not in gone.main
