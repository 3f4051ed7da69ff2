"""What is asked beyond the plain question, what stands behind a number, and how it was revised: on
random histories with late entries and corrections, held against counting the slow way."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Connection

from kdt.cases.importing import import_history
from kdt.register import from_log, over_time
from kdt.register.behind import amount, behind, lines
from kdt.register.breakdown import (
    DIVIDED,
    EVERY,
    FURTHER,
    NONE,
    ONLY,
    PIECE,
    Breakdown,
    Broken,
    as_json,
    broken_down,
)
from kdt.register.catalogue.model import Division
from kdt.register.catalogue.table import BALANCES, of
from kdt.register.figures import BadQuery, Query, Row, figures
from kdt.register.grain import Grain, pieces
from kdt.register.lead_times import lead_times
from kdt.register.opening import OPENED, opened
from kdt.register.revisions import Cause, changes, statement
from kdt.register.stays import TimeUnit
from kdt.store.embedded import APPLICATION, Server
from kdt.store.engine import Store, connect
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.tallies.measures import DIMENSIONS
from kdt.themes.counting import counts as theme_counts
from kdt.themes.counting import shown
from kdt.vocabulary import Measure
from tests.databases import Databases
from tests.oracle.generator import encode, generate
from tests.register.tagging import THEMES, tagged

SEEDS = range(40 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 3)
ASKED = 12
FIRST, LAST = date(2021, 12, 20), date(2023, 1, 31)


@pytest.fixture(scope="module", params=SEEDS)
def record(
    request: pytest.FixtureRequest,
    database_server: tuple[Server, int, str],
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[int, Store]]:
    """An invented record: its seed, and where it is."""
    seed = int(request.param)
    name = databases.take()
    url = database_server[0].url(APPLICATION, name)
    engine = connect(url)
    file = tmp_path_factory.mktemp("record") / "history.jsonl"
    file.write_bytes(encode(tagged(Random(seed), generate(seed, 40))))
    with Store(engine, url, engine.dispose) as store:
        assert import_history(store, file, by="beheer").bad == []
        yield seed, store
    databases.give_back(name)


def asked(rng: Random, by: tuple[str, ...] = DIMENSIONS) -> Query:
    first, until = sorted((day(rng), day(rng)))
    chosen = rng.sample(by, rng.randrange(min(3, len(by)) + 1))
    return Query(first, until, rng.choice([None, day(rng)]), tuple(chosen))


def day(rng: Random) -> date:
    found = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
    return rng.choice([found, found.replace(day=1)])


def test_the_pieces_of_a_period_are_all_of_it_and_each_day_once() -> None:
    rng = Random(1)
    for grain in Grain:
        first, until = sorted((day(rng), day(rng)))
        cut = [*pieces(grain, first, until)]
        days = [
            one.first + timedelta(days=number)
            for one in cut
            for number in range((one.until - one.first).days + 1)
        ]
        assert days == [first + timedelta(days=n) for n in range((until - first).days + 1)]
        assert len({one.name for one in cut}) == len(cut)
    (new_year,) = pieces(Grain.WEEK, date(2021, 1, 1), date(2021, 1, 3))
    assert new_year.name == "2020-W53"
    assert [one.name for one in pieces(Grain.QUARTER, date(2022, 3, 31), date(2022, 4, 1))] == [
        "2022-Q1",
        "2022-Q2",
    ]
    assert [one.until for one in pieces(Grain.YEAR, date.min, date.min)] == [date.min]
    assert [one.until for one in pieces(Grain.WEEK, date.max, date.max)] == [date.max]


def test_every_piece_of_time_has_the_figures_of_its_own_period(record: tuple[int, Store]) -> None:
    rng = Random(record[0])
    with reading(record[1]) as connection:
        for grain in (*Grain, *Grain):
            query = asked(rng)
            if grain is Grain.DAY:
                query = replace(query, first=max(query.first, query.until - timedelta(days=40)))
            found = broken_down(connection, Breakdown(query, query.by, grain))
            wanted = [
                ((piece.name, *row.key), row.amounts)
                for piece in pieces(grain, query.first, query.until)
                for row in figures(connection, replace(query, first=piece.first, until=piece.until))
            ]
            assert [(row.key, row.amounts) for row in found.rows] == sorted(
                wanted, key=lambda one: one[0]
            )
            # Over a narrowed set the log says the same of every piece.
            narrowed = Breakdown(query, query.by, grain, {"question": "decision"})
            for row in broken_down(connection, narrowed).rows:
                assert all(balance.closes(row.amounts) for balance in BALANCES)


def test_outcomes_rulings_and_themes_divide_the_considerations(record: tuple[int, Store]) -> None:
    rng = Random(record[0])
    with reading(record[1]) as connection:
        for _ in range(ASKED):
            query = asked(rng)
            by = rng.sample(EVERY, rng.randrange(1, 4))
            by = by if {*by} & {*EVERY[4:]} else [*by, "outcome"]
            question = Breakdown(query, tuple(by), rng.choice([None, Grain.MONTH]))
            found = broken_down(connection, question)
            whole = figures(connection, replace(query, by=()))
            amounts = whole[0].amounts if whole else dict.fromkeys(Measure, 0)
            assert {one: found.total.amounts[one] for one in DIVIDED} == {
                one: amounts[one] for one in DIVIDED
            }
            assert_slow(connection, question, found)
            summed = sum(row.amounts[Measure.CONSIDERED] for row in found.rows)
            if {*by} <= {one.value for one in of(Measure.CONSIDERED).adds_up}:
                assert summed == amounts[Measure.CONSIDERED]
            else:
                assert Division.THEME in by
                assert summed >= amounts[Measure.CONSIDERED]


def assert_slow(connection: Connection, question: Breakdown, found: Broken) -> None:
    """Every row, counted without the product's own counting."""
    themes = shown(connection, question.query.as_of)
    times: Counter[tuple[str, ...]] = Counter()
    cases: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for escalation, (walk,) in from_log.walked(connection, (question.query.as_of,)):
        for step in walk.steps:
            if "outcome" not in step.act.values or step.before is None or walk.state is None:
                continue
            if not question.query.first <= step.act.occurred_on <= question.query.until:
                continue
            for theme in themes.get(escalation, ("",)) if "theme" in question.by else ("",):
                here: Mapping[str, object] = {
                    **walk.state._asdict(),
                    "level": step.before.level,
                    "outcome": step.act.values["outcome"],
                    "ruling": step.act.values.get("ruling", ""),
                    "theme": theme,
                    PIECE: f"{step.act.occurred_on:%Y-%m}",
                }
                key = tuple(str(here[one]) for one in question.heads)
                times[key] += 1
                cases[key].add(walk.state.case)
    assert {row.key: row.amounts[Measure.CONSIDERED] for row in found.rows} == times
    assert {row.key: row.amounts[Measure.CASES_HANDLED] for row in found.rows} == {
        key: len(these) for key, these in cases.items()
    }


