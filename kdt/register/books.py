"""Figures and answers as tables to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kdt import clock, words
from kdt.panels.coverage import AMOUNTS
from kdt.paper import Part
from kdt.procedure import CURRENT
from kdt.register import answering
from kdt.register.answers import Answer, Answers, Number
from kdt.register.breakdown import PIECE, Breakdown, Broken
from kdt.register.catalogue import table as catalogue
from kdt.register.figures import Query, Row, provisional
from kdt.register.lead_times import followed
from kdt.sheets.printing import as_it_is
from kdt.sheets.table import Book, Column, Fact, Kind, Rows, Table
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Measure

# All levels together, in a column of levels.
ALL = "*"
# What is part of none: a consideration without a ruling, an escalation without a theme.
NOTHING = "none"
_DIMENSION_ROLES = {"location": "geo"}


def figures_book(query: Query, rows: Sequence[Row], *, today: date, demo: bool) -> Book:
    """The figures: a row a place, a column a measure."""
    keys = tuple(_dimension(one) for one in query.by)
    facts = _facts(query, today=today, demo=demo)
    return _figures(query, keys, tuple(Measure), rows, facts, today=today, demo=demo)


def breakdown_book(
    asked: Breakdown, found: Broken, *, themes: Mapping[str, str], today: date, demo: bool
) -> Book:
    """The same for what is asked beyond the plain question. `themes`: what they are called."""
    query = asked.query
    keys = tuple(_head(one, themes) for one in asked.heads)
    only = (Fact(_only(one, themes), value) for one, value in asked.only.items())
    facts = (*_facts(query, today=today, demo=demo), *only)
    rows = [replace(row, key=tuple(one or NOTHING for one in row.key)) for row in found.rows]
    return _figures(query, keys, asked.measures, rows, facts, today=today, demo=demo)


def _figures(
    query: Query,
    keys: tuple[Column, ...],
    counted: Sequence[Measure],
    rows: Sequence[Row],
    facts: tuple[Fact, ...],
    *,
    today: date,
    demo: bool,
) -> Book:
    measures = tuple(
        Column(
            one.value,
            catalogue.of(one).name,
            catalogue.of(one).meaning,
            Kind.NUMBER,
            unit=words.say(f"catalogue.unit.{catalogue.of(one).unit}"),
        )
        for one in counted
    )
    found: Rows = tuple((*row.key, *(row.amounts[one] for one in counted)) for row in rows)
    days = {"first": query.first.isoformat(), "until": query.until.isoformat()}
    across = keys[-1].name if keys else None
    return Book(
        words.say("figures.file_name_example" if demo else "figures.file_name", **days),
        words.say("figures.book_title", **_spelled(query)),
        facts,
        (Table("figures", words.say("figures.title"), keys, measures, found, across),),
        (words.say("figures.exact"), words.say("answers.revised")),
        {one.title: one.about for one in measures},
        clock.over(followed(query, today)),
    )


def answers_book(found: Answers, *, today: date) -> Book:
    """The answers: every number behind them, how complete it is, and what is said."""
    query, demo = found.query, found.basis.demo
    days = {"first": query.first.isoformat(), "until": query.until.isoformat()}
    counted = dict.fromkeys(each for one in found.answers for each in one.measures)
    meetings = _meetings(found)
    notes = (
        *answering.basis_lines(found, today=today),
        words.say("answers.then_source", source=found.source),
        words.say("answers.precise"),
        words.say("answers.revised"),
    )
    return Book(
        words.say("answers.file_name_example" if demo else "answers.file_name", **days),
        answering.title(found),
        _facts(query, today=today, demo=demo),
        (_numbers(found, list(counted)), meetings, _said(found)),
        notes,
        {answering.what(one): answering.definition(one) for one in counted},
        clock.over(followed(query, today)),
        (
            *(part for one in found.answers for part in _parts(found, one)),
            Part(words.say("answers.meetings"), lines=(words.say("answers.meetings_hint"),)),
            as_it_is(meetings),
        ),
    )


def _facts(query: Query, *, today: date, demo: bool) -> tuple[Fact, ...]:
    said = {
        "from": query.first,
        "until": query.until,
        "as_of": query.as_of or words.say("figures.everything"),
        "status": words.say(f"figures.{'provisional' if provisional(query, today) else 'final'}"),
        "source": words.say("figures.example" if demo else "figures.registered"),
    }
    return tuple(
        Fact(column(name, Kind.DAY if isinstance(value, date) else Kind.TEXT), value)
        for name, value in said.items()
    )


def _numbers(found: Answers, counted: Sequence[str]) -> Table:
    codes = {one: answering.what(one) for one in counted}
    rows = tuple(
        (
            one.number,
            each.measure,
            each.level or ALL,
            each.amount,
            "not_registered" if each.amount is None else "registered",
        )
        for one in found.answers
        for each in one.numbers
    )
    return Table(
        "answers",
        words.say("answers.numbers"),
        (
            column("answer", Kind.NUMBER),
            column("measure", known=codes),
            column("level", known=level_words()),
        ),
        (
            column("number", Kind.NUMBER),
            column("status", known=dict(words.group("sheet.status"))),
        ),
        rows,
    )


def level_words() -> dict[str, str]:
    """Every level in words, and all of them together."""
    known = {one.code: words.say(f"level.{one.code}") for one in CURRENT.ladder.levels}
    return {ALL: words.say("answers.all_levels"), **known}


def _meetings(found: Answers) -> Table:
    rows = tuple(
        (
            answering.panel_name(one),
            one.live_on,
            *(getattr(one, name) if one.live_on else None for name in AMOUNTS),
            _share(one.attested, one.planned),
        )
        for one in found.meetings
    )
    return Table(
        "meetings",
        words.say("answers.meetings_table"),
        (column("panel"),),
        (
            column("live_on", Kind.DAY),
            *(column(name, Kind.NUMBER) for name in AMOUNTS),
            column("share", Kind.DECIMAL),
        ),
        rows,
    )


def _share(part: int, whole: int) -> Decimal | None:
    """A part in per cent, to one decimal; None: of nothing."""
    return (100 * Decimal(part) / whole).quantize(Decimal("0.1")) if whole else None


def _said(found: Answers) -> Table:
    rows = tuple(
        (
            one.number,
            one.question,
            one.then,
            " ".join(answering.now_said(one)),
            " ".join(answering.remarks(found, one)),
        )
        for one in found.answers
    )
    values = tuple(column(name) for name in ("question", "then", "now", "remarks"))
    title = words.say("answers.in_words")
    return Table("texts", title, (column("answer", Kind.NUMBER),), values, rows)


def _parts(found: Answers, one: Answer) -> tuple[Part, ...]:
    """An answer as it is printed: what was asked and answered, what the record says, its numbers by
    level, and what to mind."""
    said = Part(
        words.say("answers.numbered", number=one.number, question=one.question),
        (f"{words.say('answers.then')}: {one.then}",),
        prose="\n\n".join(answering.now_said(one)),
    )
    levels = tuple(dict.fromkeys(each.level for each in one.numbers))
    known = {(each.measure, each.level): each for each in one.numbers}
    numbers = Part(
        head=(
            words.capital(words.say("sheet.column.measure")),
            *(words.say(f"level.{one}" if one else "answers.all_levels") for one in levels),
        ),
        rows=tuple(
            (
                words.capital(answering.what(measure)),
                *(_printed(known.get((measure, level))) for level in levels),
            )
            for measure in one.measures
        ),
        columns=("wide", *("number" for _ in levels)),
    )
    return said, numbers, Part(lines=answering.remarks(found, one))


def _printed(one: Number | None) -> str:
    """A number of an answer on paper; of what is not counted by level nothing."""
    if one is None:
        return ""
    return words.say("sheet.not_registered") if one.amount is None else words.number(one.amount)


def _dimension(name: str) -> Column:
    known = words.group(name) if name != "location" else {}
    title, about = words.say(f"dimension.{name}"), words.say(f"sheet.about.{name}")
    return Column(name, title, about, words=dict(known), role=_DIMENSION_ROLES.get(name))


def _only(name: str, themes: Mapping[str, str]) -> Column:
    """What the figures are narrowed by."""
    title = words.say("period.only", dimension=words.say(f"dimension.{name}"))
    return replace(_head(name, themes), name=f"only_{name}", title=title)


def _head(name: str, themes: Mapping[str, str]) -> Column:
    """A dimension, or a piece of time; of what is part of none it says so."""
    if name == PIECE:
        return column(PIECE)
    if name in DIMENSIONS:
        return _dimension(name)
    known = {**(themes if name == "theme" else words.group(name))}
    known[NOTHING] = words.say(f"figures.none.{name}")
    return Column(
        name, words.say(f"dimension.{name}"), words.say(f"sheet.about.{name}"), words=known
    )


def column(name: str, kind: Kind = Kind.TEXT, known: Mapping[str, str] | None = None) -> Column:
    """A column by its code. `known`: what its codes are in words."""
    title, about = words.say(f"sheet.column.{name}"), words.say(f"sheet.about.{name}")
    return Column(name, title, about, kind, known or {})


def _spelled(query: Query) -> dict[str, str]:
    return {"first": words.full_day(query.first), "until": words.full_day(query.until)}
