"""The form of an adjustment: what is asked, and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from api.pages import changes
from api.pages.changes import Given
from api.pages.forms import Field, Option, choices
from api.pages.requests import ticked
from kdt import words
from kdt.themes.adjusting import Told
from kdt.themes.adjustments import Adjustment
from kdt.vocabulary import AdjustmentKind, AdjustmentStatus, DecidedBy

_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Known:
    """What an adjustment may answer: ids with what they are called."""

    themes: Mapping[str, str]
    signals: Mapping[str, str]
    tests: Mapping[str, str]


def fields(known: Known, one: Adjustment | None) -> tuple[Field, ...]:
    """What is asked of an adjustment, filled with how it was told."""
    return (
        Field("title", _label("title"), "text", required=True, value=one.title if one else None),
        Field(
            "kind",
            _label("kind"),
            "radio",
            required=True,
            options=choices("adjustment_kind", AdjustmentKind),
            value=one.kind if one else None,
        ),
        Field(
            "status",
            _label("status"),
            "radio",
            required=True,
            options=choices("adjustment_status", AdjustmentStatus),
            value=one.status if one else None,
        ),
        Field(
            "since",
            _label("since"),
            "date",
            required=True,
            value=one.since.isoformat() if one else None,
        ),
        Field(
            "atLatest",
            _label("at_latest"),
            "radio",
            required=True,
            options=(
                Option(_NO, words.say("adjustments.at_latest_exact")),
                Option(_YES, words.say("adjustments.at_latest_by")),
            ),
            value=_YES if one and one.at_latest else _NO,
        ),
        Field(
            "decidedBy",
            _label("decided_by"),
            "radio",
            required=True,
            options=choices("decided_by", DecidedBy),
            value=one.decided_by if one else None,
        ),
        Field(
            "content",
            _label("content"),
            "textarea",
            hint=words.say("adjustments.content_hint"),
            value=one.content if one else None,
        ),
        Field(
            "reasons",
            _label("reasons"),
            "textarea",
            hint=words.say("adjustments.reasons_hint"),
            value=one.reasons if one else None,
        ),
        Field("reference", _label("reference"), "text", value=one.reference if one else None),
        _answers("themes", known.themes, one.themes if one else None),
        _answers("signals", known.signals, one.signals if one else None, hint=True),
        _answers("tests", known.tests, one.tests if one else None),
    )


def told(given: Given, posted: FormData) -> Told:
    """What was filled in. Raises InvalidInput."""
    since = changes.day(given, "since")
    assert since is not None, "a required field was filled in"
    return Told(
        given["kind"],
        given["status"],
        since,
        given["title"],
        given["decidedBy"],
        given["atLatest"] == _YES,
        given.get("content", ""),
        given.get("reasons", ""),
        given.get("reference", ""),
        ticked(posted, "themes"),
        ticked(posted, "signals"),
        ticked(posted, "tests"),
    )


def _answers(
    name: str, known: Mapping[str, str], value: tuple[str, ...] | None, *, hint: bool = False
) -> Field:
    options = tuple(Option(one, called) for one, called in known.items())
    said = words.say(f"adjustments.{name}_hint") if hint else None
    return Field(name, _label(name), "checkboxes", hint=said, options=options, value=value)


def _label(name: str) -> str:
    return words.say(f"adjustments.label_{name}")
