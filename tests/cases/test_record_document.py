"""`docs/record.md` describes the record to the byte: its example holds, and so do its rules."""

import hashlib
import json
import re
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt import hashing
from kdt.cases import entries
from kdt.procedure import Act, Panel
from kdt.vocabulary import Action, Role

DOCUMENT = Path(__file__).parents[2].joinpath("docs", "record.md").read_text("utf-8")
AN_ENTRY = DOCUMENT.partition("## An entry")[2].partition("## A fact")[0]
DAY = date(2022, 11, 8)
TEXT = "Verzonnen: hoort dit kind erbij?"


def block(language: str) -> list[str]:
    """The lines of the example in this language."""
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1].splitlines()


def salt(first: int) -> bytes:
    return bytes(range(first, first + 16))


def act(ref: str, action: Action, *, micro: int = 0, **more: object) -> Act:
    at = datetime(2022, 11, 8, 8, 30, 0, micro, tzinfo=UTC)
    return Act(ref, action, "anna", Role.OFFICER, DAY, at, DAY, **more)  # type: ignore[arg-type]


def written(seq: int, act: Act, person: str = "", texts: dict[str, str] | None = None) -> bytes:
    return entries.content(
        "V-2QX7KM", seq, act, person=person, texts=texts or {}, procedure=1, import_id=None
    )


def test_the_example_is_what_the_code_writes() -> None:
    values = {
        "case": str(entries.tied("Z-2022-0001", salt(0))),
        "location": "Den Bosch",
        "question": "decision",
        "ground": "buikpijn",
        "decide_by": date(2022, 12, 1),
    }
    opening = written(
        1,
        act("a1", Action.OPEN, values=values, prose=frozenset({"summary"})),
        hashing.digest(salt(16), "anna"),
        {"summary": hashing.digest(salt(32), TEXT)},
    )
    submission = written(
        2, act("a2", Action.SUBMIT, micro=250_000), hashing.digest(salt(48), "anna")
    )
    assert [opening.decode(), submission.decode()] == block("json")
    first = hashing.link(hashing.GENESIS, opening)
    assert [first.hex(), hashing.link(first, submission).hex()] == block("text")


def test_the_example_can_be_checked_with_a_json_reader_and_sha256_alone() -> None:
    previous = bytes(32)
    for line, expected in zip(block("json"), block("text"), strict=True):
        plain = json.dumps(
            json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert plain == line
        previous = hashlib.sha256(previous + line.encode()).digest()
        assert previous.hex() == expected
    opening = json.loads(block("json")[0])
    number = hashlib.sha256(salt(0) + b"Z-2022-0001").digest()[:16]
    assert opening["values"]["case"] == str(uuid.UUID(bytes=number))
    assert opening["person"] == hashlib.sha256(salt(16) + b"anna").hexdigest()
    assert opening["texts"]["summary"] == hashlib.sha256(salt(32) + TEXT.encode()).hexdigest()


def test_every_key_of_an_entry_is_documented_and_no_other() -> None:
    listed = act(
        "a3",
        Action.LIST,
        values={"panel": "kdt-national", "meeting_on": DAY},
        panel=Panel("kdt-national", "national", None),
    )
    content = entries.content(
        "V-1", 3, listed, person="", texts={}, procedure=1, import_id=str(uuid.UUID(int=1))
    )
    documented = re.findall(r"^\| `(\w+)` \|", AN_ENTRY, re.MULTILINE)
    assert sorted(documented) == sorted(json.loads(content))
    assert '"panel":["national",null]' in content.decode()


@pytest.mark.parametrize(
    ("name", "in_the_entry"),
    [
        ('a"b\\c', r"a\"b\\c"),
        ("tab\tline\n", r"tab\tline\n"),
        ("\x1f\x7f", "\\u001f\x7f"),
        ("IJmuiden é \u2028 😀", "IJmuiden é \u2028 😀"),
    ],
)
def test_strings_are_written_in_one_way(name: str, in_the_entry: str) -> None:
    content = written(1, act("a1", Action.TAG, values={"theme": name}))
    assert f'"theme":"{in_the_entry}"' in content.decode()


def test_an_entry_read_back_is_the_act_that_was_written() -> None:
    corrected = act(
        "a4",
        Action.CORRECT,
        values={"replaces": "a1", "with": {"occurred_on": DAY, "ground": "other"}},
        prose=frozenset({"reason"}),
    )
    assert entries.act(written(4, corrected, texts={"reason": "ab"}), "anna") == corrected


_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(st.dictionaries(st.text(), _VALUES))
def test_what_is_hashed_is_what_any_reader_of_json_makes_of_it(content: dict[str, object]) -> None:
    """As the document says it, in the words of another JSON library."""
    said = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=date.isoformat
    )
    assert hashing.encoded(content) == said.encode()
