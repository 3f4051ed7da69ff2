"""The Senate's questions of 2022, answered from the record: what was said then, what it gives now.

The texts stand in `senate.toml`; here are the numbers behind them. Where the record cannot know,
it says so, and never 0.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, func, select

from kdt import words
from kdt.cases.model import entries, record
from kdt.panels.coverage import AMOUNTS, Coverage, coverage
from kdt.panels.desk import default_name
from kdt.procedure import CURRENT, Panel
from kdt.register.catalogue import table as catalogue
from kdt.register.figures import Query, Row, figures
from kdt.register.signals import told_of_signals
from kdt.register.tested import told_of_tests
from kdt.register.top import top_story
from kdt.themes.consultations import Frequency, with_lawyers
from kdt.vocabulary import Action, Measure, Phase, Question


@dataclass(frozen=True, slots=True)
class Number:
    """A number behind an answer: a measure, and at which level (None: all)."""

    measure: Measure
    level: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One numbered answer; `now` is empty where it is not registered yet."""

    number: int
    question: str
    then: str
    now: tuple[str, ...]
    numbers: tuple[Number, ...]
    measures: tuple[Measure, ...]
    remarks: tuple[str, ...]

    @property
    def registered(self) -> bool:
        """Whether the record can answer it."""
        return bool(self.now)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the answers rest on: the considerations recorded over the period (those voided later
    too), how many of them came in by import, and since when KDT itself was used."""

    considered: int
    imported: int
    kept_since: date | None
    demo: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers for a period at a reference date."""

    query: Query
    source: str
    not_registered: str
    basis: Basis
    # Of each panel, how many of its meetings somebody attested.
    meetings: tuple[Coverage, ...]
    answers: tuple[Answer, ...]


def answers(connection: Connection, query: Query, *, today: date) -> Answers:
    """The answers for the period and reference date of `query` (its `by` is not looked at)."""
    texts = _texts()
    total = _only(figures(connection, Query(query.first, query.until, query.as_of)))
    levels = {
        row.key[0]: row.amounts
        for row in figures(connection, Query(query.first, query.until, query.as_of, ("level",)))
    }
    known = {
        **{measure.value: words.number(amount) for measure, amount in total.items()},
        **_further(connection, query, total, levels),
    }
    return Answers(
        query,
        texts["source"],
        texts["not_registered"],
        basis(connection, query),
        tuple(coverage(connection, query.first, query.until, query.as_of, today)),
        tuple(_answer(one, known, total, levels) for one in texts["answer"]),
    )


def question(first: date | None, until: date | None, as_of: date | None, *, today: date) -> Query:
    """The period asked for: up to the reference date (or today), from a year before, if not said.

    Raises BadQuery.
    """
    until = until or as_of or today
    query = Query(first or _year_before(until), until, as_of)
    query.check(today)
    return query


def basis_lines(found: Answers, *, today: date) -> list[str]:
    """What the answers rest on: reference date, imports, since when, whether it is a demo."""
    as_of, basis = found.query.as_of, found.basis
    if as_of is None:
        lines = [words.say("answers.known_now")]
    else:
        key = "answers.known_provisional" if as_of >= today else "answers.known_on"
        lines = [words.say(key, day=words.full_day(as_of))]
    if basis.imported:
        considered = words.amount("consideration", basis.considered)
        imported = words.number(basis.imported)
        lines.append(words.say("answers.imported", considered=considered, imported=imported))
    if basis.kept_since is None:
        lines.append(words.say("answers.not_kept_yet"))
    else:
        lines.append(words.say("answers.kept_since", since=words.full_day(basis.kept_since)))
    if basis.demo:
        lines.append(words.say("answers.demo"))
    return lines


