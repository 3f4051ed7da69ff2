"""What panels said of several escalations at once, as a person sees it: in as many statements as of
one, however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Shown
from kdt.cases import answers, dossiers, sights, texts
from kdt.cases.answers import Answer
from kdt.cases.model import case_numbers, consents, escalations


@dataclass(frozen=True, slots=True)
class Discussed:
    """An escalation with its answers as they stand and as they stood with the entry asked for;
    `consented`: the refs of those recorded without discussion. `case_number` is None where it is
    not in their `sight`, or was destroyed."""

    id: str
    sight: frozenset[Shown]
    case_number: str | None
    question: str
    ground: str
    location: str
    answers: tuple[Answer, ...]
    answers_then: tuple[Answer, ...]
    consented: frozenset[str]


def discussed(
    connection: Connection, actors: Sequence[Actor], wanted: Mapping[str, int]
) -> dict[str, Discussed]:
    """Those of these that a person reads, by their ids; with the number of the entry up to which
    their answers are asked for. That each is read, or refused, is logged first. Raises NotLogged.
    """
    if not wanted:
        return {}
    rows = {
        row.id: row
        for row in connection.execute(
            select(escalations, case_numbers.c.number)
            .outerjoin(case_numbers, case_numbers.c.case_id == escalations.c.case_id)
            .where(escalations.c.id.in_(wanted))
        )
    }
    states = {one: state for one, row in rows.items() if (state := dossiers.state(row))}
    matters = sights.matters(connection, actors, states)
    sight = {one: permissions.sight(actors, matter) for one, matter in matters.items()}
    known = {one: matters[one] for one, shown in sight.items() if shown is not None}
    for one in wanted.keys() - known.keys():
        texts.refused(connection, actors, one)
    written = texts.read_each(connection, actors, known)
    pasts = dossiers.pasts(connection, list(written))
    agreed = connection.execute(select(consents).where(consents.c.escalation_id.in_(written)))
    refs: dict[str, set[str]] = {}
    for row in agreed:
        refs.setdefault(row.escalation_id, set()).add(row.ref)
    found = {}
    for one, its in written.items():
        state, past, shown = states[one], pasts[one], sight[one] or frozenset()
        found[one] = Discussed(
            one,
            shown,
            rows[one].number if Shown.CASE_NUMBER in shown else None,
            state.question,
            state.ground,
            state.location,
            answers.of_past(state.version, past, its.entries),
            answers.of_past(state.version, past[: wanted[one]], its.entries),
            frozenset(refs.get(one, ())),
        )
    return found
