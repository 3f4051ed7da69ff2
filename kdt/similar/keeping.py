"""Keeping up: texts get their point after they are recorded, and what was learnt is learnt again
when there is much more to learn from, or when something it was learnt from was destroyed.

Nothing here is in the way of who records: the clock follows the log, at every knock, from where it
was. One process does so at a time. A model that is being filled is not searched by; the one before
it is, until every text has had its point in the new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text, update

from kdt.cases import dossiers
from kdt.cases.model import entries, entry_texts
from kdt.progress import Progress, unseen
from kdt.similar.learning import SAMPLE, Floats, Learnt, learn
from kdt.similar.model import points_of, similar_models
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import AnyRow

# Texts in one transaction; nothing is destroyed meanwhile.
_BATCH = 500
# What is recorded at once with others may get a lower position and be seen later: so many positions
# are looked at again.
_BACK = 10_000
# By how much there must be more texts before they are learnt from anew.
_GROWTH = 1.5

# The text of an escalation that tells what it is about.
TELLS = (
    (entry_texts.c.seq == 1)
    & (entry_texts.c.field == "summary")
    & entry_texts.c.content.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it is: when what is searched by was learnt (None: not yet) and of how many texts, how
    many texts are found by it, how many there are, and whether another is being made."""

    learnt_at: datetime | None
    sample: int
    found: int
    texts: int
    renewing: bool


def standing(connection: Connection) -> Standing:
    """How far it is, now."""
    models = connection.execute(_MODELS).all()
    current = next((one for one in models if one.filled), None)
    found = 0
    if current is not None:
        points = points_of(current.id)
        found = connection.scalar(select(func.count()).select_from(points)) or 0
    return Standing(
        current.learnt_at if current else None,
        current.sample if current else 0,
        found,
        _texts(connection),
        any(not one.filled for one in models),
    )


def in_use(store: Store) -> tuple[Learnt, str]:
    """What is searched by, and the table of its points. Raises NoResultFound where nothing is."""
    with reading(store) as connection:
        found = connection.execute(
            select(similar_models.c.id, similar_models.c.content).where(similar_models.c.filled)
        ).one()
    return Learnt.unpacked(found.content), points_of(found.id).name


def keep_up(store: Store, progress: Progress = unseen) -> int:
    """Give what was recorded since its point, learning first where that is due; how many got one.

    0 too while another process is at it.
    """
    return _keep(store, progress, anew=False)


def rebuild(store: Store, progress: Progress = unseen) -> int:
    """Learn anew of the texts as they are, and give each its point by that; how many got one."""
    return _keep(store, progress, anew=True)


def _keep(store: Store, progress: Progress, *, anew: bool) -> int:
    with locks.alone(store, locks.SIMILAR) as own:
        if own is None:
            return 0
        with reading(store) as connection:
            models = connection.execute(_MODELS).all()
            due = anew or _due(connection, models)
        if due:
            _begin(store)
            with reading(store) as connection:
                models = connection.execute(_MODELS).all()
        return _fill(store, models[-1], progress) if models else 0


_MODELS = select(
    similar_models.c.id,
    similar_models.c.learnt_at,
    similar_models.c.texts,
    similar_models.c.sample,
    similar_models.c.filled,
    similar_models.c.place,
    similar_models.c.destroyed,
).order_by(similar_models.c.id)


def _due(connection: Connection, models: Sequence[AnyRow]) -> bool:
    """Whether to learn: never done, much more to learn from than then, or some of it destroyed."""
    newest = models[-1] if models else None
    if newest is None:
        return _texts(connection, 1) > 0
    if newest.destroyed:
        return True
    # Of a full sample more texts make little difference until there are many times as many.
    enough = newest.texts * (_GROWTH if newest.texts < SAMPLE else _GROWTH * 4)
    return bool(newest.filled) and _points(connection, newest.id, int(enough) + 1) > enough


