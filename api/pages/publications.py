"""Publications: what left the house, and for those who decide of it what waits, with the exact
figures beside the rounded ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn
from api.pages.sheets import download, offered, written
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person, labels
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.ledger.service import PRODUCT
from kdt.publications import certifying, document, queries, service, sheets
from kdt.publications.certifying import Certificate
from kdt.publications.document import Document
from kdt.publications.queries import Publication, Stage, stage
from kdt.publications.tables import summed
from kdt.store.transaction import reading

router = APIRouter()

PATH = "/publications"
_KINDS = {
    Stage.ASKED: "busy",
    Stage.PREPARED: "near",
    Stage.FAILED: "alert",
    Stage.RELEASED: "done",
    Stage.DISCARDED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A publication in the list."""

    id: str
    href: str
    topic: str
    period: str
    as_of: date
    stage: str
    kind: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it is printed, and what it is (None: not for whoever looks)."""

    number: int
    exact: int | None


@dataclass(frozen=True, slots=True)
class TableLine:
    """A category with its cells; `total`: the sum of the others."""

    label: str
    total: bool
    cells: tuple[Shown, ...]


@router.get(PATH)
def show_all(request: Request, person: SignedIn) -> Response:
    """What was released; and what waits, for who decides of it."""
    deciding = _deciding(person)
    with reading(context(request).store) as connection:
        found = queries.all_publications(connection)
    shown = [one for one in found if deciding or one.stage is Stage.RELEASED]
    return page(
        request,
        "publications.html",
        title=words.say("publication.title"),
        lines=[_entry(request, one) for one in shown],
        add=url(request, f"{PATH}/new") if deciding else None,
        told=url(request, "/subscriptions")
        if permissions.holder(person.actors, Right.SUBSCRIBE)
        else None,
    )


@router.get(f"{PATH}/{{publication}}")
def show(request: Request, person: SignedIn, publication: str) -> Response:
    """One publication as it reads; with the exact figures and what was attacked for who decides."""
    deciding = _deciding(person)
    with reading(context(request).store) as connection:
        one = found(connection, publication, deciding=deciding is not None)
        content = queries.made(connection, publication)
        making = queries.progress(connection, publication)
        overtaken = one.stage is Stage.PREPARED and service.overtaken(connection, one)
        names = labels(connection, [step.person for step in one.steps if step.person])
    here = f"{PATH}/{publication}"
    waits = deciding is not None and one.stage is Stage.PREPARED
    mine = one.asker == person.id
    failed = one.step(Stage.FAILED)
    given: dict[str, object] = {
        "one": one,
        "stage": stage(one),
        "kind": _kind(one),
        "heading": _about(one),
        "refresh": url(request, here) if one.stage is Stage.ASKED else None,
        "progress_said": _progress(making),
        "problem": words.say(f"publication.failed.{failed.values['why']}") if failed else None,
        "mine": waits and mine,
        "overtaken": overtaken,
        "release": url(request, f"{here}/release")
        if waits and not mine and one.passed and not overtaken
        else None,
        "discard": url(request, f"{here}/discard") if waits else None,
        "table": None,
        "steps": [
            {
                "what": words.say(f"fact.publication.{step.fact}"),
                "by": words.say("publication.product")
                if step.person == PRODUCT
                else names.get(step.person or "", step.person),
                "at": step.at,
                "reason": step.reason,
            }
            for step in one.steps
        ]
        if deciding
        else [],
    }
    if content is not None:
        read = document.read(content.document)
        exact = None
        if deciding:
            exact = summed(read.table, document.kept_read(content.inside).leaves)
        certificate = certifying.read(content.certificate)
        given |= _table(request, read, exact, certificate)
    title = words.say("publication.one_title", publication=publication)
    return page(request, "publication_figures.html", HTTPStatus.OK, title=title, **given)


@router.get(f"{PATH}/{{publication}}/cijfers.{{ending}}")
def to_take_away(request: Request, person: SignedIn, publication: str, ending: str) -> Response:
    """The figures in a format to take away."""
    return written(sheets.book(_document(request, person, publication)), ending)


@router.get(f"{PATH}/{{publication}}/document.json")
def whole(request: Request, person: SignedIn, publication: str) -> Response:
    """The publication to the byte."""
    content = document.written(_document(request, person, publication)).decode()
    return download(content, f"{publication}.json", "application/json")


def _table(
    request: Request,
    read: Document,
    exact: Mapping[tuple[str, ...], int] | None,
    certificate: Certificate,
) -> dict[str, object]:
    """The table and all that stands under it."""
    grid = sheets.grid(read)
    here = f"{PATH}/{read.basis.id}"
    return {
        "table": grid,
        "caption": sheets.title(read),
        "final": read.basis.final,
        "exact": exact is not None,
        "groups": [
            (
                heading,
                [
                    TableLine(
                        capital(line.category),
                        line.total and len(lines) > 1,
                        tuple(
                            Shown(read.cells[cell], exact[cell] if exact is not None else None)
                            for cell in line.cells
                        ),
                    )
                    for line in lines
                ],
            )
            for heading, lines in grid.groups
        ],
        "notes": sheets.notes(read),
        "definitions": sheets.definitions(read),
        "changes": [
            (capital(sheets.said(read, cell)), old, new) for cell, old, new in read.changes
        ],
        "safe": _safe(certificate),
        "given_away": _given_away(read, certificate) if exact is not None else [],
        "downloads": [
            *offered(request, f"{here}/cijfers"),
            (words.say("publication.document"), url(request, f"{here}/document.json")),
        ],
    }


def _safe(found: Certificate) -> str | None:
    if not found.passed:
        return None
    return words.say(
        "publication.safe",
        small=words.number(found.small),
        least=certifying.LEAST,
        insiders=words.number(found.insiders),
    )


def _given_away(read: Document, found: Certificate) -> list[str]:
    """What the attack found, in words."""
    said = []
    for who, _, cell, remaining in found.narrowed:
        known = {"cell": sheets.said(read, cell), "remaining": remaining}
        if who is None:
            said.append(words.say("publication.given_away", **known))
        else:
            location = sheets.value_said(read, "location", who)
            said.append(words.say("publication.given_away_to", location=location, **known))
    return said


def _document(request: Request, person: Person, wanted: str) -> Document:
    with reading(context(request).store) as connection:
        found(connection, wanted, deciding=_deciding(person) is not None)
        content = queries.made(connection, wanted)
    if content is None:
        raise NotFound(words.say("refusal.not_found"))
    return document.read(content.document)


def found(connection: Connection, wanted: str, *, deciding: bool) -> Publication:
    """The publication, for who decides whatever became of it. Raises NotFound."""
    one = queries.publication(connection, wanted)
    if one is None or not (deciding or one.stage is Stage.RELEASED):
        raise NotFound(words.say("refusal.not_found"))
    return one


def _deciding(person: Person) -> Actor | None:
    return permissions.holder(person.actors, Right.PUBLISH)


def _entry(request: Request, one: Publication) -> Entry:
    topic = words.say(f"publication.topic.{one.asked.topic}")
    href = url(request, f"{PATH}/{one.id}")
    period = sheets.period_said(one.asked.period)
    return Entry(one.id, href, topic, period, one.asked.as_of, stage(one), _kind(one))


def _kind(one: Publication) -> str:
    unsafe = one.stage is Stage.PREPARED and not one.passed
    return "alert" if unsafe else _KINDS[one.stage]


def _about(one: Publication) -> str:
    topic = words.say(f"publication.topic.{one.asked.topic}")
    period = sheets.period_said(one.asked.period)
    return words.say("publication.table_title", topic=topic, period=period)


def _progress(making: tuple[str, int, int] | None) -> tuple[str, int] | None:
    if making is None:
        return None
    step, done, of = making
    return words.say(f"publication.step.{step}"), 100 * done // max(of, 1)
