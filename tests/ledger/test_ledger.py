"""What is not an escalation is recorded in chains too: whole, append-only, no change without it."""

import hashlib
import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, make_url, select, text

from kdt import clock
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.importing import import_history
from kdt.errors import Unavailable
from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import FACTS, Subject
from kdt.meetings.service import change_location, create_location
from kdt.store import migrate
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading, writing
from kdt.themes import service as themes
from kdt.themes import stepping
from kdt.vocabulary import Role
from tests.support import assert_sound

ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"
Told = tuple[str, Mapping[str, object], Mapping[str, str]]


def chains(connection: Connection) -> dict[tuple[str, str], list[Told]]:
    """Each chain as (fact, values, texts), checked link by link and digest by digest, in the words
    of docs/record.md and apart from the code that writes."""
    texts = {
        (row.subject, row.subject_id, row.seq, row.field): row
        for row in connection.execute(select(ledger_texts))
    }
    people = {
        (row.subject, row.subject_id, row.seq): row
        for row in connection.execute(select(ledger_people))
    }
    found: dict[tuple[str, str], list[Told]] = {}
    heads: dict[tuple[str, str], bytes] = {}
    for row in connection.execute(select(ledger).order_by(ledger.c.position)):
        place = (row.subject, row.subject_id)
        entry: dict[str, Any] = json.loads(row.content)
        told = found.setdefault(place, [])
        assert (entry["subject"], entry["id"], entry["seq"]) == (*place, len(told) + 1)
        assert row.seq == entry["seq"]
        head = hashlib.sha256(heads.get(place, bytes(32)) + row.content).digest()
        assert head == row.hash
        heads[place] = head
        assert entry["recordedAt"] == row.recorded_at.astimezone(UTC).isoformat()[:-6] + "Z"
        person = people.pop((*place, row.seq))
        assert entry["person"] == hashlib.sha256(person.salt + person.person.encode()).hexdigest()
        said = {name: texts.pop((*place, row.seq, name)) for name in entry["texts"]}
        for name, kept in said.items():
            digest = hashlib.sha256(kept.salt + kept.content.encode()).hexdigest()
            assert entry["texts"][name] == digest
        told.append((entry["fact"], entry["values"], {n: k.content for n, k in said.items()}))
    assert not texts
    assert not people
    return found


