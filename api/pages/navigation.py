"""Who looks, as an audience, and the menu each audience has."""

from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request

from kdt import words
from kdt.access.queries import Person
from kdt.vocabulary import Role


class Audience(StrEnum):
    """Whom a start page and a menu are made for."""

    OFFICER = "officer"
    PANEL = "panel"
    MANAGEMENT = "management"
    ADMINISTRATION = "administration"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu; `current` when one is there."""

    href: str
    label: str
    current: bool


_AUDIENCE = {
    Role.OFFICER: Audience.OFFICER,
    Role.SECRETARY: Audience.PANEL,
    Role.CHAIR: Audience.PANEL,
    Role.MEMBER: Audience.PANEL,
    Role.MANAGER: Audience.MANAGEMENT,
    Role.POLICY_ADVISER: Audience.MANAGEMENT,
    Role.ADMINISTRATOR: Audience.ADMINISTRATION,
    Role.AUDITOR: Audience.AUDIT,
}

# Paths by audience; the words stand under `nav`, by the path's first part.
_MENU: dict[Audience, tuple[str, ...]] = {
    Audience.OFFICER: ("/", "/escalations", "/themes", "/figures", "/absence"),
    Audience.PANEL: (
        "/",
        "/queue",
        "/meetings",
        "/escalations",
        "/themes",
        "/figures",
        "/absence",
    ),
    Audience.MANAGEMENT: (
        "/",
        "/dashboard",
        "/figures",
        "/publications",
        "/answers",
        "/themes",
        "/signals",
        "/escalations",
    ),
    Audience.ADMINISTRATION: (
        "/",
        "/panels",
        "/calendar",
        "/deadlines",
        "/people",
        "/hand-over",
        "/retention",
        "/themes",
        "/figures",
        "/publications",
    ),
    Audience.AUDIT: (
        "/",
        "/audit/reads",
        "/audit/unusual",
        "/audit/sample",
        "/audit/changes",
        "/queue",
        "/meetings",
        "/escalations",
        "/themes",
        "/figures",
        "/answers",
    ),
}


def audience(person: Person) -> Audience | None:
    """The audience of the person's first role; None without any."""
    held = {_AUDIENCE[actor.role] for actor in person.actors}
    return next((one for one in Audience if one in held), None)


def items(request: Request, person: Person) -> tuple[Item, ...]:
    """The menu of everything the person's roles have a use for, each line once."""
    held = {_AUDIENCE[actor.role] for actor in person.actors}
    paths = dict.fromkeys(path for one in Audience if one in held for path in _MENU[one])
    root: str = request.scope.get("root_path", "")
    here = request.url.path.removeprefix(root)
    return tuple(
        Item(root + path, words.say(f"nav.{path.strip('/') or 'start'}"), _at(here, path))
        for path in paths
    )


def _at(here: str, path: str) -> bool:
    return here == path or (path != "/" and here.startswith(f"{path}/"))
