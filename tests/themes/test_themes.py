"""Rode draden: who names them, how they stand, and how often they were seen, at any date."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kdt.access.permissions import Actor
from kdt.cases.importing import import_history
from kdt.cases.queries import Filter, escalations_of
from kdt.errors import Forbidden, InvalidInput, NotFound, Refused
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import circuit
from kdt.themes.counting import by_month, counts
from kdt.themes.model import theme_terms
from kdt.themes.queries import open_themes, theme
from kdt.themes.service import Code, add, change
from kdt.themes.stepping import alter
from kdt.vocabulary import Role, ThemeStatus
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
SECRETARY = Actor("s-1", Role.SECRETARY, "Den Bosch")
YEAR = (date(2022, 1, 1), date(2022, 12, 31))


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return str(refused.value.refusal.code)


def terms(store: Store) -> int:
    with reading(store) as connection:
        return connection.scalar(select(func.count()).select_from(theme_terms)) or 0


def test_what_a_secretary_names_is_a_proposal_that_a_policy_adviser_confirms(store: Store) -> None:
    new = add(store, SECRETARY, " Medische  stukken ", "Moeilijk te krijgen.")
    assert (new.id, new.name, new.status) == ("medische-stukken", "Medische stukken", "proposed")
    alter(store, ADVISER, new.id, status=ThemeStatus.CONFIRMED)
    with reading(store) as connection:
        confirmed = theme(connection, new.id)
    assert confirmed
    assert (confirmed.status, confirmed.description) == ("confirmed", "Moeilijk te krijgen.")
    with pytest.raises(Refused) as refused:
        alter(store, ADVISER, new.id, status=ThemeStatus.PROPOSED)
    assert code_of(refused) == circuit.Code.NOT_PROPOSED_AGAIN


def test_what_a_policy_adviser_enters_is_confirmed_at_once(store: Store) -> None:
    assert add(store, ADVISER, "Pleegkinderen").status == ThemeStatus.CONFIRMED


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_cases_proposes_and_only_a_policy_adviser_changes(
    store: Store, role: Role
) -> None:
    new, actor = add(store, ADVISER, "Pleegkinderen"), Actor("iemand", role)
    seers = (Role.OFFICER, Role.SECRETARY, Role.CHAIR, Role.MEMBER, Role.POLICY_ADVISER)
    if role in seers:
        add(store, actor, "Staatloos")
    else:
        with pytest.raises(Forbidden):
            add(store, actor, "Staatloos")
    if role is Role.POLICY_ADVISER:
        alter(store, actor, new.id, status=ThemeStatus.CLOSED)
    else:
        with pytest.raises(Forbidden):
            alter(store, actor, new.id, status=ThemeStatus.CLOSED)


def test_a_closed_theme_is_not_tagged_any_more_until_it_is_opened_again(store: Store) -> None:
    new = add(store, ADVISER, "Pleegkinderen")
    for status, open_then in ((ThemeStatus.CLOSED, set()), (ThemeStatus.CONFIRMED, {new.id})):
        alter(store, ADVISER, new.id, status=status)
        with reading(store) as connection:
            assert open_themes(connection) == open_then


def test_two_themes_have_two_names_and_a_renamed_one_keeps_its_id(store: Store) -> None:
    first = add(store, ADVISER, "Pleegkinderen")
    second = add(store, ADVISER, "Pleeg-kinderen!")
    assert (first.id, second.id) == ("pleegkinderen", "pleeg-kinderen")
    third = add(store, ADVISER, "Pleeg kinderen")
    assert third.id == "pleeg-kinderen-2"
    assert change(store, ADVISER, first.id, name="Kinderen in het gezin").id == first.id
    with pytest.raises(Refused) as refused:
        add(store, ADVISER, "PLEEG kinderen")
    assert code_of(refused) == Code.NAME_TAKEN
    with pytest.raises(Refused) as refused:
        change(store, ADVISER, first.id, name="pleeg kinderen")
    assert code_of(refused) == Code.NAME_TAKEN


def test_what_stays_the_same_is_not_recorded(store: Store) -> None:
    new = add(store, ADVISER, "Pleegkinderen", "Al in het gezin.")
    before = terms(store)
    assert change(store, ADVISER, new.id, name="Pleegkinderen") == new
    alter(store, ADVISER, new.id, status=ThemeStatus.CONFIRMED)
    assert terms(store) == before


def test_what_cannot_be_read_or_is_not_there_is_said(store: Store) -> None:
    new = add(store, ADVISER, "Pleegkinderen")
    for wrong in ("name", "status", "description"):
        told = {"name": None, "status": None, "description": None, wrong: "\0"}
        with pytest.raises(InvalidInput) as error:
            alter(
                store,
                ADVISER,
                new.id,
                name=told["name"],
                status=told["status"],
                description=told["description"],
            )
        assert [one.field for one in error.value.problems] == [wrong]
    with pytest.raises(NotFound):
        change(store, ADVISER, "nergens", name="Ergens")


def history(folder: Path) -> Path:
    """Two cases with the theme; the tag on the second was recorded late and taken back later."""

    def act(ref: str, day: str, action: str, escalation: str, **more: object) -> object:
        return {
            "ref": ref,
            "recordedAt": f"{day}T12:00:{len(ref) * 3:02d}+01:00",
            "occurredOn": day,
            "actor": f"officer-{escalation}",
            "role": "officer",
            "action": action,
            "escalation": escalation,
            **more,
        }

    def opening(number: int) -> dict[str, object]:
        return {
            "case": f"Z-{number}", "location": "Den Bosch", "question": "decision",
            "ground": "buikpijn", "summary": "Verzonnen.",
        }  # fmt: skip

    lines = [
        {"kind": "history", "version": 2},
        {"kind": "theme", "id": "kou", "name": "Kou", "description": "Verzonnen."},
        act("1", "2022-01-10", "open", "A", **opening(1)),
        act("2", "2022-01-11", "open", "B", **opening(2)),
        act("3", "2022-02-01", "tag", "A", theme="kou"),
        act("4", "2022-03-01", "tag", "B", theme="kou"),
        act("5", "2022-03-02", "tag", "B", theme="kou"),
        act("6", "2022-03-20", "tag", "A", theme="kou"),
        act("7", "2022-05-01", "correct", "B", replaces="4", reason="Vergist.", void=True),
        act("8", "2022-06-01", "correct", "B", replaces="5", reason="Vergist.", void=True),
    ]
    file = folder / "themes.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_a_theme_is_counted_as_it_was_known_on_the_reference_date(
    store: Store, tmp_path: Path
) -> None:
    assert import_history(store, history(tmp_path), by="beheer").bad == []
    known = {
        date(2022, 1, 31): {},
        date(2022, 2, 28): {"kou": 1},
        date(2022, 3, 31): {"kou": 2},
        # One of the two tags on the second case was taken back: it still has the other.
        date(2022, 5, 31): {"kou": 2},
        date(2022, 6, 30): {"kou": 1},
    }
    with reading(store) as connection:
        for as_of, count in known.items():
            assert counts(connection, *YEAR, as_of) == count, as_of
        assert counts(connection, *YEAR) == {"kou": 1}
    assert_sound(store)


def test_the_trend_has_every_month_and_one_escalation_counts_once_in_each(
    store: Store, tmp_path: Path
) -> None:
    import_history(store, history(tmp_path), by="beheer")
    with reading(store) as connection:
        trend = by_month(connection, "kou", date(2021, 12, 15), date(2022, 4, 10))
        before = by_month(connection, "kou", date(2022, 3, 1), date(2022, 3, 31), date(2022, 4, 1))
    assert trend == [
        (date(2021, 12, 1), 0),
        (date(2022, 1, 1), 0),
        (date(2022, 2, 1), 1),
        (date(2022, 3, 1), 1),
        (date(2022, 4, 1), 0),
    ]
    assert before == [(date(2022, 3, 1), 2)]


def test_one_sees_only_the_cases_with_a_theme_that_one_may_know_of(
    store: Store, tmp_path: Path
) -> None:
    import_history(store, history(tmp_path), by="beheer")

    def seen(actor: Actor) -> list[str]:
        with reading(store) as connection:
            wanted = Filter(theme="kou")
            rows = escalations_of(connection, [actor], wanted, after=None, limit=10)
        return [row.id for row in rows]

    assert seen(SECRETARY) == ["A"]
    assert seen(Actor("officer-A", Role.OFFICER, "Den Bosch")) == ["A"]
    assert seen(Actor("officer-B", Role.OFFICER, "Den Bosch")) == []
    assert seen(ADVISER) == ["A"]
    assert seen(Actor("elders", Role.POLICY_ADVISER, "Ter Apel")) == []
    assert seen(Actor("leiding", Role.MANAGER)) == ["A"]
    assert seen(Actor("beheer", Role.ADMINISTRATOR)) == []
    with reading(store) as connection:
        wanted = Filter(theme="kou", brought_by="officer-A")
        assert escalations_of(connection, [ADVISER], wanted, after=None, limit=10) == []
        (row,) = escalations_of(connection, [ADVISER], Filter(theme="kou"), after=None, limit=10)
    assert (row.case_number, row.brought_by, row.state.brought_by) == (None, None, None)
