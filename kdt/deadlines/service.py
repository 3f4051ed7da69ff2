"""What an administrator chooses of deadlines: the rules of law, and how far ahead one is warned."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt import names
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.deadlines import rules
from kdt.deadlines.model import deadline_rules, deadline_warnings
from kdt.deadlines.rules import Dated, Rule
from kdt.ledger.service import THE_RECORD, By, Fact, append
from kdt.ledger.table import Subject
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import writing
from kdt.store.writing import ask
from kdt.values import Problem

LONGEST_TERM = 1_000
FURTHEST_AHEAD = 60
# Two changes at once: the second sees what the first made of it.
_LOCK = b"select pg_advisory_xact_lock(hashtextextended('deadlines', 4))"


def set_rule(store: Store, actor: Actor, given: Rule, on: date, rule: str | None = None) -> str:
    """Choose what the law says for applications of a day and later, under the id of a rule (None: a
    new one); gives its id. The same again changes nothing.

    Raises Forbidden and InvalidInput.
    """
    permissions.require(actor, Right.ADMINISTER)
    kept = replace(
        given, name=names.given("name", given.name), source=names.given("source", given.source)
    )
    _check("count", kept.term.count, 1, LONGEST_TERM)
    _check("extension", kept.extension, 0, LONGEST_TERM)
    with writing(store) as connection:
        ask(connection, (_LOCK, ()))
        known = rules.timelines(connection)
        one = rule or names.free(names.slug(kept.name), set(known))
        if Dated(on, kept) not in known.get(one, ()):
            _enter(connection, By(actor.person, actor.role), one, on, kept)
    return one


def warn_ahead(store: Store, actor: Actor, days: int, on: date | None = None) -> None:
    """Choose how many working days ahead one is warned, from a day on (today). The same again
    changes nothing. Raises Forbidden and InvalidInput."""
    permissions.require(actor, Right.ADMINISTER)
    _check("days", days, 0, FURTHEST_AHEAD)
    with writing(store) as connection:
        ask(connection, (_LOCK, ()))
        day = on or today(connection)
        if (day, days) in rules.warnings(connection):
            return
        values = {"effective_on": day, "days": days}
        by = By(actor.person, actor.role)
        (recorded,) = append(connection, by, Fact(Subject.RECORD, THE_RECORD, "warn", values))
        connection.execute(
            insert(deadline_warnings).values(
                **values, recorded_by=by.person, recorded_at=recorded.recorded_at
            )
        )


def _enter(connection: Connection, by: By, rule: str, on: date, kept: Rule) -> None:
    values = {
        "effective_on": on,
        "count": kept.term.count,
        "unit": kept.term.unit,
        "extension": kept.extension,
        "open": kept.open,
    }
    texts = {"name": kept.name, "source": kept.source}
    (recorded,) = append(connection, by, Fact(Subject.RULE, rule, "set", values, texts))
    connection.execute(
        insert(deadline_rules).values(
            rule=rule,
            **values,
            **texts,
            recorded_by=by.person,
            recorded_at=recorded.recorded_at,
        )
    )


def _check(field: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise names.invalid(Problem("not_in_range", field, {"least": least, "most": most}))
