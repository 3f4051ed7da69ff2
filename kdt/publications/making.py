"""Making what was asked for: count, round together with all that was released of the same year, and
attack. It takes seconds to minutes, so it is done beside whoever asked, by the clock or a command.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kdt import words
from kdt.cases.model import record
from kdt.errors import KdtError
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.panels.queries import named_locations
from kdt.procedure import CURRENT
from kdt.publications import certifying, counting, document
from kdt.publications.attack import Unsolved
from kdt.publications.document import Basis, Document, Kept
from kdt.publications.model import publication_progress, publications
from kdt.publications.queries import (
    BYTES,
    Asked,
    Made,
    Publication,
    Stage,
    all_publications,
    made,
    publication,
    released,
)
from kdt.publications.rounding import Before, Cell, NoRounding, Solution, solve
from kdt.publications.secret import Secret
from kdt.publications.tables import ALL, EXACT, THEME, TOPICS, Table, problem, summed, together
from kdt.register.catalogue import table as catalogue
from kdt.register.figures import Query
from kdt.register.from_log import BrokenHistory
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.tallies.measures import DIMENSIONS
from kdt.themes.queries import themes
from kdt.vocabulary import Ground, Question

# How often other coins are tried when an attack found something.
TRIES = 3


# Told at which step, and how far.
Watch = Callable[[str, int, int], None]


def unseen(_step: str, _done: int, _of: int) -> None:
    """Nobody watches."""


class NotThese(KdtError):
    """What was asked to be replayed cannot be: it was made with another secret."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A publication that was released: what it printed, and what it rests on."""

    id: str
    document: Document
    kept: Kept


@dataclass(frozen=True, slots=True)
class Numbers:
    """The inputs of a publication: its table, the exact leaves, what was released before, and how
    many of what is published exactly there were in its year."""

    table: Table
    leaves: Mapping[Cell, int]
    earlier: Sequence[Earlier]
    exact_in_year: int


@dataclass(frozen=True, slots=True)
class How:
    """How publications are made here: with which secret, rounded to multiples of what, and how many
    days after its period a figure is final."""

    secret: Callable[[], Secret]
    base: int
    final_after: int


def carry_out(store: Store, how: How, watch: Watch = unseen) -> int:
    """Make all that waits to be made; how many there were. Nothing is done while another does."""
    with reading(store) as connection:
        waiting = [one for one in all_publications(connection) if one.stage is Stage.ASKED]
    if not waiting:
        return 0
    with locks.alone(store, locks.PUBLICATION_MADE) as own:
        if own is None:
            return 0
        for one in reversed(waiting):
            make(store, one.id, how, watch)
    return len(waiting)


