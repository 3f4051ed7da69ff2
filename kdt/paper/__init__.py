"""Documents on paper: PDF/UA-1 and PDF/A-2a at once, tagged for whoever has them read out, and the
same bytes each time for the same content.

What is printed goes into the document as data, never as markup. Typst is loaded when something is
printed and not before: it takes a tenth of a second.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

# What stands for a character that cannot be written.
REPLACED = "\ufffd"
# What the fonts that come with typst hold for certain: Latin, Greek and Cyrillic with their marks,
# and punctuation. Of other scripts they hold little, and some make the typesetter fail.
_NOT_PRINTED = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff"
    r"\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u20ac\u2122\u2190-\u2193\u2212\u2260\u2264\u2265]"
)


@dataclass(frozen=True, slots=True)
class Since:
    """What stands instead of what is above it: a line that says so, a verdict and its reasons."""

    line: str
    verdict: str | None = None
    prose: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: a heading, lines about it, what it came to and the reasons; or a table
    with its head, and columns of its own where they are not those of the document."""

    heading: str | None = None
    lines: tuple[str, ...] = ()
    verdict: str | None = None
    prose: str | None = None
    since: Since | None = None
    head: tuple[str, ...] | None = None
    rows: tuple[tuple[str, ...], ...] | None = None
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed. `made_at`: a moment of its content, not of the printing; `columns`: of its
    tables, which take what they need (`auto`), which are `wide`, and which hold numbers (`number`).
    `across`: on its side, for wide tables."""

    title: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    made_at: datetime
    columns: tuple[str, ...] = ()
    across: bool = False


def pdf(document: Document) -> bytes:
    """The document as a PDF file."""
    import typst

    given = {
        **_printed(asdict(document), but=("made_at",)),
        "author": "KDT",
    }
    made = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(given)},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(document.made_at.timestamp()),
        ignore_system_fonts=True,
    )
    return bytes(made)


def _printed(values: Mapping[str, object], but: Sequence[str] = ()) -> dict[str, object]:
    """The values as the template takes them: without what is none, in characters it can print."""
    return {
        name: _value(value)
        for name, value in values.items()
        if value is not None and name not in but
    }


def _value(value: object) -> object:
    if isinstance(value, str):
        return _NOT_PRINTED.sub(REPLACED, value.replace("\r\n", "\n"))
    if isinstance(value, Mapping):
        return _printed(value)
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    return value


@cache
def _template() -> bytes:
    return files("kdt.paper").joinpath("paper.typ").read_bytes()
