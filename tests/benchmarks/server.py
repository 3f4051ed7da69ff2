"""The database the benchmarks work on: an embedded server of their own, with large records kept as
templates between runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from kdt import clock
from kdt.cases.importing import Report, import_history
from kdt.differences.keeping import compare_when_due
from kdt.panels.planning import plan_ahead
from kdt.rising.keeping import scan_when_due
from kdt.store import cluster, embedded, migrate
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from tests.benchmarks import history

# Where the benchmarks keep what takes long to make.
HOME = Path("var/bench")


@contextmanager
def running() -> Iterator[Server]:
    """The benchmarks' own server."""
    HOME.mkdir(parents=True, exist_ok=True)
    held = embedded.acquire(HOME)
    try:
        yield held
    finally:
        held.release()


def administrator(held: Server) -> psycopg.Connection[tuple[object, ...]]:
    """A connection that may make and drop databases."""
    return psycopg.connect(plain(held.url(cluster.SUPERUSER, cluster.SUPERUSER)), autocommit=True)


def plain(url: str) -> str:
    """An address as psycopg itself knows it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def database(held: Server, template: str = "template1") -> Iterator[str]:
    """A database for one measurement, from a template; migrated when the template is empty."""
    name = f"bench_{time.time_ns()}"
    with administrator(held) as connection:
        # By copying its files: to write a large record to the log as well takes many times as long.
        connection.execute(
            f"create database {name} template {template} owner {OWNER} strategy file_copy".encode()
        )
    if template == "template1":
        migrate.upgrade(held.url(OWNER, name))
    try:
        yield name
    finally:
        with administrator(held) as connection:
            connection.execute(f"drop database {name} with (force)".encode())


@contextmanager
def store(held: Server, name: str) -> Iterator[Store]:
    """An open store, worked with as the application."""
    url = held.url(APPLICATION, name)
    engine = connect(url)
    with Store(engine, url, engine.dispose) as opened:
        yield opened


def generated(escalations: int) -> Path:
    """A generated history of that many escalations, spread as in the example year."""
    now = datetime.now(clock.AMSTERDAM)
    path = HOME / f"history-{escalations}-{clock.day(now)}.jsonl"
    if not path.exists():
        history.write(path, clock.day(now), now, escalations)
    return path


def large(held: Server, escalations: int) -> str:
    """The name of a template holding an imported record of that size."""
    return template(held, f"large_{escalations}", lambda: generated(escalations))


def template(held: Server, name: str, made: Callable[[], Path]) -> str:
    """The template of this name, which holds an imported history; made on first use, and brought up
    to date when it was made by an earlier release."""
    with administrator(held) as connection:
        found = connection.execute(
            "select 1 from pg_database where datname = %s", (name,)
        ).fetchone()
        if not found:
            connection.execute(f"drop database if exists {name}_part with (force)".encode())
            connection.execute(f"create database {name}_part owner {OWNER}".encode())
    if found:
        migrate.upgrade(held.url(OWNER, name))
        return name
    migrate.upgrade(held.url(OWNER, f"{name}_part"))
    with store(held, f"{name}_part") as opened:
        imported(opened, made())
    settle(held, f"{name}_part")
    with administrator(held) as connection:
        connection.execute(f"alter database {name}_part rename to {name}".encode())
    return name


def settle(held: Server, name: str) -> None:
    """What the server and the database do by themselves within minutes of an import: pages and
    actions come later. Only what makes similar cases findable takes longer."""
    with psycopg.connect(plain(held.url(OWNER, name)), autocommit=True) as owner:
        owner.execute(b"vacuum (analyze)")
    now = datetime.now(clock.AMSTERDAM)
    with store(held, name) as opened:
        for job in (plan_ahead, scan_when_due, compare_when_due):
            job(opened, now)


def imported(opened: Store, path: Path) -> Report:
    """Import, and make sure that all of it went in."""
    report = import_history(opened, path, by="benchmark")
    if report.bad:
        raise RuntimeError(f"{len(report.bad)} bad lines, the first: {report.bad[0]}")
    return report
