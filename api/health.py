"""Whether the process lives, and whether it can be sent requests."""

from fastapi import APIRouter
from sqlalchemy import text
from starlette.requests import Request

from api.context import context
from kdt.store.transaction import reading

PATHS = ("/live", "/ready")

router = APIRouter(include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "up"}


@router.get("/ready")
def ready(request: Request) -> dict[str, str]:
    """The database answers too; Unavailable (503) when it does not."""
    with reading(context(request).store) as connection:
        connection.execute(text("select 1"))
    return {"status": "up"}
