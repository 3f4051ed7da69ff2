"""Files to take away, as they are sent."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import url
from kdt import words
from kdt.errors import NotFound
from kdt.paper import Document, pdf
from kdt.sheets.formats import FORMATS
from kdt.sheets.table import Book


def download(content: str | bytes, name: str, kind: str) -> Response:
    """A file to take away, under a name with its ending."""
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def printed(document: Document, name: str) -> Response:
    """A document on paper; a browser shows it under this name."""
    return Response(
        pdf(document),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def written(book: Book, ending: str) -> Response:
    """Tables in a format to take away. Raises NotFound."""
    if ending not in FORMATS:
        raise NotFound(words.say("refusal.not_found"))
    found = FORMATS[ending]
    return download(found.write(book), f"{book.name}.{ending}", found.media_type)


def offered(request: Request, path: str, address: str = "") -> list[tuple[str, str]]:
    """Every format of the tables at a path, in words, with where it is."""
    behind = f"?{address}" if address else ""
    return [
        (words.say(f"sheet.format.{one.name}"), url(request, f"{path}.{ending}{behind}"))
        for ending, one in FORMATS.items()
    ]
