"""The list of what there is for a request under the Wet open overheid, to read and take along."""

from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.forms import Field, Option
from api.pages.questions import asked
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.disclosure import publication
from kdt.disclosure.publication import Wanted, inventory
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes.queries import themes
from kdt.vocabulary import Outcome

router = APIRouter()

_PATH = "/publication"
_SHOWN = 200


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """The list of a period, with what is proposed for each document and why."""
    permissions.holding(person.actors, Right.DISCLOSE)
    with reading(context(request).store) as connection:
        wanted, fields = _wanted(request, connection)
        found = inventory(connection, wanted) if wanted else []
    return page(
        request,
        "publication.html",
        title=words.say("woo.title"),
        action=url(request, _PATH),
        fields=fields,
        items=[
            {
                "item": one,
                "kind": publication.kinds()[one.kind].name,
                "decision": publication.decision(one.decision),
                "grounds": [publication.ground(each) for each in one.grounds],
            }
            for one in found[:_SHOWN]
        ],
        count=len(found),
        file=url(request, f"{_PATH}.csv?{_address(wanted)}") if wanted and found else None,
    )


@router.get(f"{_PATH}.csv")
def as_sheet(request: Request, person: SignedIn) -> Response:
    """The whole list as a sheet."""
    permissions.holding(person.actors, Right.DISCLOSE)
    with reading(context(request).store) as connection:
        wanted, _ = _wanted(request, connection)
        if wanted is None:
            return see_other(request, f"{_PATH}?{request.url.query}")
        written = publication.as_csv(inventory(connection, wanted))
    name = words.say("woo.file_name", first=wanted.first, until=wanted.until)
    return Response(
        written.encode("utf-8-sig"),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _wanted(request: Request, connection: Connection) -> tuple[Wanted | None, list[Field]]:
    """What the address asks, and the fields it is asked in; None when it could not be read."""
    question = asked(request, today=today(connection), dimensions=())
    choices: dict[str, dict[str, str]] = {
        "theme": {one.id: one.name for one in themes(connection)},
        "outcome": {one: capital(words.say(f"outcome.{one}")) for one in Outcome},
    }
    chosen = {name: request.query_params.get(name, "") for name in choices}
    picked = {name: value if value in choices[name] else None for name, value in chosen.items()}
    fields = [one for one in question.fields if one.name != "asOf"]
    for name, options in choices.items():
        listed = tuple(Option(value, label) for value, label in options.items())
        label = capital(words.say(f"field.{name}"))
        fields.append(Field(name, label, "select", options=listed, value=picked[name]))
    query = question.query
    return Wanted(query.first, query.until, **picked) if query else None, fields


def _address(wanted: Wanted) -> str:
    given = {
        "from": wanted.first.isoformat(),
        "until": wanted.until.isoformat(),
        "theme": wanted.theme,
        "outcome": wanted.outcome,
    }
    return urlencode({name: value for name, value in given.items() if value})
