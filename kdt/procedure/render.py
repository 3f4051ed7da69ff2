"""The procedure drawn from its table: rows in words, edges, Markdown and Mermaid.

Words come through a callable that knows keys such as `action.submit`; this module holds none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kdt.procedure.rows import Leads, OutcomeRow, Procedure, Rule, To, Where
from kdt.procedure.table import FIELDS
from kdt.vocabulary import Action, Phase, Question, Role

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A row of the table for a page: codes where it links or groups, words where it is read.

    `phases` is empty for what is not opened yet.
    """

    action: Action
    phases: tuple[Phase, ...]
    roles: tuple[Role, ...]
    inputs: tuple[str, ...]
    to: str


@dataclass(frozen=True, slots=True)
class OutcomeInWords:
    """An outcome for a page; `questions` is empty when it is open to every question."""

    outcome: str
    questions: tuple[Question, ...]
    levels: str
    settles: str
    to: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One way on: from any of `sources` (None: not opened yet), by the action or outcome `key`
    (`action.submit`, `outcome.decided`), to a phase at a level."""

    sources: tuple[Phase | None, ...]
    key: str
    to: To


def rules_in_words(procedure: Procedure, say: Say) -> tuple[RuleInWords, ...]:
    """The rows of the table, in its order."""
    return tuple(
        RuleInWords(
            rule.action,
            tuple(phase for phase in Phase if phase in rule.phases),
            tuple(role for role in Role if role in rule.roles),
            tuple(say(f"field.{field.name}") for field in FIELDS[rule.action]),
            _where_to(rule.to, say),
        )
        for rule in procedure.rules
    )


def outcomes_in_words(procedure: Procedure, say: Say) -> tuple[OutcomeInWords, ...]:
    """The outcomes, in the table's order."""
    return tuple(
        OutcomeInWords(
            row.code,
            _questions(row),
            say(f"at.{row.at.name.lower()}"),
            say(f"settles.{row.settles.name.lower()}"),
            _where_to(row.to, say),
        )
        for row in procedure.outcomes
    )


def graph(procedure: Procedure) -> tuple[Edge, ...]:
    """Every way on; a consideration has one for each outcome."""
    return tuple(edge for rule in procedure.rules for edge in _edges(procedure, rule))


def mermaid(procedure: Procedure) -> str:
    """The state diagram as Mermaid, in codes."""
    labels: dict[tuple[str, str], list[str]] = {}
    for edge in graph(procedure):
        code = edge.key.partition(".")[2]
        level = f" ({edge.to.where.value})" if edge.to.where in _OTHER_LEVEL else ""
        for source in edge.sources:
            labels.setdefault((source or "[*]", edge.to.phase), []).append(code + level)
    lines = [
        f"    {source} --> {target}: {', '.join(codes)}"
        for (source, target), codes in labels.items()
    ]
    return "\n".join(["stateDiagram-v2", *lines])


def markdown(procedure: Procedure, say: Say) -> str:
    """The table and the outcomes: codes, with the words people read beside them."""
    rules = (
        (
            _both("action", rule.action, say),
            _phases(rule),
            _codes(role for role in Role if role in rule.roles),
            ", ".join(
                f"`{field.name}`" + ("" if field.required else " (optional)")
                for field in FIELDS[rule.action]
            ),
            _where_to_in_codes(rule.to),
            " ".join(_provided(rule)),
            _codes(rule.counts),
        )
        for rule in procedure.rules
    )
    outcomes = (
        (
            _both("outcome", row.code, say),
            _codes(_questions(row)) or "any",
            row.at.value,
            f"`{row.detail}`" + ("" if row.detail_required else " (optional)")
            if row.detail
            else "-",
            row.settles.value,
            _where_to_in_codes(row.to),
            _codes((*row.counts, *row.counts_by.values())),
        )
        for row in procedure.outcomes
    )
    words = (
        (f"`{kind}`", f"`{code}`", say(f"{kind}.{code}"))
        for kind, codes in (
            ("phase", list(Phase)),
            ("level", [level.code for level in procedure.ladder.levels]),
            ("role", [role for role in Role if role in procedure.roles(Action.CORRECT)]),
            ("question", list(Question)),
        )
        for code in codes
    )
    return "\n\n".join(
        (
            "## Actions",
            table(("action", "from", "by", "fields", "to", "provided that", "counted as"), rules),
            "## Outcomes of a consideration",
            table(
                (
                    "outcome",
                    "question",
                    "at",
                    "carries",
                    "settles the question",
                    "to",
                    "counted as",
                ),
                outcomes,
            ),
            "## Words",
            table(("kind", "code", "Dutch"), words),
        )
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_OTHER_LEVEL = (Where.FIRST, Where.NEXT)


def _edges(procedure: Procedure, rule: Rule) -> Iterator[Edge]:
    sources = tuple(phase for phase in (None, *Phase) if phase in rule.phases)
    if isinstance(rule.to, To):
        yield Edge(sources, f"action.{rule.action}", rule.to)
    elif rule.to is Leads.BY_OUTCOME:
        for row in procedure.outcomes:
            yield Edge(sources, f"outcome.{row.code}", row.to)


def _questions(row: OutcomeRow) -> tuple[Question, ...]:
    open_to = tuple(question for question in Question if question in row.questions)
    return () if open_to == tuple(Question) else open_to


def _where_to(to: To | Leads, say: Say) -> str:
    if isinstance(to, Leads):
        return say(f"leads.{to.name.lower()}")
    phase = say(f"phase.{to.phase}")
    return (
        f"{phase}, {say(f'where.{to.where.name.lower()}')}" if to.where in _OTHER_LEVEL else phase
    )


def _where_to_in_codes(to: To | Leads) -> str:
    return to.value if isinstance(to, Leads) else f"`{to.phase}`, {to.where.value}"


def _phases(rule: Rule) -> str:
    if rule.phases >= set(Phase):
        return "any"
    return _codes(phase for phase in Phase if phase in rule.phases) or "-"


def _provided(rule: Rule) -> Iterator[str]:
    """What its conditions and checks say of themselves."""
    for guard in (*rule.conditions, *rule.checks):
        yield (guard.__doc__ or "").strip()


def _both(kind: str, code: str, say: Say) -> str:
    return f"`{code}` {say(f'{kind}.{code}')}"


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)
