"""A question of Parliament as a table to take away: what was answered, and what it is now."""

from collections.abc import Sequence
from datetime import date

from kdt import clock, words
from kdt.paper import Part
from kdt.parliament.queries import Compared, ParliamentaryQuestion
from kdt.register.books import ALL, column, level_words
from kdt.register.catalogue import table as catalogue
from kdt.sheets.printing import as_it_is
from kdt.sheets.table import Book, Fact, Kind, Table


def book(one: ParliamentaryQuestion, found: Sequence[Compared], *, today: date) -> Book:
    """The question, the answer that was sent, and its numbers then and now."""
    table = _table(found)
    days = {
        "asked_on": one.asked_on,
        "answered_on": one.answered_on,
        "from": one.first,
        "until": one.until,
        "as_of": one.as_of,
    }
    answer = one.answer or words.say("parliament.unanswered")
    return Book(
        words.say("parliament.file_name", question=one.id),
        words.say("parliament.one", day=words.full_day(one.asked_on)),
        tuple(Fact(column(name, Kind.DAY), value) for name, value in days.items() if value),
        (table,),
        (
            words.say("parliament.then_and_now", day=words.full_day(today)),
            *(
                [words.say("parliament.reference", reference=one.reference)]
                if one.reference
                else []
            ),
        ),
        {catalogue.of(each).name: catalogue.of(each).meaning for each in one.measures},
        clock.over(today),
        (
            Part(words.say("parliament.asked"), prose=one.asked),
            Part(words.say("parliament.answer"), prose=answer),
            as_it_is(table, words.say("parliament.numbers")),
        ),
    )


def _table(found: Sequence[Compared]) -> Table:
    measures = {one.measure.value: catalogue.of(one.measure).name for one in found}
    return Table(
        "question",
        words.say("parliament.numbers"),
        (column("measure", known=measures), column("level", known=level_words())),
        tuple(column(name, Kind.NUMBER) for name in ("number_then", "number_now", "difference")),
        tuple(
            (one.measure.value, one.level or ALL, one.then, one.now, one.difference)
            for one in found
        ),
    )
