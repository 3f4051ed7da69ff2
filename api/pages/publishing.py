"""Publications are asked for, released and let go, by those who decide of them."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.publications import PATH, found
from api.pages.rendering import capital, see_other
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.publications import service
from kdt.publications.periods import PeriodKind
from kdt.publications.queries import Asked, Stage
from kdt.publications.tables import TOPICS
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.tallies.measures import DIMENSIONS

router = APIRouter()


@router.get(f"{PATH}/new")
def ask_new(request: Request, person: SignedIn) -> Response:
    """The form that asks for one."""
    permissions.holding(person.actors, Right.PUBLISH)
    return changes.asked(request, _form(request))


@router.post(f"{PATH}/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Ask for it; the clock makes it."""
    actor, store = permissions.holding(person.actors, Right.PUBLISH), context(request).store

    def ask(given: Given) -> Response:
        until, as_of = changes.day(given, "until"), changes.day(given, "asOf")
        assert until is not None
        assert as_of is not None
        asked = Asked(
            given["topic"],
            service.period(given["period"], until),
            as_of,
            tuple(one for one in DIMENSIONS if one in posted.getlist("by")),
            "byMonth" in posted,
        )
        made = service.ask(store, actor, asked, key=text(posted, "key"))
        return see_other(request, f"{PATH}/{made}", "publication_asked")

    return changes.answered(request, _form(request), posted, ask)


@router.get(f"{PATH}/{{publication}}/release")
def ask_release(request: Request, person: SignedIn, publication: str) -> Response:
    """Say what releasing means, before it is done."""
    permissions.holding(person.actors, Right.PUBLISH)
    return changes.asked(request, _release_form(request, publication))


@router.post(f"{PATH}/{{publication}}/release")
def release(request: Request, person: SignedIn, publication: str, posted: Posted) -> Response:
    """Let it leave the house."""
    actor, store = permissions.holding(person.actors, Right.PUBLISH), context(request).store

    def decide(_: Given) -> Response:
        seen = request.query_params.get("seen", "")
        service.release(store, actor, publication, seen, key=text(posted, "key"))
        return see_other(request, f"{PATH}/{publication}", "publication_released")

    return changes.answered(request, _release_form(request, publication), posted, decide)


@router.get(f"{PATH}/{{publication}}/discard")
def ask_discard(request: Request, person: SignedIn, publication: str) -> Response:
    """The form to let one go."""
    permissions.holding(person.actors, Right.PUBLISH)
    return changes.asked(request, _discard_form(request, publication))


@router.post(f"{PATH}/{{publication}}/discard")
def discard(request: Request, person: SignedIn, publication: str, posted: Posted) -> Response:
    """Let it go."""
    actor, store = permissions.holding(person.actors, Right.PUBLISH), context(request).store

    def decide(given: Given) -> Response:
        service.discard(store, actor, publication, given["reason"], key=text(posted, "key"))
        return see_other(request, f"{PATH}/{publication}", "publication_discarded")

    return changes.answered(request, _discard_form(request, publication), posted, decide)


def _form(request: Request) -> Form:
    with reading(context(request).store) as connection:
        today = today_in(connection)
    last, yesterday = today.replace(day=1) - timedelta(days=1), today - timedelta(days=1)
    fields = (
        _choice("topic", [*TOPICS], "publication.topic", "considered"),
        _choice("period", [*PeriodKind], "publication.period", PeriodKind.MONTH),
        _field("until", "date", value=last.isoformat()),
        _field("asOf", "date", value=yesterday.isoformat()),
        _field(
            "by",
            "checkboxes",
            options=tuple(
                Option(one, capital(words.say(f"dimension.{one}"))) for one in DIMENSIONS
            ),
            required=False,
        ),
        _field(
            "byMonth",
            "checkboxes",
            options=(Option("yes", words.say("publication.by_month")),),
            required=False,
        ),
    )
    back = (PATH, words.say("publication.title"))
    return Form("ask_publication", f"{PATH}/new", back, fields)


def _choice(name: str, codes: Sequence[str], under: str, value: str) -> Field:
    options = tuple(Option(one, capital(words.say(f"{under}.{one}"))) for one in codes)
    return _field(name, "radio", options=options, value=value)


def _field(
    name: str,
    kind: str,
    *,
    options: tuple[Option, ...] = (),
    value: str | None = None,
    required: bool = True,
) -> Field:
    label, hint = f"publication.field.{name}", f"publication.hint.{name}"
    said = words.say(hint) if words.known(hint) else None
    return Field(name, words.say(label), kind, required, said, options, value)


def _release_form(request: Request, wanted: str) -> Form:
    with reading(context(request).store) as connection:
        known = found(connection, wanted, deciding=True)
    prepared = known.step(Stage.PREPARED)
    seen = prepared.values["document"] if prepared else ""
    sure = Option("yes", words.say("publication.sure"))
    return Form(
        "release_publication",
        f"{PATH}/{wanted}/release?seen={seen}",
        (f"{PATH}/{wanted}", wanted),
        (Field("sure", words.say("publication.field.sure"), "checkboxes", True, options=(sure,)),),
        about=wanted,
        danger=True,
    )


def _discard_form(request: Request, wanted: str) -> Form:
    with reading(context(request).store) as connection:
        found(connection, wanted, deciding=True)
    path = f"{PATH}/{wanted}"
    reason = Field("reason", words.say("publication.field.reason"), "textarea", True)
    return Form("discard_publication", f"{path}/discard", (path, wanted), (reason,), about=wanted)
