"""What is past its term goes on the word of two people, and nothing else changes."""

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from kdt.access.permissions import Actor
from kdt.cases.exporting import export_history
from kdt.cases.importing import import_history
from kdt.disclosure.service import Asked, receive
from kdt.errors import Conflict, Forbidden
from kdt.reads.codes import Look
from kdt.reads.service import Read, note
from kdt.retention import service
from kdt.retention.destroying import StillRead, carry_out, scrub
from kdt.retention.due import Standing, units
from kdt.retention.queries import Stage, What, items, selections
from kdt.retention.terms import READS
from kdt.similar.keeping import keep_up
from kdt.store import cluster
from kdt.store.embedded import Server
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading, writing
from kdt.verify import Report, examine, ledger, retention, verify
from kdt.vocabulary import Role
from tests.retention.conftest import Dump
from tests.retention.record import (
    FIRST,
    SECOND,
    all_figures,
    destroyed,
    known,
    people_term,
    set_terms,
    shown,
)
from tests.support import assert_sound

PLANTED = re.compile(r"qx\w[\w-]*z")


def listed(store: Store, selection: str) -> set[str]:
    with reading(store) as connection:
        return {one.escalation for one in items(connection, selection)}


def points(store: Store) -> set[str]:
    """The escalations that are found as similar to something."""
    both = "select escalation_id from similar_even union select escalation_id from similar_odd"
    with reading(store) as connection:
        return set(connection.scalars(text(both)))


def test_without_a_term_nothing_is_due(store: Store, planted: dict[str, set[str]]) -> None:
    with reading(store) as connection:
        day = today(connection)
        found = {unit.standing(day) for unit in units(connection, What.CONTENT)}
    assert not found
    for what in What:
        with pytest.raises(Conflict):
            service.prepare(store, FIRST, what)


def test_what_is_destroyed_is_nowhere_and_nothing_else_changed(
    store: Store, planted: dict[str, set[str]], dump: Dump, tmp_path: Path
) -> None:
    assert keep_up(store)
    similar = points(store)
    before, everything = all_figures(store), dump()
    assert all(word in everything for words in planted.values() for word in words)
    set_terms(store)
    people_term(store)
    gone = {}
    for what in (What.CONTENT, What.PEOPLE):
        selection = destroyed(store, what)
        assert carry_out(store, tmp_path / "statements") == 1
        gone[what] = listed(store, selection)
    # What was derived of a text went with it, and what was learnt of all is learnt without it.
    assert similar & gone[What.CONTENT]
    assert points(store) == similar - gone[What.CONTENT]
    assert keep_up(store) == len(similar - gone[What.CONTENT])
    assert scrub(store, tmp_path / "statements")
    assert not scrub(store, tmp_path / "statements")
    left = set(PLANTED.findall(dump()))
    for what, prefix in ((What.CONTENT, ("qxtekst", "qxzaak")), (What.PEOPLE, ("qxnaam",))):
        kept = {
            word
            for one, words in planted.items()
            if one not in gone[what]
            for word in words
            if word.startswith(prefix)
        }
        assert 0 < len(gone[what]) < len(planted)
        assert {word for word in left if word.startswith(prefix)} == kept
    assert all_figures(store) == before
    assert_sound(store)
    report = verify(store)
    assert report.destroyed > 0


def test_who_reads_on_in_an_older_record_keeps_the_files_from_being_clean(
    store: Store,
    planted: dict[str, set[str]],
    database_server: tuple[Server, int, str],
    database: str,
    tmp_path: Path,
) -> None:
    """What a reader began before still shows it, ends too; and then the files hold nothing."""
    set_terms(store)
    files = Files(database_server[0].url(cluster.SUPERUSER, database))
    with reading(store) as before:
        before.execute(text("select pg_current_snapshot()"))
        gone = listed(store, destroyed(store))
        carry_out(store, tmp_path)
        with pytest.raises(StillRead):
            scrub(store, tmp_path)
        # As soon as it looks at a table, nobody can have that alone.
        seen = before.scalars(text("select content from entry_texts where content is not null"))
        kept = set(PLANTED.findall(" ".join(seen)))
        with pytest.raises(StillRead):
            scrub(store, tmp_path)
    words = {
        word for one in gone for word in planted[one] if word.startswith(("qxtekst", "qxzaak"))
    }
    assert words & kept
    assert words & files.words()
    assert scrub(store, tmp_path)
    assert not words & files.words()
    assert_sound(store)


