"""Searching for similar cases: what is near by its text, and why, as far as one may know of it.

What is found carries codes, days and words the asker wrote themselves, no text: that is read
through the page of the escalation, where it is logged (docs/decisions/0045).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, Connection, Float, bindparam, cast, func, select

from kdt.access.model import hand_overs
from kdt.access.permissions import Actor
from kdt.access.table import Knows, Shown
from kdt.cases import entries as canonical
from kdt.cases import queries, sights
from kdt.cases.model import considerations, entries, entry_texts, escalations
from kdt.cases.queries import EscalationRow
from kdt.procedure import Act, History
from kdt.similar.features import words
from kdt.similar.keeping import TELLS, written
from kdt.similar.learning import Floats, Learnt
from kdt.similar.model import Point, points_of, similar_models
from kdt.similar.since import Change, changes
from kdt.store.driver import Statement
from kdt.store.writing import AnySelect, ask
from kdt.themes.counting import of_each
from kdt.vocabulary import Action, Phase

# Whatever lies further off than this has nothing to do with it, and this near is strongly alike.
_FAR, _NEAR = 0.25, 0.6
# So many of the nearest are weighed again; and what the same in a field adds to being near.
_CANDIDATES = 40
# Up to so many of somebody's own are all compared, without the index.
_FEW = 2_000
_SAME = {"question": 0.02, "ground": 0.01, "themes": 0.05}
# Words shown as shared, at most.
_WORDS = 6
# Where few of what is near may be known of, the index is asked on, this far.
_SETTINGS: tuple[Statement, ...] = tuple(
    (b"select set_config(%s, %s, true)", (f"hnsw.{name}", value))
    for name, value in (
        ("iterative_scan", "relaxed_order"),
        ("ef_search", "100"),
        ("max_scan_tuples", "20000"),
    )
)


_SAYING = b"""
    select word from unnest(%s::text[]) with ordinality as told (word, place)
    where ts_lexize('dutch_stem', word) <> '{}' order by place
"""


@dataclass(frozen=True, slots=True)
class Described:
    """A case as somebody describes it; `besides`: the escalation it is itself, when it is one."""

    summary: str
    question: str | None = None
    ground: str | None = None
    themes: tuple[str, ...] = ()
    besides: str | None = None
    # Whether only those that a panel has answered are wanted.
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Similar:
    """An escalation that is like it, and why: the fields that are the same, words of the text that
    this one has too (where it may be read), and whether the texts are strongly alike. `followed`:
    what became of the answer (a result), None as long as that is not known; `since`: what came of
    its themes after that answer."""

    escalation: EscalationRow
    themes: tuple[str, ...]
    same: tuple[str, ...]
    shared_words: tuple[str, ...]
    strongly: bool
    followed: str | None
    since: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the most similar first; `ready`: whether there is anything to search by."""

    ready: bool
    items: tuple[Similar, ...] = ()


def similar(
    connection: Connection, actors: Sequence[Actor], described: Described, limit: int = 5
) -> Found:
    """The escalations most similar to what is described, of those these may know of.

    The same text finds the same, as long as nothing is recorded.
    """
    learnt = _current(connection)
    if learnt is None:
        return Found(ready=False)
    number, model = learnt
    point = model.point(described.summary)
    if not point.any():
        return Found(ready=True)
    near = _nearest(connection, actors, number, point, described, limit)
    rows = _rows(connection, actors, [one for one in near if near[one] >= _FAR])
    themes = of_each(connection, list(rows))
    alike = {one: tuple(_same(rows[one], themes.get(one, ()), described)) for one in rows}
    order = sorted(
        rows, key=lambda one: (-near[one] - sum(_SAME[field] for field in alike[one]), one)
    )[:limit]
    shared = _shared(connection, rows, order, model.telling(described.summary))
    followed = _followed(connection, rows, order)
    changed = changes(connection, {theme for one in order for theme in themes.get(one, ())})
    return Found(
        ready=True,
        items=tuple(
            Similar(
                rows[one],
                themes.get(one, ()),
                alike[one],
                shared.get(one, ()),
                near[one] >= _NEAR,
                followed.get(one),
                tuple(_since(rows[one], themes.get(one, ()), changed)),
            )
            for one in order
        ),
    )


def _current(connection: Connection) -> tuple[int, Learnt] | None:
    """What is searched by, and its number; None as long as there is nothing."""
    found = connection.execute(
        select(similar_models.c.id, similar_models.c.learnt_at).where(similar_models.c.filled)
    ).one_or_none()
    if found is None:
        return None
    key = (found.id, found.learnt_at.isoformat())
    learnt = _kept.get(key)
    if learnt is None:
        content = connection.scalar(
            select(similar_models.c.content).where(similar_models.c.id == found.id)
        )
        learnt = Learnt.unpacked(content or b"")
        _kept.clear()
        _kept[key] = learnt
    return found.id, learnt


# The one a process searches by, of some megabytes: by its number and when it was learnt.
_kept: dict[tuple[int, str], Learnt] = {}


def _nearest(
    connection: Connection,
    actors: Sequence[Actor],
    model: int,
    point: Floats,
    described: Described,
    limit: int,
) -> dict[str, float]:
    """How near each of the nearest is, by its id.

    The index gives what is near, of which whoever knows of a few alone gets none: of those few each
    is looked at, and so is all somebody knows of where the index gives too little.
    """
    among = _among(actors, model, described)
    if _know_few(connection, actors):
        among = among.where(points_of(model).c.escalation_id.in_(_own(actors)))
    else:
        ask(connection, *_SETTINGS)
        found = _ordered(connection, among, point)
        if len(found) >= limit:
            return found
    every = among.cte("every").prefix_with("materialized")
    return _ordered(connection, select(every), point)


