"""What was unusual in who read what, and what was changed around the cases."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import audit_views as views
from api.pages import requests
from api.pages.audit import before
from api.pages.forms import Field, Option
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.audit import changes as ledger
from kdt.audit import reading as log
from kdt.audit import unusual
from kdt.audit.looking import auditors
from kdt.ledger.table import Subject
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()

# A week, today included.
_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it stood in the address, or the last week; `wrong` when it could not be read."""

    first: date
    until: date
    fields: tuple[Field, ...]
    wrong: bool


@router.get("/audit/unusual")
def show_unusual(request: Request, person: SignedIn) -> Response:
    """Events that are worth a look, by the rules the page explains."""
    store = context(request).store
    auditors(person.actors)
    period = _period(request)
    found = []
    if not period.wrong:
        found = unusual.events(store, person.actors, period.first, period.until)
    with reading(store) as connection:
        keys = {one.id: one.key for one in log.readers(connection)}
    return page(
        request,
        "audit_unusual.html",
        HTTPStatus.BAD_REQUEST if period.wrong else HTTPStatus.OK,
        title=words.say("audit.unusual_title"),
        action=url(request, "/audit/unusual"),
        fields=period.fields,
        wrong=period.wrong,
        events=[views.event(request, one, keys) for one in found],
        rules=views.rules(),
    )


@router.get("/audit/changes")
def show_changes(request: Request, person: SignedIn) -> Response:
    """Who changed which role, name, mapping, theme or panel, and when."""
    chosen = request.query_params.get("subject", "")
    subject = Subject(chosen) if chosen in set(views.SUBJECTS) else None
    found = ledger.changes(
        context(request).store,
        person.actors,
        subject=subject,
        before=before(request),
        limit=ledger.PAGE + 1,
    )
    following = None
    if len(found) > ledger.PAGE:
        asked = {"before": str(found[ledger.PAGE - 1].position)} | (
            {"subject": chosen} if subject else {}
        )
        following = url(request, f"/audit/changes?{urlencode(asked)}")
    return page(
        request,
        "audit_changes.html",
        title=words.say("audit.changes_title"),
        action=url(request, "/audit/changes"),
        fields=[
            Field(
                "subject",
                words.say("audit.subject"),
                "select",
                options=tuple(
                    Option(one, capital(words.say(f"subject.{one}"))) for one in views.SUBJECTS
                ),
                value=chosen,
            )
        ],
        changes=[views.change(request, one) for one in found[: ledger.PAGE]],
        following=following,
    )


def _period(request: Request) -> Period:
    with reading(context(request).store) as connection:
        today = today_in(connection)
    given = {name: request.query_params.get(name, "").strip() for name in ("from", "until")}
    days = {name: requests.day(value) if value else None for name, value in given.items()}
    wrong = {
        name: words.say("period.not_a_date", field=words.say(f"period.{name}"))
        for name, value in given.items()
        if value and days[name] is None
    }
    until = days["until"] or today
    first = days["from"] or until - _WEEK
    if not wrong and first > until:
        wrong["until"] = words.say("period.period_reversed")
    elif not wrong and until - first > unusual.LONGEST:
        wrong["from"] = words.say("audit.too_long", days=unusual.LONGEST.days)
    shown = {"from": given["from"] or first.isoformat(), "until": given["until"] or str(until)}
    fields = tuple(
        Field(
            name,
            capital(words.say(f"period.{name}")),
            "date",
            value=shown[name],
            error=wrong.get(name),
        )
        for name in given
    )
    return Period(first, until, fields, bool(wrong))
