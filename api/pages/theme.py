"""One rode draad: what it is, where it is in its circuit, how often and where it was seen; and what
may be done with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, charts
from api.pages.changes import Given
from api.pages.charts import Event, Point
from api.pages.figure_views import Chart
from api.pages.places import places
from api.pages.rendering import capital, day_long, page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from api.pages.rows import row
from api.pages.theme_forms import PATH, new_form
from api.pages.theme_words import (
    adjustment_line,
    chance_line,
    effect_sentence,
    seen_line,
    talk_line,
)
from api.pages.timeline import Entry, Mention
from kdt import clock, words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.cases.by_policy import added
from kdt.cases.queries import Filter, escalations_of, themed_by_location
from kdt.rising.queries import rising as rises
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import circuit, counting, queries, service, signals
from kdt.themes.adjustments import Adjustment, Wanted, adjustments
from kdt.themes.consultations import consultations
from kdt.themes.queries import Profile, Taken, Theme
from kdt.themes.trend import YEAR, Trend, trend
from kdt.vocabulary import AdjustmentStatus, ThemeAction, ThemeState

router = APIRouter()

_SHOWN = 20
# What the line over time is drawn with.
_DRAWN = frozenset(
    {
        ThemeAction.CONSULT,
        ThemeAction.SEND_OUT,
        ThemeAction.ANSWER,
        ThemeAction.CLOSE,
        ThemeAction.REOPEN,
    }
)
# The states of a theme that came to its end by the whole circuit.
_LADDER = tuple(one for one in ThemeState if one is not ThemeState.REJECTED)


@dataclass(frozen=True, slots=True)
class Rung:
    """A state on the line of them, as `ladder` in `macros/parts.html` draws it."""

    label: str
    state: str
    detail: str | None = None


@router.get(f"{PATH}/new")
def new(request: Request, person: SignedIn) -> Response:
    """The form for a new theme."""
    permissions.holding(person.actors, Right.PROPOSE_THEMES)
    return changes.asked(request, new_form())


@router.post(f"{PATH}/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Propose a theme; from whoever keeps the list it is confirmed at once."""
    actor = permissions.holding(person.actors, Right.PROPOSE_THEMES)
    store = context(request).store

    def enter(given: Given) -> Response:
        about, key = given.get("description", ""), text(posted, "key")
        added = service.add(store, actor, given["name"], about, key=key)
        return see_other(request, f"{PATH}/{added.id}", "theme_added")

    return changes.answered(request, new_form(), posted, enter)


