"""What is asked of the figures in an address: besides a period and a reference date by what they
are divided, per what piece of time, and of which escalations alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request

from api.pages.filtering import chosen, with_unknown
from api.pages.forms import Field, Option, choices
from api.pages.questions import asked
from api.pages.rendering import capital
from kdt import words
from kdt.panels.queries import NamedLocation
from kdt.register.breakdown import EVERY, NONE, ONLY, PIECE, Breakdown
from kdt.register.figures import BadQuery
from kdt.register.grain import Grain
from kdt.themes.queries import Theme
from kdt.vocabulary import Ground, Question

_PER = "per"


@dataclass(frozen=True, slots=True)
class Known:
    """What can be chosen from: the locations and themes there are."""

    locations: Sequence[NamedLocation]
    themes: Sequence[Theme]

    def word(self, dimension: str, value: str) -> str:
        """A value of a dimension in Dutch; nothing is a word too, where it can be."""
        none = f"figures.none.{dimension}"
        if value == NONE and words.known(none):
            return words.say(none)
        if dimension in ("location", "theme"):
            named = self.locations if dimension == "location" else self.themes
            return next((one.name for one in named if one.id == value), value)
        key = f"{dimension}.{value}"
        return words.say(key) if words.known(key) else value


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """A question as it stood in the address; `breakdown` is None when it could not be read."""

    breakdown: Breakdown | None
    fields: tuple[Field, ...]

    @property
    def address(self) -> str:
        """The question as it stands behind the `?`."""
        return "" if self.breakdown is None else urlencode(parameters(self.breakdown))

    def refused(self, error: BadQuery) -> "AskedFigures":
        """The same without an answer, and at the last day of the period why."""
        why = words.say(f"period.{error.code}")
        return AskedFigures(
            None,
            tuple(replace(one, error=why) if one.name == "until" else one for one in self.fields),
        )


def asked_figures(request: Request, known: Known, *, today: date) -> AskedFigures:
    """The question in the address; what cannot be read is left out, or said at its field."""
    given = request.query_params
    plain = asked(request, today=today, dimensions=())
    by = tuple(one for one in EVERY if one in given.getlist("by"))
    per = Grain(given[_PER]) if given.get(_PER) in tuple(Grain) else None
    offered = {one: _options(one, known) for one in ONLY}
    only = {
        one: value
        for one, options in offered.items()
        if (value := chosen(request, _name(one), {option.value for option in options}))
    }
    narrowing = [
        with_unknown(_choice(_name(one), _label(one), options, only.get(one)), given)
        for one, options in offered.items()
    ]
    fields = (
        *plain.fields,
        _choice(_PER, words.say("period.per"), _grains(), per, hint=words.say("period.whole")),
        *narrowing,
        Field(
            "by",
            words.say("period.by"),
            "checkboxes",
            options=tuple(Option(one, capital(words.say(f"dimension.{one}"))) for one in EVERY),
            value=by,
        ),
    )
    unanswered = AskedFigures(None, fields)
    if plain.query is None or any(one.error for one in narrowing):
        return unanswered
    try:
        return AskedFigures(Breakdown(plain.query, by, per, only), fields)
    except BadQuery as error:
        return unanswered.refused(error)


def row_asked(request: Request) -> dict[str, str]:
    """The row of a number, by the dimensions it is in, and its piece of time."""
    given = request.query_params
    return {one: given[one] for one in (*EVERY, PIECE) if one in given}


def parameters(asked: Breakdown) -> list[tuple[str, str]]:
    """A question as it stands in an address."""
    query = asked.query
    as_of = [("asOf", query.as_of.isoformat())] if query.as_of else []
    return [
        ("from", query.first.isoformat()),
        ("until", query.until.isoformat()),
        *as_of,
        *(("by", one) for one in asked.by),
        *([(_PER, asked.per.value)] if asked.per else []),
        *((_name(one), value) for one, value in asked.only.items()),
    ]


def _name(dimension: str) -> str:
    return f"only{dimension.capitalize()}"


def _label(dimension: str) -> str:
    return words.say("period.only", dimension=words.say(f"dimension.{dimension}"))


def _grains() -> Sequence[Option]:
    return [Option(one, capital(words.say(f"grain.{one}"))) for one in Grain]


def _options(dimension: str, known: Known) -> Sequence[Option]:
    given: Mapping[str, Sequence[Option]] = {
        "location": [Option(one.id, one.name) for one in known.locations],
        "question": choices("question", Question),
        "ground": choices("ground", Ground),
        "theme": [Option(one.id, one.name) for one in known.themes],
    }
    return given[dimension]


def _choice(
    name: str,
    label: str,
    options: Sequence[Option],
    value: str | None,
    *,
    hint: str | None = None,
) -> Field:
    return Field(name, label, "select", hint=hint, options=tuple(options), value=value)
