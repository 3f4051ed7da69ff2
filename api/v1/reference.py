"""What one needs to understand the rest: the procedure as data, and the words."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter

from api.v1 import schemas
from api.v1.asking import Asker
from api.v1.models import Items, Out, Term
from api.v1.nouns import NOUNS
from api.v1.responses import READ
from kdt import words
from kdt.procedure import VERSIONS, Procedure, Rule
from kdt.procedure.rows import Leads, OutcomeRow, To
from kdt.vocabulary import Action, Phase

router = APIRouter(tags=["reference"])

# The groups of words that stand for codes in the record and in the API.
GROUPS = (*words.CODES, "measure")


class Level(Out):
    """A level of the ladder; `perLocation`: each location has a panel of its own there."""

    code: str
    per_location: bool


class Destination(Out):
    """Where a step leads: the phase, and the level seen from where it was. Without a phase, `level`
    says by what it is decided."""

    phase: Phase | None
    level: str


class ProcedureRule(Out):
    """A row: an action, from which phases (none: not opened yet), by which roles, with which
    inputs (a JSON schema), and counted as what. It is posted to this collection."""

    action: Action
    collection: str | None
    from_phases: list[str]
    roles: list[str]
    to: Destination
    inputs: dict[str, Any]
    counts: list[str]


class ProcedureOutcome(Out):
    """An outcome: at which levels, for which questions, whether it settles, and where it leads."""

    code: str
    at: str
    questions: list[str]
    settles: str
    detail: str | None
    detail_required: bool
    to: Destination


class ProcedureVersion(Out):
    """A version of the procedure. An escalation stays with the one it was opened under."""

    version: int
    levels: list[Level]
    rules: list[ProcedureRule]
    outcomes: list[ProcedureOutcome]


@router.get(
    "/dictionary",
    summary="Het woordenboek",
    response_model=Items[Term],
    responses=READ,
)
def get_dictionary(_person: Asker) -> Mapping[str, Any]:
    """Elke code die in het register en in deze API kan staan, met het Nederlands dat men leest."""
    return {
        "items": [
            Term(group=group, code=code, dutch=dutch)
            for group in GROUPS
            for code, dutch in words.group(group).items()
        ]
    }


@router.get(
    "/procedures",
    summary="De procedure",
    response_model=Items[ProcedureVersion],
    responses=READ,
)
def list_procedures(_person: Asker) -> Mapping[str, Any]:
    """De procedure als tabel, in elke versie waaronder een voorlegging kan lopen."""
    return {"items": [_procedure(one) for one in VERSIONS.values()]}


def _procedure(procedure: Procedure) -> dict[str, Any]:
    return {
        "version": procedure.version,
        "levels": [
            {"code": one.code, "per_location": one.per_location} for one in procedure.ladder.levels
        ],
        "rules": [_rule(one) for one in procedure.rules],
        "outcomes": [_outcome(one) for one in procedure.outcomes],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "action": rule.action,
        "collection": NOUNS.get(rule.action),
        "from_phases": _sorted(rule.phases),
        "roles": _sorted(rule.roles),
        "to": _to(rule.to),
        "inputs": schemas.inputs(rule.action),
        "counts": list(rule.counts),
    }


def _outcome(row: OutcomeRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "at": row.at.name.lower(),
        "questions": _sorted(row.questions),
        "settles": row.settles.name.lower(),
        "detail": row.detail,
        "detail_required": row.detail_required,
        "to": _to(row.to),
    }


def _to(to: To | Leads) -> dict[str, Any]:
    if isinstance(to, Leads):
        return {"phase": None, "level": to.name.lower()}
    return {"phase": to.phase, "level": to.where.name.lower()}


def _sorted(codes: Iterable[str | None]) -> list[str]:
    return sorted(one for one in codes if one is not None)
