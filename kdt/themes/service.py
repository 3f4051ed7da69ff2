"""Themes are proposed by whoever sees cases, and named and described by a policy adviser; the steps
of their circuit stand in `stepping`.

What a theme is called and what it is about is only ever added; what it was before stays readable.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access import queries as access
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import queries
from kdt.themes.model import theme_profiles, theme_terms, themes
from kdt.themes.queries import Profile, Theme
from kdt.values import Problem
from kdt.vocabulary import Stream, ThemeState

# How many codes, and how many sources, a theme has at most.
_MOST = 20


class Code(StrEnum):
    """Why a theme cannot be changed so; the Dutch stands under `refusal`."""

    NAME_TAKEN = "name_taken"


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
    repeat = repeats.of(actor, key, Subject.THEME, name, description)
    with changing(store) as connection:
        if made := repeat.recorded(connection):
            return found(connection, made)
        new = added(connection, actor, name, description)
        repeat.record(connection, Subject.THEME, new.id)
    return new


def added(connection: Connection, actor: Actor, name: str, description: str) -> Theme:
    """The same within the caller's transaction, in which nobody else changes a theme."""
    permissions.require(actor, Right.PROPOSE_THEMES)
    name, description = names.given("name", name), names.text_given("description", description)
    judged = permissions.has(actor, Right.MANAGE_THEMES)
    state = ThemeState.CONFIRMED if judged else ThemeState.PROPOSED
    known = queries.themes(connection)
    new = queries.begun(names.slug(name), name, description, state)
    new = replace(new, id=names.free(new.id, {one.id for one in known}))
    _check_name(new, known)
    enter(connection, By(actor.person, actor.role), new)
    return new


def change(
    store: Store,
    actor: Actor,
    theme: str,
    *,
    name: str | None = None,
    description: str | None = None,
) -> Theme:
    """Rename or describe a theme; what is left out stays, and what stays the same is not recorded.
    Raises Forbidden, NotFound, InvalidInput and Refused."""
    with changing(store) as connection:
        return rename(connection, actor, theme, name, description)


def rename(
    connection: Connection, actor: Actor, theme: str, name: str | None, description: str | None
) -> Theme:
    """The same within the caller's transaction, in which nobody else changes a theme."""
    permissions.require(actor, Right.MANAGE_THEMES)
    before = after = found(connection, theme)
    if name is not None:
        after = replace(after, name=names.given("name", name))
    if description is not None:
        after = replace(after, description=names.text_given("description", description))
    if after != before:
        _check_name(after, queries.themes(connection))
        _record(connection, By(actor.person, actor.role), after, "change")
    return after


def describe(connection: Connection, actor: Actor, theme: str, profile: Profile) -> Profile:
    """Say what a theme is about and whose it is, within the caller's transaction, in which nobody
    else changes a theme; what stays the same is not recorded. Its owner is somebody who keeps
    themes. Raises Forbidden, NotFound and InvalidInput."""
    permissions.require(actor, Right.MANAGE_THEMES)
    wanted = replace(
        profile,
        owner=profile.owner or None,
        codes=lines("codes", profile.codes),
        sources=lines("sources", profile.sources),
    )
    found(connection, theme)
    before = queries.profile(connection, theme)
    if wanted == before:
        return before
    _check_profile(connection, before, wanted)
    values = {} if wanted.stream is None else {"stream": wanted.stream}
    texts = {
        "owner": wanted.owner or "",
        "codes": "\n".join(wanted.codes),
        "sources": "\n".join(wanted.sources),
    }
    fact = Fact(Subject.THEME, theme, "describe", values, texts)
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(theme_profiles).values(
            theme=theme,
            stream=wanted.stream,
            owner=wanted.owner or "",
            codes=[*wanted.codes],
            sources=[*wanted.sources],
            recorded_by=actor.person,
            recorded_at=recorded.recorded_at,
        )
    )
    return wanted


def owners(connection: Connection) -> list[Person]:
    """Who can have a theme: whoever keeps the list."""
    return [
        one
        for one in access.all_people(connection)
        if permissions.holder(one.actors, Right.MANAGE_THEMES)
    ]


def found(connection: Connection, theme: str) -> Theme:
    """One theme. Raises NotFound."""
    known = queries.theme(connection, theme)
    if known is None:
        raise NotFound(words.say("refusal.not_found"))
    return known


def enter(connection: Connection, by: By, theme: Theme) -> None:
    """Enter a theme that is not there yet, within the caller's transaction."""
    connection.execute(insert(themes).values(id=theme.id))
    _record(connection, by, theme, "enter")


@contextmanager
def changing(store: Store) -> Iterator[Connection]:
    """A transaction in which nobody else changes a theme, or tells anything about themes: what one
    refers to still stands when it is recorded."""
    with writing(store) as connection:
        locks.hold(connection, locks.THEMES)
        yield connection


def _check_name(theme: Theme, known: list[Theme]) -> None:
    wanted = theme.name.casefold()
    if any(one.id != theme.id and one.name.casefold() == wanted for one in known):
        raise refused(Code.NAME_TAKEN, name=theme.name)


def lines(field: str, given: Iterable[str]) -> tuple[str, ...]:
    """Codes or sources as they are kept: each once, and none that is blank. Raises InvalidInput."""
    kept = [names.given(field, one) for one in given if one.strip()]
    if len(kept) > _MOST:
        raise names.invalid(Problem("too_many", field, {"most": _MOST}))
    return tuple(dict.fromkeys(kept))


def _check_profile(connection: Connection, before: Profile, wanted: Profile) -> None:
    """Raise InvalidInput unless stream and owner are among those there are."""
    if wanted.stream is not None and wanted.stream not in tuple(Stream):
        details = {"given": wanted.stream[:50], "known": ", ".join(Stream)}
        raise names.invalid(Problem("not_one_of", "stream", details))
    if wanted.owner not in (None, before.owner):
        known = {one.id for one in owners(connection)}
        if wanted.owner not in known:
            # Who there are is not told.
            details = {"given": str(wanted.owner)[:50], "known": ""}
            raise names.invalid(Problem("not_one_of", "owner", details))


def _record(connection: Connection, by: By, theme: Theme, fact: str) -> None:
    texts = {"name": theme.name, "description": theme.description}
    # Where it is now its steps say; this is where it began.
    values = {"status": theme.begun} if fact == "enter" else {}
    (recorded,) = append(connection, by, Fact(Subject.THEME, theme.id, fact, values, texts))
    connection.execute(
        insert(theme_terms).values(
            theme=theme.id,
            status=theme.begun,
            recorded_by=by.person,
            recorded_at=recorded.recorded_at,
            **texts,
        )
    )
