"""Questions of Parliament: what was asked and answered, and what the answer would be today."""

from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option, choices
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn, text, ticked
from api.pages.sheets import offered, written
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.parliament import queries, service
from kdt.parliament.books import book
from kdt.parliament.queries import ParliamentaryQuestion
from kdt.parliament.service import Told
from kdt.register.catalogue import table as catalogue
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Chamber, Measure

router = APIRouter()

PATH = "/parliamentary-questions"


@router.get(PATH)
def show_all(request: Request, person: SignedIn) -> Response:
    """Every question, the one asked last on top."""
    with reading(context(request).store) as connection:
        found = queries.questions(connection)
    return page(
        request,
        "parliament.html",
        title=words.say("parliament.title"),
        lines=[(one, url(request, f"{PATH}/{one.id}")) for one in found],
        add=url(request, f"{PATH}/new") if _may(person) else None,
    )


@router.get("/parliamentary-questions/new")
def ask_new(request: Request, person: SignedIn) -> Response:
    """The form for a question that was asked."""
    permissions.holding(person.actors, Right.ANSWER_PARLIAMENT)
    return changes.asked(request, _form(f"{PATH}/new", "new", None))


@router.post("/parliamentary-questions/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Record it."""
    actor = permissions.holding(person.actors, Right.ANSWER_PARLIAMENT)

    def enter(given: Given) -> Response:
        store, key = context(request).store, text(posted, "key")
        made = service.enter(store, actor, _told(given, posted), key=key)
        return see_other(request, f"{PATH}/{made}", "question_entered")

    return changes.answered(request, _form(f"{PATH}/new", "new", None), posted, enter)


@router.get("/parliamentary-questions/{question}")
def show(request: Request, person: SignedIn, question: str) -> Response:
    """One question: what was answered, and its numbers then and now."""
    with reading(context(request).store) as connection:
        one, now = _found(connection, question), today(connection)
        compared = queries.compared(connection, one)
    here = f"{PATH}/{one.id}"
    tools: Sequence[str] = ("edit", "withdraw") if one.stands and _may(person) else ()
    return page(
        request,
        "parliamentary_question.html",
        title=words.say("parliament.one", day=words.full_day(one.asked_on)),
        one=one,
        compared=compared,
        today=now,
        definitions=[
            (capital(catalogue.of(each).name), catalogue.of(each).meaning) for each in one.measures
        ],
        downloads=offered(request, f"{here}/cijfers"),
        tools=[(words.say(f"parliament.{name}"), url(request, f"{here}/{name}")) for name in tools],
    )


@router.get("/parliamentary-questions/{question}/cijfers.{ending}")
def to_take_away(request: Request, _person: SignedIn, question: str, ending: str) -> Response:
    """The question, its answer and its numbers in a format to take away."""
    with reading(context(request).store) as connection:
        one, now = _found(connection, question), today(connection)
        compared = queries.compared(connection, one)
    return written(book(one, compared, today=now), ending)


@router.get("/parliamentary-questions/{question}/edit")
def ask_edit(request: Request, person: SignedIn, question: str) -> Response:
    """The form to tell it anew, or what was answered."""
    return changes.asked(request, _edit_form(request, person, question))


@router.post("/parliamentary-questions/{question}/edit")
def edit(request: Request, person: SignedIn, question: str, posted: Posted) -> Response:
    """Tell it anew."""
    actor = permissions.holding(person.actors, Right.ANSWER_PARLIAMENT)

    def alter(given: Given) -> Response:
        service.change(context(request).store, actor, question, _told(given, posted))
        return see_other(request, f"{PATH}/{question}", "question_changed")

    return changes.answered(request, _edit_form(request, person, question), posted, alter)


@router.get("/parliamentary-questions/{question}/withdraw")
def ask_withdraw(request: Request, person: SignedIn, question: str) -> Response:
    """Asks whether this was not asked after all."""
    return changes.asked(request, _withdraw_form(request, person, question))


@router.post("/parliamentary-questions/{question}/withdraw")
def withdraw(request: Request, person: SignedIn, question: str, posted: Posted) -> Response:
    """Say so."""
    actor = permissions.holding(person.actors, Right.ANSWER_PARLIAMENT)

    def go(_given: Given) -> Response:
        service.withdraw(context(request).store, actor, question)
        return see_other(request, PATH, "question_withdrawn")

    return changes.answered(request, _withdraw_form(request, person, question), posted, go)


def _edit_form(request: Request, person: Person, wanted: str) -> Form:
    return _form(f"{PATH}/{wanted}/edit", "edit", _mine(request, person, wanted))


def _withdraw_form(request: Request, person: Person, wanted: str) -> Form:
    one = _mine(request, person, wanted)
    about = words.say("parliament.one", day=words.full_day(one.asked_on))
    here = f"{PATH}/{wanted}"
    return Form("question_withdraw", f"{here}/withdraw", (here, about), about=about, danger=True)


def _form(path: str, what: str, one: ParliamentaryQuestion | None) -> Form:
    def days(name: str, field: str, *, required: bool) -> Field:
        value = getattr(one, name) if one else None
        return _field(
            name, field, "date", required=required, value=value.isoformat() if value else None
        )

    def typed(name: str, kind: str = "textarea", *, required: bool = False) -> Field:
        value = getattr(one, name) if one else None
        return _field(name, name, kind, required=required, value=value)

    fields = (
        _field(
            "chamber",
            "chamber",
            "radio",
            required=True,
            options=choices("chamber", Chamber),
            value=one.chamber if one else None,
        ),
        days("asked_on", "askedOn", required=True),
        typed("asked", required=True),
        days("first", "from", required=True),
        days("until", "until", required=True),
        _field(
            "measures",
            "measures",
            "checkboxes",
            required=True,
            options=tuple(Option(each, capital(catalogue.of(each).name)) for each in Measure),
            value=[*one.measures] if one else None,
        ),
        typed("answer"),
        days("answered_on", "answeredOn", required=False),
        days("as_of", "asOf", required=False),
        typed("reference", "text"),
    )
    return Form(f"question_{what}", path, (PATH, words.say("parliament.title")), fields)


def _field(
    word: str,
    name: str,
    kind: str,
    *,
    required: bool,
    value: str | Sequence[str] | None,
    options: tuple[Option, ...] = (),
) -> Field:
    hint = f"parliament.hint_{word}"
    return Field(
        name,
        words.say(f"parliament.label_{word}"),
        kind,
        required=required,
        hint=words.say(hint) if words.known(hint) else None,
        options=options,
        value=value,
    )


def _told(given: Given, posted: FormData) -> Told:
    """What was filled in. Raises InvalidInput."""
    asked_on, first, until = (changes.day(given, name) for name in ("askedOn", "from", "until"))
    assert asked_on is not None, "a required field was filled in"
    assert first is not None, "a required field was filled in"
    assert until is not None, "a required field was filled in"
    return Told(
        given["chamber"],
        asked_on,
        given["asked"],
        ticked(posted, "measures"),
        first,
        until,
        given.get("answer", ""),
        changes.day(given, "answeredOn"),
        changes.day(given, "asOf"),
        given.get("reference", ""),
    )


def _mine(request: Request, person: Person, wanted: str) -> ParliamentaryQuestion:
    """One question, for who may record them. Raises NotFound and Forbidden."""
    permissions.holding(person.actors, Right.ANSWER_PARLIAMENT)
    with reading(context(request).store) as connection:
        return _found(connection, wanted)


def _found(connection: Connection, wanted: str) -> ParliamentaryQuestion:
    one = queries.question(connection, wanted)
    if one is None:
        raise NotFound(words.say("refusal.not_found"))
    return one


def _may(person: Person) -> bool:
    return permissions.holder(person.actors, Right.ANSWER_PARLIAMENT) is not None
