"""What stands beside the cases goes after terms of its own: who was at a meeting, who was at a talk
and what was agreed there, and what staff replied. Figures stay as they were."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from kdt import words
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.exporting import export_history
from kdt.cases.importing import import_history
from kdt.errors import Conflict, Forbidden
from kdt.ledger.service import By
from kdt.panels.coverage import Coverage, coverage
from kdt.retention import replaying, service, statements
from kdt.retention.destroying import carry_out, scrub
from kdt.retention.due import Standing, units
from kdt.retention.queries import What, items
from kdt.retention.terms import ATTENDANCE, REPLIES, TALKS
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading, writing
from kdt.themes import consultations, consulting, signalling
from kdt.themes.replies import replies
from kdt.themes.signals import signal
from kdt.verify import verify
from kdt.vocabulary import Role
from tests.cases.test_history_of_meetings import GOOD, SEAT, bring_in, taken_out
from tests.retention.conftest import Dump
from tests.retention.record import FIRST, SECOND, destroyed, known, shown
from tests.support import assert_sound

ADVISER = Actor("qxnaam-adviseur-z", Role.POLICY_ADVISER)
OTHER = Actor("qxnaam-ander-z", Role.POLICY_ADVISER)
LONG_AGO = date(2022, 3, 1)
BESIDE = (What.ATTENDANCE, What.TALKS, What.REPLIES)
PLANTED = re.compile(r"qx\w[\w-]*z")


@pytest.fixture
def held(store: Store, tmp_path: Path) -> tuple[str, str]:
    """A meeting, a talk and five replies of long ago, and one of each that has longer to go; the
    ids of the talk and of a reply."""
    seat = {"person": "qxnaam-lid-z", "standsFor": "qxnaam-lid-z"}
    lines = [{**line, **seat} if line.keys() >= SEAT.keys() else line for line in GOOD]
    assert bring_in(store, lines, tmp_path) == []
    known(store)
    with writing(store) as connection:
        now = today(connection)
    talk, *_ = (
        consulting.enter(
            store,
            ADVISER,
            consulting.Told(day, "talk", ["svma"], [], [], f"Verzonnen qxafspraak-{day.year}z."),
        )
        for day in (LONG_AGO, now)
    )
    made = [
        signalling.enter(
            store,
            ADVISER,
            signalling.Told("coa_staff", day, f"qxtitel-{number}z", f"Verzonnen qxtekst{number}z."),
        )
        for number, day in enumerate([LONG_AGO] * 5 + [now])
    ]
    for actor in (ADVISER, OTHER):
        found = signalling.Found("recognised", "Verzonnen qxreden-z.")
        signalling.assess(store, actor, made[0], found)
    return talk, made[0]


def counted(store: Store) -> tuple[list[Coverage], object, object]:
    """What is counted of meetings, talks and replies."""
    with reading(store) as connection:
        now = today(connection)
        talks = [
            (one.id, one.held_on, one.partners) for one in consultations.consultations(connection)
        ]
        return coverage(connection, date(2022, 1, 1), now, None, now), talks, replies(connection)


def test_it_goes_after_its_term_by_two_people_and_what_is_counted_stays(
    store: Store, elsewhere: Store, held: tuple[str, str], dump: Dump, tmp_path: Path
) -> None:
    talk, reply = held
    before = counted(store)
    there = {*PLANTED.findall(dump())}
    assert {"qxnaam-lid-z", "qxafspraak-2022z", "qxtitel-0z", "qxtekst4z", "qxreden-z"} <= there
    for what in BESIDE:
        # Without a term nothing is ever due.
        with pytest.raises(Conflict):
            service.prepare(store, FIRST, what)
        service.set_term(store, FIRST, what, months=12)
        with reading(store) as connection:
            stands = [one.standing(today(connection)) for one in units(connection, what)]
        due = 5 if what is What.REPLIES else 1
        assert stands.count(Standing.DUE) == due
        assert {*stands} <= {Standing.DUE, Standing.NOT_DUE}
        selection = destroyed(store, what)
        carry_out(store, tmp_path / "statements")
        with reading(store) as connection:
            assert {one.result for one in items(connection, selection)} == {"destroyed"}
            now = today(connection)
            left = [one for one in units(connection, what) if one.standing(now) is Standing.DUE]
        assert left == []
    assert scrub(store, tmp_path / "statements")
    here = {*PLANTED.findall(dump())}
    # What is of today, and who recorded and found it, stays.
    now_said = {f"qxafspraak-{now.year}z", "qxtitel-5z", "qxtekst5z"}
    assert here == now_said | {ADVISER.person, OTHER.person}
    assert counted(store) == before
    with reading(store) as connection:
        told = consultations.consultation(connection, talk)
        one = signal(connection, reply, closed=True)
    assert told is not None
    assert (told[1].participants, told[1].agreements) == ((), "")
    assert one is not None
    assert (one.standing, one.concerns, one.title.startswith("Vernietigd")) == (
        "recognised",
        "",
        True,
    )
    assert_sound(store)
    out = tmp_path / "out.jsonl"
    export_history(store, out, by="tester")
    assert import_history(elsewhere, out, by="beheer").bad == []
    assert counted(elsewhere) == before
    assert_sound(elsewhere)


def test_a_talk_that_several_told_of_goes_elsewhere_and_stays_closed_here(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    known(store)
    told = consulting.Told(LONG_AGO, "talk", ["svma"], [], [], "Verzonnen.")
    with_other = replace(told, participants=[OTHER.person])
    with writing(store) as connection:
        people = [Person(one.person, "Verzonnen", ()) for one in (ADVISER, OTHER)]
        enter(connection, By("beheer"), people)
    talk = consulting.enter(store, ADVISER, with_other)
    consulting.change(store, OTHER, talk, replace(told, participants=[ADVISER.person]))
    service.set_term(store, FIRST, TALKS, months=12)
    destroyed(store, What.TALKS)
    carry_out(store, tmp_path)
    first = taken_out(store, tmp_path / "first.jsonl")
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    assert_sound(elsewhere)
    # Whoever told of it cannot tell it anew where it was destroyed, by a file neither.
    with pytest.raises(Forbidden):
        consulting.change(store, OTHER, talk, told)
    head, *lines = map(json.loads, first.splitlines())
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    (last,) = (one for one in lines if one.get("fact") == "change")
    anew = {**last, "ref": "anew", "recordedAt": now}
    (bad,) = bring_in(store, [head, anew], tmp_path)
    assert bad.problems == (words.say("problem.was_not_there"),)


CONFIRMED_ALONE = (
    "select destroy_selected_beside(selection, 1) from retention_items where selection = :one"
)


def test_one_person_alone_destroys_nothing_of_it(store: Store, held: tuple[str, str]) -> None:
    assert held
    for kept in (ATTENDANCE, TALKS, REPLIES):
        service.set_term(store, FIRST, kept, months=12)
        selection = service.prepare(store, FIRST, What(kept))
        with pytest.raises(ProgrammingError) as refused, writing(store) as connection:
            connection.execute(text(CONFIRMED_ALONE), {"one": selection})
        assert isinstance(refused.value.orig, InsufficientPrivilege)
    assert_sound(store)


def test_what_came_to_it_since_keeps_it_for_the_next_time(
    store: Store, held: tuple[str, str], tmp_path: Path
) -> None:
    talk, _ = held
    service.set_term(store, FIRST, TALKS, months=12)
    selection = service.prepare(store, FIRST, What.TALKS)
    told = consulting.Told(LONG_AGO, "talk", ["vajn"], [], [], "Anders.")
    consulting.change(store, ADVISER, talk, told)
    service.confirm(store, SECOND, selection, shown(store, selection))
    carry_out(store, tmp_path)
    with reading(store) as connection:
        assert [one.result for one in items(connection, selection)] == ["changed"]
    assert_sound(store)
    destroyed(store, What.TALKS)
    carry_out(store, tmp_path)
    with reading(store) as connection:
        found = consultations.consultation(connection, talk)
    assert found is not None
    assert found[1].agreements == ""
    assert_sound(store)


# What somebody with all rights does, and what is then said of it.
TAMPERED: dict[str, str] = {
    "gone without a statement": (
        "update ledger_texts set content = null, salt = null, destroyed_on = current_date "
        "where subject = 'consultation' and field = 'agreements'"
    ),
    "not gone from what is read": "update signal_terms set concerns = 'Terug.'",
    "put back": (
        "update ledger_texts set content = 'terug', salt = decode('00', 'hex'), "
        "destroyed_on = null where subject = 'signal' and field = 'concerns'"
    ),
    "whose opinion it is gone too": (
        "update ledger_texts set content = null, salt = null, destroyed_on = current_date "
        "where subject = 'signal' and field = 'assessor'"
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_went_otherwise_is_named(
    store: Store, held: tuple[str, str], owner_url: str, tmp_path: Path, how: str
) -> None:
    assert held
    service.set_term(store, FIRST, REPLIES, months=12)
    destroyed(store, What.REPLIES)
    carry_out(store, tmp_path)
    assert_sound(store)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text(TAMPERED[how]))
    engine.dispose()
    assert not verify(store).sound


def test_a_statement_destroys_again_what_an_older_backup_brought_back(
    store: Store, held: tuple[str, str], owner_url: str, tmp_path: Path
) -> None:
    assert held
    service.set_term(store, FIRST, ATTENDANCE, months=12)
    engine = create_engine(owner_url)
    texts = "select * from ledger_texts where subject = 'meeting' and field <> 'reason'"
    with engine.begin() as connection:
        connection.execute(text(f"create table old_texts as {texts}"))
        connection.execute(text("create table old_rows as select * from meeting_attendance"))
    destroyed(store, What.ATTENDANCE)
    carry_out(store, tmp_path)
    with engine.begin() as connection:
        for statement in (
            "delete from ledger_texts where subject = 'meeting' and field <> 'reason'",
            "insert into ledger_texts select * from old_texts",
            "insert into meeting_attendance select * from old_rows",
            "update retention_items set result = null",
            "drop table old_texts, old_rows",
        ):
            connection.execute(text(statement))
    engine.dispose()
    assert not verify(store).sound
    done = replaying.replay(store, statements.kept(tmp_path), "beheer")
    assert (done.statements, done.units) == (1, 1)
    assert_sound(store)
