"""Steps with themes as they are recorded: by whom, on which day, and what they do to the counts."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from kdt.access.permissions import Actor
from kdt.cases import splitting
from kdt.cases.importing import import_history
from kdt.cases.queries import Filter, escalations_of
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes.circuit import Code, Owed
from kdt.themes.consulting import Told as Talk
from kdt.themes.consulting import enter
from kdt.themes.counting import by_month, counts
from kdt.themes.queries import Profile, open_themes, profile, steps, theme
from kdt.themes.service import add
from kdt.themes.stepping import Told, alter, take
from kdt.vocabulary import Role, ThemeAction, ThemeState
from tests.support import assert_sound
from tests.themes.test_themes import ADVISER, SECRETARY, YEAR, code_of, history

DAY = date(2022, 3, 1)
OUT = Told("send_out", DAY, "Zoek het uit.", owed_by="policy", due_on=date(2022, 6, 1))


def known(store: Store, wanted: str) -> ThemeState:
    with reading(store) as connection:
        found = theme(connection, wanted)
    assert found
    return found.state


def test_every_step_is_kept_with_its_two_dates_and_its_reasons(store: Store) -> None:
    new = add(store, ADVISER, "Wachttijd").id
    talk = enter(store, ADVISER, Talk(DAY, "talk", ["vwn"], [new], [], ""))
    take(store, ADVISER, new, Told("consult", DAY, consultation=talk))
    number = take(store, ADVISER, new, OUT)
    with reading(store) as connection:
        found = theme(connection, new)
        taken = steps(connection, new)
    assert found
    assert found.standing.owed == Owed("policy", date(2022, 6, 1), DAY)
    assert [one.step.occurred_on for one in taken] == [DAY, DAY]
    assert all(one.recorded_at.year > 2022 for one in taken)
    assert (taken[1].step.number, taken[1].step.reasons) == (number, "Zoek het uit.")
    assert taken[0].step.values == {"consultation": talk}
    assert_sound(store)


def test_only_who_keeps_themes_takes_steps_and_only_those_that_can_be(store: Store) -> None:
    new = add(store, SECRETARY, "Wachttijd").id
    with pytest.raises(Forbidden):
        take(store, SECRETARY, new, Told("confirm"))
    with pytest.raises(NotFound):
        take(store, ADVISER, "nergens", Told("confirm"))
    with reading(store) as connection:
        tomorrow = moments.today(connection) + timedelta(days=1)
    for told, code in (
        (Told("consult"), Code.THEME_NOT_IN_STATE),
        (Told("confirm", tomorrow), Code.THEME_IN_THE_FUTURE),
        (Told("correct", reasons="Vergist.", replaces=1), Code.THEME_STEP_UNKNOWN),
    ):
        with pytest.raises(Refused) as refused:
            take(store, ADVISER, new, told)
        assert code_of(refused) == code
    take(store, ADVISER, new, Told("confirm", DAY))
    with pytest.raises(Refused) as refused:
        take(store, ADVISER, new, Told("consult", DAY - timedelta(days=1)))
    assert code_of(refused) == Code.THEME_BEFORE_PREVIOUS


def test_what_is_missing_unknown_or_does_not_belong_is_named_at_its_field(store: Store) -> None:
    new = add(store, ADVISER, "Wachttijd").id
    closed = add(store, ADVISER, "Gesloten").id
    take(store, ADVISER, closed, Told("close", closed_as="solved"))
    for told, fields in (
        (Told("nergens"), ["action"]),
        (Told("send_out", reasons=" "), ["reasons", "owedBy", "dueOn"]),
        (replace(OUT, owed_by="iemand"), ["owedBy"]),
        (Told("consult", owed_by="policy", replaces=3), ["owedBy", "replaces"]),
        (Told("consult", consultation="G-00000000"), ["consultation"]),
        (Told("merge", reasons="Zelfde.", target=new), ["target"]),
        (Told("merge", reasons="Zelfde.", target=closed), ["target"]),
        (Told("split", reasons="Anders.", target=closed, escalations=[]), ["escalations"]),
    ):
        with pytest.raises(InvalidInput) as wrong:
            take(store, ADVISER, new, told)
        assert [one.field for one in wrong.value.problems] == fields, told


def test_a_step_that_is_repeated_under_its_key_is_taken_once(store: Store) -> None:
    new = add(store, ADVISER, "Wachttijd").id
    number = take(store, ADVISER, new, OUT, key="k")
    assert take(store, ADVISER, new, OUT, key="k") == number
    with pytest.raises(Conflict):
        take(store, ADVISER, new, Told("close", closed_as="solved"), key="k")
    with reading(store) as connection:
        assert len(steps(connection, new)) == 1


def test_a_step_taken_back_stays_to_be_seen(store: Store) -> None:
    new = add(store, ADVISER, "Wachttijd").id
    number = take(store, ADVISER, new, OUT)
    take(store, ADVISER, new, Told("correct", reasons="Verkeerde rode draad.", replaces=number))
    assert known(store, new) is ThemeState.CONFIRMED
    with reading(store) as connection:
        taken = steps(connection, new)
    assert [(one.step.action, one.taken_back) for one in taken] == [
        (ThemeAction.SEND_OUT, True),
        (ThemeAction.CORRECT, False),
    ]
    with pytest.raises(Refused):
        take(store, ADVISER, new, Told("correct", reasons="Nog eens.", replaces=number))
    assert_sound(store)


def test_the_short_status_becomes_the_step_that_leads_there(store: Store) -> None:
    new = add(store, SECRETARY, "Wachttijd").id
    with pytest.raises(InvalidInput):
        # Who proposed it reads why it was rejected.
        alter(store, ADVISER, new, status="closed")
    alter(store, ADVISER, new, status="closed", reasons="Geen beleid.")
    assert known(store, new) is ThemeState.REJECTED
    alter(store, ADVISER, new, status="confirmed", name="Lange wachttijd")
    alter(store, ADVISER, new, status="confirmed")
    alter(store, ADVISER, new, status="closed")
    assert known(store, new) is ThemeState.CLOSED
    with reading(store) as connection:
        actions = [one.step.action for one in steps(connection, new)]
    assert actions == [ThemeAction.REJECT, ThemeAction.REOPEN, ThemeAction.CLOSE]


def test_what_a_theme_is_about_is_kept_and_its_owner_is_known(store: Store) -> None:
    new = add(store, ADVISER, "Wachttijd").id
    about = Profile("asylum", None, (" AA-1 ", "AA-1", ""), ("Vc 2000 C1",))
    alter(store, ADVISER, new, profile=asdict(about))
    alter(store, ADVISER, new, profile=asdict(about))
    with reading(store) as connection:
        assert profile(connection, new) == Profile("asylum", None, ("AA-1",), ("Vc 2000 C1",))
        rows = connection.scalar(text("select count(*) from theme_profiles"))
    assert rows == 1
    many = tuple(f"code {number}" for number in range(21))
    for wrong in (Profile("nergens"), Profile(owner="niemand"), Profile(codes=many)):
        with pytest.raises(InvalidInput):
            alter(store, ADVISER, new, profile=asdict(wrong))
    assert_sound(store)


def test_after_a_merger_the_counts_are_those_of_distinct_escalations_of_both(
    store: Store, tmp_path: Path
) -> None:
    import_history(store, history(tmp_path), by="beheer")
    other = add(store, ADVISER, "Tocht").id
    with reading(store) as connection:
        before = counts(connection, *YEAR)
        today = moments.today(connection)
    assert before == {"kou": 1}
    number = take(store, ADVISER, "kou", Told("merge", reasons="Hetzelfde.", target=other))
    with reading(store) as connection:
        assert counts(connection, *YEAR) == {other: 1}
        assert counts(connection, *YEAR, today) == {other: 1}
        # At an earlier reference date they are what they were.
        assert counts(connection, *YEAR, today - timedelta(days=1)) == {"kou": 1}
        assert counts(connection, *YEAR, date(2022, 3, 31)) == {"kou": 2}
        assert by_month(connection, other, *YEAR)[1:4] == [
            (date(2022, 2, 1), 1),
            (date(2022, 3, 1), 1),
            (date(2022, 4, 1), 0),
        ]
        assert sum(count for _, count in by_month(connection, "kou", *YEAR)) == 0
        shown = escalations_of(connection, [ADVISER], Filter(theme=other), after=None, limit=9)
        assert [one.id for one in shown] == ["A"]
        assert open_themes(connection) == {other}
    take(store, ADVISER, "kou", Told("correct", reasons="Toch niet.", replaces=number))
    with reading(store) as connection:
        assert counts(connection, *YEAR) == {"kou": 1}
    assert_sound(store)


def test_a_split_moves_the_escalations_it_names_and_no_other(store: Store, tmp_path: Path) -> None:
    import_history(store, history(tmp_path), by="beheer")
    other = add(store, ADVISER, "Tocht").id
    moved = Told("split", reasons="Iets anders.", target=other, escalations=["A"])
    with pytest.raises(InvalidInput):
        take(store, ADVISER, "kou", replace(moved, escalations=["B"]))
    # Who may not know of an escalation is told no more of it than of one that is not there.
    away = Actor("beleid-elders", Role.POLICY_ADVISER, "Elders")
    with pytest.raises(InvalidInput) as unknown:
        splitting.take(store, [away], away, "kou", moved)
    with pytest.raises(InvalidInput) as missing:
        splitting.take(store, [away], away, "kou", replace(moved, escalations=["Z"]))
    assert str(unknown.value).replace("A", "Z") == str(missing.value)
    splitting.take(store, [ADVISER, away], ADVISER, "kou", moved)
    with reading(store) as connection:
        today = moments.today(connection)
        assert counts(connection, *YEAR) == {other: 1}
        assert counts(connection, *YEAR, today - timedelta(days=1)) == {"kou": 1}
    assert known(store, "kou") is ThemeState.CONFIRMED
    # And back again.
    take(store, ADVISER, other, replace(moved, target="kou"))
    with reading(store) as connection:
        assert counts(connection, *YEAR) == {"kou": 1}
    assert_sound(store)


def test_a_merged_theme_is_counted_once_where_an_escalation_showed_both(
    store: Store, tmp_path: Path
) -> None:
    file = history(tmp_path)
    theme_too = {"kind": "theme", "id": "tocht", "name": "Tocht", "description": ""}
    tag = {
        "ref": "9", "recordedAt": "2022-06-02T12:00:00+01:00", "occurredOn": "2022-06-02",
        "actor": "officer-A", "role": "officer", "action": "tag", "escalation": "A",
        "theme": "tocht",
    }  # fmt: skip
    with file.open("a") as lines:
        lines.writelines(json.dumps(line) + "\n" for line in (theme_too, tag))
    assert import_history(store, file, by="beheer").bad == []
    other = "tocht"
    with reading(store) as connection:
        assert counts(connection, *YEAR) == {"kou": 1, other: 1}
    take(store, ADVISER, "kou", Told("merge", reasons="Hetzelfde.", target=other))
    with reading(store) as connection:
        assert counts(connection, *YEAR) == {other: 1}
