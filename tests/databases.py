"""Databases for tests: emptied after one test and used for the next.

Making one takes the server longer than most tests take. Whoever changed more than rows, such as a
right or a trigger, gets no successor: that database is dropped.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from kdt.store import cluster
from kdt.store.embedded import OWNER, Server
from kdt.store.grants import EXTENSION

# Everything that is not a row of a table, in one word.
_SHAPE = """
    select md5(concat(
        (select string_agg(concat(relname, relkind, relacl, relrowsecurity, relchecks), ',' order by
            oid) from pg_class where relnamespace = 'public'::regnamespace and relkind <> 't'),
        (select string_agg(concat(attrelid, attname, attacl, atttypid), ',' order by attrelid,
            attnum) from pg_attribute where attacl is not null or attrelid in
            (select oid from pg_class where relnamespace = 'public'::regnamespace)),
        (select string_agg(concat(tgname, tgenabled), ',' order by oid) from pg_trigger),
        (select string_agg(concat(proname, proacl, md5(prosrc)), ',' order by oid) from pg_proc
            where pronamespace = 'public'::regnamespace),
        (select string_agg(concat(conname, convalidated), ',' order by oid) from pg_constraint),
        (select string_agg(concat(polname, polroles), ',' order by oid) from pg_policy),
        (select string_agg(concat(nspname, nspacl), ',' order by oid) from pg_namespace
            where nspname not like 'pg_%'),
        (select count(*) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
            where d.datname = current_database())
    ))
"""
_OTHERS_OUT = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
# What guards the log guards it from whoever has all rights too, unless they say so first.
_GUARDED = """
    select t.tgrelid::regclass::text, t.tgname from pg_trigger t where t.tgenabled = 'A'
"""
_TABLES = """
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname
"""
_SEQUENCES = "select setval(seqrelid::regclass, seqstart, false) from pg_sequence"
# Emptying what holds more than this takes longer than making another.
_LARGE = 40 * 2**20


@dataclass
class Databases:
    """Copies of one template, lent out one at a time."""

    server: Server
    template: str
    _spare: list[str] = field(default_factory=list)
    _shape: str = ""
    # The rows a new database begins with, by table.
    _seeds: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with connected(self.server, self.template) as connection:
            self._shape = _one(connection, _SHAPE)
            for table in _filled(connection):
                named = sql.SQL("copy {} to stdout").format(sql.Identifier(table))
                with connection.cursor().copy(named) as rows:
                    self._seeds[table] = b"".join(bytes(part) for part in rows)

    def take(self) -> str:
        """The name of a database as the template is."""
        if self._spare:
            return self._spare.pop()
        return create(self.server, self.template)

    def give_back(self, name: str) -> None:
        """Make it as it was, or drop it."""
        with connected(self.server, name) as connection:
            connection.execute(_OTHERS_OUT)
            size = _one(connection, "select pg_database_size(current_database())")
            kept = size < _LARGE and _one(connection, _SHAPE) == self._shape
            if kept:
                self._empty(connection)
        if kept:
            self._spare.append(name)
        else:
            drop(self.server, name)

    def _empty(self, connection: psycopg.Connection) -> None:
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            filled = _filled(connection)
            guards = [one for one in connection.execute(_GUARDED) if one[0] in filled]
            for table, trigger in guards:
                _alter(connection, table, "disable", trigger)
            for table in filled:
                connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
            for table, trigger in guards:
                _alter(connection, table, "enable always", trigger)
            for table, rows in self._seeds.items():
                named = sql.SQL("copy {} from stdin").format(sql.Identifier(table))
                with connection.cursor().copy(named) as into:
                    into.write(rows)
            connection.execute(_SEQUENCES)


def create(server: Server, template: str) -> str:
    """A new database, of the owner's; its name."""
    name = f"test_{secrets.token_hex(6)}"
    with connected(server) as connection:
        connection.execute(f"create database {name} template {template} owner {OWNER}")
    if template == "template0":
        # As whoever keeps a server does it, for its owner may not.
        with connected(server, name) as connection:
            connection.execute(f"create extension {EXTENSION}")
    return name


def drop(server: Server, name: str) -> None:
    """Whoever is still connected has leaked a connection, but that is its own test's finding."""
    with connected(server) as connection:
        connection.execute(f"drop database {name} with (force)")


def connected(server: Server, name: str = cluster.SUPERUSER) -> psycopg.Connection:
    """A connection with all rights, each statement a transaction of its own."""
    url = make_url(server.url(cluster.SUPERUSER, name))
    return psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    )


def _filled(connection: psycopg.Connection) -> list[str]:
    tables = [name for (name,) in connection.execute(_TABLES)]
    asked = sql.SQL(" union all ").join(
        sql.SQL("select {} where exists (select from {})").format(
            sql.Literal(name), sql.Identifier(name)
        )
        for name in tables
    )
    return [name for (name,) in connection.execute(asked)]


def _alter(connection: psycopg.Connection, table: str, how: str, trigger: str) -> None:
    change = sql.SQL("alter table {} " + how + " trigger {}")
    connection.execute(change.format(sql.Identifier(table), sql.Identifier(trigger)))


def _one(connection: psycopg.Connection, query: str) -> Any:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found[0]