def test_some_escalations_alone_have_the_figures_of_their_rows(record: tuple[int, Store]) -> None:
    rng = Random(record[0])
    with reading(record[1]) as connection:
        for _ in range(ASKED):
            query = asked(rng, ())
            ground, asks = rng.choice(["complex", "buikpijn", "other"]), "decision"
            only = Breakdown(query, (), None, {"ground": ground, "question": asks})
            rows = from_log.figures(connection, replace(query, by=("question", "ground")))
            wanted = [row.amounts for row in rows if row.key == (asks, ground)]
            found = broken_down(connection, only)
            assert [row.amounts for row in found.rows] == wanted
            assert [found.total.amounts] == (wanted or [dict.fromkeys(Measure, 0)])
            # And those under a theme are those a table of themes puts there.
            table = broken_down(connection, Breakdown(query, ("theme",)))
            themed = broken_down(connection, Breakdown(query, (), None, {"theme": THEMES[0]}))
            under = {row.key: row.amounts for row in table.rows}.get((THEMES[0],), {})
            for measure in DIVIDED:
                assert themed.total.amounts[measure] == under.get(measure, 0)


def cut(query: Query, grain: Grain | None) -> list[tuple[tuple[str, ...], Query]]:
    """The question for each piece of its period, by its name, or for the whole."""
    if grain is None:
        return [((), query)]
    return [
        ((one.name,), replace(query, first=one.first, until=one.until))
        for one in pieces(grain, query.first, query.until)
    ]


