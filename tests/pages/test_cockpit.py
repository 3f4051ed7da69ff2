"""The page on which a meeting is taken."""

from sqlalchemy import func, select, update

from kdt import words
from kdt.access.permissions import Actor
from kdt.panels.model import meetings
from kdt.reads.model import reads
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes.service import add
from kdt.vocabulary import Role
from tests.api.conftest import ADVISER, OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk

CHAIR = "chair-den-bosch"


def at_least(store: Store, minimum: int) -> None:
    """How many must be there at every meeting."""
    with writing(store) as connection:
        connection.execute(update(meetings).values(attendance=minimum))


def test_who_is_there_is_ticked_and_too_few_are_told_who_is_missing(
    desk: Desk, store: Store
) -> None:
    at_least(store, 2)
    desk.listed("Z-1")
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)
    assert "Wie er zijn, is niet vastgelegd" in page.main
    page = secretary.send(page, f"{desk.meeting}/attendance", present=[SECRETARY])
    assert "1 aanwezig" in page.main
    outcome = {"outcome": "held_over", "reasons": "Verzonnen."}
    refused = secretary.send(page, f"{desk.meeting}?item", **outcome)
    assert "te weinig mensen" in refused.main
    page = secretary.send(page, f"{desk.meeting}/attendance", present=[SECRETARY, CHAIR])
    assert "2 aanwezig" in page.main
    page = secretary.send(page, f"{desk.meeting}?item", **outcome)
    assert "Alle zaken van dit overleg zijn behandeld" in page.main


def test_a_reason_that_stands_ready_is_enough_and_what_is_typed_comes_after_it(desk: Desk) -> None:
    desk.listed("Z-1")
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)
    # Of another outcome it says nothing.
    other = secretary.send(page, f"{desk.meeting}?item", outcome="held_over", ready="unresolved.1")
    assert "Vul" in other.main
    page = secretary.send(
        page, f"{desk.meeting}?item", outcome="held_over", ready="held_over.1", reasons="Eigen."
    )
    assert "Net vastgelegd:" in page.main
    case = secretary.get(page.main.partition('<th scope="row">')[2].split('"')[3])
    assert "Wie erbij moet zijn, is er nu niet." in case.main
    assert "Eigen." in case.main


def test_what_is_about_the_same_case_is_taken_together_with_an_outcome_each(desk: Desk) -> None:
    first, second = desk.listed("Z-1"), desk.listed("Z-1")
    desk.listed("Z-2")
    tab = desk.sign_in(SECRETARY)
    one, other = (path.rpartition("/")[2] for path in (first, second))
    page = tab.get(f"{desk.meeting}?item={one}")
    together = page.main.partition("bespreek ze samen")[2].partition("</ul>")[0]
    assert other in together
    assert "nog geen uitkomst" in together
    tab.send(page, f"{desk.meeting}?item", outcome="decided.against", reasons="Verzonnen.")
    page = tab.get(f"{desk.meeting}?item={other}")
    together = page.main.partition("bespreek ze samen")[2].partition("</ul>")[0]
    assert one in together
    assert "Besloten: afwijzen" in together
    tab.send(page, f"{desk.meeting}?item", outcome="decided.other", reasons="Verzonnen.")
    assert "bespreek ze samen" not in tab.get(desk.meeting).main


def test_a_family_of_several_cases_is_taken_together_with_an_outcome_each(desk: Desk) -> None:
    one, other = (desk.listed(case).rpartition("/")[2] for case in ("Z-1", "Z-2"))
    elsewhere = desk.brought("Z-3").rpartition("/")[2]
    tab = desk.sign_in(SECRETARY)
    here = f"/escalations/{one}"
    assert words.say("family.none") in tab.get(here).main
    wrong = tab.fill(f"{here}/family/join", other="Z-onbekend", reason="Verzonnen.")
    assert words.say("problem.no_such_escalation") in wrong.main
    # By the number of the case, or that of the escalation.
    page = tab.fill(f"{here}/family/join", other="Z-2", reason="Verzonnen: één gezin.")
    assert words.say("notice.family_joined") in page.main
    assert "Verzonnen: één gezin." in page.main
    tab.fill(f"/escalations/{elsewhere}/family/join", other=other, reason="Verzonnen: ook zij.")
    page = tab.get(f"{desk.meeting}?item={one}")
    together = page.main.partition("bespreek ze samen")[2].partition("</ul>")[0]
    assert "Z-2" in together
    assert words.say("cockpit.family_open") in together
    assert words.say("cockpit.family_elsewhere") in together.partition("Z-3")[2]
    tab.send(page, f"{desk.meeting}?item", outcome="decided.against", reasons="Verzonnen.")
    page = tab.get(f"{desk.meeting}?item={other}")
    together = page.main.partition("bespreek ze samen")[2].partition("</ul>")[0]
    assert "Besloten: afwijzen" in together
    page = tab.fill(f"/escalations/{other}/family/leave", reason="Verzonnen: toch niet.")
    assert words.say("notice.family_left") in page.main
    page = tab.get(f"{desk.meeting}?item={other}")
    assert "bespreek ze samen" not in page.main


