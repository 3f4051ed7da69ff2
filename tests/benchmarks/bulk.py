"""The import of a large record, against COPY of the same rows and reading the same JSON."""

import json
import resource
from collections.abc import Iterator
from pathlib import Path

from kdt.cases.model import entries, entry_people, entry_texts, escalations
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import connect
from kdt.store.writing import raw
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, seconds

# This process, and the largest of those it began: the one that reads the file.
_OURS = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def run(held: Server, size: int) -> Iterator[Result]:
    """One line: seconds for `size` escalations."""
    path = server.generated(size)
    with server.database(held) as name, server.store(held, name) as store:
        ours = seconds(lambda: server.imported(store, path))
        peak = sum(resource.getrusage(who).ru_maxrss for who in _OURS) / 1024
        floor = _floor(held, name, path)
    yield Result(
        f"import of {size:,} escalations",
        ours,
        "s",
        floor,
        aim="60 s for 100,000; 1.5 GiB",
        note=f"peak {peak:,.0f} MiB",
    )


def _floor(held: Server, name: str, path: Path) -> float:
    """Read the JSON, and copy the rows the import wrote into tables with the same indexes."""
    engine = connect(held.url(OWNER, name))
    tables = (entries, entry_people, entry_texts, escalations)
    with engine.begin() as connection:
        driver = raw(connection)
        dumps = {}
        for table in tables:
            with driver.cursor().copy(f"copy {table.name} to stdout".encode()) as out:
                dumps[table.name] = b"".join(bytes(part) for part in out)
            driver.execute(
                f"create table floor_{table.name} (like {table.name} including indexes)".encode()
            )

        def work() -> None:
            with path.open("rb") as lines:
                for line in lines:
                    json.loads(line)
            for table in tables:
                statement = f"copy floor_{table.name} from stdin".encode()
                with driver.cursor().copy(statement) as into:
                    into.write(dumps[table.name])

        taken = seconds(work)
        connection.rollback()
    engine.dispose()
    return taken
