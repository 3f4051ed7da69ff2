"""Row security, the second line: what the database shows of cases in a scope, whatever asks it."""

from collections.abc import Iterator
from unittest import mock

import pytest
from sqlalchemy import select, text, true

from api import policy
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Shown
from kdt.cases import sights
from kdt.cases.model import escalations
from kdt.store.engine import Store
from kdt.store.scope import NOTHING, counting
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.access import calls
from tests.access.asking import Call
from tests.access.organisation import Capacity, Escalation
from tests.access.test_matrix import ABOUT, EVERY, Matrix, matrix

__all__ = ["matrix"]

_ROWS = "select id from escalations"
_TEXTS = "select distinct escalation_id from entry_texts"
_NUMBERS = "select e.id from escalations e join case_numbers n on n.case_id = e.case_id"
_FOLLOWED = "select distinct escalation_id from outbox"


@pytest.fixture
def store(matrix: Matrix) -> Store:
    found: Store = matrix.app.state.context.store
    return found


def actors(one: Capacity) -> list[Actor]:
    return [Actor(one.name, one.role, location) for location in one.locations]


def found(store: Store, scope: str, query: str) -> set[str]:
    with reading(store.within(scope)) as connection:
        return {*connection.scalars(text(query))}


def test_the_database_shows_each_capacity_what_access_does(matrix: Matrix, store: Store) -> None:
    with reading(store) as connection:
        every = {*connection.scalars(select(escalations.c.id))}
    assert len(every) == len(matrix.here.escalations) + len(matrix.here.kin)
    for one in matrix.here.capacities:
        mine = actors(one)
        with reading(store) as connection:
            query = select(escalations.c.id)
            knows, texts, numbers = (
                {*connection.scalars(query.where(sights.visible(mine, needed)))}
                for needed in (set(), {Shown.TEXT}, {Shown.CASE_NUMBER})
            )
        scope = permissions.scope(mine)
        follows = every if one.name in ("administrator.national", "auditor.national") else knows
        rows = every if one.name == "administrator.national" else knows
        assert found(store, scope, _ROWS) == rows, one.name
        assert found(store, scope, _TEXTS) == texts, one.name
        assert found(store, scope, _NUMBERS) == numbers, one.name
        assert found(store, scope, _FOLLOWED) == follows, one.name


def test_nothing_is_shown_where_nothing_was_set_nor_after_another(store: Store) -> None:
    everything = permissions.scope([Actor("toezicht", Role.AUDITOR)])
    for _ in range(20):
        assert found(store, everything, _ROWS)
        for query in (_ROWS, _TEXTS, _NUMBERS, _FOLLOWED):
            assert not found(store, NOTHING, query)
    with store.engine.connect() as connection:
        connection.execution_options(postgresql_readonly=True)
        assert not connection.scalars(text(_ROWS)).all()
        connection.rollback()


def test_what_is_there_for_what_writes_shows_a_reader_nothing(store: Store) -> None:
    unscoped = "select id from unscoped_escalations"
    assert not found(store, store.scope, unscoped)
    with writing(store) as connection:
        assert {*connection.scalars(text(unscoped))} == found(store, store.scope, _ROWS)


def test_what_counts_the_queues_names_no_escalation(store: Store) -> None:
    with reading(store.within(NOTHING)) as connection:
        waiting = connection.execute(text("select * from waiting"))
        assert {*waiting.keys()} == {"level", "location", "waiting_since", "held_over"}
        assert waiting.all()


def test_what_only_reads_cannot_begin_to_write_and_see_more(store: Store) -> None:
    with pytest.raises(Exception, match="read-write"), reading(store.within(NOTHING)) as connection:
        connection.execute(text("set transaction read write"))


def test_what_counts_reads_no_text_and_is_over_when_it_is_done(store: Store) -> None:
    with reading(store.within(NOTHING)) as connection:
        with counting(connection):
            assert connection.scalars(text(_ROWS)).all()
            assert not connection.scalars(text(_TEXTS)).all()
            assert not connection.scalars(text(_NUMBERS)).all()
        assert not connection.scalars(text(_ROWS)).all()


