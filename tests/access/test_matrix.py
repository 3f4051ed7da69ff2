"""Who may see and do what: every capacity, every route and method, every phase, against the table
written by hand. Nothing that is asked here is kept."""

import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import structlog
from fastapi import FastAPI

from api import policy
from api.app import create_app
from api.policy import Kind
from kdt.access.table import TABLE as CAPACITIES
from kdt.settings import Settings
from kdt.similar.keeping import keep_up
from kdt.store.embedded import APPLICATION, Server
from kdt.store.engine import Store, connect
from kdt.vocabulary import Action
from tests.access import calls
from tests.access.asking import Answer, Asking, Call, asked
from tests.access.organisation import BRINGER, Capacity, Escalation, Organisation, build
from tests.conftest import new_database

TABLE = tomllib.loads((Path(__file__).parent / "expectations.toml").read_text("utf-8"))
ABOUT = (
    Kind.CASE,
    Kind.CASE_FORM,
    Kind.CASE_ACTION,
    Kind.RECUSE,
    Kind.SUSPEND,
    Kind.RELATE,
    Kind.PROPOSE_OUTCOME,
    Kind.TAKE_POSITION,
)
GOOD, CLOSED = frozenset({200, 201, 204, 303}), frozenset({400, 403, 404, 409})
SIGN_IN = frozenset({303, 401})
# In the short run, one in so many.
EVERY = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 60


@dataclass(frozen=True)
class Matrix:
    """The application over the organisation, and how it is asked."""

    app: FastAPI
    here: Organisation
    ask: Asking


@pytest.fixture(scope="module")
def matrix(
    database_server: tuple[Server, int, str],
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Matrix]:
    for database in new_database(database_server[0], template):
        url = database_server[0].url(APPLICATION, database)
        engine = connect(url)
        settings = Settings(home=tmp_path_factory.mktemp("matrix"), requests_per_minute=1_000_000)
        with Store(engine, url, engine.dispose) as store, quiet():
            here = build(store)
            assert keep_up(store)
            app = create_app(store, settings, demo=True)
            with asked(app, store) as ask:
                yield Matrix(app, here, ask)


def quiet() -> Any:
    """Without a line in the log for each of thousands of requests."""
    return structlog.testing.capture_logs()


@pytest.mark.slow
def test_every_cell_is_as_expected(matrix: Matrix) -> None:
    """All of them in the long run; in the short one some of each kind for every capacity."""
    wrong, kinds = [], Counter[str]()
    for cell in chosen(every_cell(matrix)):
        kinds[cell.kind] += 1
        answer = matrix.ask(cell.call, cell.who)
        wrong += [f"{cell}: {one}" for one in judged(matrix, cell, answer)]
    print(f"{kinds.total()} cells: {dict(kinds)}")  # noqa: T201 - how many there are is asked
    assert not wrong, "\n".join([f"{len(wrong)} wrong", *wrong[:60]])
    assert kinds.keys() == {*Kind}


def chosen(cells: Iterable["Cell"]) -> Iterator["Cell"]:
    """The cells to ask: the first of a kind for a capacity, and one in so many of the others, the
    same in every run."""
    met = set()
    for cell in cells:
        pair = (cell.kind, cell.who.name if cell.who else None)
        if EVERY == 1 or pair not in met or crc32(str(cell).encode()) % EVERY == 0:
            met.add(pair)
            yield cell


@dataclass(frozen=True)
class Cell:
    """One question: who asks what, of which escalation where it is about one."""

    kind: Kind
    route: str
    call: Call
    who: Capacity | None
    escalation: Escalation | None = None
    action: Action | None = None

    def __str__(self) -> str:
        about = f" {self.escalation.set}/{self.escalation.phase}" if self.escalation else ""
        action = f" {self.action}" if self.action else ""
        return f"{self.who.name if self.who else 'nobody'} {self.route}{about}{action}"


def every_cell(matrix: Matrix) -> Iterator[Cell]:
    """All of them, drawn from the application as it is."""
    kinds = {route: kind for kind, routes in policy.DECLARED.items() for route in routes}
    here = matrix.here
    everybody = [None, *here.capacities]
    for route in sorted(policy.routes(matrix.app)):
        kind = kinds[route]
        for who in everybody:
            if kind not in ABOUT:
                yield Cell(kind, route, calls.PLAIN[route](here, who), who)
                continue
            for one in here.escalations:
                if one.set != "elsewhere":
                    for action, call in calls.about(here, route, one, who):
                        yield Cell(kind, route, call, who, one, action)


