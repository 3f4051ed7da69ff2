"""To which addresses releases are told, and what became of that; an administrator changes it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import signing, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.publications import subscribing, subscriptions
from kdt.publications.subscriptions import Delivery, Told
from kdt.store.transaction import reading

router = APIRouter()

PATH = "/subscriptions"
_SHOWN = 5
_KINDS = {Told.SENT: "done", Told.FAILED: "alert", Told.ENDED: "neutral"}


@router.get(PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Every address, with what it was told last."""
    _required(person)
    with reading(context(request).store) as connection:
        found = subscriptions.subscriptions(connection)
    return page(
        request,
        "subscriptions.html",
        title=words.say("subscription.title"),
        lines=[
            {
                "one": one,
                "end": url(request, f"{PATH}/{one.id}/end"),
                "told": [_delivery(request, each) for each in one.deliveries[:_SHOWN]],
            }
            for one in found
        ],
        add=url(request, f"{PATH}/new"),
        key=_key(request),
    )


@router.get("/subscriptions/new")
def ask_new(request: Request, person: SignedIn) -> Response:
    """The form for an address."""
    _required(person)
    return changes.asked(request, _form())


@router.post("/subscriptions/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Tell it of releases from now on."""
    actor, here = _required(person), context(request)

    def begin(given: Given) -> Response:
        local = here.settings.tells_local
        key = text(posted, "key")
        subscribing.begin(here.store, actor, given["address"], local=local, key=key)
        return see_other(request, PATH, "subscribed")

    return changes.answered(request, _form(), posted, begin)


@router.get("/subscriptions/{subscription}/end")
def ask_end(request: Request, person: SignedIn, subscription: str) -> Response:
    """Asks whether it is to be told nothing more."""
    return changes.asked(request, _end_form(request, person, subscription))


@router.post("/subscriptions/{subscription}/end")
def end(request: Request, person: SignedIn, subscription: str, posted: Posted) -> Response:
    """Tell it nothing more."""
    actor = _required(person)

    def go(_given: Given) -> Response:
        subscribing.end(context(request).store, actor, subscription)
        return see_other(request, PATH, "unsubscribed")

    return changes.answered(request, _end_form(request, person, subscription), posted, go)


def _delivery(request: Request, one: Delivery) -> dict[str, object]:
    """What became of telling an address of one release, in words."""
    return {
        "publication": one.publication,
        "href": url(request, f"/publications/{one.publication}"),
        "told": words.say(f"subscription.told.{one.told}")
        if one.told
        else words.say("subscription.waiting"),
        "kind": _KINDS.get(Told(one.told), "near") if one.told else "near",
        "problem": problem(one),
        "attempts": one.attempts,
        "at": one.told_at,
    }


def problem(one: Delivery) -> str | None:
    """What went wrong at the last attempt; None: nothing did."""
    if one.problem is None:
        return None
    what, _, status = one.problem.partition("_")
    if what == "status":
        return words.say("subscription.problem.status", status=status)
    return words.say(f"subscription.problem.{one.problem}")


def _key(request: Request) -> str:
    """By which key whoever is told knows that it was KDT."""
    key = signing.own(context(request).settings)
    if key is None:
        return words.say("subscription.no_key")
    return words.say("subscription.key", id=key.id, public=key.public.hex())


def _form() -> Form:
    field = Field(
        "address",
        words.say("subscription.address"),
        "text",
        required=True,
        hint=words.say("subscription.hint"),
    )
    return Form("subscription_new", f"{PATH}/new", _back(), (field,))


def _end_form(request: Request, person: Person, wanted: str) -> Form:
    _required(person)
    with reading(context(request).store) as connection:
        one = subscriptions.address(connection, wanted)
    if one is None:
        raise NotFound(words.say("refusal.not_found"))
    path = f"{PATH}/{wanted}/end"
    return Form("subscription_end", path, _back(), about=one.address, danger=True)


def _back() -> tuple[str, str]:
    return PATH, words.say("subscription.title")


def _required(person: Person) -> Actor:
    return permissions.holding(person.actors, Right.SUBSCRIBE)
