"""Every page and operation there is, found by walking the application itself."""

import re
from collections.abc import Iterator

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from api.app import create_app
from kdt.settings import Settings
from kdt.store.engine import Store

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def routes(store: Store) -> Iterator[tuple[str, str]]:
    """Each method and path outside the API and the files, as in ("GET", "/panels/{panel}")."""
    app: FastAPI = create_app(store, Settings(), demo=True)
    for one in iter_route_contexts(app.routes):
        if isinstance(one.original_route, Mount):
            continue
        assert one.path is not None
        for method in one.methods or ():
            yield method, one.path


def is_safe(method: str) -> bool:
    """Whether a method changes nothing."""
    return method in _SAFE


def filled(path: str, **known: str) -> str:
    """A path with its parameters filled in; what is not known gets a value that is not there."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda one: known.get(one[1], "onbekend"), path)


def titled(answer: httpx.Response) -> str:
    """The first heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    return found[1].strip() if found else ""