def judged(matrix: Matrix, cell: Cell, answer: Answer) -> Iterator[str]:
    """Everything that is not as it should be."""
    wanted = expected(cell)
    if wanted == "any":
        if answer.status >= 500:
            yield f"{answer.status}"
    elif wanted == "sign_in":
        if answer.status not in SIGN_IN:
            yield f"{answer.status} for nobody"
    elif wanted == "hidden":
        if nothing_there(matrix, cell) != (answer.status, answer.body):
            yield f"{answer.status}: not as what is not there"
    elif wanted == "yes":
        # What was made and undone is not there to be shown.
        if answer.status not in GOOD and not answer.recorded:
            yield f"{answer.status}, not yes"
    elif answer.status not in CLOSED:
        yield f"{answer.status}, not {wanted}"
    if answer.recorded and (wanted != "yes" or cell.call.method == "GET"):
        yield f"{answer.status}: recorded all the same"
    for leak in leaks(matrix, cell, answer):
        yield f"{answer.status}: shows {leak}"


def expected(cell: Cell) -> str:
    """What the table says of a cell."""
    if cell.kind is Kind.OPEN:
        return "any"
    if cell.who is None:
        # A form of nobody's session ends none.
        return "closed" if cell.kind is Kind.SIGN_OUT else "sign_in"
    row = TABLE[cell.who.name]
    if cell.escalation is not None:
        return _expected_of_case(cell, cell.escalation, row)
    if cell.route in calls.THERE_ALREADY:
        return "closed"
    may = {*TABLE["everyone"]["may"], *row["may"]}
    if cell.route == "POST /meetings/{panel}/{held_on}" and "consider_in_meeting" in may:
        return "yes"
    if cell.kind in row.get("asks", ()):
        return "yes" if cell.call.method == "GET" else "closed"
    return "yes" if cell.kind in may else "closed"


def _expected_of_case(cell: Cell, one: Escalation, row: dict[str, Any]) -> str:
    sight = row[one.set]
    if sight == "hidden":
        return "hidden"
    if cell.kind is Kind.CASE:
        return "yes" if sight == "reads" else "closed"
    acts = TABLE["acts"][row.get(f"acts_{one.set}", "none")]
    phases = acts.get(cell.action or cell.kind, ())
    return "yes" if phases == "every phase" or one.phase in phases else "closed"


def nothing_there(matrix: Matrix, cell: Cell) -> tuple[int, bytes]:
    """What this person is answered about an escalation that does not exist."""
    assert cell.escalation is not None
    path = cell.call.path.replace(cell.escalation.id, calls.NOBODY)
    return _nothing(matrix.ask, replace(cell.call, path=path), cell.who)


_KNOWN: dict[tuple[str, str, str], tuple[int, bytes]] = {}


def _nothing(ask: Asking, call: Call, who: Capacity | None) -> tuple[int, bytes]:
    assert who is not None
    key = (who.name, call.method, f"{call.path} {call.given}")
    if key not in _KNOWN:
        answer = ask(call, who)
        _KNOWN[key] = (answer.status, answer.body)
    return _KNOWN[key]


def leaks(matrix: Matrix, cell: Cell, answer: Answer) -> list[str]:
    """What the answer shows of what this person may not know of, or is not shown."""
    sent = f"{cell.call.path} {cell.call.given}".encode()
    return [
        told.decode()
        for told in _kept_from(matrix.here, cell.who)
        if told in answer.body and told not in sent and not _allowed(matrix.here, cell, told)
    ]


def _allowed(here: Organisation, cell: Cell, told: bytes) -> bool:
    """Whoever follows or retains reads all ids; whoever hands over or keeps people reads who there
    are."""
    if cell.kind in (Kind.EVENTS, Kind.RETAIN, Kind.DISCLOSE):
        return told.startswith(b"V-")
    if cell.kind is Kind.DOSSIER:
        # All of the one case about which something was asked.
        return told.decode() in calls.disclosed(here)
    if cell.kind is Kind.INSPECT:
        # Whoever says what for is shown where the case stands.
        return told.decode() == calls.queued(here).id
    named = told in (BRINGER.person.encode(), b"officer own")
    return named and cell.kind in (Kind.HAND_OVER, Kind.MANAGE_PEOPLE)


@cache
def _kept_from(here: Organisation, who: Capacity | None) -> frozenset[bytes]:
    row = TABLE[who.name] if who else dict.fromkeys(("plain", "up", "elsewhere"), "hidden")
    shows = {*row.get("shows", ())}
    kept: set[str] = set()
    for one in here.escalations:
        sight = row[one.set]
        if sight == "hidden":
            kept.add(one.id)
        if sight != "reads" or "text" not in shows:
            kept.add(one.text)
        if sight != "reads" or "number" not in shows:
            kept.add(one.case)
    if "people" not in shows:
        kept |= {BRINGER.person, "officer own"}
    return frozenset(one.encode() for one in kept)


def test_every_capacity_of_the_table_is_in_the_expectations(matrix: Matrix) -> None:
    names = {one.name for one in matrix.here.capacities}
    assert names == TABLE.keys() - {"everyone", "acts"}
    assert {(one.role, None in one.locations) for one in matrix.here.capacities} == {*CAPACITIES}