@pytest.fixture
def unchecked() -> Iterator[None]:
    """Access says yes to everybody."""
    with (
        mock.patch.object(permissions, "sees", return_value=True),
        mock.patch.object(permissions, "sight", return_value=frozenset(Shown)),
        mock.patch.object(permissions, "serves", return_value=True),
        mock.patch.object(permissions, "refused", return_value=None),
        mock.patch.object(permissions, "reader", side_effect=lambda actors, _: actors[0]),
        mock.patch("kdt.cases.queries.sight", return_value=frozenset(Shown)),
        mock.patch.object(sights, "visible", return_value=true()),
    ):
        yield


def _everything(matrix: Matrix, other: Escalation, who: Capacity) -> Iterator[Call]:
    """In the long run: whatever can be looked at, and all of it about what is elsewhere."""
    kinds = {route: kind for kind, routes in policy.DECLARED.items() for route in routes}
    for route in sorted(policy.routes(matrix.app)):
        if EVERY == 1 and route.startswith("GET"):
            if kinds[route] in ABOUT:
                yield from (call for _, call in calls.about(matrix.here, route, other, who))
            else:
                yield calls.PLAIN[route](matrix.here, who)


@pytest.mark.slow
@pytest.mark.usefixtures("unchecked")
def test_without_the_checks_no_row_of_another_location_comes_through(matrix: Matrix) -> None:
    """At pages and lists of cases; in the long run at everything there is to look at."""
    (other,) = (one for one in matrix.here.escalations if one.set == "elsewhere")
    kept = {told.encode() for told in (other.id, other.case, other.text)}
    here = [
        one
        for one in matrix.here.capacities
        if one.name.endswith((".here", ".own")) and not one.name.startswith("administrator")
    ]
    local = "/v1/panels/kdt-ter-apel"
    asked = [
        Call("GET", path)
        for path in (
            "/",
            "/escalations",
            "/queue?panel=kdt-ter-apel",
            "/meetings",
            f"/meetings/kdt-ter-apel/{matrix.here.today.isoformat()}",
            f"/themes/{matrix.here.theme}",
            f"/escalations/{other.id}",
            f"/escalations/{other.id}/withdraw",
            f"/escalations/{other.id}/recuse",
            f"/escalations/{other.id}/propose",
            f"/v1/escalations/{other.id}/proposals",
            f"/escalations/{other.id}/entries/1/correct",
            "/v1/escalations?limit=200",
            f"/v1/escalations/{other.id}",
            f"{local}/queue",
            f"{local}/meetings/{matrix.here.today.isoformat()}",
            *(f"/v1/escalations/{other.id}/{noun}" for noun in calls.NOUNS),
        )
    ]
    asked.append(Call("POST", "/v1/escalations/_search", {"caseNumber": other.case}))
    asked.append(Call("POST", "/escalations/search", {"case": other.case}))
    asked.append(Call("POST", "/v1/escalations/_similar", {"summary": other.text}))
    looking = {one.name: [*asked, *_everything(matrix, other, one)] for one in here}
    print(f"{sum(map(len, looking.values()))} looks")  # noqa: T201 - how many there are is asked
    through = [
        f"{one.name} {call.path}: {told.decode()}"
        for one in here
        for call in looking[one.name]
        for answer in [matrix.ask(call, one)]
        for told in kept
        if told in answer.body and told not in f"{call.path} {call.given}".encode()
    ]
    assert not through, "\n".join(through)
    # The checks are gone indeed; and who is shown no text still reads none.
    (manager,) = (one for one in here if one.name == "manager.here")
    mine = next(one for one in matrix.here.escalations if one.set == "plain")
    answer = matrix.ask(Call("GET", f"/v1/escalations/{mine.id}"), manager)
    assert answer.status == 200
    assert mine.text.encode() not in answer.body
    assert mine.case.encode() not in answer.body
