"""The example year as the lines of a history file, from a seed and the day it ends on.

It is read by the product's own import. The coming national meeting, with its forty items, is the
first Thursday on or after the last day that is no holiday; the meetings of the last day itself
have not been held yet, so that whoever signs in can hold them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from kdt.demo.openings import USUAL_SIZE, Span
from kdt.demo.people import example_officers
from kdt.demo.phrases import load
from kdt.demo.places import PLACES, Place
from kdt.demo.record import Escalation, panel_id
from kdt.demo.year import Year

# What an example officer finds: one of each, as far as the location has them.
_IN_HAND = ("draft", "information_requested", "inquiry_ordered", "settled", "queued", "listed")


def generate(
    end: date,
    now: datetime,
    seed: int = 1,
    locations: int = 8,
    escalations: int = USUAL_SIZE,
    volume: int = 0,
) -> Iterator[dict[str, Any]]:
    """A year that ends on `end`, in the order of recording and nothing after `now`.

    The same seed and end give the same lines; `now` only cuts them off. A year is played in memory:
    larger histories are volumes of it, told at the same time by the same panels, each of at most
    the usual size and with cases and officers of its own. The example people work in the first.

    Raises ValueError for a number of locations or a volume that cannot be.
    """
    if not 1 <= locations <= len(PLACES):
        raise ValueError(f"locations must be between 1 and {len(PLACES)}")
    if volume and escalations > USUAL_SIZE:
        raise ValueError(f"a volume holds at most {USUAL_SIZE} escalations")
    places = PLACES[:locations]
    span = Span(end - timedelta(days=365), end)
    drawn = f"{seed}/{end.isoformat()}" + (f"/{volume}" if volume else "")
    year = Year(span, places, escalations, Random(drawn), volume)  # nosec B311  # noqa: S311 (no secret: an example)
    year.play(end)
    if not volume:
        _hand_to_example_people(year.escalations, places)  # by what they find in the morning
    year.play(end + timedelta(days=1))
    yield {"kind": "history", "version": 2}
    for place in places:
        panel = panel_id("local", place)
        yield {"kind": "panel", "id": panel, "level": "local", "location": place.name}
    yield {"kind": "panel", "id": panel_id("national", places[0]), "level": "national"}
    for theme in load("themes")["theme"]:
        yield {"kind": "theme", **theme}
    yield from year.record.lines(now)


def _hand_to_example_people(escalations: Sequence[Escalation], places: Sequence[Place]) -> None:
    """Give the example officers living work: the brought cases are theirs from the start."""
    for place in places:
        officers = example_officers(place.name)
        for kind in _IN_HAND:
            found = [e for e in escalations if e.place is place and kind in (e.kept, e.phase)]
            recent = sorted(found, key=lambda e: (e.kept is not None, e.last), reverse=True)
            for officer, escalation in zip(officers, recent, strict=False):
                escalation.officer = officer
