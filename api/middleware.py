"""What surrounds every request: a trace id, limits on its head and its body, headers that keep a
browser safe, and one line in the log. Pure ASGI, so that nothing is buffered and streams stay
streams."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import cast

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from api.context import over_tls
from api.v1 import VERSION
from kdt.reads.origin import Origin, bound

# Room for the longest text people write, not for a file.
LARGEST_BODY = 2**20
# Time for it to arrive over a bad line; who sends a byte now and then holds a place for nothing.
BODY_SECONDS = 30.0
# A browser sends some twenty.
MOST_HEADERS = 64
# Bytes of all of them and the query together. What the server itself takes in is more, and bounded.
LARGEST_HEAD = 16 * 2**10

# Everything comes from here: no other host, no inline script or style.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}
_HSTS = "max-age=31536000; includeSubDomains"
# The rest of such a request may still be on its way, and nobody reads it.
_CUT_OFF = 408
_STREAM = "text/event-stream"
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}", re.ASCII)

_log = structlog.get_logger("kdt.access")

ErrorAnswer = Callable[[Request, Exception], Awaitable[Response]]


class TooLarge(HTTPException):
    """The body is larger than is taken."""

    def __init__(self) -> None:
        super().__init__(413)


class TooSlow(HTTPException):
    """The body did not come in time."""

    def __init__(self) -> None:
        super().__init__(408)


class LongHead(HTTPException):
    """The head is longer, or holds more lines, than is taken."""

    def __init__(self) -> None:
        super().__init__(431)


class Frame:
    """The outermost layer. `on_error` answers what nothing inside did."""

    def __init__(self, app: ASGIApp, on_error: ErrorAnswer) -> None:
        self._app = app
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; anything but HTTP goes straight on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Request(scope, receive, send).handle(self._app, self._on_error)


class _Request:
    """One request on its way through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._headers = dict(scope["headers"])
        self._origin = self._origin_of()
        self._taken = 0
        self._whole = False
        self._until = 0.0
        self._status: int | None = None
        self._ended = False
        self._stream = False

    async def handle(self, app: ASGIApp, on_error: ErrorAnswer) -> None:
        began = time.perf_counter()
        with bound(self._origin), structlog.contextvars.bound_contextvars(trace=self._origin.trace):
            try:
                self._refuse_large()
                self._refuse_nowhere()
                self._until = asyncio.get_running_loop().time() + BODY_SECONDS
                await app(self._scope, self._limited, self._framed)
            except Exception as error:  # noqa: BLE001 - the last resort: kept whole in the log
                await self._fail(error, on_error)
            self._note(time.perf_counter() - began)

    def _note(self, seconds: float) -> None:
        """In the log and in the metrics: the pattern of the address, never what stood in it."""
        method, route = self._scope["method"], self._route()
        _log.info(
            "request",
            method=method,
            route=route,
            status=self._status,
            milliseconds=round(seconds * 1000, 1),
        )
        metrics.answered(method, route, self._status, seconds, stream=self._stream)

    async def _fail(self, error: Exception, on_error: ErrorAnswer) -> None:
        if not isinstance(error, HTTPException):
            _log.error("unforeseen", exc_info=error)
            metrics.unforeseen()
        if self._ended:
            return
        if self._status is not None:
            # Half an answer is out; cutting it off is all that is left to say.
            raise error
        answer = await on_error(Request(self._scope), error)
        await answer(self._scope, self._receive, self._framed)

    async def _limited(self) -> Message:
        if self._whole:
            # What is waited for now is that somebody goes away, and that may take for ever.
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow from None
        self._taken += len(message.get("body", b""))
        if self._taken > LARGEST_BODY:
            raise TooLarge
        self._whole = not message.get("more_body", False)
        return message

    async def _framed(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = int(message["status"])
            headers = MutableHeaders(scope=message)
            self._stream = headers.get("content-type", "").startswith(_STREAM)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
            headers["Trace-Id"] = self._origin.trace
            if is_api(self._scope):
                headers["API-Version"] = VERSION
            if over_tls(HTTPConnection(self._scope)):
                headers["Strict-Transport-Security"] = _HSTS
            if self._status == _CUT_OFF:
                headers["Connection"] = "close"
        elif message["type"] == "http.response.body":
            self._ended = not message.get("more_body", False)
        await self._send(message)

    def _refuse_large(self) -> None:
        headers = self._scope["headers"]
        head = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > MOST_HEADERS or head + len(self._scope["query_string"]) > LARGEST_HEAD:
            raise LongHead
        length = self._headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > LARGEST_BODY:
            raise TooLarge

    def _refuse_nowhere(self) -> None:
        """Nothing stands at an address with NUL in it, which the database could not even be asked
        for."""
        if "\0" in self._scope["path"]:
            raise HTTPException(404)

    def _origin_of(self) -> Origin:
        given = _TRACEPARENT.fullmatch(self._headers.get(b"traceparent", b"").decode("latin-1"))
        trace, caller = (given[1], given[2]) if given else (secrets.token_hex(16), None)
        client = self._scope.get("client")
        address = client[0] if client else "-"
        return Origin(trace, address, lambda: f"{self._scope['method']} {self._route()}", caller)

    def _route(self) -> str:
        """The pattern of the address: what stood in it may be anything somebody typed."""
        path = getattr(self._scope.get("route"), "path", None)
        if not path:
            return "-"
        return f"/v1{path}" if is_api(self._scope) else cast("str", path)


def is_api(scope: Scope) -> bool:
    """Whether a request is for a program."""
    path: str = scope["path"].removeprefix(scope.get("app_root_path", scope.get("root_path", "")))
    return path == "/v1" or path.startswith("/v1/")
