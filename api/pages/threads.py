"""What whoever watches the whole sees of rode draden: what rises and where, what was promised and
is not answered yet, and how long ago there was a talk."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from starlette.requests import Request

from api.pages.rendering import url
from api.pages.theme_words import rising_line
from kdt.cases.queries import themes_by_location
from kdt.rising.queries import rising as rises
from kdt.themes import counting, queries
from kdt.themes.circuit import Owed
from kdt.themes.consultations import consultations, overdue


@dataclass(frozen=True, slots=True)
class Rising:
    """A theme that rises, and how often it was seen where."""

    name: str
    href: str
    seen: str


@dataclass(frozen=True, slots=True)
class Promised:
    """An action that is out, and whether it is past its day."""

    name: str
    href: str
    owed: Owed
    late: bool


@dataclass(frozen=True, slots=True)
class Here:
    """At a location in the last four weeks: the theme seen most, and how often."""

    location: str
    name: str
    href: str
    count: int
    others: int


@dataclass(frozen=True, slots=True)
class Threads:
    """All of it. `days`: since the last talk, None when there never was one; `lawyers_since`: the
    day VAJN or SVMA were last spoken with, where that is too long ago."""

    rising: tuple[Rising, ...]
    promised: tuple[Promised, ...]
    here: tuple[Here, ...]
    days: int | None
    lawyers_since: date | None


def threads_of(request: Request, connection: Connection, today: date) -> Threads:
    """How rode draden stand today."""
    listed = {one.id: one for one in queries.themes(connection)}
    recent, _ = counting.lately(today)
    where = themes_by_location(connection, *recent)
    talks = consultations(connection)
    hrefs = {one: url(request, f"/themes/{one}") for one in listed}
    rising = [
        Rising(listed[one].name, hrefs[one], rising_line(seen))
        for one, seen in rises(connection).items()
    ]
    promised = [
        Promised(one.name, hrefs[one.id], owed, owed.overdue(today))
        for one in listed.values()
        if (owed := one.standing.owed) is not None
    ]
    here = []
    for location, themes in sorted(where.items()):
        most = max(themes, key=lambda one: (themes[one], one))
        others = len(themes) - 1
        here.append(Here(location, listed[most].name, hrefs[most], themes[most], others))
    return Threads(
        tuple(rising),
        tuple(sorted(promised, key=lambda one: one.owed.due_on)),
        tuple(here),
        (today - talks[0].held_on).days if talks else None,
        overdue(talks, today),
    )
