"""Figures over a period at a reference date: on a page, and as files to take away."""

import json
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import figure_views as views
from api.pages.figure_lists import MOST_LINES, Link, linked, listing, placed, unlinked
from api.pages.figure_questions import AskedFigures, Known, asked_figures
from api.pages.rendering import page, see_other, url
from api.pages.requests import SignedIn
from api.pages.sheets import download, offered, written
from kdt import words
from kdt.panels.queries import named_locations
from kdt.register import breakdown
from kdt.register.answering import imported_line
from kdt.register.answers import basis
from kdt.register.books import breakdown_book, figures_book
from kdt.register.breakdown import Breakdown, Broken, broken_down
from kdt.register.catalogue.table import of
from kdt.register.figures import BadQuery, Query, as_json, figures, monthly, provisional
from kdt.register.seeing import knows_any
from kdt.sheets.table import Book
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.queries import themes
from kdt.vocabulary import Measure

router = APIRouter()


@router.get("/figures")
def show(request: Request, person: SignedIn) -> Response:
    """The figures asked for in the address, with what they mean."""
    with reading(context(request).store) as connection:
        today, known, question = _question(request, connection)
        asked = question.breakdown
        if asked is None:
            return _page(request, question)
        link = linked(request, asked) if knows_any(person.actors) else unlinked
        try:
            if asked.plain:
                found = _plain(connection, asked.places, link)
            else:
                found = _listed(connection, asked, known, link)
        except BadQuery as error:
            return _page(request, question.refused(error))
    if not found:
        return _page(request, question)
    return _page(
        request,
        question,
        as_of=asked.query.as_of,
        provisional=provisional(asked.query, today),
        definitions=views.definitions(asked.measures),
        downloads=[
            *offered(request, "/figures", question.address),
            (words.say("figures.json"), url(request, f"/figures.json?{question.address}")),
        ],
        **found,
    )


def _plain(connection: Connection, query: Query, link: Link) -> dict[str, object]:
    """The table of all measures, its balances and its charts; nothing when nothing was counted."""
    rows = figures(connection, query)
    if not rows:
        return {}
    (total,) = figures(connection, replace(query, by=()))
    months = monthly(connection, query, Measure.CONSIDERED)
    by_month = views.by_month(query, months, words.say("figures.by_month"))
    rests_on = basis(connection, query)
    return {
        "table": views.table(query, rows, total, link),
        "balances": views.balances(rows, lambda row: views.place(query, row)),
        "charts": [one for one in (views.by_outcome(query, rows), by_month) if one],
        "imported_note": imported_line(rests_on),
    }


def _listed(
    connection: Connection, asked: Breakdown, known: Known, link: Link
) -> dict[str, object]:
    """The same as a list, for what is asked beyond that."""
    found = broken_down(connection, asked)
    if not found.rows:
        return {}
    balances: tuple[views.Balance, ...] = ()
    if not asked.further:
        shown = [*found.rows[:MOST_LINES], found.total]
        balances = views.balances(shown, lambda row: placed(asked, row.key, known))
    elif set(asked.by) <= of(Measure.CONSIDERED).adds_up:
        balances = (views.adds_up(found.rows, found.total),)
    return {"listing": listing(asked, found, known, link), "balances": balances}


@router.get("/figures.json")
def for_programs(request: Request, _person: SignedIn) -> Response:
    """The figures as `kdt figures --format json` prints them."""
    one = _asked_for(request)
    if one is None:
        return _back(request)
    if one.asked.plain:
        content = as_json(one.asked.places, one.found.rows, today=one.today)
    else:
        content = breakdown.as_json(one.asked, one.found, today=one.today)
    text = json.dumps(content | ({"demo": True} if one.demo else {}), ensure_ascii=False, indent=1)
    return download(text, f"{_book(one).name}.json", "application/json")


@router.get("/figures.{ending}")
def to_take_away(request: Request, _person: SignedIn, ending: str) -> Response:
    """The figures in a format to take away, words for codes."""
    one = _asked_for(request)
    return _back(request) if one is None else written(_book(one), ending)


def _page(request: Request, question: AskedFigures, **found: object) -> Response:
    given: dict[str, object] = {
        **dict.fromkeys(("table", "listing")),
        "balances": (),
        "charts": (),
        "imported_note": None,
        **found,
    }
    address = f"?{question.address}" if question.breakdown else ""
    return page(
        request,
        "figures.html",
        HTTPStatus.OK,
        title=words.say("figures.title"),
        action=url(request, "/figures"),
        fields=question.fields,
        lead_times=url(request, f"/lead-times{address}"),
        revisions=url(request, f"/revisions{address}"),
        **given,
    )


def _question(request: Request, connection: Connection) -> tuple[date, Known, AskedFigures]:
    today = today_in(connection)
    known = Known(named_locations(connection, today), themes(connection))
    return today, known, asked_figures(request, known, today=today)


@dataclass(frozen=True, slots=True)
class _File:
    """What a file holds, and how it is to be marked."""

    asked: Breakdown
    found: Broken
    known: Known
    today: date
    demo: bool


def _asked_for(request: Request) -> _File | None:
    with reading(context(request).store) as connection:
        today, known, question = _question(request, connection)
        if question.breakdown is None:
            return None
        try:
            found = broken_down(connection, question.breakdown)
        except BadQuery:
            return None
    return _File(question.breakdown, found, known, today, context(request).demo)


def _back(request: Request) -> Response:
    """To the page that says what is wrong with the question."""
    return see_other(request, f"/figures?{request.url.query}")


def _book(one: _File) -> Book:
    if one.asked.plain:
        return figures_book(one.asked.places, one.found.rows, today=one.today, demo=one.demo)
    named = {each.id: each.name for each in one.known.themes}
    return breakdown_book(one.asked, one.found, themes=named, today=one.today, demo=one.demo)
