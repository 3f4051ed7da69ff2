"""What a program may do with its token: every scope there is, and what it opens. The roles of whom
it acts for narrow that further."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope, and what it opens: `methods` (all, when there are none) on addresses under `/v1`
    of which `first` is the first part or `last` the last (any, when there are none)."""

    name: str
    methods: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()


_ADMINISTERED = frozenset(
    {
        "deadline-rules",
        "deadline-warning",
        "people",
        "mappings",
        "panels",
        "locations",
        "retention-terms",
        "destructions",
        "data-requests",
        "agenda-order",
    }
)
READ, WRITE, ADMINISTER = "kdt:read", "kdt:write", "kdt:administer"
# The first that fits is the one that is needed.
SCOPES = (
    Scope(READ, methods=READING),
    # What is searched for goes in a body, and is reading all the same.
    Scope(READ, methods=frozenset({"POST"}), last=frozenset({"_search", "_similar"})),
    Scope(ADMINISTER, first=_ADMINISTERED),
    Scope(WRITE),
)


def needed(request: HTTPConnection) -> str:
    """The scope without which this request is refused."""
    path: str = request.scope["path"]
    root: str = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    parts = path.removeprefix(root).removeprefix("/v1").strip("/").split("/")
    method = request.scope["method"]
    return next(
        one.name
        for one in SCOPES
        if (not one.methods or method in one.methods)
        and (not one.first or parts[0] in one.first)
        and (not one.last or parts[-1] in one.last)
    )
