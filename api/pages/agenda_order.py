"""What agendas are ordered by, as an administrator weighs it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.administration import required
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import see_other
from api.pages.requests import Posted, SignedIn
from kdt import values, words
from kdt.cases.inputs import key
from kdt.errors import InvalidInput
from kdt.meetings import settings
from kdt.meetings.settings import WEIGHTS
from kdt.panels import weights
from kdt.panels.weights import Weights
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem

router = APIRouter()

_PATH = "/agenda-order"


@router.get(_PATH)
def ask_weights(request: Request, person: SignedIn) -> Response:
    """The form for what weighs how much, filled in with what does now."""
    required(person)
    return changes.asked(request, _form(request))


@router.post(_PATH)
def choose_weights(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Choose what weighs how much, from a day on."""
    actor, store = required(person), context(request).store

    def choose(given: Given) -> Response:
        settings.set_weights(store, actor, _read(given), on=changes.day(given, "on"))
        return see_other(request, "/panels", "administered")

    return changes.answered(request, _form(request), posted, choose)


def _form(request: Request) -> Form:
    with reading(context(request).store) as connection:
        now = weights.in_force(connection, today_in(connection))
    chosen = (
        Field(
            key(name),
            words.say(f"order.label_{name}"),
            "text",
            required=True,
            hint=words.say("order.hint_waiting" if least else "order.hint", least=least, most=most),
            value=str(getattr(now, name)),
        )
        for name, (least, most) in WEIGHTS.items()
    )
    hint = words.say("administration.on_hint")
    on = Field("on", words.say("administration.label_on"), "date", hint=hint)
    back = ("/panels", words.say("administration.title"))
    return Form("order", _PATH, back, (*chosen, on))


def _read(given: Given) -> Weights:
    """The weights that were filled in. Raises InvalidInput, naming all that is wrong."""
    problems: list[Problem] = []
    found: dict[str, int] = {}
    for name, (least, most) in WEIGHTS.items():
        try:
            found[name] = values.whole(given[key(name)], least, most)
        except Invalid as wrong:
            problems.append(Problem(wrong.code, key(name), wrong.details))
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))
    return Weights(**found)
