"""The ten lines that show a programmer the procedure, in the README and `help(kdt.procedure)`."""

import doctest
from pathlib import Path

import kdt.procedure

README = Path(__file__).parents[2] / "README.md"


def test_the_ten_lines_say_what_they_say() -> None:
    result = doctest.testmod(kdt.procedure, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted >= 8
    assert result.failed == 0


def test_the_readme_shows_those_same_lines() -> None:
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted >= 8
    assert result.failed == 0
