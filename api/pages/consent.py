"""What a panel agreed on ahead and records without discussion, all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import forms
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, day, text, ticked
from api.pages.rows import case_name
from kdt import words
from kdt.access.queries import Person
from kdt.cases.queries import EscalationRow
from kdt.errors import NotFound
from kdt.meetings import consenting
from kdt.meetings.agreeing import Missing
from kdt.meetings.preparing import Preparation
from kdt.vocabulary import Stance

router = APIRouter()

# So many are recorded at once, more than a meeting has; what comes after follows then.
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Agreed:
    """One item that can go without discussion: what is proposed, and how many agree."""

    id: str
    case: str
    # Where it is read, and lifted.
    href: str
    outcome: str
    ruling: str | None
    inquiry: str | None
    agree: int


@dataclass(frozen=True, slots=True)
class Block:
    """Those, and how many more there are. `action` is where they are recorded, None for who does
    not now."""

    items: tuple[Agreed, ...]
    more: int
    action: str | None
    key: str
    # Where the meeting is read ahead; None for who does not sit in it.
    prepare: str | None


def block(
    request: Request,
    person: Person,
    preparation: Preparation,
    rows: Sequence[EscalationRow],
    *,
    base: str,
    may_be_taken: bool,
    ahead: bool,
) -> Block:
    """What of a meeting can go without discussion; `rows` are its items of which an outcome was
    proposed, `base` is its path, `ahead`: whether there is anything to read ahead of it."""
    by_id = {one.id: one for one in rows}
    agreed = [one for one in preparation.items if one.reading.agreed]
    items = tuple(
        Agreed(
            one.escalation,
            case_name(by_id[one.escalation]),
            url(request, f"{base}/prepare?item={one.escalation}"),
            one.proposed["outcome"],
            one.proposed.get("ruling"),
            one.proposed.get("inquiry"),
            one.reading.number(Stance.AGREE),
        )
        for one in agreed[:_AT_ONCE]
    )
    records = may_be_taken and consenting.records(person.actors, preparation.location)
    reads = preparation.seat_of(person.actors) is not None
    return Block(
        items,
        len(agreed) - len(items),
        url(request, f"{base}/consent") if records else None,
        forms.new_key(),
        url(request, f"{base}/prepare") if reads and ahead else None,
    )


def missing(found: Sequence[Missing]) -> str:
    """What an item lacks to go without discussion, in words; empty when nothing."""
    return ", ".join(words.amount(f"lack_{one.lack}", one.count) for one in found)


@router.post("/meetings/{panel}/{held_on}/consent")
def consent(request: Request, person: SignedIn, form: Posted, panel: str, held_on: str) -> Response:
    """Record what was ticked as it was proposed, and go on with the meeting."""
    on = day(held_on)
    if on is None:
        raise NotFound(words.say("refusal.not_found"))
    chosen = ticked(form, "escalation")
    back = f"/meetings/{panel}/{on.isoformat()}"
    if not chosen:
        return _said(request, back, [words.say("page.tick_one")])
    store, key = context(request).store, text(form, "key")
    done = consenting.record(store, person.actors, panel, on, only=chosen, key=key)
    if done.failed:
        recorded = words.amount("consented", len(done.done))
        why = [f"{one.escalation}: {one.problem}" for one in done.failed]
        return _said(request, back, [recorded, *why])
    return see_other(request, back, "consented", items=len(done.done))


def _said(request: Request, back: str, sentences: Sequence[str]) -> Response:
    return page(
        request,
        "consent_failed.html",
        HTTPStatus.CONFLICT,
        title=words.say("consent.failed"),
        heading=words.say("consent.failed"),
        sentences=sentences,
        href=url(request, back),
    )
