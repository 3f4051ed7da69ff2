"""A random sample for examination, by its seed."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import audit_views as views
from api.pages import forms, requests
from api.pages.forms import Field
from api.pages.rendering import page, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.audit import sampling
from kdt.audit.looking import auditors
from kdt.audit.sampling import Question, Strata
from kdt.errors import NotFound
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()


@router.get("/audit/sample")
def show_sample(request: Request, person: SignedIn) -> Response:
    """A sample by its seed; without one a new seed is chosen, and stands in the address."""
    auditors(person.actors)
    question, fields = _question(request)
    if question is None:
        return _sample(request, fields, None, HTTPStatus.BAD_REQUEST)
    if "seed" not in request.query_params:
        return _sample(request, fields, None)
    drawn = sampling.sample(context(request).store, person.actors, question)
    return _sample(request, fields, drawn)


def question(request: Request) -> Question:
    """The sample in the address. Raises NotFound when it names none."""
    found, _ = _question(request)
    if found is None or "seed" not in request.query_params:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _sample(
    request: Request,
    fields: Sequence[Field],
    drawn: sampling.Sample | None,
    status: int = HTTPStatus.OK,
) -> Response:
    address = "" if drawn is None else views.address(drawn.question)
    return page(
        request,
        "audit_sample.html",
        status,
        title=words.say("audit.sample_title"),
        action=url(request, "/audit/sample"),
        fields=fields,
        sample=drawn,
        rows=[] if drawn is None else [views.drawn(request, one) for one in drawn.drawn],
        strata=[] if drawn is None else views.strata(drawn),
        downloads=[]
        if drawn is None
        else [
            (words.say(f"sheet.format.{ending}"), url(request, f"/audit/sample.{ending}?{address}"))
            for ending in ("csv", "json")
        ],
    )


def _question(request: Request) -> tuple[Question | None, list[Field]]:
    given = {name: request.query_params.get(name, "").strip() for name in views.ASKED}
    with reading(context(request).store) as connection:
        today = today_in(connection)
    wrong: dict[str, str] = {}
    seed = given["seed"] or sampling.new_seed()
    if not sampling.SEED.fullmatch(seed):
        wrong["seed"] = words.say("audit.bad_seed")
    size = given["size"] or str(sampling.USUAL)
    if not (size.isascii() and size.isdigit() and 0 < int(size[:9]) <= sampling.LARGEST):
        wrong["size"] = words.say("audit.bad_size", most=sampling.LARGEST)
    by = Strata(given["by"]) if given["by"] in set(Strata) else Strata.NONE
    as_of: date | None = today
    if given["asOf"]:
        as_of = requests.day(given["asOf"])
        if as_of is None:
            wrong["asOf"] = words.say("period.not_a_date", field=words.say("period.asOf"))
    filled = {"seed": seed, "size": size, "by": str(by), "asOf": given["asOf"] or today.isoformat()}
    kinds = {"seed": "text", "size": "text", "by": "radio", "asOf": "date"}
    fields = [
        Field(
            name,
            words.say(f"audit.{name}"),
            kinds[name],
            required=True,
            options=forms.choices("strata", Strata) if name == "by" else (),
            value=filled[name],
            error=wrong.get(name),
        )
        for name in views.ASKED
    ]
    if wrong or as_of is None:
        return None, fields
    return Question(seed, int(size), by, as_of), fields
