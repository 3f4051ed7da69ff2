"""What a text seems to hold of a person: found where it stands, and not where it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt import words
from kdt.cells import plain
from kdt.personal import Kind, seems_to_hold

# Numbers that pass or fail the test; they are nobody's.
HOLDS = {
    "het BSN is 111222333.": [Kind.BSN],
    "BSN 1112.22.333": [Kind.BSN],
    "BSN 111 222 333 volgt": [Kind.BSN],
    "V-nummer 271.234.5678": [Kind.V_NUMBER],
    # Ten digits without a zero before them have its shape, whatever they are.
    "vnr 2712345678, zie dossier": [Kind.V_NUMBER],
    "mail naar j.de.vries+ind@voorbeeld.example.nl": [Kind.EMAIL],
    "bel 06-12345678": [Kind.PHONE],
    "bel 06 1234 5678": [Kind.PHONE],
    "bel (070) 370 3000 of 070-3703000": [Kind.PHONE],
    "bel +31 6 12 34 56 78": [Kind.PHONE],
    "bel 0031612345678": [Kind.PHONE],
    "bel +49 151 23456789": [Kind.PHONE],
    "111222333 en 271.234.5678 en a@b.nl en 0612345678": [*Kind],
}
HOLDS_NOT = (
    "",
    "111222334",
    "000000000",
    "Z-0000-000001 van 25-11-2026",
    "op 25-11-2026, 12.345.678,90 euro",
    "artikel 3.71, lid 1, Vb 2000; ECLI:NL:RVS:2022:123456789012",
    "2026-11-25 14:30:00",
    "een bedrag van 123456789012",
    "kamer @ 12",
    "0 1 2 3 4 5 6 7",
)


@pytest.mark.parametrize("text", HOLDS)
def test_what_is_there_is_found(text: str) -> None:
    assert list(seems_to_hold(text)) == HOLDS[text]


@pytest.mark.parametrize("text", HOLDS_NOT)
def test_what_is_not_there_is_not_found(text: str) -> None:
    assert seems_to_hold(text) == ()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert set(seems_to_hold(text)) <= set(Kind)


def test_a_long_text_is_read_at_once() -> None:
    for unit in ("1", "0 ", "a.", "+31 ", "1.", "@", "a@"):
        seems_to_hold(unit * (2**20 // len(unit)))


def test_the_sentence_names_all_of_it() -> None:
    assert "staat in deze tekst een BSN." in words.personal([Kind.BSN])
    assert "een BSN, een e-mailadres en een telefoonnummer." in words.personal(
        [Kind.BSN, Kind.EMAIL, Kind.PHONE]
    )


@pytest.mark.parametrize("command", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "\ufeff=1"])
def test_a_cell_is_text_and_never_a_formula(command: str) -> None:
    assert plain(command) == f"'{command}"


def test_other_cells_are_as_they_are() -> None:
    for text in ("", "Den Bosch", "'s-Hertogenbosch", "Z-1"):
        assert plain(text) == text
