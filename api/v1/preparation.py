"""A meeting as its panel reads it ahead, and what it then records without discussion."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key
from api.v1.inputs import Day, In, Name
from api.v1.models import Out
from api.v1.panels import panel_for
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.cases import before_panel, ordering
from kdt.errors import NotFound
from kdt.meetings import consenting, preparing
from kdt.meetings.agreeing import Lack
from kdt.meetings.preparing import Prepared
from kdt.panels import slots
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Stance

router = APIRouter(prefix="/panels/{panel}/meetings/{heldOn}", tags=["ahead"])

HeldOn = Annotated[Day, Path(alias="heldOn")]


class Lacking(Out):
    """What an item lacks to go without discussion, of how many, and in words."""

    lack: Lack
    count: int
    detail: str


class SaidAhead(Out):
    """What was last said in the seat of a member, of which proposal, by its number."""

    person: str
    stance: Stance
    proposal: int | None


class PreparedItem(Out):
    """An item as it is read ahead: the number of what is proposed and what that is, what was said,
    whether you still owe a position, and what it lacks to go without discussion."""

    escalation: str
    proposal: int | None
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    referral: str | None
    said: list[SaidAhead]
    owed: bool
    missing: list[Lacking]


class ReadAhead(Out):
    """What is listed for a meeting, in the order of its agenda. `byConsent` and `discussed`: how
    many of what it took went without discussion, and how many did not."""

    panel: str
    held_on: date
    items: list[PreparedItem]
    by_consent: int
    discussed: int


class NewConsent(In):
    """Which of what was agreed on to record as proposed; all of it when left out."""

    escalations: list[Name] | None = None


class ConsentedItem(Out):
    """A consideration that was recorded without discussion."""

    escalation: str
    version: int
    ref: str


class NotConsented(Out):
    """What could not be recorded so, and why not."""

    escalation: str
    detail: str


class ConsentReceipt(Out):
    """What was recorded without discussion, and what was not; each stands by itself."""

    done: list[ConsentedItem]
    failed: list[NotConsented]


@router.get(
    "/preparation",
    summary="Een overleg om voor te bereiden",
    response_model=ReadAhead,
    responses=READ_ONE,
)
def get_preparation(request: Request, actors: Acting, panel: Name, held_on: HeldOn) -> ReadAhead:
    """Wat op de agenda staat, met het voorstel, de standpunten in codes, en wat er nog mist om het
    zonder bespreking vast te leggen. Voor wie in dat KDT zit."""
    with reading(context(request).store) as connection:
        location = panel_for(connection, actors, panel).location
        held = slots.meeting(connection, panel, held_on)
        if held is None:
            raise NotFound(words.say("refusal.not_found"))
        order = ordering.in_force(connection, today(connection))
        waiting = before_panel.agenda(connection, panel, held_on, order=order)
        ids = [one.id for one in waiting]
        found = preparing.preparation(connection, location, held.attendance, ids)
        taken = consenting.taken(connection, [panel], held_on, held_on)
    went = taken.get((panel, held_on), consenting.Taken(0, 0))
    seat = found.seat_of(actors)
    return ReadAhead(
        panel=panel,
        held_on=held_on,
        items=[_item(one, seat) for one in found.items],
        by_consent=went.by_consent,
        discussed=went.discussed,
    )


@router.post(
    "/consents",
    status_code=201,
    summary="Leg hamerstukken vast",
    response_model=ConsentReceipt,
    responses=WRITE_ONE,
)
def consent(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: HeldOn,
    key: Key,
    new: NewConsent,
) -> ConsentReceipt:
    """Elke zaak waarover men het vooraf eens is, krijgt de uitkomst die was voorgesteld, met die
    motivering; dat het zonder bespreking ging, wordt vastgelegd. Voor secretaris en voorzitter."""
    done = consenting.record(
        context(request).store, actors, panel, held_on, only=new.escalations, key=key
    )
    return ConsentReceipt(
        done=[
            ConsentedItem(escalation=one.escalation, version=one.version, ref=one.refs[0])
            for one in done.done
        ],
        failed=[NotConsented(escalation=one.escalation, detail=one.problem) for one in done.failed],
    )


def _item(one: Prepared, seat: str | None) -> PreparedItem:
    return PreparedItem(
        escalation=one.escalation,
        proposal=one.reading.proposal,
        outcome=one.proposed.get("outcome"),
        ruling=one.proposed.get("ruling"),
        inquiry=one.proposed.get("inquiry"),
        referral=one.proposed.get("referral"),
        said=[
            SaidAhead(person=person, stance=said.stance, proposal=said.proposal)
            for person, said in one.reading.said.items()
        ],
        owed=seat is not None and one.reading.owes(seat),
        missing=[
            Lacking(
                lack=lack.lack,
                count=lack.count,
                detail=words.amount(f"lack_{lack.lack}", lack.count),
            )
            for lack in one.reading.missing
        ],
    )
