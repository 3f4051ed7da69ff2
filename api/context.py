"""What every request can reach: the record, the settings, whether this is a demonstration, and the
organisation's provider."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection, Request

from kdt.access.permissions import scope
from kdt.access.sessions import Limits
from kdt.settings import Settings, is_loopback
from kdt.store.engine import Store
from kdt.store.scope import NOTHING

if TYPE_CHECKING:
    from api.oidc.provider import Provider


@dataclass(frozen=True, slots=True)
class Context:
    """One application's parts. `demo`: the record is an invented example; `provider`: whom one
    signs in with, none where that was not set."""

    store: Store
    settings: Settings
    demo: bool
    provider: "Provider | None" = None

    @property
    def limits(self) -> Limits:
        """How long a session lasts here."""
        return Limits(
            timedelta(hours=self.settings.session_hours),
            timedelta(minutes=self.settings.session_idle_minutes),
        )


def context(request: HTTPConnection) -> Context:
    """The parts of the application that handles this request; the record within the scope of who is
    asking, as far as that is known."""
    parts = cast("Context", request.app.state.context)
    session = getattr(request.state, "session", None)
    person = getattr(request.state, "by_token", None) or (session and session.person)
    return replace(parts, store=parts.store.within(scope(person.actors) if person else NOTHING))


def site(request: Request) -> str:
    """Where browsers find KDT. Behind a proxy the request itself does not know that it came over
    TLS."""
    return context(request).settings.base_url or str(request.base_url)


def over_tls(request: HTTPConnection) -> bool:
    """Whether the browser comes over TLS, also where a proxy before us takes that off."""
    settings = cast("Context", request.app.state.context).settings
    return request.url.scheme == "https" or (settings.base_url or "").startswith("https:")


def is_local(request: HTTPConnection) -> bool:
    """Whether the request comes from this machine itself."""
    return request.client is not None and is_loopback(request.client.host)
