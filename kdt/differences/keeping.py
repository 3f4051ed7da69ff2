"""The comparison of the cases of a year, once a week, kept."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as insert_once

from kdt import clock
from kdt.cases.answered import answered
from kdt.cases.queries import imported
from kdt.differences import chance
from kdt.differences.chance import Answered
from kdt.differences.model import difference_runs, differences_found
from kdt.differences.queries import YEAR
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing

Profile = tuple[str, str]


def compare_when_due(store: Store, now: datetime) -> bool:
    """Compare the cases answered in the year up to the last week that is over, unless that was done
    since a file was last imported; whether this did it."""
    until = clock.last_sunday(clock.day(now))
    with reading(store) as connection:
        key = {"until": until, "imports": imported(connection)}
        if connection.scalar(select(literal(1)).select_from(difference_runs).filter_by(**key)):
            return False
        profiles = _profiles(connection, until)
    # The seed is the week's own: on the same record it comes out the same.
    every = chance.compared(profiles, until.toordinal())
    with writing(store) as connection:
        once = insert_once(difference_runs).values(key | {"profiles": len(every)})
        done = once.on_conflict_do_nothing().returning(difference_runs.c.until)
        if not connection.execute(done).all():
            return False
        rows = [
            {
                **key,
                "question": question,
                "theme": theme,
                "location": location,
                "answer": answer,
                "cases": cases,
                "chance": one.chance,
            }
            for one in chance.told(every)
            for question, theme in (one.profile,)
            for location, answers in one.cases.items()
            for answer, cases in answers.items()
        ]
        if rows:
            connection.execute(insert(differences_found), rows)
    return True


def _profiles(connection: Connection, until: date) -> Mapping[Profile, list[Answered]]:
    """The cases of each question and theme."""
    profiles: dict[Profile, list[Answered]] = {}
    for one in answered(connection, until - YEAR + timedelta(days=1), until):
        case = Answered(one.location, one.ground, one.answer)
        profiles.setdefault((one.question, one.theme), []).append(case)
    return profiles
