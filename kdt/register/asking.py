"""What the commands of figures have in common: how a day is given, and what has no answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click

from kdt import words
from kdt.errors import KdtError
from kdt.register.figures import BadQuery
from kdt.register.from_log import BrokenHistory
from kdt.values import Invalid, day


class _Day(click.ParamType[date]):
    name = "jjjj-mm-dd"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        try:
            return day(value)
        except Invalid:
            self.fail(words.say("query.not_a_date", given=value), param, ctx)


DAY = _Day()


@contextmanager
def answered() -> Iterator[None]:
    """A question that has no answer, or a record that cannot give one, is one sentence."""
    try:
        yield
    except BadQuery as error:
        raise KdtError(words.say(f"query.{error.code}", **error.details)) from error
    except BrokenHistory as error:
        raise KdtError(words.say("query.broken_history")) from error
