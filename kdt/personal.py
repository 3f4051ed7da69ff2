"""What in a text seems to identify or reach a person. A text about a case needs none of it: the
case number says who it is about. It is a warning and no refusal, for a machine cannot be sure."""

import re
from collections.abc import Iterator
from enum import StrEnum


class Kind(StrEnum):
    """What a text seems to hold; the Dutch stands under `personal`."""

    BSN = "bsn"
    V_NUMBER = "v_number"
    EMAIL = "email"
    PHONE = "phone"


# Nine digits together or in the groups in which they are printed; of other nine digits one in
# eleven would pass the test below.
_NINE = re.compile(
    r"(?<![\d.,-])(?:\d{9}|\d{4}\.\d{2}\.\d{3}|\d{3}([ .])\d{3}\1\d{3})(?![\d-])", re.ASCII
)
# Ten digits, as the chain of organisations for aliens hands them out, with or without points.
_V_NUMBER = re.compile(r"(?<![\d.,+-])[1-9]\d{2}([ .]?)\d{3}\1\d{4}(?![\d-])", re.ASCII)
# Every part has a longest, so that a long text without one is read as quickly as any.
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Dutch numbers; one from abroad by its plus.
_PHONE = re.compile(
    r"(?<![\d.,-])(?:(?:\+31|0031)[ -]?(?:\(0\))?[ -]?[1-9](?:[ -]?\d){8}|0[1-9](?:[ -]?\d){8}"
    r"|\+[1-9](?:[ -]?\d){8,13})(?!\d)",
    re.ASCII,
)


def seems_to_hold(text: str) -> tuple[Kind, ...]:
    """The kinds of what a text seems to hold, each once."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[Kind]:
    if any(_is_bsn(one[0]) for one in _NINE.finditer(text)):
        yield Kind.BSN
    if _V_NUMBER.search(text):
        yield Kind.V_NUMBER
    if _EMAIL.search(text):
        yield Kind.EMAIL
    if _PHONE.search(text):
        yield Kind.PHONE


def _is_bsn(found: str) -> bool:
    """Whether nine digits pass the elfproef."""
    digits = [int(one) for one in found if one.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    return total > 0 and total % 11 == 0
