"""Correcting from the screen: what was recorded stays, what holds stands beside it."""

import pytest

from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk, Reader


@pytest.fixture
def considered(desk: Desk) -> tuple[Desk, Reader, str]:
    path = desk.listed()
    secretary = desk.sign_in(SECRETARY)
    secretary.fill(desk.meeting, outcome="decided.in_favour", reasons="Verzonnen motivering.")
    return desk, secretary, path


def test_another_outcome(considered: tuple[Desk, Reader, str]) -> None:
    _, secretary, path = considered
    form = f"{path}/entries/4/correct"
    page = secretary.fill(
        form,
        kind="with",
        outcome="decided.against",
        reasons="Verzonnen motivering.",
        reason="Verkeerd aangevinkt.",
    )
    assert page.path == path
    assert "Besloten: afwijzen</h2>" in page.main
    assert "<del>inwilligen</del>" in page.main
    # Only what differs was corrected.
    assert "<del>besloten</del>" in page.main
    assert page.main.count("Verzonnen motivering.") == 2


def test_a_second_correction_keeps_what_the_first_put_right(
    considered: tuple[Desk, Reader, str],
) -> None:
    _, secretary, path = considered
    form = f"{path}/entries/4/correct"
    first = {"outcome": "decided.against", "reasons": "Verzonnen motivering."}
    secretary.fill(form, kind="with", reason="Verkeerd aangevinkt.", **first)
    page = secretary.fill(
        form,
        kind="with",
        reason="Ook anders gemotiveerd.",
        outcome="decided.against",
        reasons="Een andere motivering.",
    )
    answer = page.main.partition("Het dilemma")[0]
    assert "Besloten: afwijzen" in answer
    assert "Een andere motivering." in answer


def test_an_outcome_that_was_never_reached(considered: tuple[Desk, Reader, str]) -> None:
    _, secretary, path = considered
    page = secretary.fill(f"{path}/entries/4/correct", kind="void", reason="Niet behandeld.")
    assert page.path == path
    assert "Ingetrokken door een correctie" in page.main
    assert "Op de agenda</span>" in page.main


def test_taking_a_correction_back(considered: tuple[Desk, Reader, str]) -> None:
    _, secretary, path = considered
    secretary.fill(f"{path}/entries/4/correct", kind="void", reason="Niet behandeld.")
    page = secretary.fill(f"{path}/entries/5/correct", kind="void", reason="Toch wel.")
    assert "Besloten: inwilligen</h2>" in page.main


def test_a_correction_that_changes_nothing_is_refused(considered: tuple[Desk, Reader, str]) -> None:
    _, secretary, path = considered
    page = secretary.fill(
        f"{path}/entries/4/correct",
        kind="with",
        outcome="decided.in_favour",
        reasons="Verzonnen motivering.",
        reason="Zomaar.",
    )
    assert page.status == 400
    assert "verandert niets" in page.main
    assert "Zomaar." in page.main


def test_the_officer_corrects_the_case_number(considered: tuple[Desk, Reader, str]) -> None:
    desk, _, path = considered
    filled = {"case": "Z-2", "question": "decision", "ground": "buikpijn"}
    page = desk.sign_in(OFFICER).fill(
        f"{path}/entries/1/correct", kind="with", reason="Twee cijfers verwisseld.", **filled
    )
    assert page.path == path
    assert '<span class="nowrap">Z-2</span>' in page.main


def test_what_later_actions_rest_on_cannot_be_taken_away(
    considered: tuple[Desk, Reader, str],
) -> None:
    desk, _, path = considered
    page = desk.sign_in(OFFICER).fill(
        f"{path}/entries/2/correct", kind="void", reason="Verzonnen reden."
    )
    assert page.status == 409
    assert "past er dan niet meer bij" in page.main
    assert "Verzonnen reden." in page.main
