"""The Senate's questions, what was answered then, and what the record says now."""

import json
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.questions import Asked, asked, provisional, spelled
from api.pages.rendering import page, see_other, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.register import answers as senate
from kdt.register.answers import Answers
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()


@router.get("/answers")
def show(request: Request, _person: SignedIn) -> Response:
    """The answers over the period asked for."""
    question, found, today = _found(request)
    given: dict[str, object] = {"found": found}
    if found is not None:
        files = {
            kind: url(request, f"/answers.{ending}?{question.address}")
            for kind, ending in (("text", "txt"), ("json", "json"))
        }
        given |= {
            "period": spelled(found.query),
            "as_of": found.query.as_of,
            "provisional": provisional(found.query, today),
            "basis": senate.basis_lines(found, today=today),
            "meetings": senate.meeting_lines(found),
            "downloads": [(words.say(f"answers.{kind}"), href) for kind, href in files.items()],
        }
    return page(
        request,
        "answers.html",
        HTTPStatus.OK,
        title=words.say("answers.page"),
        action=url(request, "/answers"),
        fields=question.fields,
        **given,
    )


@router.get("/answers.txt")
def as_text(request: Request, _person: SignedIn) -> Response:
    """The annex as plain text, as `kdt answers` prints it."""
    _, found, today = _found(request)
    if found is None:
        return _back(request)
    return _file(found, senate.as_text(found, today=today) + "\n", "txt", "text/plain")


@router.get("/answers.json")
def for_programs(request: Request, _person: SignedIn) -> Response:
    """The answers as `kdt answers --format json` prints them."""
    _, found, _ = _found(request)
    if found is None:
        return _back(request)
    text = json.dumps(senate.as_json(found), ensure_ascii=False, indent=1)
    return _file(found, text, "json", "application/json")


def _found(request: Request) -> tuple[Asked, Answers | None, date]:
    with reading(context(request).store) as connection:
        today = today_in(connection)
        question = asked(request, today=today, dimensions=())
        found = senate.answers(connection, question.query, today=today) if question.query else None
    return question, found, today


def _back(request: Request) -> Response:
    """To the page that says what is wrong with the question."""
    return see_other(request, f"/answers?{request.url.query}")


def _file(found: Answers, content: str, ending: str, kind: str) -> Response:
    key = "answers.file_name_example" if found.basis.demo else "answers.file_name"
    query = found.query
    name = words.say(key, first=query.first.isoformat(), until=query.until.isoformat())
    disposition = f'attachment; filename="{name}.{ending}"'
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})
