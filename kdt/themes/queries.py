"""Reading themes: the list with where each stands, and what was done with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import clock
from kdt.procedure.refusal import Refusal
from kdt.themes import circuit
from kdt.themes.circuit import Standing, Step
from kdt.themes.model import theme_profiles, theme_steps, theme_terms
from kdt.vocabulary import ThemeAction, ThemeState, ThemeStatus

_SHORT = {
    ThemeState.PROPOSED: ThemeStatus.PROPOSED,
    ThemeState.CLOSED: ThemeStatus.CLOSED,
    ThemeState.REJECTED: ThemeStatus.CLOSED,
}
_VALUES = ("owed_by", "due_on", "closed_as", "consultation", "target", "escalations", "replaces")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is called, and where it is now. `begun`: where it began, before any step."""

    id: str
    name: str
    description: str
    begun: ThemeState
    standing: Standing = field(default=Standing(ThemeState.PROPOSED))

    @property
    def state(self) -> ThemeState:
        """Where it is in its circuit."""
        return self.standing.state

    @property
    def status(self) -> ThemeStatus:
        """How it stands in short, as it was told before there was a circuit."""
        return _SHORT.get(self.state, ThemeStatus.CONFIRMED)

    @property
    def open(self) -> bool:
        """Whether escalations can be tagged with it."""
        return self.standing.open


@dataclass(frozen=True, slots=True)
class Profile:
    """What a theme is about and whose it is: an owner by id (None: nobody), codes, and the law and
    policy it touches, one a line."""

    stream: str | None = None
    owner: str | None = None
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it was recorded, and whether it was taken back."""

    step: Step
    recorded_at: datetime
    recorded_by: str
    taken_back: bool


def begun(theme_id: str, name: str, description: str, state: ThemeState) -> Theme:
    """A theme with which no step was taken yet."""
    return Theme(theme_id, name, description, state, Standing(state))


def themes(connection: Connection) -> list[Theme]:
    """Every theme, by name."""
    newest = (
        select(theme_terms)
        .ext(distinct_on(theme_terms.c.theme))
        .order_by(theme_terms.c.theme, theme_terms.c.recorded_at.desc())
        .subquery()
    )
    steps = [theme_steps.c[name] for name in ("seq", "action", "occurred_on", *_VALUES)]
    found = connection.execute(
        select(newest.c.theme, newest.c.name, newest.c.description, newest.c.status, *steps)
        .outerjoin_from(newest, theme_steps, theme_steps.c.theme == newest.c.theme)
        .order_by(newest.c.name, newest.c.theme, theme_steps.c.seq)
    )
    return [_theme([*rows]) for _, rows in groupby(found, key=lambda row: row.theme)]


def called(connection: Connection) -> dict[str, str]:
    """What every theme is called now, by its id."""
    newest = (
        select(theme_terms.c.theme, theme_terms.c.name)
        .ext(distinct_on(theme_terms.c.theme))
        .order_by(theme_terms.c.theme, theme_terms.c.recorded_at.desc())
    )
    return {row.theme: row.name for row in connection.execute(newest)}


def open_themes(connection: Connection) -> set[str]:
    """The ids of the themes that can be tagged."""
    return {theme.id for theme in themes(connection) if theme.open}


def first_known(connection: Connection) -> dict[str, date]:
    """The day each theme was put on the list, of those that are one after all."""
    found = connection.execute(
        select(theme_terms.c.theme, func.min(theme_terms.c.recorded_at)).group_by(
            theme_terms.c.theme
        )
    )
    days = {row[0]: clock.day(row[1]) for row in found}
    return {
        one.id: days[one.id] for one in themes(connection) if one.state is not ThemeState.REJECTED
    }


def theme(connection: Connection, theme_id: str) -> Theme | None:
    """One theme, or None."""
    return next((one for one in themes(connection) if one.id == theme_id), None)


def profiles(connection: Connection) -> dict[str, Profile]:
    """What each theme is about and whose it is, as last told; what was never told is left out."""
    found = connection.execute(
        select(theme_profiles)
        .ext(distinct_on(theme_profiles.c.theme))
        .order_by(theme_profiles.c.theme, theme_profiles.c.recorded_at.desc())
    )
    return {
        row.theme: Profile(row.stream, row.owner or None, tuple(row.codes), tuple(row.sources))
        for row in found
    }


def profile(connection: Connection, theme_id: str) -> Profile:
    """The same of one."""
    return profiles(connection).get(theme_id, Profile())


def steps(connection: Connection, theme_id: str) -> list[Taken]:
    """What was done with a theme, in the order it was recorded; what was taken back too."""
    found = connection.execute(
        select(theme_steps).where(theme_steps.c.theme == theme_id).order_by(theme_steps.c.seq)
    ).all()
    every = [(_step(row, row.reasons), row) for row in found]
    force = {one.number for one in circuit.in_force(step for step, _ in every)}
    return [
        Taken(
            step,
            row.recorded_at,
            row.recorded_by,
            step.action is not ThemeAction.CORRECT and step.number not in force,
        )
        for step, row in every
    ]


def _theme(rows: list[Row[Any]]) -> Theme:
    first = rows[0]
    state = ThemeState(first.status)
    taken = [_step(row) for row in rows if row.seq is not None]
    standing = circuit.walk(Standing(state), taken)
    # Nothing that may not be was recorded; `kdt verify` says so when somebody else did.
    here = Standing(state) if isinstance(standing, Refusal) else standing
    return Theme(first.theme, first.name, first.description, state, here)


def _step(row: Row[Any], reasons: str = "") -> Step:
    values: Mapping[str, object] = {
        name: getattr(row, name) for name in _VALUES if getattr(row, name) is not None
    }
    return Step(row.seq, ThemeAction(row.action), row.occurred_on, values, reasons)
