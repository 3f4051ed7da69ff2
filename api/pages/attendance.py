"""Who is at a meeting: as its page shows it, and the form in which it is entered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import requests
from api.pages.rendering import see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.meetings.attendance import Presence, attend, presences
from kdt.panels.queries import NamedPanel

if TYPE_CHECKING:
    from kdt.meetings.sittings import Sitting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who of the panel is there, how many there must be (none when that is not known), and where
    it is entered by who may."""

    people: list[Presence]
    minimum: int | None
    href: str | None

    @property
    def present(self) -> list[Presence]:
        """Who is there now."""
        return [one for one in self.people if one.present]

    @property
    def kept(self) -> bool:
        """Whether anybody was entered."""
        return any(one.arrived_at for one in self.people)


def attendance(
    request: Request,
    connection: Connection,
    person: Person,
    panel: NamedPanel,
    sitting: "Sitting",
    *,
    begun: bool,
) -> Attendance:
    """The attendance of a meeting; `begun`: its day has come."""
    may = permissions.of_panel(person.actors, Right.ATTENDANCE, panel.location) is not None
    path = f"/meetings/{quote(panel.id)}/{sitting.held_on.isoformat()}/attendance"
    return Attendance(
        presences(connection, panel.location, sitting.id),
        sitting.attendance,
        url(request, path) if may and begun and sitting.stands and not sitting.attested else None,
    )


@router.post("/meetings/{panel}/{held_on}/attendance")
def enter(request: Request, person: SignedIn, form: Posted, panel: str, held_on: str) -> Response:
    """Enter who came and who went since the form was made; what another entered meanwhile stays."""
    on = requests.day(held_on)
    if on is None:
        raise NotFound(words.say("refusal.not_found"))
    ticked = {str(one) for one in form.getlist("present")}
    before = {str(one) for one in form.getlist("was")}
    attend(
        context(request).store,
        person.actors,
        panel,
        on,
        arrived=ticked - before,
        left=before - ticked,
    )
    return see_other(request, f"/meetings/{quote(panel)}/{held_on}", "attendance")
