"""Themes, talks, signals, tests, adjustments and the forum in a history file: what comes in, what
goes out again, and which lines cannot be true."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kdt import clock
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import service as cases
from kdt.cases.exporting import encoded
from kdt.errors import Forbidden
from kdt.forum import service as forum
from kdt.ledger.service import By
from kdt.ledger.table import FACTS
from kdt.register.answers import answers, question
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes import adjusting, consulting, letters, signalling, stepping, testing
from kdt.themes import service as themes
from kdt.themes.consultations import consultation
from kdt.themes.counting import counts
from kdt.themes.history import SUBJECTS
from kdt.themes.queries import theme
from kdt.themes.replies import replies
from kdt.themes.signals import signal
from kdt.themes.stepping import Told as Step
from kdt.vocabulary import Role, ThemeState
from tests.cases.test_history_of_meetings import bring_in, rows, taken_out
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
OTHER = Actor("beleid-2", Role.POLICY_ADVISER)
CHAIR = Actor("voorzitter", Role.CHAIR, PLACES[0])
SIGNAL = signalling.Told("journal", date(2022, 3, 1), "Verzonnen “één”", "Verzonnen.\nEn nog meer.")
TEST = testing.Told("ex_post", date(2022, 3, 1), "Verzonnen", ["vwn", "ind"], findings="Verzonnen.")
CHANGE = adjusting.Told("practice", "explored", date(2022, 3, 1), "Verzonnen")
Fields = dict[str, Any]
KEPT = (
    "theme_terms", "theme_steps", "theme_profiles", "consultation_terms", "signal_terms",
    "signal_views", "implementation_test_terms", "implementation_test_opinions",
    "adjustment_terms", "forum_steps", "theme_tags",
)  # fmt: skip


def told(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row that is read of themes and what is told about them."""
    return {one: sorted(rows(store, f"select {one}::text from {one}")) for one in KEPT}


def answered(store: Store, as_of: date | None = None) -> dict[int, tuple[str, ...]]:
    with reading(store) as connection:
        today = moments.today(connection)
        asked = question(date(2022, 1, 1), date(2022, 12, 31), as_of, today=today)
        found = answers(connection, asked, today=today)
    return {one.number: tuple(one.now) for one in found.answers if one.number in (6, 7, 9, 18)}


