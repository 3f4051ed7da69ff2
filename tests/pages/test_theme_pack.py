"""What goes along to a talk on paper: planted words, numbers and small counts do not."""

import json
from dataclasses import asdict
from datetime import date

from api.pages.theme_pack import document, ended, rounded
from kdt.access.permissions import Actor
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes.service import add
from kdt.vocabulary import Role
from tests.api.conftest import ADVISER, OFFICER, SECRETARY
from tests.pages.conftest import Desk

PLANTED = ("Zonnebloem", "Kastanje", "Eekhoorn", "Waterlelie", "Boterbloem", "V-1234567")


def test_nothing_of_a_case_and_no_small_number_goes_along(desk: Desk, store: Store) -> None:
    adviser, officer = desk.sign_in(ADVISER), desk.sign_in(OFFICER)
    # As it came in by another way than the form, which warns of it.
    theme = add(store, Actor(ADVISER, Role.POLICY_ADVISER), "Wachttijd", "Bel 06-12345678.").id
    path = f"/themes/{theme}"
    proposed = officer.fill("/themes/new", name="Waterlelie", description="Verzonnen.").path
    cases = [desk.brought(f"{PLANTED[5]}{number}") for number in range(3)]
    for case in cases:
        desk.sign_in(SECRETARY).fill(f"{case}/tag", theme=theme)
    adviser.fill(f"{path}/consult", reasons=PLANTED[0], occurredOn="2026-01-02")
    told = {"heldOn": "2026-01-02", "form": "talk", "agreements": PLANTED[1]}
    adviser.fill("/consultations/new", **told, partners="vajn", themes=theme)
    with reading(store) as connection:
        made = document(connection, [])
    said = json.dumps(asdict(made), default=str, ensure_ascii=False)
    for planted in (*PLANTED, "12345678", "Verzonnen", "Den Bosch", *cases):
        assert planted not in said, planted
    assert "Wachttijd" in said
    assert "Gesprek met VAJN" in said
    (part,) = made.parts
    assert part.rows
    assert {row[1] for row in part.rows} == {"minder dan 8"}
    sent = adviser.get(f"/themes/pack.pdf?theme={theme}")
    assert (sent.status, sent.answer.content[:5]) == (200, b"%PDF-")
    # What nobody judged does not leave the house.
    assert adviser.get(f"/themes/pack.pdf?theme={proposed.rpartition('/')[2]}").status == 404
    assert officer.get("/themes/pack.pdf").status == 403
    assert "Waterlelie" not in adviser.get("/themes/pack").main


def test_each_rounded_number_stands_for_at_least_four() -> None:
    told = [rounded(count) for count in range(63)]
    assert min(told.count(one) for one in set(told)) >= 4
    assert (told[0], told[7], told[8], told[62]) == (
        "minder dan 8", "minder dan 8", "ongeveer 10", "ongeveer 60",
    )  # fmt: skip


def test_quarters_are_whole_and_over() -> None:
    assert ended(date(2026, 11, 26)) == [
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 30)),
    ]
    assert ended(date(2026, 1, 1))[-1] == (date(2025, 10, 1), date(2025, 12, 31))
