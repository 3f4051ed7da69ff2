"""The list of requirements is whole, and what it calls shown is shown by a test that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| ([a-z/ ]+) \| (.+) \|$",
    (ROOT / "docs" / "asvs.md").read_text("utf-8"),
    re.MULTILINE,
)
KINDS = {"test", "check", "setting", "document", "design", "not met", "n/a"}


def test_every_requirement_of_levels_1_and_2_has_one_row() -> None:
    asked = (ROOT / "tests" / "data" / "asvs-5.0-levels-1-and-2.txt").read_text("utf-8").split()
    assert [number for number, _, _ in ROWS] == asked


def test_every_row_is_of_a_known_kind_and_says_where() -> None:
    assert {kind for _, kind, _ in ROWS} <= KINDS
    assert all(where.strip() for _, _, where in ROWS)


def test_every_test_that_is_named_is_there() -> None:
    for number, kind, where in ROWS:
        if kind == "test":
            path, _, name = where.strip("`").partition("::")
            assert f"def {name}(" in (ROOT / path).read_text("utf-8"), number


def test_every_document_that_is_named_is_there() -> None:
    for number, kind, where in ROWS:
        if kind == "document":
            for name in re.findall(r"[\w-]+\.md", where):
                assert (ROOT / "docs" / name).is_file(), number
