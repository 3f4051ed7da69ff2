"""From a posted form to the record: who acts, under which version and key, and what to show when
somebody else was first."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble, VersionMissing, trouble
from api.pages.dossier import Dossier, seen
from api.pages.forms import Field
from api.pages.rendering import page, url
from api.pages.requests import number, text
from kdt import words
from kdt.access.queries import Person
from kdt.cases import view
from kdt.cases.service import Command, Receipt, perform
from kdt.errors import Conflict, NotFound, Refused, Stale
from kdt.store.transaction import reading
from kdt.vocabulary import Action


def do(
    request: Request,
    person: Person,
    dossier: Dossier,
    commands: Sequence[Command],
    form: FormData,
) -> Receipt | Trouble:
    """Do it in the capacity in which the person may, or say what stands in the way.

    Raises Stale when it changed since the form was made, NotFound and Unavailable.
    """
    found = dossier.found
    actor = view.acting(person.actors, commands[0].action, found.matter)
    if actor is None:
        raise NotFound(words.say("refusal.not_found"))
    version = number(form, "version")
    if version is None:
        raise VersionMissing(words.say("api.foreign_form"))
    try:
        return perform(
            context(request).store,
            actor,
            found.id,
            commands,
            version=version,
            key=text(form, "key"),
        )
    except Stale:
        raise
    except (Refused, Conflict) as error:
        return trouble(error)


def overtaken(
    request: Request, person: Person, escalation: str, form: FormData, fields: Iterable[Field]
) -> Response:
    """The page for who comes second: what happened since, and what was filled in."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
    kept = [(one.label, _in_words(one)) for one in fields if one.value]
    return page(
        request,
        "error.html",
        HTTPStatus.CONFLICT,
        title="Iemand was u voor",
        heading="Iemand was u voor",
        sentence=words.say("refusal.stale_version"),
        advice=None,
        href=url(request, f"/escalations/{escalation}"),
        link="Bekijk wat er nu staat",
        reference=None,
        conflict={"changes": dossier.timeline.since(number(form, "version") or 0), "kept": kept},
    )


def offered(dossier: Dossier, action: Action) -> None:
    """Raise Refused, with the reason, when an action is not open now."""
    for one in dossier.found.actions:
        if one.action is action and one.refusal is not None:
            raise Refused(one.refusal)


def _in_words(field: Field) -> str:
    chosen = next((one.label for one in field.options if one.value == field.value), None)
    return chosen or str(field.value)
