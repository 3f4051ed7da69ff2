"""What the facts of what goes to the outside come to (questions of Parliament, addresses that are
told of releases), worked out apart from what writes them."""

from collections.abc import Mapping
from datetime import date

from kdt.ledger.table import QUESTION_TEXTS, Subject
from kdt.verify.fold_rows import Fold, Rows, add
from kdt.verify.ledger import Fact

_TABLE = "parliamentary_question_terms"


def _question(rows: Rows, fact: Fact) -> None:
    values = fact.values
    asked = (values["chamber"], date.fromisoformat(values["asked_on"]))
    over = (date.fromisoformat(values[name]) for name in ("first_on", "last_on"))
    answered = (
        date.fromisoformat(values[name]) if name in values else None
        for name in ("answered_on", "as_of")
    )
    worded = (fact.texts[name] for name in QUESTION_TEXTS)
    said = (*asked, " ".join(values["measures"]), *over, *answered, True, *worded)
    add(rows, _TABLE, *said, fact.person, fact.recorded_at)


def _withdraw(rows: Rows, fact: Fact) -> None:
    """It stays as it was last told, and stands no more. Raises IndexError when nothing was."""
    *said, _, asked, answer, reference, _, _ = rows[_TABLE][-1]
    rest = (asked, answer, reference, fact.person, fact.recorded_at)
    add(rows, _TABLE, *said, False, *rest)


def _subscription(rows: Rows, fact: Fact) -> None:
    told = (fact.texts["address"], True, fact.person, fact.recorded_at)
    add(rows, "event_subscription_terms", *told)


def _end(rows: Rows, fact: Fact) -> None:
    """Raises IndexError when it never began."""
    address, *_ = rows["event_subscription_terms"][-1]
    add(rows, "event_subscription_terms", address, False, fact.person, fact.recorded_at)


OUTSIDE_FOLDS: Mapping[Subject, Mapping[str, Fold]] = {
    Subject.SUBSCRIPTION: {"begin": _subscription, "end": _end},
    Subject.QUESTION: {"enter": _question, "change": _question, "withdraw": _withdraw},
}
