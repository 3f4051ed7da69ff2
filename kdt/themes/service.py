"""Themes are proposed by whoever sees cases, and confirmed, renamed and closed by a policy adviser.

What a theme is called and how it stands is only ever added; what it was before stays readable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import queries
from kdt.themes.model import theme_terms, themes
from kdt.themes.queries import Theme
from kdt.values import Problem
from kdt.vocabulary import ThemeStatus

# Two changes at once: the second sees what the first made of it.
_LOCK = 0x4B445448


class Code(StrEnum):
    """Why a theme cannot be changed so; the Dutch stands under `refusal`."""

    NAME_TAKEN = "name_taken"
    NOT_PROPOSED_AGAIN = "not_proposed_again"


def may_become(theme: Theme) -> tuple[ThemeStatus, ...]:
    """How a theme can come to stand; what was judged is not a proposal again."""
    return tuple(one for one in ThemeStatus if one not in (theme.status, ThemeStatus.PROPOSED))


def add(
    store: Store, actor: Actor, name: str, description: str = "", *, key: str | None = None
) -> Theme:
    """Enter a theme: a proposal, or confirmed at once when a policy adviser enters it.

    A repeat with the same key gives the same theme, as it is called now. Raises Forbidden,
    InvalidInput, Conflict (the key was used for something else), and Refused when the name is that
    of another theme.
    """
    permissions.require(actor, Right.PROPOSE_THEMES)
    name, description = names.given("name", name), names.text_given("description", description)
    judged = permissions.has(actor, Right.MANAGE_THEMES)
    status = ThemeStatus.CONFIRMED if judged else ThemeStatus.PROPOSED
    new = Theme(names.slug(name), name, description, status)
    repeat = repeats.of(actor, key, Subject.THEME, name, description)
    with _changing(store) as connection:
        known = queries.themes(connection)
        if made := repeat.recorded(connection):
            return next(one for one in known if one.id == made)
        new = replace(new, id=names.free(new.id, {one.id for one in known}))
        _check_name(new, known)
        enter(connection, By(actor.person, actor.role), new)
        repeat.record(connection, Subject.THEME, new.id)
    return new


def change(
    store: Store,
    actor: Actor,
    theme: str,
    *,
    name: str | None = None,
    description: str | None = None,
    status: str | None = None,
) -> Theme:
    """Rename, describe, confirm, close or reopen a theme; what is left out stays, and what stays
    the same is not recorded. Raises Forbidden, NotFound, InvalidInput and Refused."""
    permissions.require(actor, Right.MANAGE_THEMES)
    if status is not None and status not in tuple(ThemeStatus):
        details = {"given": status[:50], "known": ", ".join(ThemeStatus)}
        raise names.invalid(Problem("not_one_of", "status", details))
    changes: dict[str, str] = {}
    if name is not None:
        changes["name"] = names.given("name", name)
    if description is not None:
        changes["description"] = names.text_given("description", description)
    if status is not None:
        changes["status"] = status
    with _changing(store) as connection:
        before = queries.theme(connection, theme)
        if before is None:
            raise NotFound(words.say("refusal.not_found"))
        after = replace(before, **changes)
        if after == before:
            return before
        if after.status not in (before.status, *may_become(before)):
            raise refused(Code.NOT_PROPOSED_AGAIN)
        _check_name(after, queries.themes(connection))
        _record(connection, By(actor.person, actor.role), after, "change")
    return after


def enter(connection: Connection, by: By, theme: Theme) -> None:
    """Enter a theme that is not there yet, within the caller's transaction."""
    connection.execute(insert(themes).values(id=theme.id))
    _record(connection, by, theme, "enter")


@contextmanager
def _changing(store: Store) -> Iterator[Connection]:
    with writing(store) as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection


def _check_name(theme: Theme, known: list[Theme]) -> None:
    wanted = theme.name.casefold()
    if any(one.id != theme.id and one.name.casefold() == wanted for one in known):
        raise refused(Code.NAME_TAKEN, name=theme.name)


def _record(connection: Connection, by: By, theme: Theme, fact: str) -> None:
    texts = {"name": theme.name, "description": theme.description}
    (recorded,) = append(
        connection, by, Fact(Subject.THEME, theme.id, fact, {"status": theme.status}, texts)
    )
    connection.execute(
        insert(theme_terms).values(
            theme=theme.id,
            status=theme.status,
            recorded_by=by.person,
            recorded_at=recorded.recorded_at,
            **texts,
        )
    )
