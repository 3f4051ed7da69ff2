"""What the person of a case asks about themselves (AVG): noted, answered, read, handed over."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.disclosure import queries, service
from kdt.disclosure.service import Answer, Asked, RefusalGround
from kdt.errors import NotFound
from kdt.names import invalid
from kdt.store.transaction import reading
from kdt.values import Problem

router = APIRouter()

_PATH = "/data-requests"


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """What was asked about which cases; without their numbers."""
    _required(person)
    with reading(context(request).store) as connection:
        found = queries.requests(connection)
    return page(
        request,
        "data_requests.html",
        title=words.say("disclosure.title"),
        new=url(request, f"{_PATH}/new"),
        requests=[(one, url(request, f"{_PATH}/{one.case}")) for one in found],
    )


@router.get(f"{_PATH}/new")
def ask_new(request: Request, person: SignedIn) -> Response:
    """The form to note what somebody asks."""
    _required(person)
    return changes.asked(request, _new_form())


@router.post(f"{_PATH}/new")
def receive(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Note what somebody asks."""
    actor, store = _required(person), context(request).store

    def note(given: Given) -> Response:
        asked, on = Asked(given["asked"]), changes.day(given, "receivedOn")
        number, key = given["caseNumber"], text(posted, "key")
        try:
            case = service.receive(store, actor, number, asked, received_on=on, key=key)
        except NotFound as error:
            raise invalid(Problem("no_such_case", "caseNumber")) from error
        return see_other(request, f"{_PATH}/{case}", "request_received")

    return changes.answered(request, _new_form(), posted, note)


@router.get(f"{_PATH}/{{case}}")
def history(request: Request, person: SignedIn, case: UUID) -> Response:
    """What was noted of it, in codes and days, and what can be done."""
    _required(person)
    here = f"{_PATH}/{case}"
    return page(
        request,
        "data_request.html",
        title=words.say("disclosure.title_one"),
        told=_told(request, case),
        answer=url(request, f"{here}/answer"),
        dossier=url(request, f"{here}/dossier"),
    )


@router.get(f"{_PATH}/{{case}}/answer")
def ask_answer(request: Request, person: SignedIn, case: UUID) -> Response:
    """The form to note what was answered."""
    _required(person)
    _told(request, case)
    return changes.asked(request, _answer_form(case))


@router.post(f"{_PATH}/{{case}}/answer")
def answer(request: Request, person: SignedIn, case: UUID, posted: Posted) -> Response:
    """Note what was answered."""
    actor, store = _required(person), context(request).store
    _told(request, case)

    def note(given: Given) -> Response:
        ground = RefusalGround(given["ground"]) if "ground" in given else None
        decided, key = Answer(given["answer"]), text(posted, "key")
        service.answer(store, actor, case, decided, given["reason"], ground, key=key)
        return see_other(request, f"{_PATH}/{case}", "request_answered")

    return changes.answered(request, _answer_form(case), posted, note)


@router.get(f"{_PATH}/{{case}}/dossier")
def dossier(request: Request, person: SignedIn, case: UUID) -> Response:
    """Everything held about the case, to be read before it is handed over; the reading is logged
    first."""
    text = service.look_in(context(request).store, _required(person), case)
    here = f"{_PATH}/{case}"
    return page(
        request,
        "data_dossier.html",
        title=words.say("disclosure.title_dossier"),
        text=text,
        back=url(request, here),
        hand_over=url(request, f"{here}/hand-over"),
    )


@router.post(f"{_PATH}/{{case}}/hand-over")
def hand_over(request: Request, person: SignedIn, case: UUID, _posted: Posted) -> Response:
    """The same as a file to hand over; that it was made is recorded first."""
    made = service.hand_over(context(request).store, _required(person), case)
    name = words.say("disclosure.file_name")
    disposition = f'attachment; filename="{name}.txt"'
    return Response(
        made.text.encode(),
        HTTPStatus.OK,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _new_form() -> Form:
    asked = tuple(Option(one, capital(words.say(f"disclosure.asked.{one}"))) for one in Asked)
    fields = (
        Field("caseNumber", _label("case_number"), "text", True),
        Field("asked", _label("asked"), "radio", True, options=asked),
        Field("receivedOn", _label("received_on"), "date", hint=_label("received_on_hint")),
    )
    return Form("data_request", f"{_PATH}/new", (_PATH, words.say("disclosure.title")), fields)


def _answer_form(case: UUID) -> Form:
    answers = tuple(Option(one, capital(words.say(f"disclosure.answer.{one}"))) for one in Answer)
    grounds = tuple(
        Option(one, capital(words.say(f"disclosure.ground.{one}"))) for one in RefusalGround
    )
    fields = (
        Field("answer", _label("answer"), "radio", True, options=answers),
        Field("ground", _label("ground"), "radio", hint=_label("ground_hint"), options=grounds),
        Field("reason", _label("reason"), "textarea", True, _label("reason_hint")),
    )
    here = f"{_PATH}/{case}"
    back = (here, words.say("disclosure.title_one"))
    return Form("data_answer", f"{here}/answer", back, fields)


def _told(request: Request, case: UUID) -> list[queries.Told]:
    with reading(context(request).store) as connection:
        told = queries.told(connection, case)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    return told


def _label(name: str) -> str:
    return words.say(f"disclosure.label_{name}")


def _required(person: Person) -> Actor:
    return permissions.holding(person.actors, Right.DISCLOSE)
