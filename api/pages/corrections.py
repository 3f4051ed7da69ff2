"""Correcting an entry: what was recorded stays, and what should have been stands beside it."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble
from api.pages import forms, outcomes
from api.pages.doing import do, overtaken
from api.pages.dossier import Dossier, about, seen
from api.pages.forms import Field
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from api.pages.steps import uncorrectable
from kdt import words
from kdt.access.queries import Person
from kdt.cases import inputs, view
from kdt.cases.inputs import Inputs, key
from kdt.cases.service import Command
from kdt.cases.view import Entry
from kdt.errors import NotFound, Refused, Stale
from kdt.procedure import FIELDS, VERSIONS
from kdt.procedure.rows import Field as Input
from kdt.procedure.rows import Kind
from kdt.store.transaction import reading
from kdt.vocabulary import Action

router = APIRouter()

_OCCURRED = Input("occurred_on", Kind.DAY)


@router.get("/escalations/{escalation}/entries/{seq}/correct")
def ask(request: Request, person: SignedIn, escalation: str, seq: int) -> Response:
    """The form, filled with what stands now."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
    entry = _entry(dossier, seq)
    if refusal := uncorrectable(dossier.found, person, entry):
        raise Refused(refusal)
    shown = _fields(dossier, entry, _stands(dossier, entry))
    return _form(request, dossier, entry, shown, voided=request.query_params.get("kind") == "void")


