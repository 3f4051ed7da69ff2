"""A small invented organisation in a database of its own, with a clock that tests set.

The record takes its moments from the database's clock, and nothing in KDT can set that. Here
another function of that name stands before PostgreSQL's own on the search path, as only who opens
the connections and owns a schema can arrange.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import event, make_url, select

from kdt.access.permissions import Actor
from kdt.clock import AMSTERDAM
from kdt.ledger.service import By
from kdt.meetings import service
from kdt.panels.model import panels
from kdt.panels.planning import plan
from kdt.store import cluster
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from kdt.themes.queries import begun
from kdt.themes.service import enter
from kdt.vocabulary import Role, ThemeState

PLACES = ("Den Bosch", "Ter Apel", "Zwolle")
# From this day Zwolle takes nothing new, and its panel does not meet.
CLOSED, CLOSED_ON = "Zwolle", date(2022, 4, 1)
THEMES, CLOSED_THEME = ("nareis", "medische-stukken"), "afgesloten-draad"
FIRST, LAST = date(2021, 11, 1), date(2023, 12, 31)
START = datetime(2021, 11, 1, 9, tzinfo=UTC)
ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
ALLROUNDER = "duizendpoot"

# What follows from acts, children before their parents.
_FILLED = (
    "entry_people", "entry_texts", "theme_tags", "theme_repeats", "theme_deltas", "theme_days",
    "outbox", "requests", "considerations", "entries", "escalations", "case_numbers", "cases",
    "tally_deltas", "tally_days", "tally_months", "case_deltas", "case_days", "case_months",
    "stay_deltas", "stay_days", "stays_missed", "record",
)  # fmt: skip
# What survives a power cut is not asked here, and waiting for the disk would be most of the work.
_OPTIONS = "set search_path to pretend, pg_catalog, public; set synchronous_commit to off"
_CLOCK = """
    create schema pretend;
    create table pretend.clock (at timestamptz not null);
    insert into pretend.clock values ('{start}');
    create function pretend.clock_timestamp() returns timestamptz
        language sql stable as 'select at from pretend.clock';
    create function pretend.now() returns timestamptz
        language sql stable as 'select at from pretend.clock';
    grant usage on schema pretend to kdt_app;
    grant select on pretend.clock to kdt_app;