def make(store: Store, wanted: str, how: How, watch: Watch = unseen) -> None:
    """Make one publication that was asked for, and record what became of it. Raises BadSecret."""
    secret, said = how.secret(), ("", -1)

    def told(step: str, done: int, of: int) -> None:
        nonlocal said
        now = (step, 100 * done // of)
        if now != said:
            said = now
            _note(store, wanted, step, done, of)
        watch(step, done, of)

    told("count", 0, 1)
    with reading(store) as connection:
        one = publication(connection, wanted)
        if one is None or one.stage is not Stage.ASKED:
            return
        try:
            numbers = _numbers(connection, one.asked, released(connection))
            basis = _basis(connection, one, how)
            _check(connection, one.asked, numbers)
        except (counting.Unbalanced, BrokenHistory):
            _fail(store, wanted, "unbalanced")
            return
    try:
        content = _made(basis, numbers, secret, told)
    except NoRounding:
        _fail(store, wanted, "no_rounding")
    except Unsolved:
        _fail(store, wanted, "unsolved")
    else:
        _record(store, wanted, content)


def replayed(store: Store, wanted: str, secret: Secret) -> tuple[Made, Made] | None:
    """A publication as it is kept, and as it is made again from the record as it was known at its
    reference date; None: not there. Raises NotThese."""
    with reading(store) as connection:
        one, kept = publication(connection, wanted), made(connection, wanted)
        if one is None or kept is None:
            return None
        was, rests = document.read(kept.document), document.kept_read(kept.inside)
        if rests.secret != secret.id:
            raise NotThese(words.say("publication.other_secret"))
        over = [each for each in released(connection) if each.id in rests.over]
        numbers = _numbers(connection, one.asked, over, was.table.axes)
    again, rests = _rounded(was.basis, numbers, secret, rests.attempt)
    return kept, Made(document.written(again), document.kept_written(rests), kept.certificate)


def _numbers(
    connection: Connection,
    asked: Asked,
    before: Sequence[Publication],
    axes: Mapping[str, tuple[str, ...]] | None = None,
) -> Numbers:
    table = Table(asked.topic, asked.period, asked.by_month, axes or _axes(connection, asked))
    leaves = counting.counted(
        connection, table, _query(asked, asked.period.first, asked.period.until)
    )
    with_it = [one for one in before if together(one.asked.about, asked.about)]
    return Numbers(
        table, leaves, [_earlier(connection, one) for one in with_it], _few(connection, asked)
    )


def _few(connection: Connection, asked: Asked) -> int:
    """How many of what is published exactly there were in the year, as known then."""
    if EXACT not in TOPICS[asked.topic].parts:
        return 0
    year = asked.period.first.year
    whole = Table(asked.topic, asked.period, by_month=False, axes={})
    query = Query(date(year, 1, 1), date(year, 12, 31), asked.as_of)
    cells = counting.counted(connection, whole, query)
    return sum(amount for cell, amount in cells.items() if cell[0] == EXACT)


def _axes(connection: Connection, asked: Asked) -> dict[str, tuple[str, ...]]:
    """Every value of each dimension, used or not: an empty row looks like one with a few in it."""
    values: dict[str, tuple[str, ...]] = {
        "level": tuple(one.code for one in CURRENT.ladder.levels),
        "location": tuple(sorted(one.id for one in named_locations(connection, asked.as_of))),
        "question": tuple(Question),
        "ground": tuple(Ground),
    }
    axes = {one: values[one] for one in DIMENSIONS if one in asked.by}
    if TOPICS[asked.topic].by_theme:
        axes[THEME] = counting.themes_there_are(connection, asked.as_of)
    return axes


def _earlier(connection: Connection, one: Publication) -> Earlier:
    content = made(connection, one.id)
    if content is None:
        raise ValueError(f"{one.id} was released and is not there")
    return Earlier(one.id, document.read(content.document), document.kept_read(content.inside))


def _basis(connection: Connection, one: Publication, how: How) -> Basis:
    asked = one.asked
    same = [each for each in released(connection) if each.asked.table == asked.table]
    names = named_locations(connection, asked.as_of) if "location" in asked.by else []
    return Basis(
        one.id,
        asked.as_of,
        asked.as_of >= asked.period.until + timedelta(days=how.final_after),
        how.base,
        bool(connection.scalar(select(record.c.demo))),
        same[-1].id if same else None,
        {each.id: each.name for each in names},
        {each.value: catalogue.of(each).meaning for each in TOPICS[asked.topic].measures},
        catalogue.versions(TOPICS[asked.topic].measures),
        {one.id: one.name for one in themes(connection)} if TOPICS[asked.topic].by_theme else {},
    )


def _check(connection: Connection, asked: Asked, numbers: Numbers) -> None:
    query = _query(asked, asked.period.first, asked.period.until)
    balanced = counting.balanced(connection, numbers.table, query)
    if not (balanced and counting.agree(connection, numbers.table, query, dict(numbers.leaves))):
        raise counting.Unbalanced(words.say("publication.unbalanced"))


def _query(asked: Asked, first: date, until: date) -> Query:
    return Query(first, until, asked.as_of, tuple(one for one in DIMENSIONS if one in asked.by))


def _made(basis: Basis, numbers: Numbers, secret: Secret, told: Watch) -> Made:
    """The bytes of a publication, of the first try of which an attack finds nothing, or else of the
    last."""
    for attempt in range(TRIES):
        told("round", attempt, TRIES)
        one, rests = _rounded(basis, numbers, secret, attempt)
        everything = [(each.document.printed, each.kept.inside) for each in numbers.earlier]
        found = certifying.certified([*everything, (one.printed, rests.inside)], told)
        if found.passed:
            break
    return Made(document.written(one), document.kept_written(rests), certifying.written(found))


def _rounded(basis: Basis, numbers: Numbers, secret: Secret, attempt: int) -> tuple[Document, Kept]:
    table, leaves = numbers.table, numbers.leaves
    before = _before(numbers.earlier)
    few = numbers.exact_in_year < basis.base
    asked = problem(table, basis.base, leaves, before, never_up=[EXACT] if few else [])
    solution: Solution = solve(asked, secret.key, attempt)
    exactly = {}
    if EXACT in TOPICS[table.topic].parts and table.period.is_year:
        total = (str(EXACT), *[ALL] * len(DIMENSIONS), table.period.key)
        exactly = {total: sum(amount for cell, amount in leaves.items() if cell[0] == EXACT)}
    one = document.made(basis, table, solution, before, exactly)
    over = tuple(each.id for each in numbers.earlier)
    return one, Kept(leaves, solution.rounded, over, secret.id, attempt)


def _before(earlier: Sequence[Earlier]) -> dict[Cell, Before]:
    """Every cell that was rounded before, as it was the last time."""
    known: dict[Cell, Before] = {}
    for one in earlier:
        exact = summed(one.document.table, one.kept.leaves)
        known |= {cell: Before(exact[cell], number) for cell, number in one.kept.rounded.items()}
    return known


def _record(store: Store, wanted: str, content: Made) -> None:
    values: dict[str, object] = {
        **{name: sha256(getattr(content, name)).hexdigest() for name in BYTES},
        "passed": int(certifying.read(content.certificate).passed),
    }
    row = (wanted, content.document, content.inside, content.certificate)
    with writing(store) as connection:
        # Whoever made it at the same time may have recorded it.
        mine = connection.scalar(
            upsert(publications)
            .values(row)
            .on_conflict_do_nothing()
            .returning(publications.c.publication)
        )
        if mine is not None:
            _say(connection, wanted, "prepare", values)


def _fail(store: Store, wanted: str, why: str) -> None:
    with writing(store) as connection:
        _say(connection, wanted, "fail", {"why": why})


def _say(connection: Connection, wanted: str, fact: str, values: Mapping[str, object]) -> None:
    append(connection, By(PRODUCT), Fact(Subject.PUBLICATION, wanted, fact, values))
    connection.execute(
        delete(publication_progress).where(publication_progress.c.publication == wanted)
    )


def _note(store: Store, wanted: str, step: str, done: int, of: int) -> None:
    row = {"publication": wanted, "step": step, "done": done, "total": of}
    new = upsert(publication_progress).values(row)
    with writing(store) as connection:
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["publication"],
                set_={name: new.excluded[name] for name in ("step", "done", "total")},
            )
        )
