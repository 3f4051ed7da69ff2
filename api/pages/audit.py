"""What an auditor comes for: who read what, what was unusual, a sample, what was changed."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import audit_views as views
from api.pages.forms import Field, Option
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.audit import reading as log
from kdt.audit.looking import auditors, may_audit
from kdt.errors import NotFound
from kdt.reads.codes import Activity
from kdt.store.transaction import reading
from kdt.values import LONGEST_NAME

router = APIRouter()

# The address of each screen, and its word under `nav`.
SCREENS = ("reads", "unusual", "sample", "changes")


def start(request: Request, person: Person) -> Response:
    """Where an auditor begins: what can be looked at, and for what cases are read here."""
    return page(
        request,
        "audit_start.html",
        title=words.say("audit.title"),
        screens=[
            _screen(request, one)
            for one in SCREENS
            if one != "changes" or may_audit(person.actors, Right.AUDIT_CHANGES)
        ],
        activities=[
            (capital(words.say(f"activity.{one}")), words.say(f"activity_purpose.{one}"))
            for one in Activity
        ],
    )


def _screen(request: Request, one: str) -> tuple[str, str, str]:
    """Its name, its address, and what it is for."""
    return words.say(f"nav.audit/{one}"), url(request, f"/audit/{one}"), words.say(f"audit.{one}")


@router.get("/audit/reads")
def reads(request: Request, person: SignedIn) -> Response:
    """Choose a case or a person."""
    auditors(person.actors)
    return _choose(request)


@router.post("/audit/reads")
def choose(request: Request, person: SignedIn, form: Posted) -> Response:
    """On to the case or the person chosen. A case number goes in the form, never in an address."""
    auditors(person.actors)
    wanted, key = text(form, "case"), text(form, "person")
    with reading(context(request).store) as connection:
        found = log.of_case(connection, person.actors, wanted or "") if _plain(wanted) else []
        reader = log.reader(connection, key) if key and not wanted else None
    if reader is not None:
        return see_other(request, f"/audit/people/{reader.key}")
    if len(found) == 1:
        return see_other(request, f"/audit/escalations/{found[0]}")
    problem = None if found else words.say("audit.nothing_found" if wanted else "audit.choose_one")
    return _choose(request, wanted=wanted, problem=problem, found=found)


@router.get("/audit/escalations/{escalation}")
def of_case(request: Request, person: SignedIn, escalation: str) -> Response:
    """Who read this case, or tried to."""
    store = context(request).store
    wanted = log.Wanted(escalation=escalation)
    found = log.lines(store, person.actors, wanted, before=before(request))
    title = words.say("audit.of_case", escalation=escalation)
    return _lines(request, found, title, f"/audit/escalations/{escalation}", about=None)


@router.get("/audit/people/{key}")
def of_person(request: Request, person: SignedIn, key: str) -> Response:
    """What this person read, or tried to."""
    store = context(request).store
    reader = _reader(request, person, key)
    wanted = log.Wanted(person=reader.id)
    found = log.lines(store, person.actors, wanted, before=before(request))
    title = words.say("audit.of_person", person=reader.label)
    return _lines(request, found, title, f"/audit/people/{reader.key}", about=reader.label)


def files(request: Request, person: Person) -> tuple[str, Sequence[log.Line]]:
    """The name of a file and all rows in it: of the case or the person in the address."""
    auditors(person.actors)
    escalation, key = (request.query_params.get(one) for one in ("escalation", "person"))
    if key:
        wanted = log.Wanted(person=_reader(request, person, key).id)
    elif _plain(escalation):
        wanted = log.Wanted(escalation=escalation)
    else:
        raise NotFound(words.say("refusal.not_found"))
    found = log.lines(context(request).store, person.actors, wanted, limit=None)
    return words.say("audit.file_reads"), found


def _choose(
    request: Request,
    *,
    wanted: str | None = None,
    problem: str | None = None,
    found: Sequence[str] = (),
) -> Response:
    with reading(context(request).store) as connection:
        readers = log.readers(connection)
    return page(
        request,
        "audit_reads.html",
        HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
        title=words.say("audit.reads_title"),
        action=url(request, "/audit/reads"),
        case=Field(
            "case", words.say("audit.case"), "text", required=True, value=wanted, error=problem
        ),
        person_field=Field(
            "person",
            words.say("audit.person"),
            "select",
            required=True,
            options=tuple(Option(str(one.key), one.label) for one in readers),
        ),
        found=[(one, url(request, f"/audit/escalations/{one}")) for one in found],
    )


def _lines(
    request: Request, found: Sequence[log.Line], title: str, path: str, *, about: str | None
) -> Response:
    with reading(context(request).store) as connection:
        keys = {one.id: one.key for one in log.readers(connection)}
    kind, _, one = path.removeprefix("/audit/").partition("/")
    which = "escalation" if kind == "escalations" else "person"
    more = len(found) == log.PAGE
    return page(
        request,
        "audit_lines.html",
        title=title,
        lines=[views.line(request, one, keys) for one in found],
        about=about,
        downloads=[
            (
                words.say(f"sheet.format.{ending}"),
                url(request, f"/audit/reads.{ending}?{which}={one}"),
            )
            for ending in ("csv", "json")
        ]
        if found
        else [],
        following=url(request, f"{path}?before={found[-1].id}") if more else None,
    )


def _reader(request: Request, person: Person, key: str) -> log.Reader:
    auditors(person.actors)
    with reading(context(request).store) as connection:
        found = log.reader(connection, key) if _plain(key) else None
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _plain(given: str | None) -> bool:
    return bool(given) and "\0" not in (given or "") and len(given or "") <= LONGEST_NAME


def before(request: Request) -> int | None:
    """The number in the address below which a list goes on."""
    given = request.query_params.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
