"""PostgreSQL's own programs that write a database out and read it in."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import URL, make_url

from kdt import words
from kdt.errors import Unavailable
from kdt.store import cluster

# Who is signed in is no part of the record, and whoever signed out since must stay so.
# And what is learnt of the texts is learnt again from them.
_NOT_KEPT = ("sessions", "sign_ins", "similar_models", "similar_even", "similar_odd")


def dump(url: str, file: Path, snapshot: str) -> None:
    """Write the database of a URL to a file, as the snapshot with that name sees it."""
    left_out = [f"--exclude-table-data={table}" for table in _NOT_KEPT]
    _run(
        "pg_dump", url, "--format=custom", "--no-owner", "--no-unlogged-table-data",
        # Of an extension's, which its owner alone may bring back.
        "--no-comments", *left_out,
        f"--snapshot={snapshot}", f"--file={file}",
    )  # fmt: skip


def load(url: str, file: Path) -> None:
    """Read such a file into the empty database of a URL: all of it, or nothing."""
    _run(
        "pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction",
        last=[str(file)],
    )  # fmt: skip


def _run(program: str, url: str, *arguments: str, last: list[str] | None = None) -> None:
    address = make_url(url)
    # Not on the command line: everybody on the machine can read that.
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    where = URL.create(
        "postgresql", address.username, None, address.host, address.port, address.database,
        address.query,
    ).render_as_string()  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        [str(cluster.programs() / program), f"--dbname={where}", *arguments, *(last or [])],
        env={**kept, **secret, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        # Only its kind: a message may repeat a row.
        raise Unavailable(words.say("backup.failed", program=program, status=done.returncode))
