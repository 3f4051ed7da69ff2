"""The ten lines that show a programmer the procedure, in the README and `help(kdt.procedure)`."""

import doctest

import kdt.procedure


def test_the_ten_lines_say_what_they_say() -> None:
    result = doctest.testmod(kdt.procedure, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted >= 8
    assert result.failed == 0
