"""Figures over a period at a reference date: on a page, and as files to take away."""

import json
from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import figure_views as views
from api.pages.questions import Asked, asked, provisional
from api.pages.rendering import page, see_other, url
from api.pages.requests import SignedIn
from api.pages.sheets import download, offered, written
from kdt import words
from kdt.register.answers import basis
from kdt.register.books import figures_book
from kdt.register.figures import Query, Row, as_json, figures, monthly
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.vocabulary import Measure

router = APIRouter()


@router.get("/figures")
def show(request: Request, _person: SignedIn) -> Response:
    """The figures asked for in the address, with what they mean."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        question = asked(request, today=today)
        query = question.query
        if query is None:
            return _page(request, question)
        rows = figures(connection, query)
        total = figures(connection, Query(query.first, query.until, query.as_of))
        months = monthly(connection, query, Measure.CONSIDERED)
        rests_on = basis(connection, query)
    if not rows:
        return _page(request, question)
    by_month = views.by_month(query, months, words.say("figures.by_month"))
    for_programs = url(request, f"/figures.json?{question.address}")
    return _page(
        request,
        question,
        table=views.table(query, rows, total[0]),
        as_of=query.as_of,
        provisional=provisional(query, today),
        balances=views.balances(query, rows),
        definitions=views.definitions(),
        charts=[one for one in (views.by_outcome(query, rows), by_month) if one],
        imported_note=_imported(rests_on.considered, rests_on.imported),
        downloads=[
            *offered(request, "/figures", question.address),
            (words.say("figures.json"), for_programs),
        ],
    )


@router.get("/figures.json")
def for_programs(request: Request, _person: SignedIn) -> Response:
    """The figures as `kdt figures --format json` prints them."""
    query, today, rows, demo = _asked_for(request)
    if query is None:
        return _back(request)
    content = as_json(query, rows, today=today) | ({"demo": True} if demo else {})
    text = json.dumps(content, ensure_ascii=False, indent=1)
    name = figures_book(query, rows, today=today, demo=demo).name
    return download(text, f"{name}.json", "application/json")


@router.get("/figures.{ending}")
def to_take_away(request: Request, _person: SignedIn, ending: str) -> Response:
    """The figures in a format to take away, words for codes."""
    query, today, rows, demo = _asked_for(request)
    if query is None:
        return _back(request)
    return written(figures_book(query, rows, today=today, demo=demo), ending)


def _page(request: Request, question: Asked, **found: object) -> Response:
    given: dict[str, object] = {"table": None, **found}
    return page(
        request,
        "figures.html",
        HTTPStatus.OK,
        title=words.say("figures.title"),
        action=url(request, "/figures"),
        fields=question.fields,
        lead_times=url(
            request, f"/lead-times?{question.address}" if question.query else "/lead-times"
        ),
        **given,
    )


def _asked_for(request: Request) -> tuple[Query | None, date, Sequence[Row], bool]:
    with reading(context(request).store) as connection:
        today = today_in(connection)
        query = asked(request, today=today).query
        rows = figures(connection, query) if query else []
    return query, today, rows, context(request).demo


def _back(request: Request) -> Response:
    """To the page that says what is wrong with the question."""
    return see_other(request, f"/figures?{request.url.query}")


def _imported(considered: int, imported: int) -> str | None:
    if not imported:
        return None
    return words.say(
        "answers.imported", considered=words.number(considered), imported=words.number(imported)
    )
