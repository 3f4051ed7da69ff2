"""Several statements in one round trip: what they see of one another, and what an error leaves."""

from uuid import uuid4

import pytest
from psycopg import errors
from sqlalchemy import Connection, Integer, bindparam, insert, select

from kdt.cases.model import cases, record
from kdt.store.driver import KEPT, Statement
from kdt.store.engine import Store
from kdt.store.transaction import at_once, writing
from kdt.store.writing import ask, compiled, copy, raw

_IN_TRANSACTION: Statement = (b"select now() < clock_timestamp() - interval '1 ms' as waited", ())
_SLEPT: Statement = (b"select pg_sleep(0.002)", ())
_KEPT = b"select count(*) as kept from pg_prepared_statements where name like 'kdt_%%'"
_KEPT_LAST: Statement = (b"insert into record (id, demo) values (%s, false)", (1,))
# More often than that, and a connection that leaks would be over what it may keep.
_OFTEN = 3 * KEPT


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


@pytest.mark.parametrize("way", ["together", "alone", "many", "copied"])
def test_what_comes_last_is_done_before_whatever_comes_next(store: Store, way: str) -> None:
    """However that is asked."""
    with writing(store) as connection:
        raw(connection).at_last(_KEPT_LAST)
        if way == "many":
            connection.execute(insert(cases), [{"id": uuid4()}, {"id": uuid4()}])
        elif way == "copied":
            copy(connection, cases, [(uuid4(),)])
        if way == "together":
            assert _last(connection) is False
        else:
            assert connection.scalar(select(record.c.demo)) is False


def test_what_comes_last_is_done_with_the_commit_and_not_after_a_rollback(store: Store) -> None:
    with store.engine.begin() as connection:
        raw(connection).at_last(_KEPT_LAST)
        raw(connection).rollback()
    with writing(store) as connection:
        assert _last(connection) is None
    # Alone in its transaction, which it has to begin.
    with writing(store) as connection:
        raw(connection).at_last(_KEPT_LAST)
    with writing(store) as connection:
        assert _last(connection) is False


@pytest.mark.parametrize(
    "wrong",
    [
        (b"insert into record (id, demo) values (%s, false)", (1 / 2,)),
        # Found at the commit alone.
        (b"insert into entry_people values ('V-234567', %s, 'nobody', '')", (1,)),
    ],
)
def test_an_error_in_what_comes_last_comes_from_the_commit_and_undoes_all(
    store: Store, wrong: Statement
) -> None:
    with store.engine.connect() as connection:
        ask(connection, _KEPT_LAST)
        raw(connection).at_last(wrong)
        with pytest.raises(errors.Error):
            raw(connection).commit()
    with writing(store) as connection:
        assert _last(connection) is None


def _last(connection: Connection) -> bool | None:
    (found,) = ask(connection, (b"select demo from record", ()))
    return found[0].demo if found else None


def test_a_connection_keeps_so_many_planned_and_no_more(store: Store) -> None:
    many: list[Statement] = [(b"select %d as number" % one, ()) for one in range(KEPT + 20)]
    with writing(store) as connection:
        for _ in range(2):
            assert [rows[0].number for rows in ask(connection, *many)] == [*range(len(many))]
            ask(connection, many[0])
            ((found,),) = ask(connection, (_KEPT, ()))
            assert found.kept == KEPT + 1


def test_what_is_rolled_back_leaves_no_plans_behind(store: Store) -> None:
    with store.engine.connect() as connection:
        for number in range(_OFTEN):
            assert ask(connection, (b"select %s::int as said", (number,)), _SLEPT)[0] == [(number,)]
            raw(connection).rollback()
        assert kept(connection) == 3


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "READ COMMITTED"])
def test_after_an_error_all_is_planned_anew_and_nothing_left_behind(
    store: Store, level: str
) -> None:
    """Also what came after the error, and so was never planned."""
    after: Statement = (b"select 2 as after", ())
    with store.engine.connect().execution_options(isolation_level=level) as connection:
        for _ in range(_OFTEN):
            with pytest.raises(errors.DivisionByZero):
                ask(connection, _SLEPT, (b"select 1 / %s", (0,)), after)
            raw(connection).rollback()
        assert ask(connection, after) == [[(2,)]]
        assert kept(connection) == 2


def test_where_the_driver_has_all_forgotten_it_is_planned_anew(store: Store) -> None:
    with store.engine.connect() as connection:
        for _ in range(3):
            assert ask(connection, (b"select 3 as said", ())) == [[(3,)]]
            raw(connection).execute(b"select 4", prepare=True)
            with pytest.raises(errors.DivisionByZero):
                raw(connection).execute(b"select 1 / 0")
            raw(connection).rollback()
        assert kept(connection) == 1


def test_what_is_refused_has_nothing_planned_anew(store: Store) -> None:
    of_either = b"select count(*) as kept from pg_prepared_statements"
    with store.engine.connect() as connection:
        ask(connection, (b"select 3 as said", ()))
        raw(connection).execute(b"select 4", prepare=True)
        raw(connection).rollback()
        assert ask(connection, (of_either, ())) == [[(3,)]]


def kept(connection: Connection) -> int:
    """How many are planned on the server, this question one of them."""
    ((found,),) = ask(connection, (_KEPT, ()))
    return int(found.kept)


def test_what_cannot_be_sent_costs_the_connection_and_no_more(store: Store) -> None:
    too_many: Statement = (b"select 1", [1] * 70_000)
    with store.engine.connect() as connection:
        lost = raw(connection)
        with pytest.raises(errors.OperationalError, match="number of parameters"):
            lost.together([_SLEPT, too_many])
        assert lost.closed
    with writing(store) as connection:
        assert raw(connection) is not lost
        assert ask(connection, (b"select 5 as said", ())) == [[(5,)]]


def test_a_percent_sign_is_written_twice_as_the_driver_has_it(store: Store) -> None:
    left = select(
        (bindparam("whole", type_=Integer) % bindparam("by", type_=Integer)).label("left")
    )
    statement, names = compiled(left)
    values = {"whole": 7, "by": 4}
    with writing(store) as connection:
        modulo, (sign,) = ask(
            connection,
            (statement, [values[name] for name in names]),
            (b"select 'a%%s' as said, %s::text as given", ("%s",)),
        )
    assert modulo == [(3,)]
    assert sign == ("a%s", "%s")
