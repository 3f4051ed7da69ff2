"""What everybody may look up: the words, the procedure, how far the example year is."""

from http import HTTPStatus

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.pages.progress import progress
from api.pages.rendering import capital, fragment, page
from kdt import words
from kdt.procedure import CURRENT, bpmn, picture, render

router = APIRouter()


@router.get("/dictionary")
def dictionary(request: Request) -> Response:
    """Every word with its one meaning, and every code with its word."""
    meanings = words.group("meaning")
    return page(
        request,
        "dictionary.html",
        HTTPStatus.OK,
        title=words.say("dictionary.title"),
        terms=[(capital(words.say(f"term.{one}")), one, meanings[one]) for one in meanings],
        codes=[
            (words.say(f"kind.{kind}"), [(capital(said), code) for code, said in group.items()])
            for kind in words.CODES
            if (group := words.group(kind))
        ],
    )


@router.get("/procedure")
def procedure(request: Request) -> Response:
    """The procedure, drawn from its table."""
    return page(
        request,
        "procedure.html",
        HTTPStatus.OK,
        title=words.say("procedure.title"),
        rules=render.rules_in_words(CURRENT, words.say),
        outcomes=render.outcomes_in_words(CURRENT, words.say),
        diagram=Markup(picture.svg(CURRENT, words.say)),  # nosec B704  # noqa: S704 - drawn by us, escaped there
    )


@router.get("/procedure.bpmn")
def procedure_bpmn() -> Response:
    """The same for a modeller."""
    named = {"Content-Disposition": 'attachment; filename="kdt-procedure.bpmn"'}
    return Response(bpmn.xml(CURRENT, words.say), media_type="application/xml", headers=named)


@router.get("/progress")
def bar(request: Request) -> Response:
    """How far the example year is, for a page that asks again and again; nothing when it is in."""
    found = progress(request)
    if found is None:
        return HTMLResponse()
    return HTMLResponse(fragment(request, "progress.html", percent=found))