def test_some_alone_by_piece_and_dimension_are_what_the_log_says(
    record: tuple[int, Store],
) -> None:
    rng = Random(record[0])
    seen = 0
    with reading(record[1]) as connection:
        for by in ((), ("level",), ("ground", "level"), ("location", "question", "ground")):
            query, every = asked(rng, ()), by if "ground" in by else (*by, "ground")
            for grain in (None, Grain.QUARTER):
                question = Breakdown(query, by, grain, {"ground": "complex"})
                wanted = [
                    ((*name, *row.key[: len(by)]), row.amounts)
                    for name, piece in cut(query, grain)
                    for row in from_log.figures(connection, replace(piece, by=every))
                    if row.key[every.index("ground")] == "complex"
                ]
                found = broken_down(connection, question)
                assert [(row.key, row.amounts) for row in found.rows] == sorted(
                    wanted, key=lambda one: one[0]
                )
                seen += len(wanted)
    assert seen


def test_behind_every_number_stand_exactly_so_many(record: tuple[int, Store]) -> None:
    rng = Random(record[0])
    seen = 0
    with reading(record[1]) as connection:
        for _ in range(ASKED):
            query, by = asked(rng, ()), tuple(rng.sample(EVERY, rng.randrange(4)))
            only = rng.choice([{}, {}, {"question": "decision"}, {"ground": "complex"}])
            question = Breakdown(query, by, rng.choice([None, *Grain]), only)
            found = broken_down(connection, question)
            places = [(dict(zip(question.heads, row.key, strict=True)), row) for row in found.rows]
            for at, row in rng.sample([*places, ({}, found.total)], min(4, 1 + len(places))):
                for measure in question.measures:
                    these = behind(connection, question, at, measure)
                    assert amount(measure, these) == row.amounts[measure], (question, at, measure)
                    shown = lines(measure, these)
                    assert len({(one.ref, one.case) for one in shown}) == len(shown)
                    assert len(shown) == row.amounts[measure]
                    seen += len(shown)
    assert seen > 100


def test_behind_a_lead_time_and_a_theme_stand_exactly_so_many(record: tuple[int, Store]) -> None:
    rng = Random(record[0])
    seen: Counter[str] = Counter()
    with reading(record[1]) as connection:
        today = today_in(connection)
        for turn in range(ASKED):
            query = asked(rng)
            if turn % 2:
                # What goes up is told of a level alone.
                query = replace(query, by=("level", *(one for one in query.by if one != "level")))
            row = rng.choice(lead_times(connection, query, TimeUnit.DAYS, today=today) or [None])
            if row is not None:
                at = dict(zip(query.by, row.key, strict=True))
                numbers = {"leadTimeCame": row.came, "leadTimeOpen": row.open}
                for end, amount_of in row.ends.items():
                    numbers[f"leadTime{end[0].upper()}{end[1:]}"] = amount_of
                for measure, number in numbers.items():
                    found = opened(connection, Breakdown(query), at, measure, today=today)
                    assert found.amount == number, (query, at, measure)
                    ids = [one.escalation for one in found.these]
                    assert found.lines({*ids}) == found.these
                    assert len({*ids}) == number
                    assert not found.lines(())
                    seen[measure] += number
            counts = theme_counts(connection, query.first, query.until, query.as_of)
            for theme in THEMES:
                at = {"theme": theme}
                found = opened(connection, Breakdown(query), at, "themeSeen", today=today)
                assert found.amount == counts.get(theme, 0)
                seen["themeSeen"] += found.amount
        with pytest.raises(BadQuery):
            opened(
                connection, Breakdown(query), {"outcome": "decided"}, "leadTimeCame", today=today
            )
    assert {*seen} >= {*OPENED} - {*Measure}
    # By chance one of them may end nowhere in a record as small as this.
    assert len(+seen) >= len(seen) - 1


