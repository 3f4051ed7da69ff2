"""Where what happens now comes from: the trace it is part of, the address it was asked from, and by
which door. It surrounds a request as its trace id does, so that no function on the way can leave it
out or make it up."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# The address of what is done by a command, or by the product itself.
HERE = "local"


@dataclass(frozen=True, slots=True)
class Origin:
    """`trace` is 32 hexadecimal digits; `caller` the 16 of the operation of another system that
    asked for it. `door` says by which route, once that is known, without anything typed in it."""

    trace: str
    address: str
    door: Callable[[], str]
    caller: str | None = None


def current() -> Origin:
    """The origin of what happens now; outside a request a new one, of this machine."""
    return _current.get() or of_command("-")


def of_command(name: str) -> Origin:
    """The origin of a command, by its name."""
    return Origin(secrets.token_hex(16), HERE, lambda: name)


@contextmanager
def bound(origin: Origin) -> Iterator[None]:
    """Everything in the block comes from there."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)
