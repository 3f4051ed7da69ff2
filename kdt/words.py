"""The Dutch words, by code: `say("phase.queued")`, `say("refusal.not_in_phase", ...)`."""

import errno
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from kdt import clock
from kdt.personal import Kind
from kdt.procedure.refusal import Refusal
from kdt.values import Problem

# The groups of words that stand for codes in the record, figures, files and the API, in the order
# in which they are explained.
CODES = (
    "level",
    "question",
    "ground",
    "phase",
    "action",
    "outcome",
    "ruling",
    "inquiry",
    "referral",
    "result",
    "theme_status",
    "theme_state",
    "theme_action",
    "owed_by",
    "closed_as",
    "stream",
    "consultation_form",
    "partner",
    "signal_source",
    "from_lawyers",
    "assessment",
    "signal_standing",
    "test_kind",
    "person_effect",
    "capability",
    "organisation",
    "satisfaction",
    "adjustment_kind",
    "adjustment_status",
    "decided_by",
    "role",
)


def say(key: str, **values: object) -> str:
    """The Dutch for `key`, with its values filled in. KeyError when the catalogue lacks it."""
    return _catalogue()[key].format_map(values)


def known(key: str) -> bool:
    """Whether the catalogue has this key."""
    return key in _catalogue()


def group(prefix: str) -> Mapping[str, str]:
    """All words under a prefix, by the rest of their key, in the catalogue's order."""
    start = prefix + "."
    return {
        key.removeprefix(start): text for key, text in _catalogue().items() if key.startswith(start)
    }


def sentence(wrong: Refusal | Problem) -> str:
    """What was refused and why, its codes in words and its days written out; or what is wrong with
    one field."""
    if isinstance(wrong, Problem):
        return say(f"problem.{wrong.code}", **{**wrong.details, "field": wrong.field})
    values = {name: _worded(name, value) for name, value in wrong.details.items()}
    return say(f"refusal.{wrong.code}", **values)


def personal(kinds: Iterable[Kind]) -> str:
    """That a text seems to hold what does not belong in it."""
    said = [say(f"personal.{kind}") for kind in kinds]
    listed = " en ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return say("personal.warning", found=listed)


def capital(text: str) -> str:
    """A text as it stands at the start of a line."""
    return text[:1].upper() + text[1:]


def full_day(day: date) -> str:
    """A day as it is written in a sentence: 8 november 2022."""
    return f"{day.day} {say(f'month.{day.month}')} {day.year}"


def moment(at: datetime) -> str:
    """A moment as it is written in a sentence, on Amsterdam's clock: 8 november 2022 om 09:30."""
    there = at.astimezone(clock.AMSTERDAM)
    return say("time.moment", day=full_day(there.date()), time=f"{there:%H:%M}")


def why(error: OSError) -> str:
    """Why the disk or the network refused, as a part of a sentence."""
    known = group("os_error")
    name = errno.errorcode.get(error.errno or 0, "")
    return known.get(name) or error.strerror or say("os_error.other")


def number(amount: int) -> str:
    """A whole number as the Dutch write it: 4.730."""
    return f"{amount:,}".replace(",", ".")


def amount(unit: str, count: int) -> str:
    """So many of a thing (`amount.<unit>`): 1 voorlegging, 4.730 voorleggingen."""
    return say(f"amount.{unit}.{'one' if count == 1 else 'more'}", number=number(count))


def _worded(name: str, value: object) -> object:
    if isinstance(value, Refusal):
        return sentence(value)
    if isinstance(value, date):
        return full_day(value)
    key = f"{name}.{value}"
    return say(key) if known(key) else value


@cache
def _catalogue() -> Mapping[str, str]:
    words: dict[str, str] = {}

    def gather(prefix: str, node: Mapping[str, object]) -> None:
        for name, value in node.items():
            if isinstance(value, Mapping):
                gather(f"{prefix}{name}.", value)
            else:
                words[prefix + name] = str(value)

    gather("", tomllib.loads(files("kdt").joinpath("words.toml").read_text("utf-8")))
    return words
