"""Every route has one declared kind, or the application is not made."""

from pathlib import Path

import pytest
from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from api import policy
from api.app import create_app
from kdt.settings import Settings
from kdt.store.engine import Store


@pytest.fixture
def app(store: Store, tmp_path: Path) -> FastAPI:
    return create_app(store, Settings(home=tmp_path), demo=True)


def test_the_application_has_the_routes_declared_and_no_others(app: FastAPI) -> None:
    found = [*policy.routes(app)]
    assert len(found) == len({*found}) > 90
    policy.check(app)


def test_a_route_without_a_kind_is_found_wherever_it_stands(app: FastAPI) -> None:
    (v1,) = (
        route.app
        for route in app.routes
        if isinstance(route, Mount) and isinstance(route.app, FastAPI)
    )

    @v1.delete("/escalations/{escalation}")
    def undeclared(escalation: str) -> None: ...

    with pytest.raises(ValueError, match=r"DELETE /v1/escalations/\{escalation\}$"):
        policy.check(app)


def test_a_socket_and_a_foreign_mount_do_not_pass_unseen(app: FastAPI) -> None:
    @app.websocket("/live-updates")
    async def undeclared(_: WebSocket) -> None: ...

    with pytest.raises(ValueError, match="ANY /live-updates"):
        policy.check(app)
    app.mount("/foreign", Starlette())
    with pytest.raises(ValueError, match="ANY /foreign"):
        policy.check(app)


def test_a_kind_for_a_route_that_is_gone_is_found(app: FastAPI) -> None:
    def plain(_: Request) -> Response:
        return Response()

    bare = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    bare.add_route("/live", plain)
    with pytest.raises(ValueError, match="GET /ready"):
        policy.check(bare)