@router.get(f"{PATH}/{{theme}}")
def show(request: Request, person: SignedIn, theme: str) -> Response:
    """One theme: where it stands, how often it was seen, and its cases for who may see them."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        listed = {one.id: one for one in queries.themes(connection)}
        found = listed.get(theme) or service.found(connection, theme)
        profile, taken = queries.profile(connection, theme), queries.steps(connection, theme)
        told = trend(connection, theme, taken, today)
        where = themed_by_location(connection, theme, today - YEAR, today)
        known = places(connection, today)
        talks = [one for one in consultations(connection) if theme in one.themes]
        closed = signals.may_read_all(person.actors)
        about = signals.signals(connection, closed=closed, wanted=signals.Wanted(theme=theme))
        adjusted = adjustments(connection, wanted=Wanted(theme=theme))
        rising = rises(connection).get(theme, ())
        total, recent, before = _amounts(connection, theme, today)
        cases = escalations_of(
            connection, person.actors, Filter(theme=theme), after=None, limit=_SHOWN + 1
        )
        rows = [row(request, one, known, today) for one in cases]
        added_by_policy = added(connection, theme, [one.id for one in rows])
        owner = _label(connection, profile)
    keeps = permissions.holder(person.actors, Right.MANAGE_THEMES) is not None
    standing = found.standing
    into = listed.get(standing.merged_into or "")
    return page(
        request,
        "theme.html",
        HTTPStatus.OK,
        title=found.name,
        theme=found,
        ladder=_ladder(found, taken),
        profile=profile,
        owner=owner,
        owed=standing.owed,
        overdue=standing.owed is not None and standing.owed.overdue(today),
        merged_into=(into.name, url(request, f"{PATH}/{into.id}")) if into else None,
        total=total,
        recent=recent,
        before=before,
        first_on=charts.month_name(told.first_on) if told.first_on else None,
        effect=effect_sentence(told),
        rising=[
            (seen_line(one, one.location and known.location_name(one.location)), chance_line(one))
            for one in rising
        ],
        charts=[_chart(told, taken, adjusted, today)] if told.first_on else [],
        where=sorted(
            ((known.location_name(one), count) for one, count in where.items()),
            key=lambda one: (-one[1], one[0]),
        ),
        talks=[
            (one.held_on, url(request, f"/consultations/{one.id}"), talk_line(one)) for one in talks
        ],
        signals=[
            (
                one.title,
                url(request, f"/signals/{one.id}"),
                words.say(f"signal_standing.{one.standing}"),
            )
            for one in about
        ],
        adjustments=[
            (one.title, url(request, f"/adjustments/{one.id}"), adjustment_line(one))
            for one in adjusted
        ],
        entries=_entries(request, found, taken, listed, keeps),
        rows=rows[:_SHOWN],
        added=added_by_policy,
        keeps=keeps,
        every=url(request, f"/escalations?theme={theme}") if len(rows) > _SHOWN else None,
        tools=_tools(request, found) if keeps else [],
    )


def _amounts(connection: Connection, theme: str, today: date) -> tuple[int, ...]:
    """Escalations in all, in the last four weeks, and in the four before those."""
    spans = [(date.min, today), *counting.lately(today)]
    return counting.counted(connection, spans).get(theme, (0,) * len(spans))


def _chart(
    told: Trend, taken: Sequence[Taken], adjusted: Sequence[Adjustment], today: date
) -> Chart:
    """The last year by month, with what was done with it and what was adjusted for it."""
    caption, unit = words.say("themes.by_month"), words.say("themes.unit")
    months = [one for one in told.months if one[0] >= (today - YEAR).replace(day=1)]
    points = tuple(Point(unit, month, count) for month, count in months)
    shown = sorted(
        (on, what)
        for on, what in [*_steps(taken), *_in_force(adjusted)]
        if on.replace(day=1) >= months[0][0]
    )
    events = tuple(Event(on.replace(day=1), str(number)) for number, (on, _) in enumerate(shown, 1))
    return Chart(
        caption,
        charts.months(caption, unit, points, events=events),
        (capital(unit),),
        tuple((charts.month_name(month), (count,)) for month, count in months),
        tuple(f"{what}, {day_long(on)}" for on, what in shown),
    )


def _steps(taken: Sequence[Taken]) -> Iterator[tuple[date, str]]:
    """What was done with it, each with its day."""
    for one in taken:
        if one.step.action in _DRAWN and not one.taken_back:
            yield one.step.occurred_on, words.say(f"theme_taken.{one.step.action}")


def _in_force(adjusted: Sequence[Adjustment]) -> Iterator[tuple[date, str]]:
    """What was adjusted and is in force, as far as it is known since when."""
    for one in adjusted:
        if one.status == AdjustmentStatus.IN_FORCE and not one.at_latest:
            yield one.since, words.say("themes.adjusted", title=one.title)


def _label(connection: Connection, profile: Profile) -> str | None:
    if profile.owner is None:
        return None
    labels = {one.id: one.label for one in service.owners(connection)}
    return labels.get(profile.owner, profile.owner)


def _ladder(theme: Theme, taken: Sequence[Taken]) -> list[Rung]:
    """The states in their order: those it has been in, the one it is in, and what is to come."""
    force = [one.step for one in taken if not one.taken_back]
    been = {theme.begun}
    for step in circuit.in_force(force):
        to = circuit.ROW[step.action].to
        been |= {to} if to else set()
    if theme.state is ThemeState.REJECTED:
        states: Sequence[ThemeState] = (ThemeState.PROPOSED, ThemeState.REJECTED)
    elif theme.begun is ThemeState.PROPOSED:
        states = _LADDER
    else:
        states = _LADDER[1:]
    rungs = []
    for one in states:
        current = one is theme.state
        since = theme.standing.since if current else None
        how = "current" if current else "done" if one in been else "todo"
        rungs.append(
            Rung(
                capital(words.say(f"theme_state.{one}")),
                how,
                words.say("themes.since", day=day_long(since)) if since else None,
            )
        )
    return rungs


def _entries(
    request: Request,
    theme: Theme,
    taken: Sequence[Taken],
    listed: dict[str, Theme],
    keeps: bool,
) -> list[Entry]:
    """What was done with it, newest first."""
    by_number = {one.step.number: one for one in taken}
    undone = {
        one.step.values["replaces"]: one for one in taken if one.step.action is ThemeAction.CORRECT
    }
    entries = []
    for one in reversed(taken):
        step = one.step
        recorded_later = clock.day(one.recorded_at) != step.occurred_on
        replaces = by_number.get(_number(step.values.get("replaces")))
        by = undone.get(step.number)
        correct = keeps and not one.taken_back and step.action is not ThemeAction.CORRECT
        here = f"{PATH}/{theme.id}/steps/{step.number}/correct"
        entries.append(
            Entry(
                step.number,
                one.recorded_at if recorded_later else None,
                _detail(one, listed),
                words.say(f"theme_taken.{step.action}"),
                step.reasons or None,
                None,
                "correction" if replaces else "step",
                False,
                _mention(by) if by else None,
                by is not None,
                _mention(replaces) if replaces else None,
                (),
                url(request, here) if correct else None,
                None,
                0,
                step.occurred_on,
                False,
            )
        )
    return entries


def _detail(one: Taken, listed: dict[str, Theme]) -> str:
    """In a few words what a step came with."""
    values = one.step.values
    if one.step.action is ThemeAction.SEND_OUT:
        by, due_on = words.say(f"owed_by.{values['owed_by']}"), values["due_on"]
        assert isinstance(due_on, date), "its row asks for a day"
        return words.say("themes.owed", by=by, day=day_long(due_on))
    if (into := values.get("target")) is not None:
        known = listed.get(str(into))
        name = known.name if known else str(into)
        moved = values.get("escalations")
        if isinstance(moved, list):
            amount = words.amount("escalation", len(moved))
            return words.say("themes.moved", amount=amount, theme=name)
        return words.say("themes.into", theme=name)
    if (how := values.get("closed_as")) is not None:
        return words.say(f"closed_as.{how}")
    return words.say("role.policy_adviser")


def _mention(one: Taken) -> Mention:
    title = words.say(f"theme_taken.{one.step.action}")
    return Mention(one.step.number, title, one.step.occurred_on)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _tools(request: Request, theme: Theme) -> list[tuple[str, str, bool]]:
    """What may be done now, from the table; and whether it takes the theme on."""
    here = f"{PATH}/{theme.id}"
    onward = circuit.onward(theme.standing)
    offered = [
        (capital(words.say(f"theme_action.{one}")), url(request, f"{here}/{one}"), one is onward)
        for one in circuit.available(theme.standing)
    ]
    edit = (words.say("themes.edit"), url(request, f"{here}/edit"), False)
    return [*offered, edit]
