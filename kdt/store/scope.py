"""In which scope a transaction reads. The database shows no row of a case outside it, and none at
all where nothing was set: the second line, behind `kdt.access.permissions`.

It is set for one transaction alone, so that nothing of it leaks through the pool.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from kdt.store.driver import Statement
from kdt.store.writing import ask

# All of it: for the command line and the clock. What answers a request is never given this.
WHOLE = '{"whole": true}'
NOTHING = ""
# Every escalation in codes and days, and no number or text: for what only counts.
_COUNTS = '{"rows": {"locations": ["*"]}}'
_LEFT = json.dumps({part: {"locations": ["*"]} for part in ("rows", "texts", "numbers")})

_SET = b"select set_config('kdt.scope', %s, true)"
_GET = b"select current_setting('kdt.scope', true) as scope"


def within(scope: str) -> Statement:
    """What sets the scope of this transaction."""
    return _SET, (scope,)


@contextmanager
def counting(connection: Connection, *, left: bool = False) -> Iterator[None]:
    """Within the block all escalations count, for whoever asks; what is read there are numbers,
    codes and days. `left`: also whether anything is left of their texts and case numbers."""
    (found,), _ = ask(connection, (_GET, ()), within(_LEFT if left else _COUNTS))
    yield
    ask(connection, within(found.scope or NOTHING))