def test_a_revision_statement_closes_in_every_number(record: tuple[int, Store]) -> None:
    rng = Random(record[0])
    causes: Counter[Cause] = Counter()
    choosing = Random(record[0])
    with reading(record[1]) as connection:
        for _ in range(2 * ASKED):
            query = asked(rng)
            since = day(rng)
            if query.as_of is not None and since >= query.as_of:
                since, query = query.as_of, replace(query, as_of=since + timedelta(days=1))
            found = statement(connection, query, since)
            for one in found.numbers:
                assert one.closes, (query, since, one)
            assert found.closes
            # What is told of one measure alone is what moved of it, each with what may be shown.
            measure = choosing.choice([*Measure])
            told = changes(connection, query, since, measure)
            moved: Counter[tuple[tuple[str, ...], int]] = Counter()
            for each in found.numbers:
                causes.update({**each.came, **each.went})
                if each.measure is measure:
                    moved[each.key, 1] = sum(each.came.values())
                    moved[each.key, -1] = sum(each.went.values())
            assert Counter((one.key, one.amount) for one in told) == +moved
            for change in told:
                assert change.shown(()) is None
                last = change.about[-1].escalation
                theirs = [about for about in change.about if about.escalation == last]
                assert change.shown({last}) == replace(theirs[0], times=len(theirs))
            # Nothing is hidden: every number that differs is in it.
            old = {row.key: row.amounts for row in figures(connection, replace(query, as_of=since))}
            new = {row.key: row.amounts for row in figures(connection, query)}
            differ = {
                (key, measure)
                for key in {*old, *new}
                for measure in Measure
                if old.get(key, {}).get(measure, 0) != new.get(key, {}).get(measure, 0)
            }
            assert differ <= {(one.key, one.measure) for one in found.numbers}
    assert {*causes} == {*Cause}


def test_what_may_still_change_is_provisional() -> None:
    said = {
        as_of: as_json(
            Breakdown(Query(FIRST, LAST, as_of)),
            Broken((), Row((), dict.fromkeys(Measure, 0))),
            today=LAST,
        ).get("provisional", False)
        for as_of in (None, LAST, LAST - timedelta(days=1))
    }
    assert [*said.values()] == [True, True, False]


def test_what_has_no_answer_is_refused(
    record: tuple[int, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query(FIRST, LAST, LAST)
    for by, only in ((("outcome", "outcome"), {}), (("kleur",), {}), ((), {"level": "local"})):
        with pytest.raises(BadQuery):
            Breakdown(query, by, None, only)
    with pytest.raises(BadQuery):
        Breakdown(Query(date.min, date.max), (), Grain.DAY)
    with reading(record[1]) as connection:
        with pytest.raises(BadQuery):
            statement(connection, query, LAST)
        with pytest.raises(BadQuery):
            behind(connection, Breakdown(query), {"level": "local"}, Measure.CONSIDERED)
        for dimension in ONLY:
            for value in ("nergens", "\0", ""):
                with pytest.raises(BadQuery):
                    broken_down(connection, Breakdown(query, only={dimension: value}))
        by_place = Breakdown(query, ("location",))
        with pytest.raises(BadQuery):
            behind(connection, by_place, {"location": "\0"}, Measure.CONSIDERED)
        for head in FURTHER:
            with pytest.raises(BadQuery):
                behind(connection, Breakdown(query, (head,)), {head: NONE}, Measure.ENTERED)
        # Of all places together it is more than anybody reads, of one it is not.
        monkeypatch.setattr(over_time, "MOST", 5_000)
        daily = Query(LAST - timedelta(days=999), LAST, None, DIMENSIONS)
        first, *_ = figures(connection, daily)
        with pytest.raises(BadQuery, match="too_many_pieces"):
            broken_down(connection, Breakdown(daily, DIMENSIONS, Grain.DAY))
        one = dict(zip(DIMENSIONS[1:], first.key[1:], strict=True))
        assert broken_down(connection, Breakdown(daily, DIMENSIONS, Grain.DAY, one)).rows
        monthly = Breakdown(query, (), Grain.MONTH)
        with pytest.raises(BadQuery):
            behind(connection, monthly, {PIECE: "1999-01"}, Measure.CONSIDERED)
