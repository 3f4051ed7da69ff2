"""Several statements in one round trip: what they see of one another, and what an error leaves."""

import pytest
from psycopg import errors

from kdt.store.driver import KEPT, Statement
from kdt.store.engine import Store
from kdt.store.transaction import at_once, writing
from kdt.store.writing import ask

_IN_TRANSACTION: Statement = (b"select now() < clock_timestamp() - interval '1 ms' as waited", ())
_SLEPT: Statement = (b"select pg_sleep(0.002)", ())
_KEPT = b"select count(*) as kept from pg_prepared_statements where name like 'kdt_%'"


def test_what_is_given_comes_back_as_it_was(store: Store) -> None:
    text = "'); drop table entries; -- \\ % één"
    with writing(store) as connection:
        (mine,), (none,) = ask(
            connection,
            (b"select %s::text as said, %s::int[] as numbers, %s::bytea as bytes", given(text)),
            (b"select %s::date as day", (None,)),
        )
    assert (mine.said, mine.numbers, mine.bytes) == given(text)
    assert none.day is None


def given(text: str) -> tuple[str, list[int], bytes]:
    return text, [1, 70_000], b"\x00\xff"


def test_all_of_them_are_one_transaction(store: Store) -> None:
    with writing(store) as connection:
        *_, (first,) = ask(connection, _SLEPT, _IN_TRANSACTION)
        ((later,),) = ask(connection, _IN_TRANSACTION)
    assert first.waited
    assert later.waited
    with at_once(store) as connection:
        ((alone,),) = ask(connection, _IN_TRANSACTION)
    assert not alone.waited


def test_an_error_undoes_them_and_leaves_the_connection_of_use(store: Store) -> None:
    with pytest.raises(errors.DivisionByZero), writing(store) as connection:
        ask(
            connection,
            (b"insert into record (id, demo) values (1, false)", ()),
            (b"select 1 / %s", (0,)),
            (b"select 2", ()),
        )
    with writing(store) as connection:
        ((found,),) = ask(connection, (b"select count(*) as there from record", ()))
    assert found.there == 0


def test_a_connection_keeps_so_many_planned_and_no_more(store: Store) -> None:
    many: list[Statement] = [(b"select %d as number" % one, ()) for one in range(KEPT + 20)]
    with writing(store) as connection:
        for _ in range(2):
            assert [rows[0].number for rows in ask(connection, *many)] == [*range(len(many))]
            ask(connection, many[0])
            ((found,),) = ask(connection, (_KEPT, ()))
            assert found.kept == KEPT + 1