"""


def meets(level: str, day: date) -> bool:
    """Whether panels at this level have a meeting on a day: local ones but for Sunday, the
    national one on Monday and Thursday."""
    return day.isoweekday() in (range(1, 7) if level == "local" else (1, 4))


def people() -> list[Actor]:
    """Everyone in every capacity; one of them holds them all."""
    found = [Actor(ALLROUNDER, Role.OFFICER)]
    for place in (*PLACES, None):
        name = place or "landelijk"
        if place is not None:
            found += [
                Actor(f"medewerker-{name}-{number}", Role.OFFICER, place) for number in (1, 2)
            ]
        for role in (Role.SECRETARY, Role.CHAIR):
            found += [Actor(f"{role}-{name}", role, place), Actor(ALLROUNDER, role, place)]
    found.append(Actor("lid-Den Bosch", Role.MEMBER, "Den Bosch"))
    found += [Actor("beleid", Role.POLICY_ADVISER), Actor("beleid", Role.POLICY_ADVISER, PLACES[0])]
    return [*found, Actor("toezicht", Role.AUDITOR), Actor("leiding", Role.MANAGER)]


@dataclass
class World:
    """The database, its panels in the shape of a history file, and its clock."""

    store: Store
    owner: psycopg.Connection
    _administrator: psycopg.Connection
    panels: Mapping[str, Mapping[str, Any]]
    now: datetime = START

    @property
    def today(self) -> date:
        return self.now.astimezone(AMSTERDAM).date()

    def set_clock(self, now: datetime) -> None:
        self.now = now
        self.owner.execute("update pretend.clock set at = %s", (now,))

    def empty(self) -> None:
        """Begin again with an empty record: with full rights over the server, and no others, for
        otherwise nobody can."""
        with self._administrator.transaction():
            self._administrator.execute("set constraints all immediate")
            self._administrator.execute("alter table entries disable trigger entries_append_only")
            for table in _FILLED:
                self._administrator.execute(f"delete from {table}")
            self._administrator.execute(
                "alter table entries enable always trigger entries_append_only"
            )

    def row(self, escalation: str) -> dict[str, Any] | None:
        """The row of an escalation, with its case number, as anyone with full rights reads it."""
        with self.owner.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(
                "select escalations.*, number from escalations "
                "join case_numbers using (case_id) where id = %s",
                (escalation,),
            )
            return found.fetchone()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        row = self.owner.execute(f"select count(*) from {table}").fetchone()
        return int(row[0]) if row else 0


def build(server: Server, template: str) -> str:
    """A database with the organisation in it, for `opened` to copy."""
    name = f"world_{secrets.token_hex(6)}"
    with administrator(server) as connection:
        connection.execute(f"create database {name} template {template} owner {OWNER}")
    with psycopg.connect(_plain(server, OWNER, name)) as owner:
        owner.execute(_CLOCK.format(start=START.isoformat()))
    with _store(server, name) as store:
        for place in PLACES:
            service.create_location(store, ADMINISTRATOR, place, on=FIRST)
        service.create_panel(store, ADMINISTRATOR, "national", on=FIRST)
        service.change_location(store, ADMINISTRATOR, CLOSED, is_open=False, on=CLOSED_ON)
        with store.engine.begin() as connection:
            known = connection.execute(select(panels)).all()
            days = [FIRST + timedelta(number) for number in range((LAST - FIRST).days)]
            plan(connection, [(p.id, day) for p in known for day in days if meets(p.level, day)])
            for one in THEMES:
                enter(connection, By("beheer"), begun(one, one, "", ThemeState.CONFIRMED))
            closed_one = begun(CLOSED_THEME, CLOSED_THEME, "", ThemeState.CLOSED)
            enter(connection, By("beheer"), closed_one)
            closed = next(p.id for p in known if p.location == CLOSED)
        service.change_panel(store, ADMINISTRATOR, closed, is_open=False, on=CLOSED_ON)
    return name


@contextmanager
def opened(server: Server, template: str) -> Iterator[World]:
    """A copy of the organisation with an empty record, gone afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    with administrator(server) as connection:
        connection.execute(f"create database {name} template {template} owner {OWNER}")
        try:
            with (
                _store(server, name) as store,
                psycopg.connect(_plain(server, OWNER, name), autocommit=True) as owner,
                psycopg.connect(
                    _plain(server, cluster.SUPERUSER, name), autocommit=True
                ) as superuser,
            ):
                yield World(store, owner, superuser, _panels(owner))
        finally:
            connection.execute(f"drop database {name} with (force)")


def at(day: date, hour: int = 12) -> datetime:
    """A moment on a day in Amsterdam."""
    return datetime.combine(day, time(hour), AMSTERDAM).astimezone(UTC)


def administrator(server: Server) -> psycopg.Connection:
    """Full rights over the server."""
    return psycopg.connect(_plain(server, cluster.SUPERUSER, cluster.SUPERUSER), autocommit=True)


def _panels(owner: psycopg.Connection) -> dict[str, dict[str, Any]]:
    found = owner.execute("select id, level, location from panels order by level, location")
    return {
        row[0]: {"kind": "panel", "id": row[0], "level": row[1]}
        | ({"location": row[2]} if row[2] else {})
        for row in found
    }


def _store(server: Server, database: str) -> Store:
    url = server.url(APPLICATION, database)
    engine = connect(url)

    @event.listens_for(engine, "connect")
    def pretends(connection: psycopg.Connection, _: object) -> None:
        connection.execute(_OPTIONS)
        connection.commit()

    return Store(engine, url, engine.dispose)


def _plain(server: Server, role: str, database: str) -> str:
    url = make_url(server.url(role, database)).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
