"""What every request can reach: the record, the settings, and whether this is a demonstration."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import cast

from starlette.requests import HTTPConnection

from kdt.settings import Settings
from kdt.store.engine import Store


@dataclass(frozen=True, slots=True)
class Context:
    """One application's parts. `demo`: the record is an invented example."""

    store: Store
    settings: Settings
    demo: bool


def context(request: HTTPConnection) -> Context:
    """The parts of the application that handles this request."""
    return cast("Context", request.app.state.context)


def is_local(request: HTTPConnection) -> bool:
    """Whether the request comes from this machine itself."""
    if request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
