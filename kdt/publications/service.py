"""Publishing takes two: one asks for a publication, another releases it.

Each step is a fact of the ledger. What an attack found something in cannot be released, and neither
can what was made before another publication that it has to agree with.
"""

import secrets
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access import queries as access
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import Forbidden, NotFound, refused
from kdt.ledger.service import By, Fact, Recorded, append
from kdt.ledger.table import Subject
from kdt.panels.queries import location_ids
from kdt.procedure import CURRENT
from kdt.publications import document, periods, subscribing
from kdt.publications.counting import themes_there_are
from kdt.publications.periods import NotPublishable, Period, PeriodKind
from kdt.publications.queries import (
    Asked,
    Publication,
    Stage,
    made,
    publication,
    released,
)
from kdt.publications.tables import MOST_CELLS, MOST_DIMENSIONS, THEME, TOPICS, Table, together
from kdt.store import locks, moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.tallies.measures import DIMENSIONS
from kdt.values import Problem
from kdt.vocabulary import Ground, Question


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    PUBLICATION_NOT_WAITING = "publication_not_waiting"
    PUBLICATION_UNSAFE = "publication_unsafe"
    PUBLICATION_OVERTAKEN = "publication_overtaken"


def period(kind: str, until: date) -> Period:
    """The period of a kind that ends with the month of a day. Raises InvalidInput, naming the
    nearest when none ends there."""
    if kind not in set(PeriodKind):
        details = {"given": kind[:50], "known": ", ".join(PeriodKind)}
        raise names.invalid(Problem("not_one_of", "period", details))
    try:
        return periods.of(PeriodKind(kind), until)
    except NotPublishable as refusal:
        raise names.invalid(Problem("not_published", "until", _nearest(refusal))) from refusal


def period_between(first: date, until: date) -> Period:
    """The period of these days. Raises InvalidInput, naming the nearest when there is none."""
    try:
        return periods.between(first, until)
    except NotPublishable as refusal:
        raise names.invalid(Problem("not_published", "until", _nearest(refusal))) from refusal


def _nearest(refusal: NotPublishable) -> dict[str, object]:
    nearest = refusal.nearest
    return {"first": words.full_day(nearest.first), "until": words.full_day(nearest.until)}


def ask(store: Store, actor: Actor, asked: Asked, *, key: str | None = None) -> str:
    """Ask for a publication; its id. It is made beside this, in a while.

    Raises Forbidden, also to who is not known here by signing in, InvalidInput and Conflict (the
    key was used for something else).
    """
    repeat = repeats.of(actor, key, Subject.PUBLICATION, asked)
    with writing(store) as connection:
        _may(connection, actor)
        if already := repeat.recorded(connection):
            return already
        _check(connection, asked)
        new = f"P-{secrets.token_hex(4).upper()}"
        values = {
            "topic": asked.topic,
            "period": asked.period.kind,
            "first_on": asked.period.first,
            "last_on": asked.period.until,
            "as_of": asked.as_of,
            "by": [one for one in DIMENSIONS if one in asked.by],
            "by_month": int(asked.by_month),
        }
        _record(connection, actor, new, Stage.ASKED, values)
        repeat.record(connection, Subject.PUBLICATION, new)
    return new


def release(store: Store, actor: Actor, wanted: str, seen: str, *, key: str | None = None) -> None:
    """Let a publication of which the digest was `seen` leave the house.

    Raises Forbidden, also to who asked for it and to who is not known here by signing in, NotFound,
    and Refused when it does not wait for this, is not what was seen, an attack found something, or
    another was released meanwhile that it has to agree with.
    """
    repeat = repeats.of(actor, key, Subject.PUBLICATION, "release", wanted, seen)
    with writing(store) as connection:
        _may(connection, actor)
        if repeat.recorded(connection):
            return
        found = _waiting(connection, wanted)
        if found.asker == actor.person:
            raise Forbidden(words.say("forbidden.releases_own"))
        prepared = found.step(Stage.PREPARED)
        if prepared is None or prepared.values["document"] != seen:
            raise refused(Code.PUBLICATION_NOT_WAITING)
        if not found.passed:
            raise refused(Code.PUBLICATION_UNSAFE)
        if overtaken(connection, found):
            raise refused(Code.PUBLICATION_OVERTAKEN)
        released = _record(connection, actor, wanted, Stage.RELEASED, {"document": seen})
        subscribing.to_tell(connection, wanted, released.recorded_at)
        repeat.record(connection, Subject.PUBLICATION, wanted)


