"""Every page and form there is, found by walking the application itself."""

import re
from collections.abc import Iterator

import httpx

from api import policy
from api.app import create_app
from kdt.settings import Settings
from kdt.store.engine import Store


def routes(store: Store) -> Iterator[tuple[str, str]]:
    """Each method and path outside the API, the files and what is no page, as in
    ("GET", "/panels/{panel}")."""
    app = create_app(store, Settings(), demo=True)
    for one in policy.routes(app):
        method, _, path = one.partition(" ")
        if path not in ("/static", "/live", "/ready", "/metrics") and not path.startswith("/v1/"):
            yield method, path


def filled(path: str, **known: str) -> str:
    """A path with its parameters filled in; what is not known gets a value that is not there."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda one: known.get(one[1], "onbekend"), path)


def titled(answer: httpx.Response) -> str:
    """The first heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    return found[1].strip() if found else ""