def test_a_location_its_panel_and_a_theme_are_recorded_as_they_change(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Zwolle")
    tomorrow = clock.day(datetime.now(UTC)) + timedelta(days=1)
    change_location(store, ADMINISTRATOR, "Zwolle", name="Zwolle-Noord", on=tomorrow)
    adviser = Actor("beleid", Role.POLICY_ADVISER)
    theme = themes.add(store, adviser, "Nareis", "Verzonnen")
    stepping.alter(store, adviser, theme.id, status="closed")
    with reading(store) as connection:
        found = chains(connection)
    (entered, live, named) = found["location", "Zwolle"]
    assert live[0] == "go_live"
    assert (entered[0], entered[2]) == ("enter", {"name": "Zwolle"})
    change = {"effective_on": tomorrow.isoformat(), "open": True}
    assert named == ("change", change, {"name": "Zwolle-Noord"})
    ((made, values, _),) = found["panel", "kdt-zwolle"]
    assert (made, values["level"], values["location"]) == ("enter", "local", "Zwolle")
    steps = [(told[0], told[1]) for told in found["theme", theme.id]]
    assert steps == [("enter", {"status": "confirmed"}), ("close", {"closed_as": "unstated"})]
    assert_sound(store)


def test_what_came_with_a_file_says_so(store: Store) -> None:
    import_history(store, EXAMPLE, by="beheer")
    with reading(store) as connection:
        found = chains(connection)
        named = connection.scalars(select(ledger.c.import_id).distinct()).all()
    ((fact, values, texts),) = found["record", "record"]
    digest = hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    assert (fact, values["file_digest"]) == ("import", digest)
    assert texts == {"file_name": "history-example.jsonl"}
    assert [str(one) for one in named] == [values["import"]]
    assert {place[0] for place in found} == {"record", "location", "panel"}


def test_a_person_is_known_by_a_key_that_says_nothing(store: Store) -> None:
    anna = Person("anna", "Verzonnen", ((Role.OFFICER, "Zwolle"), (Role.AUDITOR, None)))
    for _ in range(2):
        with writing(store) as connection:
            enter(connection, By("beheer"), [anna])
    with reading(store) as connection:
        found = chains(connection)
        contents = b"".join(connection.scalars(select(ledger.c.content)))
    (((subject, key), told),) = found.items()
    assert (subject, str(uuid.UUID(key))) == ("person", key)
    assert told == [
        ("enter", {}, {"person": "anna", "label": "Verzonnen"}),
        ("grant", {"role": "officer", "location": "Zwolle"}, {}),
        ("grant", {"role": "auditor"}, {}),
    ]
    assert b"anna" not in contents
    assert b"beheer" not in contents


def test_no_fact_without_its_change(store: Store) -> None:
    class Broken(Exception):
        pass

    def broken() -> None:
        with writing(store) as connection:
            enter(connection, By("beheer"), [Person("anna", "Verzonnen", ())])
            raise Broken

    with pytest.raises(Broken):
        broken()
    with reading(store) as connection:
        assert chains(connection) == {}


@pytest.mark.parametrize(
    "fact",
    [
        Fact(Subject.RECORD, "record", "unheard_of"),
        Fact(Subject.PERSON, "x", "grant", {}),
        Fact(Subject.PERSON, "x", "grant", {"role": "officer", "location": None}),
        Fact(Subject.PERSON, "x", "grant", {"role": "officer", "colour": "blue"}),
        Fact(Subject.THEME, "x", "change", {"status": "closed"}, {"name": "Half"}),
    ],
)
def test_a_fact_that_is_not_in_the_table_is_not_recorded(store: Store, fact: Fact) -> None:
    with writing(store) as connection, pytest.raises(ValueError, match=str(fact.subject)):
        append(connection, By("beheer"), fact)


def test_many_at_once_on_one_subject_make_one_chain(store: Store) -> None:
    each, writers = 10, 4
    values = {"role": "officer"}

    def write() -> None:
        for _ in range(each):
            with writing(store) as connection:
                one, other = (Fact(Subject.PERSON, key, "grant", values) for key in ("p", "q"))
                append(connection, By("beheer"), one, other)
                append(connection, By("beheer"), one)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(store) as connection:
        found = chains(connection)
        moments = connection.execute(
            select(ledger.c.recorded_at).where(ledger.c.subject_id == "p").order_by(ledger.c.seq)
        ).scalars()
        in_order = list(moments)
    assert {place[1]: len(told) for place, told in found.items()} == {
        "p": 2 * each * writers,
        "q": each * writers,
    }
    assert in_order == sorted(set(in_order))


@pytest.mark.parametrize("role", [APPLICATION, OWNER])
@pytest.mark.parametrize(
    "statement",
    ["update ledger set fact = 'x'", "delete from ledger where false", "truncate ledger cascade"],
)
def test_the_ledger_refuses_every_change(
    database_server: tuple[Server, int, str], database: str, role: str, statement: str
) -> None:
    url = make_url(database_server[0].url(role, database)).set(drivername="postgresql")
    plain = url.render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_what_was_entered_before_there_was_a_ledger_gets_its_facts(
    database_server: tuple[Server, int, str], empty_database: str
) -> None:
    url = database_server[0].url(OWNER, empty_database)
    migrate.upgrade(url, "0001")
    engine = connect(url)
    with engine.begin() as connection:
        for statement in (
            "insert into record (id, demo) values (1, true)",
            "insert into locations values ('Zwolle')",
            "insert into location_terms values ('Zwolle', '0001-01-01', 'Zwolle', true, 'anna')",
            "insert into location_terms values ('Zwolle', '2022-01-01', 'Noord', true, 'anna')",
            "insert into panels values ('kdt-zwolle', 'local', 'Zwolle', '{1,2}', '09:00')",
            "insert into panel_terms values ('kdt-zwolle', '2022-01-01', 'KDT', true, 'anna')",
            "insert into themes values ('nareis')",
            "insert into theme_terms values ('nareis', now(), 'Nareis', '', 'confirmed', 'anna')",
            "insert into people values ('anna', 'Verzonnen', true)",
            "insert into grants values ('anna', 'officer', 'Zwolle')",
        ):
            connection.execute(text(statement))
    migrate.upgrade(url)
    with engine.connect() as connection:
        found = chains(connection)
    assert [told[0] for told in found["location", "Zwolle"]] == ["enter", "change"]
    assert found["panel", "kdt-zwolle"][0][1]["weekdays"] == [1, 2]
    assert {subject: len(told) for (subject, _), told in found.items()} == {
        "record": 1, "location": 2, "panel": 1, "theme": 1, "person": 3,
    }  # fmt: skip
    assert migrate.differences(url) is None
    with pytest.raises(Unavailable, match="verloren gaan"):
        migrate.downgrade(url, "0001")
    engine.dispose()


@pytest.mark.parametrize(
    ("fact", "revision"),
    [
        (Fact(Subject.ESCALATION, "V-1", "left_alone", {"family": "f"}), "0029"),
        (Fact(Subject.THEME, "t", "change", {}, {"name": "N", "description": ""}), "0026"),
        (Fact(Subject.THEME, "t", "confirm", {}, {"reasons": "R"}), "0026"),
    ],
)
def test_what_stands_in_the_ledger_alone_and_no_release_before_can_read_is_not_left_behind(
    store: Store, owner_url: str, fact: Fact, revision: str
) -> None:
    with writing(store) as connection:
        append(connection, By("anna"), fact)
    with pytest.raises(Unavailable, match="verloren gaan"):
        migrate.downgrade(owner_url, revision)


def test_every_fact_is_explained_in_the_document() -> None:
    document = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
    for subject, facts in FACTS.items():
        for fact in facts:
            assert f"`{subject}` | `{fact}`" in document
