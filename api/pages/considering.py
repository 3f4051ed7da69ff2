"""The item a meeting now takes: the case, and the form for what it ends in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.requests import Request

from api import errors
from api.errors import Trouble, Wrong
from api.pages import forms, outcomes
from api.pages.dossier import Dossier, Head, Said, earlier, head, open_themes
from api.pages.forms import Field
from api.pages.outcomes import Choice, ready
from api.pages.rendering import day, url
from api.pages.rows import waited
from api.pages.steps import offered, reason
from kdt import words
from kdt.cases import inputs
from kdt.cases.inputs import Inputs
from kdt.cases.inquiries import unexplained
from kdt.cases.service import Command
from kdt.procedure import VERSIONS
from kdt.procedure.rows import EXPLAINS
from kdt.vocabulary import Action, Outcome

# Asked when an inquiry is ordered, and then all of them.
EXPLAINED = tuple(map(inputs.key, EXPLAINS))
_NAMES = ("outcome", "ready", "reasons", *EXPLAINED, "theme")


@dataclass(frozen=True, slots=True)
class Taking:
    """The item as the meeting's page shows it."""

    head: Head
    href: str
    version: int
    key: str
    waiting: int | None
    held_over: int
    unresolved: bool
    earlier: list[Said]
    # What was ordered in this case before, in sentences.
    ordered: list[str]
    action: str
    # The outcome first, which is drawn from `choices`; and the reason chosen of those.
    fields: list[Field]
    choices: list[Choice]
    chosen_reason: str | None
    problem: str | None
    may_record: bool
    reason_if_not: str | None
    # What stands in the way of recording it now, in words.
    missing: Sequence[str]

    def with_trouble(self, trouble: Trouble) -> "Taking":
        """The same, with what is wrong at each field."""
        fields, problem = forms.with_trouble(self.fields, trouble)
        return replace(self, fields=fields, problem=problem)


def taking(
    request: Request,
    dossier: Dossier,
    action: str,
    given: Mapping[str, str] | None,
    missing: Sequence[str] = (),
) -> Taking:
    """The item, its form filled with what was given; `missing`: what stands in the way of recording
    an outcome now."""
    found, state = dossier.found, dossier.found.state
    offer = offered(found.actions, Action.CONSIDER)
    refusal, shown = reason(offer), _fields(dossier, given or {})
    if refusal is None and state.meeting_on is not None and state.meeting_on > dossier.today:
        refusal = words.say("page.meeting_to_come")
    return Taking(
        head(request, dossier),
        url(request, f"/escalations/{found.id}"),
        found.version,
        forms.new_key(),
        waited(state.waiting_since, dossier.today, dossier.known.calendar),
        state.held_over,
        state.unresolved_last,
        earlier(found.answers, dossier.known),
        [
            words.say(
                "inquiries.ordered", inquiry=words.say(f"inquiry.{one.inquiry}"), day=day(one.on)
            )
            for one in found.inquiries
        ],
        action,
        shown,
        ready(shown[0].options),
        (given or {}).get("ready"),
        None,
        # Whoever just sent the form is shown it again, with what stands in the way.
        refusal is None or given is not None,
        refusal,
        missing,
    )


def given_in(form: FormData) -> dict[str, str]:
    """What was filled in, outcome and detail still one choice."""
    return forms.typed(form, _NAMES)


def commands(given: Mapping[str, str], dossier: Dossier) -> list[Command] | Trouble:
    """The consideration, and the theme it shows when one was chosen."""
    procedure = VERSIONS[dossier.found.state.version]
    wanted = outcomes.split(procedure, outcomes.reasoned(given))
    theme = wanted.pop("theme", None)
    if wanted.get("outcome") != Outcome.INQUIRY_ORDERED:
        # Filled in for another outcome than was chosen in the end.
        wanted = {name: told for name, told in wanted.items() if name not in EXPLAINED}
    read = inputs.read(Action.CONSIDER, wanted)
    held_on = dossier.found.state.meeting_on or dossier.today
    wrong = unexplained(read, held_on) if isinstance(read, Inputs) else read
    if wrong or not isinstance(read, Inputs):
        labels = {one.name: one.label for one in _fields(dossier, given)}
        return errors.invalid(
            [
                Wrong(one.field, one.code, forms.sentence(one, labels.get(one.field, one.field)))
                for one in wrong
            ]
        )
    done = [Command(Action.CONSIDER, read)]
    if theme is not None:
        done.append(Command(Action.TAG, Inputs({"theme": theme}, {})))
    return done


def undoing(dossier: Dossier, ref: str) -> list[Command]:
    """The corrections that take back the outcome with this ref, and the theme that was chosen with
    it: both were recorded at once."""
    entries = dossier.found.entries
    undone = next(one for one in entries if one.ref == ref)
    chosen = [
        one
        for one in entries
        if one.action is Action.TAG
        and one.seq > undone.seq
        and one.recorded_at == undone.recorded_at
        and one.stands is not None
    ]
    reason = words.say("cockpit.undone")
    return [
        Command(Action.CORRECT, Inputs({"replaces": one.ref, "void": True}, {"reason": reason}))
        for one in (*chosen, undone)
    ]


def _fields(dossier: Dossier, given: Mapping[str, str]) -> list[Field]:
    found = dossier.found
    procedure = VERSIONS[found.state.version]
    # Once somebody else was first none is open; what was chosen must still be said in words.
    choice = outcomes.field(procedure, found.outcomes or procedure.outcome)
    shown = [
        replace(choice, value=given.get("outcome")),
        # What an inquiry is for is asked when one is ordered, and then must be said.
        *(
            replace(one, required=True)
            for one in forms.fields(Action.CONSIDER, given=given, only=["reasons", *EXPLAINED])
        ),
    ]
    themes = open_themes(dossier)
    if themes:
        theme = forms.fields(Action.TAG, options={"theme": themes}, given=given, only=["theme"])[0]
        shown.append(replace(theme, kind="select", required=False))
    return shown
