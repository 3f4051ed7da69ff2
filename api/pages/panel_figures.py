"""How a panel stands, in one line."""

from datetime import date

from api.pages.places import Places
from api.pages.rendering import workdays
from api.pages.rows import waited
from kdt import words
from kdt.meetings.figures import WEEKS, Standing


def line(one: Standing, known: Places, today: date) -> str:
    """What waits and how the panel came through the last weeks, in words."""
    oldest = waited(one.oldest, today, known.calendar)
    said = [
        words.amount("waits", one.waiting)
        if oldest is None
        else words.say(
            "panel_line.waiting",
            waits=words.amount("waits", one.waiting),
            oldest=workdays(oldest),
        ),
        words.say("panel_line.held_over", number=words.number(one.held_over)),
        words.say(
            "panel_line.lately",
            weeks=WEEKS,
            not_reached=words.number(one.not_reached),
            discussed=words.number(one.discussed),
            by_consent=words.number(one.by_consent),
        ),
    ]
    if one.minutes is not None:
        said.append(
            words.say(
                "panel_line.lasts", minutes=words.amount("minute", max(1, round(one.minutes)))
            )
        )
    return " ".join(said)
