"""What a check found: a code, a place, and a Dutch sentence that says what is wrong there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kdt import words
from kdt.verify.alone import Held

# Beyond this many only their number is kept: a record spoiled throughout must still fit in memory.
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `where` names a place that is no escalation: a cell, another chain.

    The sentence is `finding.<code>` in `kdt/words.toml`.
    """

    code: str
    escalation: str | None = None
    seq: int | None = None
    where: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, with its place in front."""
        said = words.say(f"finding.{self.code}", **self.details)
        if self.escalation is None:
            place = self.where or words.say("verify.record")
            if self.seq is not None:
                place = words.say("verify.entry_of", place=place, seq=self.seq)
        elif self.seq is None:
            place = words.say("verify.escalation", escalation=self.escalation)
        else:
            place = words.say("verify.entry", escalation=self.escalation, seq=self.seq)
        return f"{place}: {said}"


def subject(kind: str, one: str) -> str:
    """The place of a chain of the ledger: of the record there is one."""
    # Whoever may write anything may write a subject that is none.
    name = words.say(f"subject.{kind}") if words.known(f"subject.{kind}") else kind
    return name if kind == "record" else words.say("verify.subject", kind=name, id=one)


@dataclass(slots=True)
class Report:
    """What was examined, and what was found; `count` counts findings beyond those kept too."""

    escalations: int = 0
    entries: int = 0
    # Entries of the ledger.
    facts: int = 0
    # Texts destroyed with their salt: lawful or not, the reader should know how many.
    destroyed: int = 0
    # Rows of the read log, and those of them no seal covers yet.
    reads: int = 0
    unsealed: int = 0
    count: int = 0
    findings: list[Finding] = field(default_factory=list)
    # The checkpoint the record was held against.
    held: Held | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.count == 0

    def add(
        self,
        code: str,
        escalation: str | None = None,
        seq: int | None = None,
        where: str | None = None,
        **details: object,
    ) -> None:
        """Add a finding."""
        self.count += 1
        if len(self.findings) < KEPT:
            self.findings.append(Finding(code, escalation, seq, where, details))
