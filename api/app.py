"""The application: pages at the root, the API under `/v1`, and what surrounds both."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from api import errors, health, pages, people, policy
from api.context import Context
from api.live import Listener
from api.middleware import Frame, is_api
from api.v1.app import create_v1
from kdt.errors import KdtError
from kdt.settings import Settings
from kdt.store.engine import Store

if TYPE_CHECKING:
    from api.oidc.provider import Provider

# Python runs one at a time; more threads than this only wait for one another, or for the database.
THREADS = 4


def create_app(store: Store, settings: Settings, *, demo: bool) -> FastAPI:
    """The application over an open record. `demo`: the record is an invented example, and one may
    sign in as one of its people."""
    app = assembled()
    lay_over(app, store, settings, demo=demo)
    return app


def assembled() -> FastAPI:
    """The application in all its parts, without a record yet. This is what takes time."""
    app = FastAPI(
        title="KDT",
        openapi_url=None,
        lifespan=_lifespan,
        middleware=[Middleware(Frame, on_error=_answer)],
    )
    for kind in (KdtError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    app.include_router(health.router)
    app.state.v1 = create_v1()
    app.mount("/v1", app.state.v1)
    pages.install(app)
    policy.check(app)
    return app


def lay_over(app: FastAPI, store: Store, settings: Settings, *, demo: bool) -> None:
    """Let an assembled application work on this record, with these settings."""
    context = Context(store, settings, demo, _provider(settings))
    for part in (app, app.state.v1):
        part.state.context = context
    app.state.listener = Listener(store)
    # Whether a demonstration is all there: asked until it is.
    app.state.played_in = False


def _provider(settings: Settings) -> "Provider | None":
    if settings.oidc_issuer is None:
        return None
    # Slow to import, and needed by none but who signs in with one.
    from api.oidc.provider import Provider

    return Provider(settings)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Context = app.state.context
    if parts.demo:
        people.enter_examples(parts.store)
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    # What is made by now stays; the collector need not look at it on every round.
    gc.collect()
    gc.freeze()
    Thread(target=pages.warm_up, name="warm-up").start()
    yield


async def _answer(request: Request, error: Exception) -> Response:
    """An error as a page, or for a program as problem+json."""
    if is_api(request.scope) or request.scope["path"] in health.PATHS:
        return await errors.as_problem(request, error)
    # In a thread, as the endpoints are: who is signed in may have to be looked up.
    return await run_in_threadpool(pages.error, request, error)
