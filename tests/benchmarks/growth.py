"""Ten times the record: every page that links lead to, for everybody, asked of a record and of one
a tenth of it in turn. What links lead to in the smaller one is mostly in the larger one too, as its
first volume; what is not, is left out."""

import re
import time
from collections.abc import Iterator, Mapping
from functools import partial
from html import unescape
from statistics import median
from urllib.parse import urljoin, urlsplit

import httpx

from kdt.store.embedded import Server
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, alternating
from tests.benchmarks.serving import Serving, serving

PORTS = (8733, 8734)
ROUNDS = 5
# Seconds: what takes longer is asked once, and as long as this nobody waits.
SLOW, PATIENCE = 5.0, 60.0
PEOPLE = (
    "officer-den-bosch-1",
    "secretary-den-bosch-1",
    "chair-den-bosch",
    "secretary-national-1",
    "chair-national",
    "policy-adviser-1",
    "manager-1",
    "administrator-1",
    "auditor-1",
)
# One of each kind is enough: a case, a panel, a day, a theme, a person, a measure.
_ONE_OF_MANY = re.compile(
    r"/([AGKV]-[\w-]+|kdt-[\w-]+|\d[\d-]*|[0-9a-f-]{36}|(?<=themes/)(?!new|pack)[\w-]+"
    r"|(?:(?<=figures/)|(?<=people/)|(?<=reads/)|(?<=measures/)|(?<=revisions/))[\w-]+)(?=/|$)"
)
_LINK = re.compile(r'href="([^"#]+)')
# Links that hand out a file, or belong to the page around them.
_FILES = re.compile(
    r"\.(bpmn|css|csv|ics|js|json|jsonld|ods|pdf|svg|txt|woff2|xlsx|zip)$|^/static/"
)
# What is slower than this by more than measuring alone would bring is named.
_NAMED, _AIM = 1.25, 1.5


def run(held: Server, size: int) -> Iterator[Result]:
    """A line for each kind of page that is slower, and how all of them hold up."""
    small, large = (server.large(held, one) for one in (size // 10, size))
    with serving(held, small, PORTS[0]) as less, serving(held, large, PORTS[1]) as more:
        found = [one for person in PEOPLE for one in _person(less, more, person)]
    ratios = [one.ratio or 0 for one in found]
    yield Result(
        "ten times the record: pages, all of them",
        100 * sum(ratio <= _AIM for ratio in ratios) / len(ratios),
        "%",
        aim="no slower than 1.5 x",
        note=f"{len(found)} kinds of pages for {len(PEOPLE)} people; {size:,} escalations against "
        f"{size // 10:,}; half of them {median(ratios):.2f} x or less",
    )
    for one in sorted(found, key=lambda one: -(one.ratio or 0)):
        if (one.ratio or 0) > _NAMED:
            yield one


def _person(less: Serving, more: Serving, person: str) -> Iterator[Result]:
    clients = [
        httpx.Client(base_url=one.base, headers=one.signed_in(person), timeout=PATIENCE)
        for one in (less, more)
    ]
    for kind, path in _walked(clients[0]).items():
        if not all(_answers(one, path) for one in clients):
            continue
        ways = [partial(_asked, one, path) for one in clients]
        before, ours = alternating(1, *ways)
        if ours < SLOW:
            before, ours = alternating(ROUNDS, *ways)
        what = f"ten times the record: {kind} for {person}"
        yield Result(what, 1000 * ours, "ms", 1000 * before, "no slower than 1.5 x", path)
    for client in clients:
        client.close()


def _walked(client: httpx.Client) -> Mapping[str, str]:
    """Every kind of page links lead to from the first one, and one of it."""
    waiting, kinds, found = ["/"], {"/"}, dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        try:
            answer = client.get(path)
        except httpx.TimeoutException:
            found[_kind(path)] = path
            continue
        if answer.status_code != 200:
            continue
        found[_kind(path)] = path
        for link in _LINK.findall(answer.text):
            onward = urljoin(path, unescape(link))
            parts = urlsplit(onward)
            if parts.netloc or _FILES.search(parts.path) or _kind(onward) in kinds:
                continue
            kinds.add(_kind(onward))
            waiting.append(onward)
    return found


def _kind(address: str) -> str:
    """Its path without what is one of many, and the names of what is asked."""
    parts = urlsplit(address)
    asked = sorted({one.partition("=")[0] for one in parts.query.split("&") if one})
    return _ONE_OF_MANY.sub("/*", parts.path) + ("?" + "&".join(asked) if asked else "")


def _answers(client: httpx.Client, path: str) -> bool:
    """Whether it shows a page, however long that takes."""
    try:
        return client.get(path).status_code == 200
    except httpx.TimeoutException:
        return True


def _asked(client: httpx.Client, path: str) -> float:
    """Seconds it takes, at most `PATIENCE`."""
    began = time.perf_counter()
    try:
        answer = client.get(path)
    except httpx.TimeoutException:
        return PATIENCE
    taken = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return taken
