"""The forms of signals: what is asked, and what was filled in."""

from collections.abc import Sequence

from starlette.datastructures import FormData

from api.pages import changes
from api.pages.changes import Given
from api.pages.forms import Field, Option, choices
from api.pages.requests import ticked
from api.pages.theme_forms import theme_choices
from kdt import words
from kdt.themes.queries import Theme
from kdt.themes.signalling import Found, Told
from kdt.themes.signals import Signal
from kdt.vocabulary import Assessment, FromLawyers, SignalSource

_YES, _NO = "yes", "no"


def fields(themes: Sequence[Theme], one: Signal | None) -> tuple[Field, ...]:
    """What is asked of a signal, filled with how it was told."""
    return (
        Field(
            "source",
            _label("source"),
            "select",
            required=True,
            hint=words.say("signals.source_hint"),
            options=choices("signal_source", SignalSource),
            value=one.source if one else None,
        ),
        Field(
            "title",
            _label("title"),
            "text",
            required=True,
            value=one.title if one else None,
        ),
        Field(
            "concerns",
            _label("concerns"),
            "textarea",
            required=True,
            hint=words.say("signals.concerns_hint"),
            value=one.concerns if one else None,
        ),
        Field(
            "receivedOn",
            _label("received_on"),
            "date",
            required=True,
            value=one.received_on.isoformat() if one else None,
        ),
        Field(
            "atLatest",
            _label("at_latest"),
            "radio",
            required=True,
            options=(
                Option(_NO, words.say("signals.at_latest_exact")),
                Option(_YES, words.say("signals.at_latest_by")),
            ),
            value=_YES if one and one.at_latest else _NO,
        ),
        Field(
            "origin",
            _label("origin"),
            "text",
            hint=words.say("signals.origin_hint"),
            value=one.origin if one else None,
        ),
        Field(
            "reference",
            _label("reference"),
            "text",
            hint=words.say("signals.reference_hint"),
            value=one.reference if one else None,
        ),
        Field(
            "lawyers",
            _label("lawyers"),
            "radio",
            required=True,
            options=choices("from_lawyers", FromLawyers),
            value=one.lawyers if one else None,
        ),
        Field(
            "themes",
            _label("themes"),
            "checkboxes",
            options=theme_choices(themes, one.themes if one else ()),
            value=one.themes if one else None,
        ),
        Field(
            "followed",
            _label("followed"),
            "textarea",
            hint=words.say("signals.followed_hint"),
            value=one.followed if one else None,
        ),
    )


def told(given: Given, posted: FormData) -> Told:
    """What was filled in. Raises InvalidInput."""
    received_on = changes.day(given, "receivedOn")
    assert received_on is not None, "a required field was filled in"
    return Told(
        given["source"],
        received_on,
        given["title"],
        given["concerns"],
        given["atLatest"] == _YES,
        given["lawyers"],
        given.get("origin", ""),
        given.get("reference", ""),
        given.get("followed", ""),
        ticked(posted, "themes"),
    )


def view_fields() -> tuple[Field, ...]:
    """What is asked of who assesses one."""
    return (
        Field(
            "assessment",
            _label("assessment"),
            "radio",
            required=True,
            options=choices("assessment", Assessment),
        ),
        Field(
            "reasons",
            _label("reasons"),
            "textarea",
            required=True,
            hint=words.say("signals.reasons_hint"),
        ),
        Field(
            "publishedBy",
            _label("published_by"),
            "text",
            hint=words.say("signals.published_by_hint"),
        ),
    )


def found(given: Given) -> Found:
    """What was filled in."""
    return Found(given["assessment"], given["reasons"], given.get("publishedBy", ""))


def _label(name: str) -> str:
    return words.say(f"signals.label_{name}")
