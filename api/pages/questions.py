"""What is asked of the record in an address: a period, a reference date and a division.

Read back from the same fields the page shows, so that a figure can be found again by its address.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request

from api.pages.forms import Field, Option
from api.pages.rendering import capital
from kdt import words
from kdt.register import answers
from kdt.register.figures import BadQuery, Query
from kdt.tallies.measures import DIMENSIONS
from kdt.values import Invalid, day

# Where a question goes wrong as a whole, the field to mend it at.
_MENDED_AT = {"period_reversed": "until", "reference_date_to_come": "asOf"}
_DAYS = ("from", "until", "asOf")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stood in the address; `query` is None when it could not be read."""

    query: Query | None
    fields: tuple[Field, ...]

    @property
    def address(self) -> str:
        """The question as it stands behind the `?`, all of it spelled out."""
        if self.query is None:
            return ""
        as_of = self.query.as_of
        return urlencode(
            [
                ("from", self.query.first.isoformat()),
                ("until", self.query.until.isoformat()),
                *([("asOf", as_of.isoformat())] if as_of else []),
                *(("by", dimension) for dimension in self.query.by),
            ]
        )


def asked(request: Request, *, today: date, dimensions: Sequence[str] = DIMENSIONS) -> Asked:
    """The question in the address; what is left out is a year up to the reference date or today."""
    given = {name: request.query_params.get(name, "").strip() for name in _DAYS}
    by = tuple(one for one in dimensions if one in request.query_params.getlist("by"))
    problems: dict[str, str] = {}
    days: dict[str, date | None] = dict.fromkeys(_DAYS)
    for name, value in given.items():
        try:
            days[name] = day(value) if value else None
        except Invalid:
            problems[name] = words.say("period.not_a_date", field=_label(name))
    query = None
    if not problems:
        try:
            found = answers.question(days["from"], days["until"], days["asOf"], today=today)
            query = replace(found, by=by)
        except BadQuery as error:
            place = _MENDED_AT[error.code]
            problems[place] = words.say(f"period.{error.code}")
    if query is not None:
        given |= {"from": query.first.isoformat(), "until": query.until.isoformat()}
    fields = [
        Field(name, capital(_label(name)), "date", value=given[name], error=problems.get(name))
        for name in _DAYS
    ]
    if dimensions:
        fields.append(
            Field(
                "by",
                words.say("period.by"),
                "checkboxes",
                options=tuple(
                    Option(one, capital(words.say(f"dimension.{one}"))) for one in dimensions
                ),
                value=by,
            )
        )
    return Asked(query, tuple(fields))


def spelled(query: Query) -> dict[str, date]:
    """The period as templates say it."""
    return {"from": query.first, "until": query.until}


def _label(name: str) -> str:
    return words.say(f"period.{name}")