def discard(
    store: Store, actor: Actor, wanted: str, reason: str, *, key: str | None = None
) -> None:
    """Let a publication go that was not released; whoever asked for it may do so too.

    Raises Forbidden, NotFound, InvalidInput and Refused.
    """
    given = names.text_given("reason", reason)
    if not given:
        raise names.invalid(Problem("blank", "reason"))
    repeat = repeats.of(actor, key, Subject.PUBLICATION, "discard", wanted, given)
    with writing(store) as connection:
        _may(connection, actor)
        if repeat.recorded(connection):
            return
        _waiting(connection, wanted)
        by = By(actor.person, actor.role)
        fact = Fact(Subject.PUBLICATION, wanted, Stage.DISCARDED, {}, {"reason": given})
        append(connection, by, fact)
        repeat.record(connection, Subject.PUBLICATION, wanted)


def overtaken(connection: Connection, one: Publication) -> bool:
    """Whether something was released since one was made that it has to agree with."""
    content = made(connection, one.id)
    over = document.kept_read(content.inside).over if content else ()
    now = [each.id for each in released(connection) if together(each.asked.about, one.asked.about)]
    return [*over] != now


def _waiting(connection: Connection, wanted: str) -> Publication:
    """One that waits for a second person, for nobody else to decide on until the transaction ends.
    Raises NotFound and Refused."""
    locks.hold(connection, locks.PUBLICATIONS)
    found = publication(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    if found.stage is not Stage.PREPARED:
        raise refused(Code.PUBLICATION_NOT_WAITING)
    return found


def _may(connection: Connection, actor: Actor) -> None:
    """Raise Forbidden unless it is somebody who may, and who is known by signing in: of anybody
    else nobody can tell whether it is another than who asked."""
    permissions.require(actor, Right.PUBLISH)
    if not access.enabled(connection, actor.person):
        raise Forbidden(words.say("forbidden.publishes_unknown"))


def _check(connection: Connection, asked: Asked) -> None:
    """Raise InvalidInput unless it can be made."""
    if asked.topic not in TOPICS:
        details = {"given": asked.topic[:50], "known": ", ".join(TOPICS)}
        raise names.invalid(Problem("not_one_of", "topic", details))
    for one in asked.by:
        if one not in DIMENSIONS:
            details = {"given": one[:50], "known": ", ".join(DIMENSIONS)}
            raise names.invalid(Problem("not_one_of", "by", details))
    if len({*asked.by}) > MOST_DIMENSIONS or _size(connection, asked) > MOST_CELLS:
        raise names.invalid(Problem("too_fine", "by", {"most": MOST_DIMENSIONS}))
    if TOPICS[asked.topic].standing and len(asked.period.months) > 1:
        raise names.invalid(Problem("not_standing", "period"))
    if asked.as_of >= moments.today(connection):
        raise names.invalid(Problem("day_not_over", "asOf"))
    if asked.as_of < asked.period.until:
        details = {"until": words.full_day(asked.period.until)}
        raise names.invalid(Problem("period_not_over", "asOf", details))


def _size(connection: Connection, asked: Asked) -> int:
    several: dict[str, Collection[str]] = {
        "level": [one.code for one in CURRENT.ladder.levels],
        "location": location_ids(connection),
        "question": [*Question],
        "ground": [*Ground],
    }
    axes = {one: tuple(several[one]) for one in asked.by}
    if TOPICS[asked.topic].by_theme:
        axes[THEME] = themes_there_are(connection, asked.as_of)
    return Table(asked.topic, asked.period, asked.by_month, axes).size


def _record(
    connection: Connection, actor: Actor, wanted: str, stage: Stage, values: dict[str, object]
) -> Recorded:
    fact = Fact(Subject.PUBLICATION, wanted, stage, values)
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    return recorded
