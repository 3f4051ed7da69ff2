"""Steps of a theme's circuit, recorded by whoever has the right of their row; a step recorded
wrongly is taken back by another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import InvalidInput, Refused, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.procedure.refusal import Refusal
from kdt.procedure.rows import Field
from kdt.store import moments
from kdt.store.engine import Store
from kdt.themes import circuit, queries
from kdt.themes.circuit import ROW, Code, Standing, Step
from kdt.themes.consultations import consultation
from kdt.themes.counting import showing
from kdt.themes.model import theme_steps
from kdt.themes.queries import Theme
from kdt.themes.service import changing, describe, found, rename
from kdt.values import Problem
from kdt.vocabulary import Ending, ThemeAction, ThemeState, ThemeStatus

# The number of what comes next is not known before it is recorded.
_NEXT = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a step; which of it belongs to an action, its row says. `occurred_on` is
    today when it is left out; `replaces` is the number of the step a correction takes back."""

    action: str
    occurred_on: date | None = None
    reasons: str | None = None
    owed_by: str | None = None
    due_on: date | None = None
    closed_as: str | None = None
    consultation: str | None = None
    target: str | None = None
    escalations: Sequence[str] | None = None
    replaces: int | None = None


# What every step has, and no row asks for.
_ALWAYS = ("action", "occurred_on", "reasons")


def take(store: Store, actor: Actor, theme: str, told: Told, *, key: str | None = None) -> int:
    """Record a step; its number. A repeat with the same key gives the same.

    Raises Forbidden, NotFound, InvalidInput, Refused and Conflict (the key was used for something
    else).
    """
    row = ROW[_action(told)]
    permissions.require(actor, row.right)
    repeat = repeats.of(actor, key, Subject.THEME, theme, told)
    with changing(store) as connection:
        if answer := repeat.earlier(connection):
            return int(answer["step"])
        number = record(connection, actor, theme, told)
        repeat.record(connection, Subject.THEME, theme, step=number)
    return number


def alter(
    store: Store,
    actor: Actor,
    theme: str,
    *,
    name: str | None = None,
    description: str | None = None,
    profile: Mapping[str, Any] | None = None,
    status: str | None = None,
    reasons: str | None = None,
) -> None:
    """Everything a theme can be told at once; what is left out stays, also of its profile, which is
    given by the names of its fields. `status` is the short one, and becomes the step that leads
    there, with these reasons. Raises as `take` does."""
    permissions.require(actor, Right.MANAGE_THEMES)
    if status is not None and status not in tuple(ThemeStatus):
        details = {"given": status[:50], "known": ", ".join(ThemeStatus)}
        raise names.invalid(Problem("not_one_of", "status", details))
    with changing(store) as connection:
        known = rename(connection, actor, theme, name, description)
        if profile is not None:
            told = replace(queries.profile(connection, theme), **profile)
            describe(connection, actor, theme, told)
        if status is not None and status != known.status:
            record(connection, actor, theme, _leading_to(known, status, reasons))


def _leading_to(theme: Theme, status: str, reasons: str | None) -> Told:
    """The step by which a theme comes to stand so in short; what was judged is not a proposal
    again."""
    proposed = theme.state is ThemeState.PROPOSED
    if status == ThemeStatus.CONFIRMED:
        action = ThemeAction.CONFIRM if proposed else ThemeAction.REOPEN
        return Told(action, reasons=reasons)
    if status == ThemeStatus.CLOSED:
        if proposed:
            return Told(ThemeAction.REJECT, reasons=reasons)
        return Told(ThemeAction.CLOSE, reasons=reasons, closed_as=Ending.UNSTATED)
    raise refused(Code.NOT_PROPOSED_AGAIN)