@router.post("/escalations/{escalation}/entries/{seq}/correct")
def correct(
    request: Request, person: SignedIn, form: Posted, escalation: str, seq: int
) -> Response:
    """Record the correction, and show it in the history."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
    entry = _entry(dossier, seq)
    wanted = forms.typed(form, _names(entry))
    reason, voided = text(form, "reason"), text(form, "kind") == "void"
    given: dict[str, object] = {"replaces": entry.ref}
    if reason is not None:
        given["reason"] = reason
    if voided:
        given["void"] = True
    elif changes := _changes(dossier, entry, wanted):
        given["with"] = changes
    shown = _fields(dossier, entry, wanted)
    told = forms.fields(Action.CORRECT, given=given, only=["reason"])
    read = inputs.read(Action.CORRECT, given)
    problem, status = None, HTTPStatus.BAD_REQUEST
    if isinstance(read, Inputs) and not voided and "with" not in given:
        problem = words.say("refusal.corrects_nothing")
    elif not isinstance(read, Inputs):
        shown = forms.with_problems(shown, read)
        told = forms.with_problems(told, read)
    elif (warned := forms.with_warnings([*shown, *told], form)) is not None:
        shown, told, status = warned[:-1], warned[-1:], HTTPStatus.OK
    else:
        try:
            done = do(request, person, dossier, [Command(Action.CORRECT, read)], form)
        except Stale:
            return overtaken(request, person, escalation, form, [*shown, *told])
        if not isinstance(done, Trouble):
            return see_other(request, _back(request, person, escalation), "corrected")
        shown, problem = forms.with_trouble(shown, done)
        status = HTTPStatus(done.status)
    return _form(
        request,
        dossier,
        entry,
        shown,
        form=form,
        reason=told[0],
        voided=voided,
        problem=problem,
        status=status,
    )


def _entry(dossier: Dossier, seq: int) -> Entry:
    for one in dossier.found.entries:
        if one.seq == seq:
            return one
    raise NotFound(words.say("refusal.not_found"))


def _back(request: Request, person: Person, escalation: str) -> str:
    """Where it can be read; the list, for whoever may not know of it any more once it shows no
    theme, or when nothing of it stands."""
    with reading(context(request).store) as connection:
        still = view.matter(connection, person.actors, escalation) is not None
    return f"/escalations/{escalation}" if still else "/escalations"


def _names(entry: Entry) -> list[str]:
    """The correctable fields in a form; the detail of an outcome goes with the outcome."""
    details = {one.name for one in FIELDS[entry.action] if one.detail_of == "outcome"}
    ordered = [one.name for one in FIELDS[entry.action]] + ["occurred_on"]
    return [key(one) for one in ordered if one in entry.correctable and one not in details]


def _stands(dossier: Dossier, entry: Entry) -> dict[str, str]:
    """What holds now, as it would be filled in."""
    stands = entry.stands or None
    values = stands.values if stands else entry.values
    filled = {key(name): str(value) for name, value in values.items()}
    filled[key("occurred_on")] = str(stands.occurred_on if stands else entry.occurred_on)
    if "case" in filled:
        filled["case"] = dossier.found.case_number or ""
    if entry.action is Action.CONSIDER:
        procedure = VERSIONS[dossier.found.state.version]
        filled["outcome"] = outcomes.chosen(procedure, filled) or ""
    correction = dossier.timeline.replacement(entry)
    for texts in (entry.texts, correction.texts if correction else {}):
        filled |= {
            key(name): told for name, told in texts.items() if isinstance(told, str) and told
        }
    return {name: filled[name] for name in _names(entry) if filled.get(name)}


def _changes(dossier: Dossier, entry: Entry, wanted: Mapping[str, str]) -> dict[str, object]:
    """What the correction must say. It holds alone and is read against what was first recorded, so
    that everything that differs from that goes in, not just what was changed now."""
    procedure = VERSIONS[dossier.found.state.version]
    details = {key(one.name): key(one.detail_of) for one in FIELDS[entry.action] if one.detail_of}
    first = {key(name): str(value) for name, value in entry.values.items()}
    first[key("occurred_on")] = entry.occurred_on.isoformat()
    first |= {key(name): told for name, told in entry.texts.items() if isinstance(told, str)}
    if "case" in first:
        # Of a case the record holds an opaque id; its number is only known as it stands now.
        moved = entry.stands is not None and entry.stands.values["case"] != entry.values["case"]
        first["case"] = "" if moved else dossier.found.case_number or ""
    apart = outcomes.split(procedure, wanted) if entry.action is Action.CONSIDER else dict(wanted)
    changed = {name for name, value in apart.items() if value != first.get(name)}
    heads = {details[name] for name in changed if name in details} | (changed - details.keys())
    with_details = {name for name in apart if details.get(name) in heads}
    return {name: apart[name] for name in apart if name in heads | with_details}


def _fields(dossier: Dossier, entry: Entry, filled: Mapping[str, str]) -> list[Field]:
    known = {key(one.name): one for one in (*FIELDS[entry.action], _OCCURRED)}
    shown = []
    for name in _names(entry):
        one = known[name]
        if one.kind is Kind.OUTCOME:
            procedure = VERSIONS[dossier.found.state.version]
            every = outcomes.field(procedure, procedure.outcome)
            shown.append(replace(every, value=filled.get(name)))
        else:
            described = forms.described(entry.action, one, filled.get(name))
            shown.append(replace(described, hint=None))
    return shown


def _form(
    request: Request,
    dossier: Dossier,
    entry: Entry,
    shown: list[Field],
    *,
    form: FormData | None = None,
    reason: Field | None = None,
    voided: bool = False,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    drawn = dossier.timeline
    told = next((one for one in entry.texts.values() if isinstance(one, str) and one), None)
    return page(
        request,
        "correction.html",
        status,
        title=f"Corrigeren: {drawn.title(entry)}",
        about=about(request, dossier),
        original={
            "title": drawn.title(entry),
            "actor": drawn.who(entry),
            "facts": drawn.facts(entry),
            "text": told,
            "date": entry.stands.occurred_on if entry.stands else entry.occurred_on,
        },
        fields=shown,
        reason=reason or forms.fields(Action.CORRECT, only=["reason"])[0],
        voided=voided,
        action=url(request, f"/escalations/{dossier.found.id}/entries/{entry.seq}/correct"),
        problem=problem,
        key=forms.new_key(),
        version=dossier.found.version if form is None else form.get("version"),
    )