def meeting_lines(found: Answers) -> list[str]:
    """Of each panel, how many of its meetings somebody attested, and since when it is live."""
    if not any(one.live_on for one in found.meetings):
        return [words.say("answers.meetings_none")]
    sums = {
        name: words.number(sum(getattr(one, name) for one in found.meetings)) for name in AMOUNTS
    }
    total = words.say("answers.meetings_all", **sums)
    return [total, *(_meeting_line(one) for one in found.meetings)]


def _meeting_line(one: Coverage) -> str:
    panel = default_name(Panel(one.panel, one.level, one.location))
    if one.live_on is None:
        return words.say("answers.meetings_not_yet", panel=panel)
    amounts = {name: words.number(getattr(one, name)) for name in AMOUNTS}
    since = words.full_day(one.live_on)
    return words.say("answers.meetings_of", panel=panel, since=since, **amounts)


def as_text(found: Answers, *, today: date) -> str:
    """The answers as a letter would have them, for a terminal."""
    query = found.query
    first, until = words.full_day(query.first), words.full_day(query.until)
    lines = [words.say("answers.title", first=first, until=until), ""]
    lines += [*basis_lines(found, today=today), found.source]
    for one in found.answers:
        lines += ["", f"{one.number}. {one.question}"]
        lines += [f"   {words.say('answers.then')}: {one.then}"]
        lines += [f"   {words.say('answers.now')}:"]
        lines += [f"   - {text}" for text in one.now or (found.not_registered,)]
        lines += [f"   * {text}" for text in one.remarks]
        if one.measures:
            lines.append(f"   {words.say('answers.counted')}:")
        lines += [
            f"     {catalogue.of(one).name}: {catalogue.of(one).meaning}" for one in one.measures
        ]
    lines += ["", words.say("answers.meetings"), f"   {words.say('answers.meetings_hint')}"]
    lines += [f"   - {text}" for text in meeting_lines(found)]
    return "\n".join(lines)


def as_json(found: Answers) -> dict[str, object]:
    """The answers as programs get them."""
    query, basis = found.query, found.basis
    return {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "source": found.source,
        "demo": basis.demo,
        "considered": basis.considered,
        "consideredImported": basis.imported,
        "keptSince": basis.kept_since.isoformat() if basis.kept_since else None,
        "meetings": [
            {
                "panel": one.panel,
                "level": one.level,
                "location": one.location,
                "liveOn": one.live_on.isoformat() if one.live_on else None,
                **{name: getattr(one, name) for name in AMOUNTS},
            }
            for one in found.meetings
        ],
        "answers": [
            {
                "number": one.number,
                "question": one.question,
                "then": one.then,
                "registered": one.registered,
                "now": list(one.now) or [found.not_registered],
                "remarks": list(one.remarks),
                "numbers": [
                    {"measure": each.measure.value, "level": each.level, "amount": each.amount}
                    for each in one.numbers
                ],
                "definitions": {each.value: catalogue.of(each).meaning for each in one.measures},
            }
            for one in found.answers
        ],
    }