def _points(connection: Connection, model: int, limit: int) -> int:
    """About how many texts have their point, as the database keeps count for itself; of a table it
    did not count yet, as far as `limit`. Asked at every knock, so that nothing is counted then."""
    points = points_of(model)
    about = "select greatest(reltuples, 0)::bigint from pg_class where oid = to_regclass(:name)"
    counted = connection.scalar(text(about), {"name": points.name}) or 0
    if counted:
        return int(counted)
    some = select(points.c.escalation_id).limit(limit).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def _texts(connection: Connection, limit: int | None = None) -> int:
    some = select(entry_texts.c.seq).where(TELLS).limit(limit).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def _gone(connection: Connection) -> int:
    destroyed = (
        (entry_texts.c.seq == 1)
        & (entry_texts.c.field == "summary")
        & entry_texts.c.content.is_(None)
    )
    return connection.scalar(select(func.count()).where(destroyed)) or 0


def _begin(store: Store) -> None:
    """Learn of a sample, the same one as long as the texts are the same, and begin a model."""
    with reading(store) as connection:
        sample = connection.scalars(
            select(entry_texts.c.content)
            .where(TELLS)
            .order_by(func.md5(entry_texts.c.escalation_id), entry_texts.c.escalation_id)
            .limit(SAMPLE)
        ).all()
        texts, gone = _texts(connection), _gone(connection)
    learnt = learn([str(one) for one in sample]).packed()
    with writing(store) as connection:
        dossiers.begin(connection)
        # One that was begun and never filled is in the way.
        connection.execute(delete(similar_models).where(~similar_models.c.filled))
        number = (connection.scalar(select(similar_models.c.id)) or 0) + 1
        _empty(connection, number)
        connection.execute(
            insert(similar_models).values(
                id=number,
                texts=texts,
                sample=len(sample),
                content=learnt,
                filled=False,
                place=0,
                # Meanwhile.
                destroyed=_gone(connection) - gone,
            )
        )


def _fill(store: Store, model: AnyRow, progress: Progress) -> int:
    """Give every text after the model's place its point, and take the model into use."""
    with reading(store) as connection:
        newest = connection.scalar(select(func.max(entries.c.position))) or 0
        near = model.filled and newest - model.place < _BACK
        if near and not _waiting(connection, model.id, max(0, model.place - _BACK)):
            return 0
        content = connection.scalar(
            select(similar_models.c.content).where(similar_models.c.id == model.id)
        )
    learnt = Learnt.unpacked(content or b"")
    place, done = max(0, model.place - _BACK), 0
    while True:
        with writing(store) as connection:
            # Nothing is destroyed between the reading of a text and the keeping of its point.
            dossiers.begin(connection)
            newest = connection.scalar(select(func.max(entries.c.position))) or 0
            batch = _waiting(connection, model.id, place)
            if batch:
                rows = [
                    {
                        "escalation_id": one.escalation_id,
                        "point": written(learnt.point(one.content)),
                    }
                    for one in batch
                ]
                connection.execute(insert(points_of(model.id)), rows)
            last = len(batch) < _BATCH
            place = newest if last else batch[-1].position
            this = similar_models.c.id == model.id
            connection.execute(update(similar_models).where(this).values(place=place))
            if last and not model.filled:
                _take_into_use(connection, model.id)
        done += len(batch)
        progress(done, max(done, model.texts))
        if last:
            return done


def _waiting(connection: Connection, model: int, place: int) -> list[AnyRow]:
    points = points_of(model)
    has = select(points.c.escalation_id).where(
        points.c.escalation_id == entry_texts.c.escalation_id
    )
    return list(
        connection.execute(
            select(entries.c.position, entry_texts.c.escalation_id, entry_texts.c.content)
            .join_from(
                entries,
                entry_texts,
                (entry_texts.c.escalation_id == entries.c.escalation_id)
                & (entry_texts.c.seq == entries.c.seq),
            )
            .where(entries.c.position > place, entries.c.seq == 1, TELLS, ~has.exists())
            .order_by(entries.c.position)
            .limit(_BATCH)
        )
    )


def _take_into_use(connection: Connection, model: int) -> None:
    """What was searched by goes, with every point it had."""
    older = delete(similar_models).where(similar_models.c.id != model)
    if connection.execute(older).rowcount:
        _empty(connection, model + 1)
    this = update(similar_models).where(similar_models.c.id == model)
    connection.execute(this.values(filled=True))


def _empty(connection: Connection, model: int) -> None:
    # Not row by row: nothing of them stays behind in a file.
    connection.execute(text(f"truncate {points_of(model).name}"))


def written(point: Floats) -> str:
    """A point as the database reads it."""
    return f"[{','.join(f'{one:.4f}' for one in point)}]"
