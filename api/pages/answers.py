"""The Senate's questions, what was answered then, and what the record says now."""

import json
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.questions import Asked, asked, spelled
from api.pages.rendering import page, see_other, url
from api.pages.requests import SignedIn
from api.pages.sheets import download, offered, written
from kdt import words
from kdt.register import answering
from kdt.register import answers as senate
from kdt.register.answers import Answer, Answers
from kdt.register.books import answers_book
from kdt.register.figures import provisional
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()


@router.get("/answers")
def show(request: Request, _person: SignedIn) -> Response:
    """The answers over the period asked for."""
    question, found, today = _found(request)
    given: dict[str, object] = {"found": found}
    if found is not None:
        address = question.address
        given |= {
            "period": spelled(found.query),
            "as_of": found.query.as_of,
            "provisional": provisional(found.query, today),
            "basis": answering.basis_lines(found, today=today),
            "meetings": answering.meeting_lines(found),
            "said": {one.number: _said(found, one) for one in found.answers},
            "downloads": [
                *offered(request, "/answers", question.address),
                *(
                    (words.say(f"answers.{kind}"), url(request, f"/answers.{ending}?{address}"))
                    for kind, ending in (("text", "txt"), ("json", "json"))
                ),
            ],
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
    return _file(found, answering.as_text(found, today=today) + "\n", "txt", "text/plain")


@router.get("/answers.json")
def for_programs(request: Request, _person: SignedIn) -> Response:
    """The answers as `kdt answers --format json` prints them."""
    _, found, _ = _found(request)
    if found is None:
        return _back(request)
    text = json.dumps(answering.as_json(found), ensure_ascii=False, indent=1)
    return _file(found, text, "json", "application/json")


@router.get("/answers.{ending}")
def to_take_away(request: Request, _person: SignedIn, ending: str) -> Response:
    """The answers in a format to take away: the annex to a letter, and tables."""
    _, found, today = _found(request)
    if found is None:
        return _back(request)
    return written(answers_book(found, today=today), ending)


def _said(found: Answers, one: Answer) -> dict[str, object]:
    """What there is to say of an answer, in words."""
    return {
        "now": answering.now_said(one),
        "remarks": answering.remarks(found, one),
        "numbers": [
            (
                words.capital(answering.what(each.measure)),
                words.say(f"level.{each.level}" if each.level else "answers.all_levels"),
                each.amount,
            )
            for each in one.numbers
        ],
        "definitions": [
            (words.capital(answering.what(each)), answering.definition(each))
            for each in one.measures
        ],
    }


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
    name = answers_book(found, today=found.query.until).name
    return download(content, f"{name}.{ending}", kind)