def _know_few(connection: Connection, actors: Sequence[Actor]) -> bool:
    """Whether all these may know of is so little that each is looked at as quickly."""
    if any(actor.row.knows not in (Knows.OWN, Knows.NONE) for actor in actors):
        return False
    some = _own(actors).limit(_FEW + 1).subquery()
    return (connection.scalar(select(func.count()).select_from(some)) or 0) <= _FEW


def _own(actors: Sequence[Actor]) -> CompoundSelect[str]:
    """What these brought or go on with, by what the database finds at once."""
    theirs = sorted({actor.stands_for for actor in actors})
    brought = select(escalations.c.id).where(escalations.c.brought_by.in_(theirs))
    held = select(hand_overs.c.escalation_id).where(hand_overs.c.holder.in_(theirs))
    return brought.union(held)


def _among(actors: Sequence[Actor], model: int, described: Described) -> AnySelect:
    """Points of what is looked among: what these may read, without what it is itself. How near a
    text is says something of what stands in it."""
    points = points_of(model)
    wanted = [escalations.c.phase.is_not(None), sights.visible(actors, {Shown.TEXT})]
    if described.besides is not None:
        wanted.append(escalations.c.id != described.besides)
    if described.answered:
        answers = considerations.c.escalation_id == escalations.c.id
        settling = select(considerations.c.seq).where(answers, considerations.c.settles)
        wanted.append(settling.exists())
    return (
        select(points)
        .join_from(points, escalations, escalations.c.id == points.c.escalation_id)
        .where(*wanted)
    )


def _ordered(connection: Connection, among: AnySelect, point: Floats) -> dict[str, float]:
    by = among.selected_columns
    away = by.point.op("<#>", return_type=Float())(cast(bindparam("at", written(point)), Point))
    found = connection.execute(
        among.with_only_columns(by.escalation_id, (-away).label("near"))
        .order_by(away)
        .limit(_CANDIDATES)
    )
    return {one.escalation_id: float(one.near) for one in found}


def _rows(
    connection: Connection, actors: Sequence[Actor], chosen: Sequence[str]
) -> dict[str, EscalationRow]:
    query = queries.standing(themed=sights.by_theme(actors)).where(
        sights.visible(actors), escalations.c.id.in_(chosen)
    )
    found = connection.execute(queries.whole(query, lambda of: [of.id]))
    return {one.id: queries.as_row(one, actors) for one in found}


def _same(row: EscalationRow, themes: Sequence[str], described: Described) -> Iterator[str]:
    """The fields in which it is the same."""
    if row.question == described.question:
        yield "question"
    if row.ground == described.ground:
        yield "ground"
    if not set(themes).isdisjoint(described.themes):
        yield "themes"


def _since(
    row: EscalationRow, themes: Sequence[str], changed: Sequence[Change]
) -> Iterator[Change]:
    """What came of its themes after it was answered last; nothing as long as it was not."""
    for one in changed:
        if row.considered_on is not None and one.theme in themes and one.on > row.considered_on:
            yield one


def _shared(
    connection: Connection,
    rows: Mapping[str, EscalationRow],
    chosen: Sequence[str],
    told: Sequence[str],
) -> dict[str, tuple[str, ...]]:
    """Of those the asker wrote, the words that each has as well, where they are shown its text.

    Only words that are in several texts: whether one text holds a name is told to nobody.
    """
    readable = [one for one in chosen if Shown.TEXT in rows[one].sight]
    if not readable or not told:
        return {}
    found = connection.execute(
        select(entry_texts.c.escalation_id, entry_texts.c.content).where(
            entry_texts.c.escalation_id.in_(readable), TELLS
        )
    )
    told = _without_stop_words(connection, told)
    shared = {}
    for one in found:
        there = {word for word, _ in words(one.content)}
        shared[one.escalation_id] = tuple(word for word in told if word in there)[:_WORDS]
    return shared


def _without_stop_words(connection: Connection, told: Sequence[str]) -> list[str]:
    """The words that say something, by PostgreSQL's own Dutch."""
    (found,) = ask(connection, (_SAYING, (list(told),)))
    return [one.word for one in found]


def _followed(
    connection: Connection, rows: Mapping[str, EscalationRow], chosen: Sequence[str]
) -> dict[str, str]:
    """Of those that are closed, what whoever went on with it did with the answer."""
    closed = [one for one in chosen if rows[one].phase is Phase.CLOSED]
    acts: dict[str, list[Act]] = {}
    for one in connection.execute(
        select(entries.c.escalation_id, entries.c.content)
        .where(entries.c.escalation_id.in_(closed))
        .order_by(entries.c.escalation_id, entries.c.seq)
    ):
        acts.setdefault(one.escalation_id, []).append(canonical.act(one.content, None))
    return {
        escalation: result
        for escalation, said in acts.items()
        for result in [_result(History(said))]
        if result is not None
    }


def _result(history: History) -> str | None:
    done = [one.act for one in history.standing() if one.act.action is Action.FOLLOW_THROUGH]
    return done[-1].word("result") if done else None