def recorded(store: Store) -> dict[str, str]:
    """A record in which all happens that is recorded of themes; what to look at, by name."""
    today = prepare(store)
    with writing(store) as connection:
        granted = ((Role.POLICY_ADVISER, None),)
        enter(connection, By("beheer"), [Person(OTHER.person, "Olga", granted)])
    first = themes.add(store, ADVISER, "Nareis: „éénoudergezin”", "Verzonnen").id
    second = themes.add(store, CHAIR, "Wachttijd").id
    third = themes.add(store, CHAIR, "Wordt niets").id
    ids = []
    for number, place in enumerate(PLACES):
        ids.append(bring(store, place, f"Z-{number}", today).escalation)
        tags = [command("tag", theme=first), command("tag", theme=second)]
        done = cases.perform(store, secretary(place), ids[-1], tags)
    no_theme = command("correct", replaces=done.refs[1], reason="Vergist", void=True)
    cases.perform(store, secretary(PLACES[1]), ids[1], [no_theme])
    talk = consulting.Told(
        today, "talk", ["vwn", "vajn"], [second, first], [OTHER.person], "GEHEIM"
    )
    talked = consulting.enter(store, ADVISER, talk)
    consulting.change(store, OTHER, talked, replace(talk, agreements="GEHEIM:\nafspraak"))
    gone = consulting.enter(store, ADVISER, replace(talk, themes=[], agreements=""))
    consulting.withdraw(store, ADVISER, gone)
    profile = {"stream": "asylum", "codes": ("A-1", "A-2"), "sources": ("Vc 2000 C1",)}
    stepping.alter(store, ADVISER, first, name="Nareis", profile=profile)
    numbers = [
        stepping.take(store, ADVISER, one, step)
        for one, step in (
            (second, Step("confirm", today)),
            (third, Step("reject", today, "Komt één keer voor.")),
            (first, Step("consult", today, consultation=talked)),
            (first, Step("send_out", today, "Doen.", owed_by="policy", due_on=today)),
            (first, Step("answer", today, "Gedaan.")),
            (second, Step("split", today, "Anders.", target=first, escalations=ids[:1])),
        )
    ]
    for step in (
        Step("reopen", today),
        Step("consult", today),
        Step("answer", today, "Gedaan."),
        Step("follow", today),
        Step("close", today, closed_as="solved"),
    ):
        stepping.take(store, ADVISER, third, step)
    stepping.take(store, ADVISER, first, Step("correct", today, "Vergist.", replaces=numbers[4]))
    stepping.take(store, ADVISER, first, Step("merge", today, "Eén.", target=second))
    letters.load(store, By("beheer"))
    told_of = signalling.enter(store, ADVISER, replace(SIGNAL, themes=[first]))
    signalling.change(store, OTHER, told_of, replace(SIGNAL, followed="Verzonnen."))
    for who in (ADVISER, OTHER):
        signalling.assess(store, who, told_of, signalling.Found("recognised", "Daarom."))
    reply = replace(SIGNAL, source="ind_staff", lawyers="no", title="GEHEIM")
    closed = [signalling.enter(store, ADVISER, reply) for _ in range(6)]
    signalling.withdraw(store, ADVISER, closed[0])
    test = testing.enter(store, ADVISER, TEST)
    testing.change(store, ADVISER, test, replace(TEST, reference="blz. 3"))
    testing.hear(store, ADVISER, test, testing.Heard("vwn", "partly", date(2022, 4, 1), "Deels."))
    testing.withdraw(store, ADVISER, testing.enter(store, ADVISER, TEST))
    made = adjusting.enter(store, ADVISER, replace(CHANGE, tests=[test], signals=[told_of]))
    adjusting.change(store, ADVISER, made, replace(CHANGE, tests=[test], status="in_force"))
    adjusting.withdraw(
        store, ADVISER, adjusting.enter(store, ADVISER, replace(CHANGE, themes=[third]))
    )
    brought = forum.bring(store, officer(PLACES[0]), "Komt terug.", ids[0])
    forum.conclude(store, ADVISER, brought, forum.Concluded(today, "", name="Uit het forum"))
    forum.conclude(store, ADVISER, brought, forum.Concluded(today, "Toch niet."))
    forum.withdraw(store, CHAIR, forum.bring(store, CHAIR, "Verzonnen."))
    return {"talk": talked, "reply": closed[1]}


