"""What is taken along to a talk about rode draden, on paper: no case number, nothing that was
written about a case, and no small number.

Counts are of whole calendar quarters that are over, each rounded to fives and with no total beside
them, so that nothing under five can be worked out; of percentages and locations there are none.
What a theme is called and about is printed as whoever keeps the list worded it, unless it seems to
hold something of a person.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.rendering import capital, day_long, page, url
from api.pages.requests import SignedIn
from api.pages.sheets import printed
from api.pages.theme_forms import PATH
from api.pages.theme_words import talk_line
from kdt import clock, personal, words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.paper import Document, Part
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import counting, queries
from kdt.themes.consultations import Consultation, consultations
from kdt.themes.effect import Verdict
from kdt.themes.queries import Profile, Theme
from kdt.themes.trend import trend
from kdt.vocabulary import ThemeState

router = APIRouter()

BASE = 5
_QUARTERS = 4
_TALKS = 3
_COLUMNS = ("wide", "auto")


@router.get(f"{PATH}/pack")
def choose(request: Request, person: SignedIn) -> Response:
    """Asks which themes the talk is about."""
    permissions.holding(person.actors, Right.CONSULT)
    with reading(context(request).store) as connection:
        listed = [one for one in queries.themes(connection) if _may_go(one)]
    return page(
        request,
        "theme_pack.html",
        title=words.say("theme_pack.title"),
        action=url(request, f"{PATH}/pack.pdf"),
        themes=listed,
    )


@router.get(f"{PATH}/pack.pdf")
def pack(request: Request, person: SignedIn) -> Response:
    """The document about the themes in the address; without any, about all that are under way."""
    permissions.holding(person.actors, Right.CONSULT)
    wanted = request.query_params.getlist("theme")
    with reading(context(request).store) as connection:
        made = document(connection, wanted, demo=context(request).demo)
    return printed(made, words.say("theme_pack.file", day=clock.day(made.made_at).isoformat()))


def document(connection: Connection, wanted: Sequence[str], *, demo: bool = False) -> Document:
    """What goes along about these themes, or about all that are under way. Raises NotFound."""
    today = today_in(connection)
    known = {one.id: one for one in queries.themes(connection) if _may_go(one)}
    if any(one not in known for one in wanted):
        raise NotFound(words.say("refusal.not_found"))
    chosen = [known[one] for one in dict.fromkeys(wanted)] or [
        one for one in known.values() if one.open
    ]
    profiles, talks = queries.profiles(connection), consultations(connection)
    quarters = ended(today)
    counted = counting.counted(connection, quarters)
    lead = (words.say("theme_pack.lead"), words.say("theme_pack.rounded"))
    return Document(
        words.say("theme_pack.document", day=day_long(today)),
        (words.say("paper.demo"), *lead) if demo else lead,
        tuple(
            _part(
                connection,
                one,
                profiles.get(one.id, Profile()),
                talks,
                quarters,
                counted.get(one.id, (0,) * len(quarters)),
                today,
            )
            for one in chosen
        ),
        datetime.combine(today, time(), clock.AMSTERDAM),
        _COLUMNS,
    )


def ended(today: date) -> list[tuple[date, date]]:
    """The last calendar quarters that are over, the oldest first: the first and the last day of
    each."""
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    found: list[tuple[date, date]] = []
    for _ in range(_QUARTERS):
        last = first - timedelta(days=1)
        first = date(last.year, last.month - 2, 1)
        found.insert(0, (first, last))
    return found


def rounded(count: int) -> str:
    """A count to the nearest five, which stands for five; what is less than eight for eight."""
    nearest = BASE * round(count / BASE)
    if nearest < 2 * BASE:
        return words.say("theme_pack.few", number=2 * BASE - BASE // 2)
    return words.say("theme_pack.about", number=words.number(nearest))


def _may_go(theme: Theme) -> bool:
    """What nobody judged yet does not leave the house, nor what was no theme after all."""
    return theme.state not in (ThemeState.PROPOSED, ThemeState.REJECTED)


def _part(
    connection: Connection,
    theme: Theme,
    profile: Profile,
    talks: Sequence[Consultation],
    quarters: Sequence[tuple[date, date]],
    counts: Sequence[int],
    today: date,
) -> Part:
    state, since = capital(words.say(f"theme_state.{theme.state}")), theme.standing.since
    lines = [f"{state} {words.say('themes.since', day=day_long(since))}" if since else state]
    if theme.standing.owed is not None:
        owed = theme.standing.owed
        by = words.say(f"owed_by.{owed.by}")
        lines.append(capital(words.say("themes.owed", by=by, day=day_long(owed.due_on))))
    if profile.sources:
        lines.append(words.say("theme_pack.sources", sources="; ".join(profile.sources)))
    spoken = [one for one in talks if theme.id in one.themes][:_TALKS]
    lines += [f"{day_long(one.held_on)}: {talk_line(one)}" for one in spoken]
    told = trend(connection, theme.id, queries.steps(connection, theme.id), today)
    if told.effect is not None and told.since is not None:
        verdict = told.effect.verdict
        if verdict is not Verdict.TOO_LITTLE:
            lines.append(words.say(f"theme_pack.{verdict}", day=day_long(told.since)))
    return Part(
        _clean(theme.name),
        tuple(_clean(one) for one in lines),
        prose=_clean(theme.description) or None,
        head=(words.say("theme_pack.quarter"), words.say("theme_pack.seen")),
        rows=tuple(
            (
                words.say("theme_pack.span", first=day_long(first), last=day_long(last)),
                rounded(count),
            )
            for (first, last), count in zip(quarters, counts, strict=True)
        ),
    )


def _clean(text: str) -> str:
    return words.say("theme_pack.left_out") if personal.seems_to_hold(text) else text