def test_whoever_only_follows_reads_no_text(desk: Desk, store: Store) -> None:
    desk.listed("Z-1")
    tab = desk.sign_in(SECRETARY)
    assert DILEMMA in tab.get(desk.meeting).main
    with writing(store) as connection:
        before = connection.scalar(select(func.count()).select_from(reads))
    followed = tab.get(f"{desk.meeting}?following=1")
    assert 'id="following"' in followed.main
    assert DILEMMA not in followed.main
    with writing(store) as connection:
        assert connection.scalar(select(func.count()).select_from(reads)) == before


def test_a_theme_chosen_with_an_outcome_is_taken_back_with_it(desk: Desk, store: Store) -> None:
    add(store, Actor(ADVISER, Role.POLICY_ADVISER), "Verzonnen draad")
    add(store, Actor(ADVISER, Role.POLICY_ADVISER), "Andere draad")
    case = desk.listed("Z-1")
    secretary = desk.sign_in(SECRETARY)
    # What somebody said of it before stays.
    secretary.fill(f"{case}/tag", theme="andere-draad")
    page = secretary.get(desk.meeting)
    given = {"outcome": "held_over", "reasons": "Verzonnen."}
    page = secretary.send(page, f"{desk.meeting}?item", theme="verzonnen-draad", **given)
    assert "Verzonnen draad" in secretary.get(case).main.partition("Rode draden")[2][:300]
    again = secretary.send(page, f"{desk.meeting}/undo")
    assert words.say("notice.undone") in again.main
    facts = secretary.get(case).main.partition("Rode draden")[2].partition("</dd>")[0]
    assert "Andere draad" in facts
    assert "Verzonnen draad" not in facts
    # That it was chosen, and taken back, stays to be read.
    history = secretary.get(case).main.partition("Verloop")[2]
    assert history.count(words.say("cockpit.undone")) == 2


def test_what_was_recorded_last_is_undone_and_taken_again(desk: Desk) -> None:
    desk.listed("Z-1")
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)
    outcome = {"outcome": "decided.against", "reasons": "Verzonnen."}
    page = secretary.send(page, f"{desk.meeting}?item", **outcome)
    again = secretary.send(page, f"{desk.meeting}/undo")
    assert "De uitkomst is ongedaan gemaakt" in again.text
    assert "0 van 1 behandeld" in again.main
    # Who comes with the page of before is told so, and nothing happens twice.
    assert secretary.send(page, f"{desk.meeting}/undo").status == 404
    outcome["outcome"] = "decided.in_favour"
    assert "1 van 1 behandeld" in secretary.send(again, f"{desk.meeting}?item", **outcome).main


def test_a_case_is_brought_in_for_a_colleague_in_one_form(desk: Desk) -> None:
    secretary = desk.sign_in(SECRETARY)
    path = f"{desk.meeting}/walk-in"
    assert path in secretary.get(desk.meeting).main
    filled = {"case": "Z-9", "question": "decision", "ground": "complex"}
    wrong = secretary.fill(path, **filled)
    assert wrong.status == 400
    assert "Wie brengt de zaak in" in wrong.main
    page = secretary.send(wrong, path, **filled, broughtBy=OFFICER, summary="Verzonnen.")
    assert "0 van 1 behandeld" in page.main
    assert "Z-9" in page.main
    assert "(getypt door Secretaris KDT Den Bosch)" in page.main