def test_all_that_was_told_comes_in_elsewhere_and_goes_out_the_same(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    of = recorded(store)
    first = taken_out(store, tmp_path / "first.jsonl")
    assert first.startswith(b'{"kind": "history", "version": 6}\n')
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    assert told(elsewhere) == told(store)
    with reading(store) as connection:
        today = moments.today(connection)
    for as_of in (None, today, today - timedelta(days=1)):
        assert answered(elsewhere, as_of) == answered(store, as_of)
        for one in (store, elsewhere):
            with reading(one) as connection:
                found = counts(connection, date(2022, 1, 1), today, as_of)
            # Of four tags one was taken back and one moved; then all went into the other theme.
            assert found == ({} if as_of and as_of < today else {"wachttijd": 2})
    assert "medewerkers van de IND: 5" in " ".join(answered(elsewhere)[9])
    every = "select distinct subject, fact from ledger where subject = any('{%s}')"
    known = {*rows(elsewhere, every % ",".join(SUBJECTS))}
    assert known == {(one, fact) for one in SUBJECTS for fact in FACTS[one]}
    # What is closed stays so: a reply for who assesses, an agreement for who was there.
    with reading(elsewhere) as connection:
        assert signal(connection, of["reply"], closed=False) is None
        assert [*replies(connection).values()] == [5]
        talk = consultation(connection, of["talk"])
    assert talk
    assert consulting.may_read(OTHER.person, talk[1])
    assert not consulting.may_read(CHAIR.person, talk[1])
    with pytest.raises(Forbidden):
        consulting.withdraw(elsewhere, replace(ADVISER, person="beleid-3"), of["talk"])
    mine = "select count(*) from ledger where subject = 'signal' and import_id is null"
    assert rows(elsewhere, mine) == [(0,)]
    assert_sound(elsewhere)


def test_a_theme_that_came_with_an_older_file_and_changed_since_goes_out_as_it_was_told(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    kou = {"kind": "theme", "id": "kou", "name": "Kou", "description": "Verzonnen."}
    old: list[Fields] = [{"kind": "history", "version": 2}, kou]
    assert bring_in(store, old, tmp_path) == []
    assert taken_out(store, tmp_path / "old.jsonl") == b"".join(map(encoded, old))
    themes.change(store, ADVISER, "kou", name="Koude")
    stepping.take(store, ADVISER, "kou", Step("close", closed_as="solved"))
    first = taken_out(store, tmp_path / "first.jsonl")
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    with reading(elsewhere) as connection:
        known = theme(connection, "kou")
    assert known
    assert (known.name, known.state) == ("Koude", ThemeState.CLOSED)
    assert_sound(elsewhere)


def test_what_is_told_is_newer_than_what_the_record_was_told(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    """Or an adjustment could name a signal that was recorded after it, and not come in again."""
    told_of = signalling.enter(store, ADVISER, SIGNAL)
    before: Fields = {
        "kind": "adjustment", "id": "A-1", "fact": "enter", "ref": "a", "actor": "beleid",
        "recordedAt": "2022-04-01T12:00:00Z", "occurredOn": "2022-04-01",
        "role": "policy_adviser", "adjustmentKind": "practice", "adjustmentStatus": "explored",
        "since": "2022-03-01", "decidedBy": "not_said", "title": "Verzonnen", "signals": [told_of],
    }  # fmt: skip
    (bad,) = bring_in(store, [{"kind": "history", "version": 6}, before], tmp_path)
    assert (bad.line, "ligt niet na de laatste registratie" in bad.problems[0]) == (2, True)
    with reading(store) as connection:
        now = moments.now(connection)
    after = {**before, "recordedAt": clock.written(now)}
    assert bring_in(store, [{"kind": "history", "version": 6}, after], tmp_path) == []
    assert bring_in(elsewhere, taken_out(store, tmp_path / "out.jsonl"), tmp_path) == []
    assert_sound(elsewhere)


def test_an_older_file_enters_no_theme_by_a_name_that_is_taken(
    store: Store, tmp_path: Path
) -> None:
    head: Fields = {"kind": "history", "version": 2}
    kou = {"kind": "theme", "id": "kou", "name": "Kou", "description": ""}
    koude = {**kou, "id": "koude", "name": " kOU "}
    (bad,) = bring_in(store, [head, kou, koude], tmp_path)
    assert (bad.line, "met de naam kOU" in bad.problems[0]) == (3, True)
    assert bring_in(store, [head, kou], tmp_path) == []
    assert bring_in(store, [head, kou], tmp_path) == []
    assert [one.line for one in bring_in(store, [head, koude], tmp_path)] == [2]
    assert bring_in(store, [head, {**koude, "name": " Koude "}], tmp_path) == []
    assert [one["name"] for one in exported(store, tmp_path) if one["kind"] == "theme"] == [
        "Kou",
        "Koude",
    ]


def exported(store: Store, folder: Path) -> list[Fields]:
    out = taken_out(store, folder / "exported.jsonl")
    return [json.loads(line) for line in out.splitlines()]
