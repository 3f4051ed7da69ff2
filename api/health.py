"""Whether the process lives, whether it can be sent requests, and how it fares."""

import hmac
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import metrics
from api.context import context
from kdt import words
from kdt.errors import NotFound
from kdt.store import knocks, migrate
from kdt.store.migrate import Standing
from kdt.store.transaction import reading

PATHS = ("/live", "/ready", "/metrics")
# Nothing knocks between two and three at night.
_LATE_AFTER = timedelta(minutes=75)

router = APIRouter(include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "up"}


@router.get("/ready")
def ready(request: Request) -> Response:
    """The database answers and has the schema this release needs; Unavailable (503) when the one
    does not, "down" (503 too) when the other is older.

    How the clock stands is told, and takes nobody out of service: pages and records do without.
    Likewise whether checkpoints are made, where that is set, and whether mail goes out.
    """
    parts = context(request)
    with reading(parts.store) as connection:
        schema = migrate.standing(connection)
        done = knocks.last(connection)
    up = schema is not Standing.OLDER
    told = {"clock": _standing(max(done.values(), default=None))}
    if parts.settings.checkpoint_to is not None:
        told["checkpoints"] = _standing(done.get("make_checkpoint"))
    mail = done.get("tell_answers")
    told["mail"] = _standing(mail) if parts.settings.smtp_host else "off"
    return JSONResponse(
        {"status": "up" if up else "down", "schema": schema, **told},
        HTTPStatus.OK if up else HTTPStatus.SERVICE_UNAVAILABLE,
    )


@router.get("/metrics")
def measured(request: Request) -> Response:
    """How this process fares, in Prometheus' text. Not there for whoever lacks the token; without
    one in the settings, for nobody."""
    parts = context(request)
    given = request.headers.get("authorization", "").encode()
    wanted = f"Bearer {parts.settings.metrics_token}".encode()
    if parts.settings.metrics_token is None or not hmac.compare_digest(given, wanted):
        raise NotFound(words.say("api.status.404"))
    return Response(metrics.text(parts.store), media_type=CONTENT_TYPE_LATEST)


def _standing(last: datetime | None) -> str:
    return "on time" if last and datetime.now(UTC) - last < _LATE_AFTER else "late"
