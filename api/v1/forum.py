"""The IND-wide forum: what was brought to it, and to which rode draden that led."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from starlette.requests import Request

from api.context import context
from api.v1 import models, theme_models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.forum import queries, service
from kdt.forum.service import Concluded
from kdt.store.transaction import reading

router = APIRouter(prefix="/forum-items", tags=["themes"])


class ForumItemIn(In):
    """What is brought: a problem in words, with the escalation that shows it where there is one."""

    problem: str
    escalation: Name | None = None


class ConclusionIn(In):
    """What the forum made of it: a theme, the name of a new one, or neither with reasons."""

    discussed_on: Day
    reasons: str = ""
    theme: Name | None = None
    name: str | None = None


@router.get(
    "",
    summary="Het IND-brede forum",
    response_model=models.Items[theme_models.ForumItem],
    responses=READ,
)
def list_forum_items(request: Request, person: Asker) -> Mapping[str, Any]:
    """Wat er is ingebracht, het laatste eerst, en wat ervan kwam. Een voorlegging staat er alleen
    bij voor wie haar inbracht."""
    with reading(context(request).store) as connection:
        found = queries.items(connection)
    return {"items": [_shown(one, person) for one in found]}


@router.post(
    "",
    status_code=201,
    summary="Breng iets in het IND-brede forum in",
    response_model=theme_models.ForumItem,
    responses=WRITE,
)
def bring_to_forum(
    request: Request, response: Response, person: Asker, actors: Acting, key: Key, new: ForumItemIn
) -> theme_models.ForumItem:
    """Breng een probleem in dat terugkomt, of een zaak die u kent. Iedereen kan dat."""
    made = service.bring(context(request).store, actors[0], new.problem, new.escalation, key=key)
    response.headers["Location"] = href(request, "forum-items", made)
    return _found(request, person, made)


@router.get(
    "/{item}",
    summary="Een inbreng in het forum",
    response_model=theme_models.ForumItem,
    responses=READ_ONE,
)
def get_forum_item(request: Request, person: Asker, item: Name) -> theme_models.ForumItem:
    """Wat er is ingebracht, en wat ervan kwam."""
    return _found(request, person, item)


@router.delete(
    "/{item}", status_code=204, summary="Neem een eigen inbreng terug", responses=WRITE_ONE
)
def withdraw_forum_item(request: Request, actors: Acting, item: Name) -> None:
    """Kan zolang het forum haar niet heeft besproken. Dat zij er stond, blijft in het register."""
    service.withdraw(context(request).store, actors[0], item)


@router.post(
    "/{item}/conclusions",
    status_code=201,
    summary="Leg vast wat het forum ervan maakte",
    response_model=theme_models.ForumItem,
    responses=WRITE_ONE,
)
def conclude_forum_item(
    request: Request,
    response: Response,
    person: Asker,
    actors: Acting,
    key: Key,
    item: Name,
    new: ConclusionIn,
) -> theme_models.ForumItem:
    """Een rode draad die er is, de naam van een nieuwe, of geen met redenen. Voor een
    beleidsadviseur; nooit een besluit over een zaak."""
    actor = permissions.holder(actors, Right.MANAGE_THEMES) or actors[0]
    told = Concluded(new.discussed_on, new.reasons, new.theme, new.name)
    service.conclude(context(request).store, actor, item, told, key=key)
    response.headers["Location"] = href(request, "forum-items", item)
    return _found(request, person, item)


def _found(request: Request, person: Person, wanted: str) -> theme_models.ForumItem:
    with reading(context(request).store) as connection:
        found = queries.item(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return _shown(found, person)


def _shown(one: queries.Item, person: Person) -> theme_models.ForumItem:
    mine = one.brought_by == person.id
    return theme_models.ForumItem(
        id=one.id,
        brought_on=one.brought_on,
        mine=mine,
        problem=one.problem,
        escalation=one.escalation if mine else None,
        withdrawn=one.withdrawn,
        discussed_on=one.discussed_on,
        theme=one.theme,
        conclusion=one.conclusion,
    )