class Files:
    """The files of a database, looked through by themselves."""

    def __init__(self, url: str) -> None:
        self._address = url.replace("postgresql+psycopg", "postgresql")

    def words(self) -> set[str]:
        """The planted words in any table, index or long text, but what the planner counted."""
        with psycopg.connect(self._address, autocommit=True) as own:
            own.execute("checkpoint")
            (folder,) = own.execute(
                "select current_setting('data_directory') || '/base/' || oid from pg_database "
                "where datname = current_database()"
            ).fetchone() or ("",)
            counted = own.execute(
                "select pg_relation_filenode(oid)::text from pg_class where oid in "
                "('pg_statistic'::regclass, (select reltoastrelid from pg_class "
                "where oid = 'pg_statistic'::regclass))"
            ).fetchall()
        skipped = {name for (name,) in counted}
        found: set[str] = set()
        for file in Path(folder).iterdir():
            if file.name.split(".")[0] not in skipped:
                content = file.read_bytes().decode("latin-1")
                found.update(re.findall(r"qx(?:tekst|zaak)[\w-]*?z(?!\w)", content))
        return found


def test_an_export_says_what_was_destroyed_and_comes_in_again(
    store: Store, elsewhere: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    people_term(store)
    for what in (What.CONTENT, What.PEOPLE):
        destroyed(store, what)
        carry_out(store, tmp_path / "statements")
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    export_history(store, first, by="beheer")
    assert '"version": 3' in first.read_text()
    assert '"case": {"id": "' in first.read_text()
    report = import_history(elsewhere, first, by="beheer")
    assert report.bad == []
    export_history(elsewhere, second, by="beheer")
    assert second.read_bytes() == first.read_bytes()
    assert all_figures(elsewhere) == all_figures(store)
    assert_sound(elsewhere)


def test_one_person_alone_destroys_nothing(
    store: Store, planted: dict[str, set[str]], dump: Dump, tmp_path: Path
) -> None:
    set_terms(store)
    selection = service.prepare(store, FIRST, What.CONTENT)
    before = dump()
    with pytest.raises(Forbidden):
        service.confirm(store, FIRST, selection, shown(store, selection))
    # Nobody can tell whether who types a command is another person.
    for nobody in (Actor("root", Role.ADMINISTRATOR), Actor(SECOND.person, Role.OFFICER)):
        with pytest.raises(Forbidden):
            service.confirm(store, nobody, selection, shown(store, selection))
        with pytest.raises(Forbidden):
            service.prepare(store, nobody, What.PEOPLE)
    with pytest.raises(Conflict):
        service.confirm(store, SECOND, selection, "another list")
    assert carry_out(store, tmp_path) == 0
    with pytest.raises(ProgrammingError, match="not confirmed"), writing(store) as connection:
        connection.execute(text("select destroy_selected(:one, 10)"), {"one": selection})
    assert dump() == before
    service.refuse(store, FIRST, selection, "Verkeerde termijn.")
    with pytest.raises(Conflict):
        service.confirm(store, SECOND, selection, shown(store, selection))
    assert service.prepare(store, FIRST, What.CONTENT) != selection


def test_a_list_that_was_added_to_is_not_carried_out(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    selection = destroyed(store)
    with writing(store) as connection:
        connection.execute(
            text(
                "insert into retention_items select :one, id, 999, seq, 'lapsed', last_on "
                "from escalations where id not in (select escalation_id from retention_items) "
                "limit 1"
            ),
            {"one": selection},
        )
    with pytest.raises(ProgrammingError, match="is not the one that was confirmed"):
        carry_out(store, tmp_path)
    assert "destroyed_list" in {one.code for one in verify(store).findings}


BEHIND_ITS_BACK = {
    "update entry_texts set content = null, salt = null, destroyed_on = current_date": (
        "text_destroyed"
    ),
    "delete from entry_people": "person_missing",
    "update case_numbers set number = null, salt = null, destroyed_on = current_date": (
        "case_destroyed"
    ),
}


def test_the_application_itself_has_no_right_to_destroy(store: Store) -> None:
    for statement in (
        *BEHIND_ITS_BACK,
        "update ledger_texts set content = null",
        "update retention_items set result = 'destroyed'",
        "delete from retention_items",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), writing(store) as own:
            own.execute(text(statement))


def test_what_is_gone_without_a_statement_is_named(
    store: Store, planted: dict[str, set[str]], owner_url: str
) -> None:
    engine = create_engine(owner_url)
    for statement, code in BEHIND_ITS_BACK.items():
        with engine.connect() as connection:
            connection.execute(text(statement))
            assert code in {one.code for one in examine(connection).findings}
            connection.rollback()
    engine.dispose()


def test_what_was_to_go_and_is_still_there_is_named(
    store: Store, planted: dict[str, set[str]], owner_url: str, tmp_path: Path
) -> None:
    set_terms(store)
    people_term(store)
    selection = destroyed(store, What.PEOPLE)
    address = owner_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address) as connection:
        kept = connection.execute("select * from entry_people").fetchall()
    carry_out(store, tmp_path)
    assert_sound(store)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("delete from entry_people")
        cursor.executemany("insert into entry_people values (%s, %s, %s, %s)", kept)
    named = {one.escalation for one in verify(store).findings if one.code == "still_there"}
    assert named == listed(store, selection)


def test_a_hold_keeps_a_whole_case_until_it_is_lifted(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    with reading(store) as connection:
        day = today(connection)
        due = [one for one in units(connection, What.CONTENT) if one.standing(day) is Standing.DUE]
    together = next(one for one in due if len(one.items) > 1)
    alone = next(one for one in due if len(one.items) == 1)
    before, after = together.items[0].escalation, alone.items[0].escalation
    service.place(store, FIRST, before, "Beroep loopt nog.")
    with pytest.raises(Conflict):
        service.place(store, FIRST, before, "Nog eens.")
    selection = service.prepare(store, FIRST, What.CONTENT)
    assert not {one.escalation for one in together.items} & listed(store, selection)
    # One that is placed after confirmation still keeps what has not gone.
    service.confirm(store, SECOND, selection, shown(store, selection))
    service.place(store, FIRST, after, "Verzoek om inzage.")
    carry_out(store, tmp_path)
    with reading(store) as connection:
        result = {one.escalation: one.result for one in items(connection, selection)}
        (told,) = selections(connection)
    assert result.pop(after) == "held"
    assert set(result.values()) == {"destroyed"}
    assert told.stage is Stage.DONE
    assert len(told.steps[-1].values["held"]) == 1
    assert_sound(store)
    for one in (before, after):
        service.lift(store, SECOND, one, "Afgelopen.")
    again = destroyed(store)
    carry_out(store, tmp_path)
    assert listed(store, again) == {one.escalation for one in (*together.items, *alone.items)}
    with reading(store) as connection:
        reasons = connection.scalar(
            text("select count(content) from ledger_texts where subject = 'hold'")
        )
    assert reasons == 0
    assert_sound(store)


def test_who_read_what_goes_by_the_day_and_that_it_was_read_stays(
    store: Store, owner_url: str, dump: Dump, tmp_path: Path
) -> None:
    known(store)
    with reading(store) as connection:
        note(connection, Read("qxnaam-lezer-z", Look.EXPORT))
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        # Nobody read anything a year ago in a record that is new today.
        connection.execute(text("alter table reads disable trigger reads_append_only"))
        connection.execute(text("update reads set at = at - interval '14 months'"))
        connection.execute(text("alter table reads enable always trigger reads_append_only"))
    engine.dispose()
    with pytest.raises(Conflict):
        service.prepare(store, FIRST, What.READS)
    service.set_term(store, FIRST, READS, months=12)
    assert "qxnaam-lezer-z" in dump()
    selection = destroyed(store, What.READS)
    assert len(listed(store, selection)) == 1
    carry_out(store, tmp_path)
    assert scrub(store, tmp_path / "statements")
    assert "qxnaam-lezer-z" not in dump()
    with reading(store) as connection:
        assert connection.scalar(text("select count(*) from reads")) == 1
    assert_sound(store)


# How to have it before, and how to put it back.
PUT_BACK = {
    "case number": (
        (
            "select number, salt, case_id from case_numbers join escalations using (case_id) "
            "where id = %s"
        ),
        "update case_numbers set number = %s, salt = %s, destroyed_on = null where case_id = %s",
    ),
    **{
        what: (
            (
                "select content, salt, subject_id from ledger_texts "
                f"where subject = '{subject}' and subject_id = %s and seq = 1"
            ),
            (
                "update ledger_texts set content = %s, salt = %s, destroyed_on = null "
                f"where subject = '{subject}' and subject_id = %s and seq = 1"
            ),
        )
        for what, subject in (("reason of a hold", "hold"), ("reasons of a proposal", "escalation"))
    },
}


@pytest.mark.parametrize("what", PUT_BACK)
def test_what_an_old_dump_puts_back_is_named(
    store: Store, planted: dict[str, set[str]], owner_url: str, tmp_path: Path, what: str
) -> None:
    set_terms(store)
    selection = service.prepare(store, FIRST, What.CONTENT)
    with reading(store) as connection:
        (one, *_) = items(connection, selection)
    service.place(store, FIRST, one.escalation, "Beroep loopt nog.")
    service.lift(store, FIRST, one.escalation, "Afgelopen.")
    address = owner_url.replace("postgresql+psycopg", "postgresql")
    find, put_back = PUT_BACK[what]
    with psycopg.connect(address) as own:
        before = own.execute(find, [one.escalation]).fetchone()
    assert before is not None
    service.confirm(store, SECOND, selection, shown(store, selection))
    carry_out(store, tmp_path)
    # A reason that was worded since is none of what went.
    service.place(store, FIRST, one.escalation, "Nieuw beroep.")
    assert_sound(store)
    with psycopg.connect(address) as own:
        assert own.execute(put_back, before).rowcount == 1
    assert [finding.code for finding in verify(store).findings] == ["still_there"]


def test_who_noted_a_request_goes_with_the_last_of_its_case(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    people_term(store)
    selection = service.prepare(store, FIRST, What.PEOPLE)
    with reading(store) as connection:
        number = connection.scalar(
            text(
                "select number from case_numbers join escalations e using (case_id) where e.id = "
                "any(:ids) and not exists (select from escalations o where o.case_id = e.case_id "
                "and o.id <> all(:ids)) limit 1"
            ),
            {"ids": list(listed(store, selection))},
        )
    assert number is not None
    receive(store, FIRST, number, Asked.ACCESS)
    service.confirm(store, SECOND, selection, shown(store, selection))
    carry_out(store, tmp_path)
    with reading(store) as connection:
        left = connection.scalar(
            text("select count(*) from ledger_people where subject = 'request'")
        )
    assert left == 0
    assert_sound(store)


def test_what_was_recorded_around_it_since_becomes_due(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    people_term(store)
    for what in (What.CONTENT, What.PEOPLE):
        selection = destroyed(store, what)
        carry_out(store, tmp_path)
        with reading(store) as connection:
            (one, *_) = items(connection, selection)
        service.place(store, FIRST, one.escalation, "Nieuw beroep.")
        service.lift(store, FIRST, one.escalation, "Afgelopen.")
        again = destroyed(store, what)
        assert one.escalation in listed(store, again)
        carry_out(store, tmp_path)
        with pytest.raises(Conflict):
            service.prepare(store, FIRST, what)
        assert_sound(store)


def test_a_ledger_that_was_tampered_with_is_named(
    store: Store, planted: dict[str, set[str]], owner_url: str, tmp_path: Path
) -> None:
    set_terms(store)
    destroyed(store)
    carry_out(store, tmp_path)
    engine = create_engine(owner_url)
    lists = {
        "update retention_items set result = 'held'": "destroyed_results",
        "update retention_items set unit = unit + 1": "destroyed_list",
        "insert into retention_items select 'D-anders', escalation_id, unit, seq, ending, since "
        "from retention_items": "destroyed_list",
    }
    with engine.connect() as connection:
        for change, code in lists.items():
            with connection.begin_nested() as attempt:
                connection.execute(text(change))
                assert code in {one.code for one in examine(connection).findings}
                attempt.rollback()
        connection.execute(text("alter table ledger disable trigger ledger_append_only"))
        rows = connection.execute(
            text(
                "select position, content from ledger "
                "where fact in ('import', 'prepare', 'confirm', 'finish')"
            )
        ).all()
        assert len(rows) == 4
        spoil = text("update ledger set content = :content where position = :position")
        for row in rows:
            for at in range(0, len(row.content), 3):
                spoilt = bytearray(row.content)
                spoilt[at] ^= 1 << at % 8
                connection.execute(spoil, {"content": bytes(spoilt), "position": row.position})
                report = Report()
                covered = retention.load(connection, report)
                list(ledger.facts(connection, report, None, covered))
                assert not report.sound
            for content in (b"[]", b"{}", b'{"values":[]}', b'{"values":{"held":[[]]}}'):
                connection.execute(spoil, {"content": content, "position": row.position})
                assert "unreadable" in {one.code for one in examine(connection).findings}
            connection.execute(spoil, {"content": row.content, "position": row.position})
        connection.execute(text("delete from ledger_people where subject = 'destruction'"))
        connection.execute(text("delete from ledger where fact = 'prepare'"))
        connection.execute(text("alter table ledger enable always trigger ledger_append_only"))
        assert "destroyed_list" in {one.code for one in examine(connection).findings}
        connection.rollback()
    engine.dispose()