def _year_before(day: date) -> date:
    """The day after the same day a year ago, so that the period is a year."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:
        return date(max(day.year - 1, 1), 3, 1)


def _answer(
    given: Mapping[str, Any],
    known: Mapping[str, str],
    total: Mapping[Measure, int],
    levels: Mapping[str, Mapping[Measure, int]],
) -> Answer:
    measures = tuple(Measure(name) for name in given.get("measures", ()))
    return Answer(
        given["number"],
        given["question"],
        given["then"],
        _now(given, known),
        tuple(
            Number(measure, level, (total if level is None else levels[level])[measure])
            for measure in measures
            for level in (None, *(one.code for one in CURRENT.ladder.levels))
            if level is None or level in levels
        ),
        measures,
        tuple(given.get("remarks", ())),
    )


def _now(given: Mapping[str, Any], known: Mapping[str, str]) -> tuple[str, ...]:
    """What the record says; nothing where what it would rest on was never registered."""
    if "rests_on" in given and given["rests_on"] not in known:
        return ()
    return tuple(sentence.format_map(known) for sentence in given.get("now", ()))


def _further(
    connection: Connection,
    query: Query,
    total: Mapping[Measure, int],
    levels: Mapping[str, Mapping[Measure, int]],
) -> dict[str, str]:
    """What the sentences need beyond the measures themselves."""
    questions = figures(connection, Query(query.first, query.until, query.as_of, ("question",)))
    top = top_story(connection, query)
    lawyers = with_lawyers(connection, query.first, query.until, query.as_of)
    numbers = {
        "decided": total[Measure.DECISIONS_IN_FAVOUR]
        + total[Measure.DECISIONS_AGAINST]
        + total[Measure.DECISIONS_OTHER],
        "referred_up_unsaid": total[Measure.REFERRED_UP]
        - total[Measure.REFERRED_UP_NOT_SETTLED]
        - total[Measure.REFERRED_UP_BELONGS_NATIONALLY],
        "considered_inquiries": sum(
            row.amounts[Measure.CONSIDERED] for row in questions if row.key[0] != Question.DECISION
        ),
        "withdrawn_after_hold": top.ended_after_hold[Phase.WITHDRAWN],
        "lapsed_after_hold": top.ended_after_hold[Phase.LAPSED],
        "became_settled": top.became["settled"],
        "became_withdrawn": top.became[Phase.WITHDRAWN],
        "became_lapsed": top.became[Phase.LAPSED],
    }
    for level in CURRENT.ladder.levels:
        amounts = levels.get(level.code, {})
        numbers[f"considered_{level.code}"] = amounts.get(Measure.CONSIDERED, 0)
    said = {name: words.number(amount) for name, amount in numbers.items()}
    said["cases"] = words.amount("case", total[Measure.CASES_HANDLED])
    said["considerations"] = words.amount("consideration", total[Measure.CONSIDERED])
    said["unresolved_ever"] = words.amount("escalation", top.unresolved)
    if lawyers.since is not None:
        said["consulted"] = words.amount("talk", lawyers.times)
        said["consulted_since"] = words.full_day(lawyers.since)
        said["consulted_apart"] = _apart(lawyers)
    said |= told_of_signals(connection, query)
    said |= told_of_tests(connection, query)
    said["held_three_times"] = words.amount("escalation", top.held_often)
    said["oldest"] = (
        words.say("answers.nothing_waits")
        if top.oldest is None
        else words.say(
            "answers.oldest",
            since=words.full_day(top.oldest),
            days=words.amount(
                "day", (min(query.until, query.as_of or query.until) - top.oldest).days
            ),
        )
    )
    return said


def _apart(lawyers: Frequency) -> str:
    """How long there is between two talks, and when the last was; as much as is known."""
    said = []
    if lawyers.days_apart is not None:
        days = words.amount("day", lawyers.days_apart)
        said.append(words.say("answers.consulted_apart", days=days))
    if lawyers.last_on is not None:
        said.append(words.say("answers.consulted_last", day=words.full_day(lawyers.last_on)))
    return " ".join(said) or words.say("answers.consulted_never")


def basis(connection: Connection, query: Query) -> Basis:
    """What figures over this period rest on."""
    known = select(func.count(), func.count(entries.c.import_id)).where(
        entries.c.action == Action.CONSIDER,
        entries.c.occurred_on.between(query.first, query.until),
    )
    if query.as_of is not None:
        known = known.where(entries.c.recorded_on <= query.as_of)
    considered, imported = connection.execute(known).one()
    kept_since = connection.scalar(
        select(func.min(entries.c.recorded_on)).where(entries.c.import_id.is_(None))
    )
    demo = connection.scalar(select(record.c.demo))
    return Basis(considered, imported, kept_since, bool(demo))


def _only(rows: Sequence[Row]) -> Mapping[Measure, int]:
    return rows[0].amounts if rows else dict.fromkeys(Measure, 0)


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("kdt.register").joinpath("senate.toml").read_text("utf-8"))
