"""The rules of law by which a deadline is proposed: what each says from which day, and those KDT
proposes to begin with."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import words
from kdt.deadlines.model import deadline_rules, deadline_warnings
from kdt.deadlines.reckoning import Term, Unit, ends_on
from kdt.store.driver import Statement

# Working days ahead from which a deadline is near, as long as nobody chose otherwise.
BEGINS_AT = 5

_WARNING = b"""
    select days from deadline_warnings where effective_on <= %s
    order by effective_on desc, recorded_at desc limit 1
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the law says of one kind of application, `name`; `source`: where. `extension`: by how
    much it can be extended at most, in the unit of the term. Not `open`: no longer."""

    name: str
    source: str
    term: Term
    extension: int = 0
    open: bool = True

    def deadline(self, applied_on: date, *, extended: bool) -> date:
        """By when a decision is due on an application of a day."""
        more = (Term(self.extension, self.term.unit),) if extended else ()
        return ends_on(applied_on, self.term, more)


@dataclass(frozen=True, slots=True)
class Dated:
    """A rule as it is for applications from a day on."""

    effective_on: date
    rule: Rule


Timelines = Mapping[str, Sequence[Dated]]


def timelines(connection: Connection) -> Timelines:
    """Every rule by its id, each as it is from day to day."""
    kept = deadline_rules.c
    found = connection.execute(
        select(deadline_rules)
        .ext(distinct_on(kept.rule, kept.effective_on))
        .order_by(kept.rule, kept.effective_on, kept.recorded_at.desc())
    )
    gathered: dict[str, list[Dated]] = {}
    for row in found:
        # By its name: of a row `count` is a method.
        term = Term(row._mapping["count"], Unit(row.unit))
        rule = Rule(row.name, row.source, term, row.extension, row.open)
        gathered.setdefault(row.rule, []).append(Dated(row.effective_on, rule))
    return gathered


def in_force(timeline: Sequence[Dated], applied_on: date) -> Rule | None:
    """The rule for an application of a day; None where there is none then."""
    latest = next((one.rule for one in reversed(timeline) if one.effective_on <= applied_on), None)
    return latest if latest is not None and latest.open else None


def warned_ahead(on: date) -> Statement:
    """The question how far ahead one is warned on a day, for whoever asks more in one round trip;
    without an answer it is `BEGINS_AT`."""
    return _WARNING, (on,)


def warnings(connection: Connection) -> list[tuple[date, int]]:
    """From which day one is warned how many working days ahead, as chosen."""
    kept = deadline_warnings.c
    found = connection.execute(
        select(kept.effective_on, kept.days)
        .ext(distinct_on(kept.effective_on))
        .order_by(kept.effective_on, kept.recorded_at.desc())
    )
    return [(row.effective_on, row.days) for row in found]


@cache
def proposed() -> tuple[Rule, ...]:
    """What the law says, for an administrator to look up and take over: none of it holds until
    then."""
    written = files("kdt.deadlines").joinpath("proposed.toml").read_text("utf-8")
    return tuple(
        Rule(one["name"], one["source"], Term(one["count"], Unit(one["unit"])), one["extension"])
        for one in tomllib.loads(written)["rule"]
    )


def worded(rule: Rule) -> str:
    """A term in words: 6 maanden, te verlengen met 9 maanden."""
    if not rule.open:
        return words.say("rules.ended")
    unit = rule.term.unit.removesuffix("s")
    term = words.amount(unit, rule.term.count)
    if not rule.extension:
        return term
    return words.say("rules.extendable", term=term, more=words.amount(unit, rule.extension))