def record(connection: Connection, actor: Actor, theme: str, told: Told) -> int:
    """The same within the caller's transaction, in which nobody else changes a theme."""
    action = _action(told)
    known, today = found(connection, theme), moments.today(connection)
    values = _read(told, ROW[action].fields)
    reasons = names.text_given("reasons", told.reasons or "")
    step = Step(_NEXT, action, told.occurred_on or today, values, reasons)
    if step.occurred_on > today:
        raise refused(Code.THEME_IN_THE_FUTURE, occurred_on=step.occurred_on)
    _judge(connection, known, step)
    _check_named(connection, known, step)
    fact = Fact(
        Subject.THEME, theme, action, values, {"reasons": reasons}, occurred_on=step.occurred_on
    )
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(theme_steps).values(
            theme=theme,
            seq=recorded.seq,
            action=action,
            occurred_on=step.occurred_on,
            recorded_on=clock.day(recorded.recorded_at),
            recorded_at=recorded.recorded_at,
            recorded_by=actor.person,
            reasons=reasons,
            **values,
        )
    )
    return recorded.seq


def _action(told: Told) -> ThemeAction:
    if told.action not in tuple(ThemeAction):
        details = {"given": told.action[:50], "known": ", ".join(ThemeAction)}
        raise names.invalid(Problem("not_one_of", "action", details))
    return ThemeAction(told.action)


def _read(told: Told, asked: Sequence[Field]) -> dict[str, Any]:
    """The coded inputs of a step. Raises InvalidInput, naming all that is wrong."""
    problems = [*_problems(told, {one.name: one for one in asked})]
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))
    given = {one.name: getattr(told, one.name) for one in asked if one.name != "reasons"}
    if given.get("escalations"):
        given["escalations"] = sorted({*given["escalations"]})
    return {name: value for name, value in given.items() if value is not None}


def _problems(told: Told, asked: Mapping[str, Field]) -> Iterator[Problem]:
    for one in fields(told):
        value, outside = getattr(told, one.name), _key(one.name)
        wanted = asked.get(one.name)
        if wanted is None:
            if value is not None and one.name not in _ALWAYS:
                yield Problem("unknown_field", outside)
        elif not value or (isinstance(value, str) and not value.strip()):
            if wanted.required:
                yield Problem("missing", outside)
        elif wanted.codes is not None and value not in tuple(wanted.codes):
            details = {"given": str(value)[:50], "known": ", ".join(wanted.codes)}
            yield Problem("not_one_of", outside, details)


def _judge(connection: Connection, theme: Theme, step: Step) -> None:
    """Raise Refused when the circuit does not allow it."""
    after: Standing | Refusal
    if step.action is ThemeAction.CORRECT:
        taken = [one.step for one in queries.steps(connection, theme.id)]
        after = circuit.taken_back(Standing(theme.begun), taken, step)
    else:
        after = circuit.decide(theme.standing, step)
    if isinstance(after, Refusal):
        raise Refused(after)


def _check_named(connection: Connection, theme: Theme, step: Step) -> None:
    """Raise InvalidInput unless what a step names is there: an open theme, a consultation, and
    escalations that show this theme."""
    if (into := step.values.get("target")) is not None:
        there = queries.theme(connection, str(into))
        if there is None or not there.open or there.id == theme.id:
            raise unknown("target", str(into))
    if (talk := step.values.get("consultation")) is not None:
        known = consultation(connection, str(talk))
        if known is None or not known[0].stands:
            raise unknown("consultation", str(talk))
    wanted = step.values.get("escalations")
    if isinstance(wanted, list):
        shown = showing(connection, theme.id).subquery()
        mine = set(
            connection.scalars(
                select(shown.c.escalation_id).where(shown.c.escalation_id.in_(wanted))
            )
        )
        if missing := sorted({*wanted} - mine):
            raise unknown("escalations", missing[0])


def unknown(field: str, given: str) -> InvalidInput:
    """What is said of something named that is not there to be named."""
    return names.invalid(Problem("not_one_of", field, {"given": given[:50], "known": ""}))


def _key(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(one.capitalize() for one in rest)
