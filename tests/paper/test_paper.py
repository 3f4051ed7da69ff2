"""Documents on paper: tagged, titled, in Dutch, without any markup of what people typed, and the
same bytes each time."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from kdt.paper import Document, Part, Since, pdf

DOCUMENT = Document(
    "Verslag KDT Den Bosch, wo 25 november",
    ("Concept.",),
    (
        Part(
            "1. Z-1",
            ("Besluit",),
            "Besloten: inwilligen",
            "Een #heading[alinea] met *sterren* $x$ \\ en een @bron.\r\n\r\nNog een.",
            Since("Gecorrigeerd.", "Besloten: afwijzen", "Want."),
        ),
        Part("Zaken", head=("Nr.", "Zaak"), rows=(("1", "Z-1"), ("2", "Z-2"))),
    ),
    datetime(2026, 11, 25, 9, tzinfo=UTC),
    ("auto", "wide"),
)


def tags(node: Any) -> Iterator[str]:
    """Every tag, in the order in which it is read out."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from tags(one)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S)
        yield from tags(node.get("/K"))


def test_it_is_tagged_and_titled_and_says_in_which_language_it_is() -> None:
    made = pdf(DOCUMENT)
    with pikepdf.open(io.BytesIO(made)) as opened:
        root = opened.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).startswith("nl")
        assert str(opened.docinfo.Title) == DOCUMENT.title
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        found = list(tags(root.StructTreeRoot.K))
        with opened.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
    assert found[:3] == ["/Document", "/Title", "/P"]
    assert found.count("/H1") == 2
    # Each head cell of a table is one, and says of what: its column.
    assert (found.count("/TH"), found.count("/TD"), found.count("/THead")) == (2, 4, 1)


def test_the_same_content_is_the_same_bytes() -> None:
    assert pdf(DOCUMENT) == pdf(DOCUMENT)
    other = Document("Anders", (), (), DOCUMENT.made_at)
    assert pdf(other) != pdf(DOCUMENT)


TYPED = (
    "\N{GRINNING FACE} \u4e2d\u6587 \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc",
    "\x01\x7f\x9f\u200b\ufeff",
    "e\u0301 \u0141\u00f3d\u017a \u0386 \u0436",
)


@pytest.mark.parametrize("text", TYPED)
def test_no_character_that_people_type_keeps_a_document_from_being_made(text: str) -> None:
    part = Part(text, (text,), text, text, Since(text), head=(text,), rows=((text,),))
    made = pdf(Document(f"Zaak {text}", (text,), (part,), DOCUMENT.made_at, ("auto",)))
    assert made.startswith(b"%PDF-1.7")
