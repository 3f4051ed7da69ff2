"""What was released, for anybody, without signing in: a page, the files of each publication, and
their catalogue. It may be kept by whoever stands between, and read from any site."""

import hashlib
import json
from functools import lru_cache

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.rendering import page, url
from kdt import words
from kdt.errors import NotFound
from kdt.publications import catalogue, document, queries, sheets
from kdt.publications.catalogue import FOR_PEOPLE, MACHINE, METADATA, PATH
from kdt.publications.queries import Stage
from kdt.sheets import delimited
from kdt.sheets.formats import FORMATS
from kdt.store.transaction import reading

router = APIRouter()

# A correction is seen within the hour; what was released is never changed.
_MAY_KEEP = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_KEPT = 64
_JSON_LD = "application/ld+json"


@router.get("/open-data")
def show(request: Request) -> Response:
    """Every publication that was released, with its files."""
    with reading(context(request).store) as connection:
        found = catalogue.released(connection)
    return page(
        request,
        "open_data.html",
        title=words.say("open_data.title"),
        lines=[
            {
                "id": one.document.basis.id,
                "title": sheets.title(one.document),
                "final": one.document.basis.final,
                "as_of": one.document.basis.as_of,
                "released_on": one.released_on,
                "replaced_by": one.replaced_by,
                "files": [
                    (title, url(request, f"{PATH}/{one.document.basis.id}/{name}"))
                    for name, title, _ in catalogue.files()
                ],
            }
            for one in found
        ],
        catalog=url(request, f"{PATH}/catalog.jsonld"),
    )


@router.get("/open-data/catalog.jsonld")
def described(request: Request) -> Response:
    """The catalogue (DCAT-AP-NL)."""
    with reading(context(request).store) as connection:
        found = catalogue.released(connection)
    made = json.dumps(catalogue.catalogue(found, _base(request)), ensure_ascii=False, indent=1)
    return _sent(request, made.encode(), _JSON_LD)


@router.get("/open-data/{publication}/figures.csv")
def for_programs(request: Request, publication: str) -> Response:
    """The figures for programs."""
    return _sent(request, _made(_content(request, publication), MACHINE), "text/csv")


@router.get("/open-data/{publication}/figures.csv-metadata.json")
def columns(request: Request, publication: str) -> Response:
    """What the columns of that file are (CSVW), at the address that belongs to it."""
    made = _made(_content(request, publication), METADATA)
    return _sent(request, made, "application/csvm+json")


@router.get("/open-data/{publication}/document.json")
def whole(request: Request, publication: str) -> Response:
    """The publication to the byte."""
    return _sent(request, _content(request, publication), "application/json")


@router.get("/open-data/{publication}/cijfers.{ending}")
def to_take_away(request: Request, publication: str, ending: str) -> Response:
    """The figures in a format to take away."""
    if ending not in FORMATS:
        raise NotFound(words.say("refusal.not_found"))
    made = _made(_content(request, publication), f"{FOR_PEOPLE}.{ending}")
    answer = _sent(request, made, FORMATS[ending].media_type)
    name = f"{publication}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@lru_cache(_KEPT)
def _made(content: bytes, name: str) -> bytes:
    """A file of a publication, made once for all who ask."""
    book = sheets.book(document.read(content))
    if name == MACHINE:
        return delimited.machine(book.main).encode()
    if name == METADATA:
        return delimited.metadata(book, [MACHINE]).encode()
    return FORMATS[name.removeprefix(f"{FOR_PEOPLE}.")].write(book)


def _sent(request: Request, content: bytes, media_type: str) -> Response:
    """A file with what tells one version of it from another; nothing where that is known."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**_MAY_KEEP, "ETag": etag}
    known = request.headers.get("if-none-match", "").split(",")
    if etag in {one.strip().removeprefix("W/") for one in known}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _content(request: Request, wanted: str) -> bytes:
    """The bytes of what was released. Raises NotFound, also of what was not."""
    with reading(context(request).store) as connection:
        one = queries.publication(connection, wanted)
        content = queries.documents(connection, [wanted]).get(wanted)
    if one is None or content is None or one.stage is not Stage.RELEASED:
        raise NotFound(words.say("refusal.not_found"))
    return content


def _base(request: Request) -> str:
    """The address of KDT as the outside knows it."""
    here = context(request).settings.base_url or str(request.base_url)
    return here.rstrip("/")
